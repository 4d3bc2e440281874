// Space, Enter and the right arrow press the button for the next step, while nothing else on the page has the focus. A key
// that is held down counts once, PageDown and PageUp of a presenter's remote included, which Streamlit takes itself.

const GO = [" ", "Enter", "ArrowRight"];
const REMOTE = ["PageDown", "PageUp"];

export default function ({ parentElement }) {
  parentElement.stopKeys?.();  // Streamlit calls what is returned only when the part leaves the page
  const press = (event) => {
    if (event.repeat && REMOTE.includes(event.key)) event.stopImmediatePropagation();
    if (!GO.includes(event.key) || event.repeat || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const button = document.querySelector(".st-key-quiz_host_next button:enabled");
    const here = document.activeElement;
    const isFree = here === null || here === document.body || (here === button && event.key === "ArrowRight");
    if (button === null || !isFree) return;
    event.preventDefault();
    button.click();
  };
  window.addEventListener("keydown", press, true);
  return (parentElement.stopKeys = () => window.removeEventListener("keydown", press, true));
}

// Tells the page which face of the gallery is pressed, marks the chosen one, and brings what shows it into sight.

const FACES = ".raut-gallery button[data-face]";

// On the window, because the page may go and come back: what was shown once is not shown again then.
window.rautFaceArrivals ??= 0;

export default function ({ data, setTriggerValue, parentElement }) {
  parentElement.stopListening?.(); // Streamlit calls what is returned only when the part leaves the page

  for (const face of document.querySelectorAll(FACES)) {
    if (face.dataset.face === data.chosen) face.setAttribute("aria-current", "true");
    else face.removeAttribute("aria-current");
  }

  let timer = null;
  if (data.arrivals > window.rautFaceArrivals) {
    // What is to be shown is drawn a little later.
    timer = setInterval(() => {
      const closer = document.querySelector(`.st-key-${data.closer}`);
      const summary = closer?.querySelector("details[open] > summary");
      if (!summary) return;
      clearInterval(timer);
      window.rautFaceArrivals = data.arrivals;
      closer.scrollIntoView({ block: "start" });
      summary.focus({ preventScroll: true });
    }, 50);
  } else {
    window.rautFaceArrivals = data.arrivals; // of another session, which counts from 0
  }

  const onClick = (event) => {
    const face = event.target.closest?.(FACES);
    if (face) setTriggerValue("face", face.dataset.face);
  };
  document.addEventListener("click", onClick);
  return (parentElement.stopListening = () => {
    document.removeEventListener("click", onClick);
    clearInterval(timer);
  });
}

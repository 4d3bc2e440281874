// Asks before the tab is closed or loaded anew, and before photos are removed, where something would be lost.
// What it would be, the server says: unsaved.py.

// On the window, because the reader may go on to another page of Raut: nothing is lost by that, but it still is
// when the tab is closed there. `at` is when the server said so.
const state = (window.rautUnsaved ??= { at: 0, lost: "", listening: false });

// Streamlit's answers to these clicks lie deeper in the page, so a listener on the document comes first.
function onClick(event) {
  if (state.going || state.lost === "") return;
  const button = event.target.closest?.(`${state.removeAll}, [data-testid="stFileChipDeleteBtn"] button`);
  if (!button) return;
  const ofAll = button.matches(state.removeAll);
  const chip = button.closest('[data-testid="stFileChip"]');
  const name = chip?.querySelector('[data-testid="stFileChipName"]')?.title ?? "";
  const inDropArea = button.closest(".st-key-photo_drop") !== null;
  const lost = ofAll ? state.lost : inDropArea ? state.ofFiles[name] : undefined;
  if (!lost) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const title = ofAll ? state.words.all : state.words.one.replace("{name}", name);
  ask(title, state.words.lost.replace("{what}", lost), () => {
    state.going = true;
    button.click();
    state.going = false;
  });
}

function ask(title, text, remove) {
  const dialog = document.createElement("dialog");
  dialog.className = "raut-question";
  dialog.setAttribute("role", "alertdialog");
  dialog.setAttribute("aria-labelledby", "raut_question_title");
  dialog.setAttribute("aria-describedby", "raut_question_text");
  const heading = document.createElement("h2");
  heading.id = "raut_question_title";
  heading.textContent = title;
  const words = document.createElement("p");
  words.id = "raut_question_text";
  words.textContent = text;
  const buttons = document.createElement("div");
  for (const [label, answer] of [[state.words.keep, null], [state.words.remove, remove]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", () => {
      dialog.close(); // the place of the keyboard goes back to where it was
      answer?.();
    });
    buttons.append(button);
  }
  dialog.append(heading, words, buttons);
  dialog.addEventListener("close", () => dialog.remove());
  document.querySelector('[data-testid="stApp"]').append(dialog); // within it for type and colours of the theme
  dialog.showModal();
}

function onLeave(event) {
  if (state.lost === "") return;
  event.preventDefault();
  event.returnValue = true; // Chromium before 119
}

export default function ({ data }) {
  if (data.at < state.at) return;
  Object.assign(state, data);
  if (state.listening) return;
  state.listening = true;
  document.addEventListener("click", onClick, true);
  window.addEventListener("beforeunload", onLeave);
}

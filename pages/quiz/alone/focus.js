// Moves the focus to where a turn goes on, and brings its face into sight, as soon as the page shows that turn. See
// focus.py.

const LONGEST_MS = 5000;

export default function ({ data, parentElement }) {
  if (parentElement.turn === data.turn) return;
  parentElement.turn = data.turn;
  const end = Date.now() + LONGEST_MS;
  const look = () => {
    if (parentElement.turn !== data.turn || Date.now() > end) return;
    const target = document.querySelector(data.target);
    const shown = document.querySelector(`[data-turn="${data.turn}"]`);
    if (target === null || shown === null) {
      setTimeout(look, 30);
      return;
    }
    shown.scrollIntoView({ block: "nearest" });  // on a phone it may lie far above the button that was pressed
    const here = document.activeElement;
    const isElsewhere = here !== null && here !== document.body && here.closest(".st-key-quiz_play") === null;
    if (!isElsewhere) target.focus({ preventScroll: true });
  };
  look();
}

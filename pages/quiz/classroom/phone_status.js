// The line that says what happens next. It stays in the page while its words change, so that a screen reader says the new
// ones and no others; and a new face begins at the top. How the two sides agree: phone_status.py.

export default function ({ data, parentElement }) {
  const line = parentElement.querySelector("p");
  if (line.textContent !== data.words) line.textContent = data.words;
  const before = parentElement.turn;
  parentElement.turn = data.turn;
  if (before === undefined || before === data.turn) return;
  for (let part = parentElement.host ?? parentElement; part; part = part.parentElement) {
    if (part.scrollTop) part.scrollTop = 0;
  }
}

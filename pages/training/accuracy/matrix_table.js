// The confusion matrix as a table whose cells are buttons. One of them is in the order of the tabulator key, arrow keys
// reach the rest. How the two sides agree: matrix_table.py.

const make = (tag, kind = "", text = "") => {
  const part = document.createElement(tag);
  if (kind) part.className = kind;
  if (text) part.textContent = text;
  return part;
};
const colour = ([light, dark]) => `light-dark(${light}, ${dark})`;

function heading({ code, name }, scope) {
  const head = make("th", scope);
  head.scope = scope;
  head.title = name;
  const sign = make("i", "sign");
  sign.style.setProperty("--sign", `var(--sign-${code})`);
  sign.ariaHidden = "true";
  const inside = make("span", "inside");
  inside.append(sign, make("span", "name", name));
  head.append(inside);
  return head;
}

function legend({ name, stops, ticks }) {
  const box = make("div", "legend");
  const bar = make("div", "bar");
  bar.style.background = `linear-gradient(to right, ${stops.map(colour).join(", ")})`;
  const below = make("div", "ticks");
  for (const tick of ticks) below.append(make("span", "", tick));
  box.append(make("div", "what", name), bar, below);
  return box;
}

function table(data) {
  const grid = make("table");
  grid.classList.toggle("many", data.names.length > 7);
  grid.setAttribute("role", "grid");
  grid.setAttribute("aria-label", data.title);
  const over = grid.createTHead().insertRow();
  const corner = make("td", "corner", data.corner);
  corner.rowSpan = 2;
  const answers = make("th", "answers", data.answers);
  answers.colSpan = data.names.length;
  answers.scope = "colgroup";
  over.append(corner, answers);
  const head = grid.tHead.insertRow();
  for (const each of data.names) head.append(heading(each, "col"));
  const sums = data.sums !== null;
  if (sums) {
    const all = make("th", "sum", data.sums.name);
    all.rowSpan = 2;
    all.scope = "col";
    over.append(all);
  }
  const body = grid.createTBody();
  data.names.forEach((each, row) => {
    const line = body.insertRow();
    line.append(heading(each, "row"));
    data.cells[row].forEach((cell, column) => {
      const place = line.insertCell();
      const at = row * data.names.length + column;
      const button = make("button", row === column ? "cell same" : "cell", cell.text);
      button.type = "button";
      button.dataset.at = at;
      button.style.background = colour(cell.back);
      button.style.color = colour(cell.front);
      button.setAttribute("aria-label", cell.facts.join(", "));
      button.setAttribute("aria-pressed", String(at === data.open));
      button.title = cell.facts.join("\n");
      place.append(button);
    });
    if (sums) line.append(make("td", "sum", data.sums.down[row]));
  });
  if (sums) {
    const line = grid.createTFoot().insertRow();
    const name = make("th", "row", data.sums.name);
    name.scope = "row";
    line.append(name, ...data.sums.across.map((text) => make("td", "sum", text)), make("td", "sum", data.sums.all));
  }
  return grid;
}

export default function ({ data, setTriggerValue, parentElement }) {
  const root = parentElement.querySelector(".matrix");
  const focused = root.getRootNode().activeElement?.dataset?.at;
  root.replaceChildren(legend(data.legend), table(data));
  const all = [...root.querySelectorAll("[data-at]")];
  const place = (at) => all.forEach((part, number) => (part.tabIndex = number === at ? 0 : -1));
  const begin = focused === undefined ? Math.max(0, data.open) : Number(focused);
  place(begin);
  if (focused !== undefined) all[begin]?.focus({ preventScroll: true });

  root.onkeydown = (event) => {
    const at = Number(event.target.dataset?.at ?? -1);
    if (at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    const across = data.names.length;
    const [row, column] = [Math.floor(at / across), at % across];
    const to = {
      ArrowLeft: at - (column > 0),
      ArrowRight: at + (column < across - 1),
      ArrowUp: row > 0 ? at - across : at,
      ArrowDown: row < across - 1 ? at + across : at,
      Home: row * across,
      End: row * across + across - 1,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    place(to);
    all[to].focus();
  };
  root.onclick = (event) => {
    const part = event.target.closest?.("[data-at]");
    if (!part) return;
    place(Number(part.dataset.at));
    setTriggerValue("open", { matrix: data.id, at: Number(part.dataset.at) });
  };
}

// A figure whose bars, cells or columns filter. One of them is in the order of the tabulator key, arrow keys reach the
// rest. How the two sides agree: figures.py.

const make = (tag, kind = "", text = "") => {
  const part = document.createElement(tag);
  if (kind) part.className = kind;
  if (text) part.textContent = text;
  return part;
};
const sign = (code) => {
  const part = make("i", "sign");
  part.style.setProperty("--sign", `var(--sign-${code})`);
  return part;
};

function mark(data, at, part, words) {
  part.type = "button";
  part.dataset.at = at;
  part.setAttribute("aria-label", words);
  part.setAttribute("aria-pressed", String(data.picked.includes(at)));
  part.title = words;
  return part;
}

function bars(data) {
  const list = make("div", "bars");
  const most = Math.max(1, ...data.counts);
  data.names.forEach((name, at) => {
    const bar = mark(data, at, make("button", "bar"), data.words[at]);
    const title = make("span", "name");
    if (data.codes[at]) title.append(sign(data.codes[at]));
    title.append(name);
    const track = make("span", "track");
    const fill = make("b");
    fill.style.width = `${(100 * data.counts[at]) / most}%`;
    if (data.colours[at]) fill.style.background = data.colours[at];
    track.append(fill);
    bar.append(title, track, make("span", "count", data.texts[at]));
    list.append(bar);
  });
  return list;
}

function matrix(data) {
  const table = make("div", "matrix");
  table.style.setProperty("--columns", data.across.length);
  table.append(make("span", "corner", data.corner));
  for (const { code, name, short } of data.across) {
    const head = make("span", "head");
    head.title = name;
    head.append(code ? sign(code) : short);
    table.append(head);
  }
  data.down.forEach(({ code, name }, row) => {
    const head = make("span", "side");
    if (code) head.append(sign(code));
    head.append(name);
    table.append(head);
    data.across.forEach((_, column) => {
      const at = row * data.across.length + column;
      const cell = mark(data, at, make("button", "cell", data.texts[at]), data.words[at]);
      cell.style.setProperty("--share", `${Math.round(100 * data.shares[at])}%`);
      if (data.shares[at] > 0.43) cell.classList.add(data.shares[at] > 0.6 ? "full" : "half");
      if (data.same[at]) cell.classList.add("same");
      table.append(cell);
    });
  });
  return table;
}

function histogram(data) {
  const box = make("div", "histogram");
  const most = Math.max(1, ...data.counts);
  const columns = make("div", "columns");
  data.counts.forEach((count, at) => {
    const column = mark(data, at, make("button", "column"), data.words[at]);
    const fill = make("b");
    fill.style.height = count ? `max(2px, ${(100 * count) / most}%)` : "0";
    column.append(fill);
    columns.append(column);
  });
  const ends = make("div", "ends");
  for (const text of data.ends) ends.append(make("span", "", text));
  box.append(columns, ends);
  return box;
}

const DRAWN = { bars, matrix, histogram };

function step(data, at, key) {
  const across = data.kind === "matrix" ? data.across.length : 1;
  const last = data.words.length - 1;
  const by = { ArrowUp: -across, ArrowDown: across, ArrowLeft: -1, ArrowRight: 1 }[key];
  if (key === "Home") return 0;
  if (key === "End") return last;
  return by === undefined ? null : Math.min(last, Math.max(0, at + by));
}

export default function ({ data, setTriggerValue, parentElement }) {
  const root = parentElement.querySelector(".figure");
  const all = () => [...root.querySelectorAll("[data-at]")];
  const focused = root.getRootNode().activeElement?.dataset?.at;
  root.replaceChildren(DRAWN[data.kind](data));
  root.firstChild.setAttribute("role", "group");
  root.firstChild.setAttribute("aria-label", data.title);
  root.classList.toggle("chosen", data.picked.length > 0);
  const tell = (from, to, more) =>
    setTriggerValue("pick", { figure: data.id, from: Math.min(from, to), to: Math.max(from, to), more });
  const place = (at) => all().forEach((part) => (part.tabIndex = Number(part.dataset.at) === at ? 0 : -1));
  const at_focus = focused === undefined ? (data.picked[0] ?? 0) : Number(focused);
  place(at_focus);
  if (focused !== undefined) all()[at_focus]?.focus({ preventScroll: true });
  let anchor = at_focus;
  let dragged = null;
  const show = (from, to) =>
    all().forEach((part) => {
      const at = Number(part.dataset.at);
      part.classList.toggle("swept", from !== null && at >= Math.min(from, to) && at <= Math.max(from, to));
    });

  root.onkeydown = (event) => {
    const at = Number(event.target.dataset?.at ?? -1);
    if (at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape") {
      anchor = at;
      return show(null, null);
    }
    const to = step(data, at, event.key);
    if (to === null) return;
    event.preventDefault();
    place(to);
    all()[to].focus();
    if (data.kind === "histogram" && event.shiftKey) show(anchor, to);
    else {
      anchor = to;
      show(null, null);
    }
  };
  // A click comes of the mouse and of Enter and the space bar alike.
  root.onclick = (event) => {
    const part = event.target.closest?.("[data-at]");
    if (!part) return;
    const at = Number(part.dataset.at);
    if (data.kind === "histogram") {
      const from = dragged === null ? (event.detail === 0 || event.shiftKey ? anchor : at) : dragged;
      dragged = null;
      tell(from, at, false);
      anchor = at;
    } else tell(at, at, event.shiftKey || event.ctrlKey || event.metaKey);
    place(at);
  };
  if (data.kind !== "histogram") return;
  root.onpointerdown = (event) => {
    const part = event.target.closest?.("[data-at]");
    if (!part || event.button !== 0 || event.shiftKey) return;
    dragged = Number(part.dataset.at);
    part.releasePointerCapture?.(event.pointerId);
  };
  root.onpointermove = (event) => {
    const part = event.target.closest?.("[data-at]");
    if (dragged !== null && part && event.buttons) show(dragged, Number(part.dataset.at));
  };
  // Over another column than it began the browser makes no click of it.
  root.onpointerup = (event) => {
    const part = event.target.closest?.("[data-at]");
    if (dragged === null || !part || Number(part.dataset.at) === dragged) return;
    tell(dragged, Number(part.dataset.at), false);
    dragged = null;
  };
}

// A patch that the reader moves over the face; the server tells what the network answers then.

function element(name, parent, text, attributes = {}) {
  const made = parent.appendChild(document.createElement(name));
  if (text) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

const SIDE = 48, WAIT = 1500;
const within = (value, size) => Math.min(Math.max(Math.round(value), 0), SIDE - size);

function formats(language) {
  const fixed = (value) =>
    value.toLocaleString(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  return {
    // A guess is never certain.
    share: (value) => {
      const percent = Math.round(1000 * value) / 10;
      if (percent >= 100) return `>${fixed(99.9)}%`;
      return percent === 0 && value > 0 ? `<${fixed(0.1)}%` : `${fixed(percent)}%`;
    },
    points: (value) => {
      const points = Math.round(1000 * value) / 10;
      return points === 0 ? fixed(0) : `${points > 0 ? "+" : "−"}${fixed(Math.abs(points))}`;
    },
  };
}

function radios(parent, name, label, options, chosen, pick) {
  const group = element("div", parent, "", { class: "options", role: "radiogroup", "aria-label": label });
  element("span", group, label, { "aria-hidden": "true" });
  for (const [code, words] of options) {
    const one = element("label", group);
    const button = element("input", one, "", { type: "radio", name, value: code });
    button.checked = String(code) === String(chosen);
    button.onchange = () => pick(code);
    one.append(words);
  }
}

function build(root, data, state, moved) {
  root.replaceChildren();
  const { texts } = data;
  const left = element("div", root, "", { class: "left" });
  const stage = element("div", left, "", { class: "stage" });
  const canvas = element("canvas", stage, "", { width: SIDE, height: SIDE, "aria-hidden": "true" });
  const patch = element("div", stage, "", { class: "patch", tabindex: "0", role: "application" });
  const choices = element("div", left, "", { class: "choices" });
  radios(choices, "size", texts.size, data.sizes.map((size) => [size, `${size}`]), state.patch.size, (size) => {
    const { left: x, top: y, size: before } = state.patch;  // around the same middle
    Object.assign(state.patch, {
      size, left: within(x + (before - size) / 2, size), top: within(y + (before - size) / 2, size),
    });
    draw();
    moved(true);
  });
  radios(choices, "fill", texts.fill, data.fills, state.patch.fill, (fill) => {
    state.patch.fill = fill;
    draw();
    moved(true);
  });

  const face = new Image(), blurred = new Image();
  const pen = canvas.getContext("2d");
  function draw() {
    const { left: x, top: y, size, fill } = state.patch;
    pen.drawImage(face, 0, 0);
    if (fill === "blur") pen.drawImage(blurred, x, y, size, size, x, y, size, size);
    else {
      pen.fillStyle = fill === "black" ? "#000" : `rgb(${data.mean} ${data.mean} ${data.mean})`;
      pen.fillRect(x, y, size, size);
    }
    for (const [side, value] of [["left", x], ["top", y], ["width", size], ["height", size]])
      patch.style[side] = `${(100 * value) / SIDE}%`;
    patch.setAttribute("aria-label", texts.patch.replace("{row}", y + 1).replace("{column}", x + 1).replace("{size}", size));
  }
  face.onload = blurred.onload = draw;
  face.src = data.face;
  blurred.src = data.blurred;

  const place = (x, y, settled) => {
    const { size } = state.patch;
    const to = [within(x, size), within(y, size)];
    const same = to[0] === state.patch.left && to[1] === state.patch.top;
    [state.patch.left, state.patch.top] = to;
    draw();
    if (!same || settled) moved(settled);
  };
  const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  patch.onkeydown = (event) => {
    const step = STEPS[event.key];
    if (!step || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const by = event.shiftKey ? 6 : 1;
    place(state.patch.left + by * step[0], state.patch.top + by * step[1], false);
    clearTimeout(state.settling);
    state.settling = setTimeout(() => moved(true), 700);
  };
  let grip = null;  // where in the patch it is held, in pixels of the face
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) * SIDE) / box.width, ((event.clientY - box.top) * SIDE) / box.height];
  };
  stage.onpointerdown = (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    patch.focus({ preventScroll: true });
    stage.setPointerCapture(event.pointerId);
    const [x, y] = at(event), { left: px, top: py, size } = state.patch;
    const inside = x >= px && x < px + size && y >= py && y < py + size;
    grip = inside ? [x - px, y - py] : [size / 2, size / 2];
    place(x - grip[0], y - grip[1], false);
  };
  stage.onpointermove = (event) => {
    if (!grip) return;
    const [x, y] = at(event);
    place(x - grip[0], y - grip[1], false);
  };
  stage.onpointerup = stage.onpointercancel = () => {
    if (!grip) return;
    grip = null;
    moved(true);
  };

  const right = element("div", root, "", { class: "right" });
  // Roles are said: on a phone the style sheet makes grids of the rows, which would take them away.
  const table = element("table", right, "", { role: "table" });
  element("caption", table, texts.table);
  const head = element("tr", element("thead", table, "", { role: "rowgroup" }), "", { role: "row" });
  for (const name of [texts.expression, "", texts.before, texts.after, texts.change])
    element(name ? "th" : "td", head, name, name ? { scope: "col", role: "columnheader" } : { role: "cell" });
  const body = element("tbody", table, "", { role: "rowgroup" });
  const lines = data.rows.map((row) => {
    const line = element("tr", body, "", { style: `--colour: ${row.colour}`, role: "row" });
    const name = element("th", line, "", { scope: "row", role: "rowheader" });
    element("i", name, "", { style: `--sign: var(--sign-${row.code})`, "aria-hidden": "true" });
    name.append(row.name);
    const track = element("span", element("td", line, "", { class: "bars", role: "cell" }), "", {
      class: "track", "aria-hidden": "true",
    });
    return {
      line, after: element("i", track, "", { class: "after" }), before: element("i", track, "", { class: "before" }),
      cells: ["", "", ""].map(() => element("td", line, "", { role: "cell" })),
    };
  });
  const said = element("p", right, "", { class: "said", role: "status" });
  return (rows, sentence) => {
    const write = formats(data.language);
    const firstAfter = Math.max(...rows.map((row) => row.after));
    rows.forEach((row, at) => {
      const { line, after, before, cells } = lines[at];
      after.style.width = `${100 * row.after}%`;
      before.style.left = `${100 * row.before}%`;
      line.classList.toggle("first", row.after === firstAfter);
      [write.share(row.before), write.share(row.after), write.points(row.after - row.before)].forEach((text, cell) => {
        cells[cell].textContent = text;
      });
    });
    if (said.textContent !== sentence) said.textContent = sentence;
  };
}

export default function ({ data, setTriggerValue, parentElement }) {
  const root = parentElement.querySelector(".cover");
  let state = parentElement.coverState;
  if (!state || state.id !== data.id || state.placed !== data.placed) {
    clearTimeout(state?.settling);
    state = parentElement.coverState = { id: data.id, placed: data.placed, patch: { ...data.patch } };
    parentElement.coverDrawn = null;
  }
  // One question at a time: the next goes out once the page shows the answer to the one before.
  const send = () => {
    if (!state.unsent || Date.now() < (state.waitsUntil ?? 0)) return;
    state.waitsUntil = Date.now() + WAIT;
    setTriggerValue("moved", { ...state.patch, settled: state.unsent === "settled" });
    state.unsent = null;
    clearTimeout(state.retrying);
    state.retrying = setTimeout(send, WAIT + 20);
  };
  const moved = (settled) => {
    state.unsent = settled ? "settled" : (state.unsent ?? "moved");
    state.ask();
  };
  state.ask = send;
  state.waitsUntil = 0;
  const drawn = JSON.stringify([data.id, data.placed, data.language, data.texts]);
  if (parentElement.coverDrawn !== drawn) {
    parentElement.coverDrawn = drawn;
    state.show = build(root, data, state, moved);
  }
  state.show(data.rows, data.sentence);
  send();
}

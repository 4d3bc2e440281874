// Grids of numbers, each on its own grey, and maps as pictures: what the worked convolution and pooling share. It is
// put before convolution.js and pooling.js (see cells.py).

const element = (name, kind = "", more = {}) => Object.assign(document.createElement(name), { className: kind, ...more });
const floats = (text) => new Float32Array(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)).buffer);
const filled = (template, fields) => template.replace(/\{(\w+)\}/g, (_all, name) => fields[name] ?? "");
const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
const TAKEN_BY_KEYS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

// --- numbers as the reader's language writes them ------------------------------------------------------------------

// Three digits of the largest of them; whole numbers have no decimals.
const decimalsOf = (values, digits = 3) => {
  let largest = 0;
  let whole = true;
  for (const value of values) {
    largest = Math.max(largest, Math.abs(value));
    whole &&= Number.isInteger(value);
  }
  if (whole || !largest) return 0;
  return clamp(digits - 1 - Math.floor(Math.log10(largest)), 0, 8);
};
const writer = (language) => (value, decimals) => {
  if (value === 0) return "0";
  const text = Math.abs(value).toLocaleString(language, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
};
// What a reader types: 0.5 and 0,5, −1 and -1, 1/9. NaN where it is no number.
const typed = (text) => {
  const plain = text.trim().replaceAll("−", "-").replaceAll(",", ".");
  const [above, below, ...rest] = plain.split("/");
  if (!above || rest.length || below === "") return NaN;
  const value = Number(above) / Number(below ?? 1);
  return Number.isFinite(value) ? value : NaN;
};
// Short in an address, and the same number there and here.
const shortened = (value) => Number(value.toPrecision(4));

// --- shades --------------------------------------------------------------------------------------------------------

// Black for 0 to white for the largest; with numbers below 0 in two colours, white for 0.
const scaleOf = (values, colours) => {
  let [low, high] = [0, 0];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const signed = low < 0;
  const limit = Math.max(-low, high) || 1;
  const shade = (value) => {
    const share = clamp(value / limit, -1, 1);
    if (!signed) return Array(3).fill(Math.round(255 * Math.max(share, 0)));
    const colour = share < 0 ? colours.below : colours.above;
    return colour.map((each) => Math.round(255 + Math.abs(share) * (each - 255)));
  };
  return { signed, low, high, limit, shade };
};
const greyScale = (low, high) => ({ shade: (value) => Array(3).fill(Math.round(255 * clamp((value - low) / (high - low || 1), 0, 1))) });
const css = (rgb) => `rgb(${rgb.join()})`;
// Black or white, whichever stands out more (relative luminance as in WCAG).
const inkOn = (rgb) => {
  const [red, green, blue] = rgb.map((each) => (each <= 10 ? each / 3295 : ((each / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? "#000" : "#fff";
};

const drawMap = (canvas, values, width, height, shade) => {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const pen = canvas.getContext("2d");
  const picture = pen.createImageData(width, height);
  for (let at = 0; at < values.length; at++) {
    picture.data.set(shade(values[at]), 4 * at);
    picture.data[4 * at + 3] = 255;
  }
  pen.putImageData(picture, 0, 0);
};

// Where a part of a picture is, in shares of it.
const placeOn = (part, top, left, down, across, height, width) => {
  part.style.top = `${(100 * top) / height}%`;
  part.style.left = `${(100 * left) / width}%`;
  part.style.height = `${(100 * down) / height}%`;
  part.style.width = `${(100 * across) / width}%`;
};

// A bar from the lowest to the highest shade of a map, with what its ends mean.
const drawLegend = (root, scale, write) => {
  const decimals = decimalsOf([scale.limit]);
  const from = scale.signed ? -scale.limit : 0;
  const stops = [0, 0.5, 1].map((share) => css(scale.shade(from + share * (scale.limit - from))));
  const bar = element("i");
  bar.style.background = `linear-gradient(to right, ${stops.join()})`;
  const ends = scale.signed ? [-scale.limit, 0, scale.limit] : [0, scale.limit];
  root.replaceChildren(bar, ...ends.map((value) => element("span", "", { textContent: write(value, value ? decimals : 0) })));
};

// --- a grid of numbers ---------------------------------------------------------------------------------------------

// One stop of the tabulator key; the arrow keys go from cell to cell, in a text from its ends only.
class NumberGrid {
  constructor(root, { onChange = null, onPick = null } = {}) {
    this.root = root;
    this.onChange = onChange;
    this.onPick = onPick;
    this.shape = "";
    this.active = 0;
    root.addEventListener("keydown", (event) => this.onKey(event));
    root.addEventListener("focusin", (event) => {
      const at = this.cells.indexOf(event.target);
      if (at < 0) return;
      this.activate(at);
      event.target.select?.();
    });
  }

  // cells: { text, spoken, rgb, kind, edit } in rows; `edit`: may be typed into.
  show(cells, columns, name) {
    const shape = [columns, ...cells.map((cell) => (cell.edit ? "i" : this.onPick ? "b" : "s"))].join("");
    if (shape !== this.shape) {
      this.shape = shape;
      this.columns = columns;
      this.cells = cells.map((cell, at) => this.newCell(cell, at));
      this.root.style.setProperty("--columns", columns);
      this.root.replaceChildren(...this.cells);
      this.stops = this.cells.filter((cell) => cell.tagName !== "SPAN");
      this.activate(clamp(this.active, 0, cells.length - 1));
    }
    if (this.stops.length) this.root.setAttribute("role", "group");
    else this.root.setAttribute("role", "img");
    this.root.setAttribute("aria-label", name);
    cells.forEach((cell, at) => this.fill(this.cells[at], cell));
  }

  newCell(cell, at) {
    if (cell.edit) {
      const input = element("input", "", { type: "text", inputMode: "text", autocomplete: "off", spellcheck: false });
      input.addEventListener("input", () => {
        const value = typed(input.value);
        input.toggleAttribute("aria-invalid", Number.isNaN(value));
        if (Number.isNaN(value)) input.setAttribute("aria-invalid", "true");
        this.onChange(at, value, input.value);
      });
      input.addEventListener("blur", () => input.getAttribute("aria-invalid") ?? (input.value = input.shown ?? input.value));
      return input;
    }
    if (!this.onPick) return element("span");
    const button = element("button", "", { type: "button" });
    button.addEventListener("click", () => this.onPick(at));
    return button;
  }

  fill(part, { text, spoken, rgb, kind = "", small = "" }) {
    if (part.tagName === "INPUT") {
      part.shown = text;
      const busy = part === part.getRootNode().activeElement || part.hasAttribute("aria-invalid");
      if (!busy && part.value !== text) part.value = text;
    } else if (small) part.replaceChildren(element("small", "", { textContent: small }), element("b", "", { textContent: text }));
    else if (part.textContent !== text || part.firstElementChild) part.textContent = text;
    part.className = kind;
    part.style.background = rgb ? css(rgb) : "";
    part.style.color = rgb ? inkOn(rgb) : "";
    if (part.tagName !== "SPAN") part.setAttribute("aria-label", spoken);
    else part.setAttribute("aria-hidden", "true");
  }

  // Back to what the numbers are, whatever was typed.
  forget() {
    for (const cell of this.cells ?? []) cell.removeAttribute("aria-invalid");
  }

  activate(at) {
    this.active = at;
    const stop = this.cells[at]?.tagName === "SPAN" ? this.stops[0] : this.cells[at];
    for (const cell of this.stops) cell.tabIndex = cell === stop ? 0 : -1;
  }

  onKey(event) {
    const at = this.cells.indexOf(event.target);
    const step = TAKEN_BY_KEYS[event.key];
    if (at < 0 || !step || event.altKey || event.ctrlKey || event.metaKey) return;
    event.stopPropagation();
    const { selectionStart: from, selectionEnd: to, value } = event.target;
    if (event.target.tagName === "INPUT" && step[1] && from === to && (step[1] < 0 ? from > 0 : to < value.length)) return;
    const [row, column] = [Math.floor(at / this.columns) + step[0], (at % this.columns) + step[1]];
    const next = this.cells[row * this.columns + column];
    event.preventDefault();
    if (column < 0 || column >= this.columns || !next || next.tagName === "SPAN") return;
    if (this.onPick) this.onPick(this.cells.indexOf(next));
    next.focus();
  }
}

// --- sliding -------------------------------------------------------------------------------------------------------

// Back, play or pause, on: at the reader's pace.
class Slider {
  constructor(root, step) {
    this.root = root;
    this.step = step;
    this.buttons = ["back", "play", "on"].map((name) => {
      const button = element("button", name, { type: "button" });
      button.addEventListener("click", () => this.press(name));
      return button;
    });
    this.place = element("span", "place");
    root.append(...this.buttons, this.place);
  }

  show(texts, at, count) {
    this.texts = texts;
    [this.at, this.count] = [at, count];
    const [back, play, on] = this.buttons;
    back.textContent = `◀ ${texts.back}`;
    play.textContent = this.timer ? `❚❚ ${texts.pause}` : `▶ ${texts.play}`;
    on.textContent = `${texts.on} ▶`;
    back.disabled = at <= 0;
    on.disabled = at >= count - 1;
    play.disabled = count < 2;
    this.place.textContent = count ? filled(texts.position, { n: at + 1, count }) : "";
  }

  press(name) {
    if (name !== "play") return this.pause(), this.step(this.at + (name === "on" ? 1 : -1));
    if (this.timer) return this.pause(), this.step(this.at);
    const run = () => (this.at < this.count - 1 ? this.step(this.at + 1) : (this.pause(), this.step(this.at)));
    this.timer = setInterval(run, this.every ?? 1000);
    this.step(this.at >= this.count - 1 ? 0 : this.at + 1);
  }

  pause() {
    clearInterval(this.timer);
    this.timer = null;
  }
}

// --- to the server -------------------------------------------------------------------------------------------------

const inOrder = (state) => JSON.stringify(Object.entries(state).sort());

// The address follows what is chosen here, a moment after the last change; what comes back from an earlier moment is
// older than what is here, and does not count.
class Teller {
  constructor() {
    this.turn = 0;
  }

  // Whether the state that came is to be taken over.
  takes(data) {
    const said = inOrder(data.state);
    const first = this.said === undefined || this.key !== data.key;
    if (first) this.turn = data.turn;
    const taken = first || (data.turn >= this.turn && !this.waiting && said !== this.said);
    if (taken) this.said = said;
    this.key = data.key;
    return taken;
  }

  tell(send, state, more = {}) {
    this.said = inOrder(state);
    this.turn += 1;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => {
      this.waiting = null;
      send("state", { turn: this.turn, of: this.key, state, ...more });
    }, 500);
  }
}

// The pictures of the filter in their order. What is in sight comes in windows, one sprite each; the rest waits on
// the server until it is scrolled to. How the two sides agree: grid.py.

const KEPT = 80; // windows; the oldest go first
const GAP = 8;
const AGAIN_MS = 2000; // what has not come by then is asked for once more

// On the window, because the grid leaves the page while a sheet is open: where each order was scrolled to.
window.rautGridPlaces ??= {};

const bit = (bits, at) => (bits[at >> 3] >> (7 - (at & 7))) & 1;
const sign = (code) => {
  const part = document.createElement("i");
  if (code) part.style.setProperty("--sign", `var(--sign-${code})`);
  part.className = code ? "sign" : "sign none";
  return part;
};
const words = (text, kind = "") => {
  const part = document.createElement("span");
  part.textContent = text;
  part.className = kind;
  return part;
};

class Grid {
  constructor(root) {
    this.root = root;
    this.pane = root.appendChild(Object.assign(document.createElement("div"), { className: "pane" }));
    this.cells = new Map(); // position to its element
    this.windows = new Map(); // number to { sprite, items }
    this.asked = new Map(); // number to when
    this.order = null;
    this.active = 0;
    this.anchor = 0;
    root.addEventListener("scroll", () => this.draw(), { passive: true });
    root.addEventListener("click", (event) => this.onClick(event));
    root.addEventListener("keydown", (event) => this.onKey(event));
    root.addEventListener("focusin", (event) => this.onFocus(event));
    this.watch = new ResizeObserver(() => this.layout());
    this.watch.observe(root);
    this.onResize = () => this.layout();
    window.addEventListener("resize", this.onResize);
  }

  stop() {
    this.watch.disconnect();
    window.removeEventListener("resize", this.onResize);
    clearTimeout(this.asking);
  }

  update(data, tell) {
    const another = data.order !== this.order;
    this.data = data;
    this.tell = tell;
    this.selected = Uint8Array.from(atob(data.selected), (char) => char.charCodeAt(0));
    if (another) {
      this.order = data.order;
      this.windows.clear();
      this.asked.clear();
      this.clear();
      this.active = this.anchor = 0;
      this.found = -1;
    }
    for (const { number, sprite, items } of data.windows) {
      this.windows.delete(number);
      this.windows.set(number, { sprite, items });
      this.asked.delete(number);
    }
    while (this.windows.size > KEPT) this.windows.delete(this.windows.keys().next().value);
    this.root.setAttribute("aria-label", data.texts.grid);
    this.root.classList.toggle("list", data.list);
    this.layout(another);
    if (another) {
      const place = window.rautGridPlaces[this.order] ?? 0;
      this.root.scrollTop = place;
    }
    if (data.focus.turn !== window.rautGridTurn) {
      window.rautGridTurn = data.focus.turn;
      this.found = data.focus.at;
      if (data.focus.at >= 0) this.go(data.focus.at);
    }
    this.draw();
  }

  clear() {
    for (const cell of this.cells.values()) cell.remove();
    this.cells.clear();
  }

  // Sizes by the room there is: the grid ends where the window ends, so that nothing but the grid scrolls.
  layout(again = false) {
    if (!this.data) return;
    const main = document.querySelector("[data-testid=stMain]");
    const top = this.root.getBoundingClientRect().top + (main?.scrollTop ?? 0);
    const room = Math.max(300, window.innerHeight - top - 14);
    const height = `${window.innerWidth < 641 ? Math.round(0.75 * window.innerHeight) : room}px`;
    if (this.root.style.height !== height) this.root.style.height = height;
    const wide = this.root.clientWidth;
    const text = parseFloat(getComputedStyle(this.root).fontSize);
    const { list, size } = this.data;
    const columns = list
      ? Math.max(1, Math.floor(wide / (21 * text)))
      : Math.max(1, Math.floor((wide + GAP) / (size * (text / 15) + GAP)));
    const cellWidth = (wide - GAP * (columns - 1)) / columns;
    const cellHeight = list ? 2.3 * text : cellWidth + 1.75 * text;
    const before = [this.columns, this.cellWidth, this.cellHeight].join();
    [this.columns, this.cellWidth, this.cellHeight] = [columns, cellWidth, cellHeight];
    const rows = Math.ceil(this.data.count / columns);
    this.pane.style.height = `${rows * (cellHeight + GAP)}px`;
    if (again || before !== [columns, cellWidth, cellHeight].join()) {
      this.clear();
      this.draw();
    }
  }

  draw() {
    if (!this.data || !this.cellHeight) return;
    window.rautGridPlaces[this.order] = this.root.scrollTop;
    const step = this.cellHeight + GAP;
    const first = Math.max(0, Math.floor(this.root.scrollTop / step) - 1) * this.columns;
    const last = Math.min(
      this.data.count,
      (Math.ceil((this.root.scrollTop + this.root.clientHeight) / step) + 1) * this.columns,
    );
    for (const [at, cell] of this.cells)
      if ((at < first || at >= last) && at !== this.active) {
        cell.remove();
        this.cells.delete(at);
      }
    const missing = new Set();
    const shown = [...Array(Math.max(0, last - first)).keys()].map((each) => each + first);
    if (this.active < this.data.count && !(this.active >= first && this.active < last)) shown.push(this.active);
    for (const at of shown) {
      let cell = this.cells.get(at);
      if (!cell) {
        cell = this.newCell(at);
        this.cells.set(at, cell);
        this.pane.append(cell);
      }
      const number = Math.floor(at / this.data.window);
      const loaded = this.windows.get(number);
      if (!loaded) missing.add(number);
      else if (!cell.filled) this.fill(cell, at, loaded);
      cell.classList.toggle("found", at === this.found);
      cell.setAttribute("aria-selected", String(Boolean(bit(this.selected, at))));
      cell.tabIndex = at === this.active ? 0 : -1;
    }
    this.ask(missing);
  }

  ask(missing) {
    const now = Date.now();
    const wanted = [...missing].filter((number) => !(now - this.asked.get(number) < AGAIN_MS));
    if (!missing.size || this.asking) return;
    this.asking = setTimeout(
      () => {
        this.asking = null;
        if (!this.root.isConnected) return;
        if (wanted.length) {
          for (const number of wanted) this.asked.set(number, Date.now());
          this.tell("want", { order: this.order, windows: wanted.slice(0, 6) });
        }
        this.draw(); // by now other windows may be in sight, or some are late
      },
      wanted.length ? 50 : 400,
    );
  }

  newCell(at) {
    const cell = document.createElement("div");
    cell.className = "cell";
    cell.setAttribute("role", "option");
    cell.setAttribute("aria-setsize", this.data.count);
    cell.setAttribute("aria-posinset", at + 1);
    cell.setAttribute("aria-label", this.data.texts.loading);
    cell.at = at;
    const column = at % this.columns;
    const row = Math.floor(at / this.columns);
    cell.style.cssText =
      `width:${this.cellWidth}px;height:${this.cellHeight}px;` +
      `transform:translate(${column * (this.cellWidth + GAP)}px,${row * (this.cellHeight + GAP)}px)`;
    return cell;
  }

  fill(cell, at, { sprite, items }) {
    const item = items[at % this.data.window];
    if (!item) return;
    const [row, label, vote, predicted, certainty] = item;
    const { labels, votes, predictions, texts } = this.data;
    const differs = vote >= 0 && votes[vote].code !== labels[label].code;
    const name = texts.row.replace("{n}", row);
    const voted = vote >= 0 ? `${texts.vote}: ${votes[vote].name}` : "";
    const read = predicted >= 0 ? `${texts.predicted}: ${predictions[predicted].name} ${certainty}` : "";
    const spoken = [name, `${texts.label}: ${labels[label].name}`, voted, read].filter(Boolean).join(", ");
    cell.setAttribute("aria-label", spoken);
    cell.title = spoken.replaceAll(", ", "\n");
    const line = document.createElement("span");
    line.className = "line";
    if (this.data.list) {
      const vote_cell = words("", "vote");
      if (vote >= 0) vote_cell.append(sign(votes[vote].code), ` ${votes[vote].name}`);
      if (differs) vote_cell.classList.add("differs");
      const label_cell = words("");
      label_cell.append(sign(labels[label].code), ` ${labels[label].name}`);
      const read_cell = words("");
      if (predicted >= 0) read_cell.append(sign(predictions[predicted].code), ` ${certainty}`);
      line.append(words(row, "row"), label_cell, vote_cell, read_cell);
    } else {
      const picture = document.createElement("span");
      picture.className = "picture";
      const across = Math.min(this.data.across, items.length);
      const down = Math.ceil(items.length / this.data.across);
      const [x, y] = [(at % this.data.window) % this.data.across, Math.floor((at % this.data.window) / this.data.across)];
      picture.style.cssText =
        `background-image:url(${sprite});background-size:${across * 100}% ${down * 100}%;` +
        `background-position:${across > 1 ? (100 * x) / (across - 1) : 0}% ${down > 1 ? (100 * y) / (down - 1) : 0}%`;
      cell.append(picture);
      line.append(sign(labels[label].code));
      if (differs) line.append(words("≠", "differs"), sign(votes[vote].code), words(votes[vote].name));
      else line.append(words(labels[label].name));
    }
    const tick = document.createElement("span");
    tick.className = "tick";
    cell.append(tick, line);
    cell.filled = true;
  }

  onFocus(event) {
    const cell = event.target.closest?.(".cell");
    if (!cell || cell.at === this.active) return;
    const before = this.cells.get(this.active);
    if (before) before.tabIndex = -1;
    this.active = cell.at;
    cell.tabIndex = 0;
  }

  go(at) {
    const step = this.cellHeight + GAP;
    const top = Math.floor(at / this.columns) * step;
    const root = this.root;
    if (top < root.scrollTop) root.scrollTop = top;
    else if (top + step > root.scrollTop + root.clientHeight) root.scrollTop = top + step - root.clientHeight;
    this.active = at;
    this.draw();
    this.cells.get(at)?.focus({ preventScroll: true });
  }

  select(from, to, how) {
    const [low, high] = [Math.min(from, to), Math.max(from, to)];
    const on = how === "toggle" ? !bit(this.selected, from) : how !== "none";
    for (let at = low; at <= high; at++) {
      const mask = 128 >> (at & 7);
      if (on) this.selected[at >> 3] |= mask;
      else this.selected[at >> 3] &= ~mask;
    }
    this.draw();
    this.tell("select", { order: this.order, from: low, to: high, on });
  }

  open(at) {
    const item = this.windows.get(Math.floor(at / this.data.window))?.items[at % this.data.window];
    if (item) this.tell("open", { order: this.order, row: item[0] });
  }

  onClick(event) {
    const cell = event.target.closest?.(".cell");
    if (!cell) return;
    this.go(cell.at);
    if (event.shiftKey) this.select(this.anchor, cell.at, "range");
    else if (event.ctrlKey || event.metaKey || event.target.closest(".tick")) this.select(cell.at, cell.at, "toggle");
    else return this.open(cell.at);
    this.anchor = cell.at;
  }

  onKey(event) {
    const page = this.columns * Math.max(1, Math.floor(this.root.clientHeight / (this.cellHeight + GAP)));
    const last = this.data.count - 1;
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -this.columns, ArrowDown: this.columns, PageUp: -page, PageDown: page };
    let to = null;
    if (event.altKey) return;
    if (event.key in steps) to = Math.min(last, Math.max(0, this.active + steps[event.key]));
    else if (event.key === "Home") to = 0;
    else if (event.key === "End") to = last;
    else if (event.key === "Enter") this.open(this.active);
    else if (event.key === " ") {
      this.select(this.active, this.active, "toggle");
      this.anchor = this.active;
    } else if (event.key.toLowerCase() === "a" && (event.ctrlKey || event.metaKey)) this.select(0, last, "range");
    else return;
    event.preventDefault();
    event.stopPropagation();
    if (to === null) return;
    this.go(to);
    if (event.shiftKey) this.select(this.anchor, to, "range");
    else this.anchor = to;
  }
}

export default function ({ data, setTriggerValue, parentElement }) {
  const grid = (parentElement.rautGrid ??= new Grid(parentElement.querySelector(".grid")));
  grid.update(data, setTriggerValue);
  return () => grid.stop();
}

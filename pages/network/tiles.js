// Small pictures out of one sprite, in a grid: arrow keys move, Enter, the space bar and a click open one.

class Tiles {
  constructor(root) {
    this.root = root;
    this.active = 0;
    root.addEventListener("click", (event) => {
      const tile = event.target.closest?.(".tile");
      if (tile) this.open(tile.at);
    });
    root.addEventListener("keydown", (event) => this.onKey(event));
    root.addEventListener("focusin", (event) => {
      const tile = event.target.closest?.(".tile");
      if (tile) this.activate(tile.at, false);
    });
  }

  update(data, tell) {
    const same = this.data && this.data.sprite === data.sprite && this.data.names.join() === data.names.join();
    const focused = this.root.contains(this.root.getRootNode().activeElement);
    const chosenBefore = this.data?.chosen;
    this.data = data;
    this.tell = tell;
    this.root.setAttribute("aria-label", data.title);
    this.root.style.setProperty("--size", `${data.size / 17}rem`); // 17 pixels: usual text
    this.root.classList.toggle("scrolls", data.scrolls);
    if (!same) this.fill();
    this.tiles.forEach((tile, at) => tile.setAttribute("aria-selected", String(at === data.chosen)));
    if (!same || (data.chosen >= 0 && data.chosen !== chosenBefore))
      this.activate(data.chosen >= 0 ? data.chosen : 0, focused, true);
  }

  fill() {
    const { names, lines, across, down, sprite, wide } = this.data;
    this.root.style.setProperty("--shape", String(wide));
    this.tiles = names.map((name, at) => {
      const tile = document.createElement("div");
      tile.className = "tile";
      tile.setAttribute("role", "option");
      tile.setAttribute("aria-label", name);
      tile.title = name;
      tile.at = at;
      tile.tabIndex = -1;
      const picture = document.createElement("span");
      const [x, y] = [at % across, Math.floor(at / across)];
      picture.className = "picture";
      picture.style.cssText =
        `background-image:url(${sprite});background-size:${across * 100}% ${down * 100}%;` +
        `background-position:${across > 1 ? (100 * x) / (across - 1) : 0}% ${down > 1 ? (100 * y) / (down - 1) : 0}%`;
      tile.append(picture);
      if (lines[at]) {
        const line = document.createElement("span");
        line.className = "line";
        line.textContent = lines[at];
        tile.append(line);
      }
      return tile;
    });
    this.root.replaceChildren(...this.tiles);
  }

  activate(at, focus, show) {
    const before = this.tiles[this.active];
    if (before) before.tabIndex = -1;
    this.active = at;
    const tile = this.tiles[at];
    if (!tile) return;
    tile.tabIndex = 0;
    if (focus) tile.focus({ preventScroll: true });
    // Only within the grid: the page stays where the reader has it.
    const low = tile.offsetTop - this.root.offsetTop;
    if ((focus || show) && (low < this.root.scrollTop || low + tile.offsetHeight > this.root.scrollTop + this.root.clientHeight))
      this.root.scrollTop = low - 8;
  }

  open(at) {
    this.activate(at, true);
    this.tell("open", { of: this.data.of, at });
  }

  onKey(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const top = this.tiles[0]?.offsetTop;
    const second = this.tiles.findIndex((tile) => tile.offsetTop > top);
    const columns = second < 0 ? this.tiles.length : second;
    const last = this.tiles.length - 1;
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
    if (event.key === "Enter" || event.key === " ") this.open(this.active);
    else if (event.key in steps) this.activate(Math.min(last, Math.max(0, this.active + steps[event.key])), true);
    else if (event.key === "Home") this.activate(0, true);
    else if (event.key === "End") this.activate(last, true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

export default function ({ data, setTriggerValue, parentElement }) {
  const root = parentElement.querySelector(".tiles");
  const tiles = (parentElement.rautTiles ??= new Tiles(root));
  tiles.update(data, setTriggerValue);
}

// Maps side by side, large, and a place in them that arrow keys and the pointer move; Enter and a click choose it.

class BigMaps {
  constructor(root) {
    this.root = root;
    this.at = null;
  }

  update(data, tell) {
    const focused = this.root.getRootNode().activeElement?.dataset?.number;
    this.data = data;
    this.tell = tell;
    this.at = { x: data.x, y: data.y };
    this.figures = data.maps.map((map, number) => this.figure(map, number));
    this.readout = document.createElement("p");
    this.readout.className = "readout";
    this.readout.setAttribute("aria-live", "polite");
    const row = document.createElement("div");
    row.className = "row";
    const side = document.createElement("div");
    side.className = "side";
    side.append(
      this.readout,
      ...data.facts.map((text) => Object.assign(document.createElement("p"), { textContent: text })),
    );
    row.append(...this.figures.map(({ figure }) => figure), side);
    this.root.replaceChildren(row);
    this.show(this.at);
    if (focused !== undefined) this.figures[focused]?.place.focus({ preventScroll: true });
    if (this.of !== data.of) {
      this.of = data.of;
      if (this.root.getBoundingClientRect().top < 60) this.root.scrollIntoView({ block: "center" });
    }
  }

  figure(map, number) {
    const figure = document.createElement("figure");
    const place = document.createElement("div");
    place.className = "place";
    const image = document.createElement("img");
    image.src = map.picture;
    image.alt = map.active ? "" : map.words;
    const mark = document.createElement("i");
    place.append(image, mark);
    const caption = document.createElement("figcaption");
    caption.textContent = map.caption;
    figure.append(place, caption);
    if (map.active) {
      place.tabIndex = 0;
      place.dataset.number = number;
      place.dataset.ownKeys = "";
      place.setAttribute("role", "application");
      place.setAttribute("aria-label", map.words);
      place.addEventListener("pointermove", (event) => this.show(this.under(event, place, map)));
      place.addEventListener("pointerleave", () => this.show(this.at));
      place.addEventListener("click", (event) => this.choose(this.under(event, place, map)));
      place.addEventListener("keydown", (event) => this.onKey(event, map));
    }
    return { figure, place, mark, map };
  }

  under(event, place, { columns, rows }) {
    const box = place.getBoundingClientRect();
    return {
      x: Math.min(columns - 1, Math.max(0, Math.floor(((event.clientX - box.left) / box.width) * columns))),
      y: Math.min(rows - 1, Math.max(0, Math.floor(((event.clientY - box.top) / box.height) * rows))),
    };
  }

  show({ x, y }) {
    this.over = { x, y };
    for (const { mark, map } of this.figures) {
      mark.hidden = !map.window && !map.active;
      if (mark.hidden) continue;
      const [left, top, wide, high] = map.active
        ? [x, y, 1, 1]
        : [x * map.step + map.offset[0], y * map.step + map.offset[1], map.window[0], map.window[1]];
      const low = (value, most) => Math.max(0, Math.min(most, value));
      const [x0, y0] = [low(left, map.columns), low(top, map.rows)];
      const [x1, y1] = [low(left + wide, map.columns), low(top + high, map.rows)];
      mark.style.cssText =
        `left:${(100 * x0) / map.columns}%;top:${(100 * y0) / map.rows}%;` +
        `width:${(100 * (x1 - x0)) / map.columns}%;height:${(100 * (y1 - y0)) / map.rows}%`;
    }
    const main = this.figures.find(({ map }) => map.active).map;
    this.readout.textContent = this.data.place
      .replace("{y}", y + 1)
      .replace("{x}", x + 1)
      .replace("{value}", main.values[y * main.columns + x]);
  }

  choose({ x, y }) {
    this.at = { x, y };
    this.show(this.at);
    this.tell("choose", { of: this.data.of, x, y });
  }

  onKey(event, { columns, rows }) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (event.key === "Enter" || event.key === " ") this.choose(this.over);
    else if (event.key in steps) {
      const [right, down] = steps[event.key];
      const { x, y } = this.over;
      this.show({
        x: Math.min(columns - 1, Math.max(0, x + right)),
        y: Math.min(rows - 1, Math.max(0, y + down)),
      });
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

export default function ({ data, setTriggerValue, parentElement }) {
  const maps = (parentElement.rautMaps ??= new BigMaps(parentElement.querySelector(".maps")));
  maps.update(data, setTriggerValue);
}

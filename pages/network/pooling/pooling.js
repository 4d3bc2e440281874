// A pooling worked out: windows of a map, each of which becomes one number. The same in Python is
// fer_core/explanation/pooling.py. How the two sides agree: view.py.

class Pooling {
  constructor(root) {
    this.root = root;
    this.parts = Object.fromEntries(
      ["controls", "before", "after", "patch", "result", "steps", "said"].map((name) => [name, root.querySelector(`.${name}`)]),
    );
    this.teller = new Teller();
    this.build();
  }

  stop() {
    this.slider.pause();
    clearTimeout(this.teller.waiting);
  }

  build() {
    const { controls, before, after, patch, result } = this.parts;
    const select = (name, act) => {
      const line = element("label", name);
      const control = element("select");
      line.append(element("span"), control);
      controls.append(line);
      control.addEventListener("change", () => act(control.value));
      return control;
    };
    this.stageSelect = select("stage", (value) => this.change({ stage: value }));
    this.mapSelect = select("map", (value) => this.change({ map: value }));
    this.kindSelect = select("kind", (value) => this.change({ kind: value }));
    const slide = this.root.querySelector(".slide");
    controls.append(slide);
    this.slider = new Slider(slide, (at) => this.change({ window: at }));
    this.patch = new NumberGrid(patch.querySelector(".numbers"));
    this.result = new NumberGrid(result.querySelector(".numbers"), {
      onPick: (at) => {
        this.slider.pause();
        this.change({ window: at });
      },
    });
    this.frame = patch.querySelector(".grid").appendChild(element("i", "frame of-kernel"));
    this.closed = result.appendChild(element("p", "closed-words"));
    this.pictures = [before, after].map((root) => {
      const frame = root.querySelector(".picture");
      const canvas = frame.appendChild(element("canvas"));
      const parts = { root, canvas, area: frame.appendChild(element("i", "area")), lit: frame.appendChild(element("i", "lit")) };
      if (root === before) parts.over = frame.appendChild(element("div", "over", { tabIndex: 0 }));
      else canvas.setAttribute("role", "img");
      return parts;
    });
    const { over } = this.pictures[0];
    over.setAttribute("role", "application");
    over.addEventListener("keydown", (event) => {
      const step = TAKEN_BY_KEYS[event.key];
      if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      event.stopPropagation();
      const { stride } = this.data;
      this.place(...step.map((each, axis) => [this.now.top, this.now.left][axis] + each * stride));
    });
    const point = (event) => {
      const box = over.getBoundingClientRect();
      const [height, width] = this.data.before.shape;
      const half = Math.floor(this.data.patch / 2);
      this.place(
        Math.floor(((event.clientY - box.top) / box.height) * height) - half,
        Math.floor(((event.clientX - box.left) / box.width) * width) - half,
      );
    };
    over.addEventListener("pointerdown", (event) => {
      over.setPointerCapture(event.pointerId);
      point(event);
    });
    over.addEventListener("pointermove", (event) => over.hasPointerCapture(event.pointerId) && point(event));
  }

  update(data, send) {
    this.send = send;
    const other = data.key !== this.data?.key;
    this.data = data;
    this.write = writer(data.language);
    if (other) this.values = floats(data.before.values);
    if (this.teller.takes(data) || other) {
      const { stage, map, patch, window, kind } = data.state;
      this.now = { stage, map, patch, kind, window: Number(window), top: data.top, left: data.left };
    }
    this.label();
    this.draw();
  }

  place(top, left) {
    const { patch, stride, before } = this.data;
    const at = (value, side) => {
      const inside = clamp(value, 0, side - patch);
      return inside - (inside % stride);
    };
    const [first, side] = [at(top, before.shape[0]), at(left, before.shape[1])];
    const half = Math.floor(patch / 2);
    this.change({ top: first, left: side, patch: `${side + half}_${first + half}` });
  }

  change(changes) {
    Object.assign(this.now, changes);
    this.draw();
    if (this.slider.timer) return;
    const { stage, map, patch, window, kind } = this.now;
    this.teller.tell(this.send, { stage, map, patch, window: String(window), kind });
  }

  pooled(values) {
    return this.now.kind === "max" ? Math.max(...values) : values.reduce((sum, value) => sum + value, 0) / values.length;
  }

  windowAt(row, column) {
    const { size, stride, before } = this.data;
    const values = [];
    for (let y = row * stride; y < row * stride + size; y++)
      for (let x = column * stride; x < column * stride + size; x++) values.push(this.values[y * before.shape[1] + x]);
    return values;
  }

  draw() {
    const { data, now } = this;
    const { texts, size, stride, patch, open } = data;
    const [height, width] = data.before.shape;
    const [newHeight, newWidth] = data.after.shape;
    const count = (patch - size) / stride + 1;
    now.window = clamp(now.window, 0, count * count - 1);
    const [row, column] = [Math.floor(now.window / count), now.window % count];
    const scale = scaleOf(this.values, data.colours);
    const after = Float64Array.from({ length: newHeight * newWidth }, (_each, at) =>
      this.pooled(this.windowAt(Math.floor(at / newWidth), at % newWidth)),
    );

    const [before, made] = this.pictures;
    const light = ({ root, canvas, area, lit }, values, high, wide, words, places) => {
      drawMap(canvas, values, wide, high, scale.shade);
      placeOn(area, ...places[0], high, wide);
      placeOn(lit, ...places[1], high, wide);
      canvas.parentElement.style.aspectRatio = `${wide} / ${high}`;
      if (canvas.getAttribute("role")) canvas.setAttribute("aria-label", words);
      drawLegend(root.querySelector(".legend"), scale, this.write);
      root.querySelector(".caption").textContent = words;
    };
    light(before, this.values, height, width, filled(texts.before, { height, width }), [
      [now.top, now.left, patch, patch],
      [now.top + row * stride, now.left + column * stride, size, size],
    ]);
    before.over.setAttribute("aria-label", texts.before_help);
    made.root.hidden = !open;
    if (open)
      light(made, after, newHeight, newWidth, filled(texts.after, { height: newHeight, width: newWidth }), [
        [now.top / stride, now.left / stride, count, count],
        [now.top / stride + row, now.left / stride + column, 1, 1],
      ]);

    const part = Array.from({ length: patch * patch }, (_each, at) =>
      this.values[(now.top + Math.floor(at / patch)) * width + now.left + (at % patch)],
    );
    const decimals = decimalsOf(part);
    this.patch.show(
      part.map((value) => ({ text: this.write(value, decimals), rgb: scale.shade(value) })),
      patch,
      `${filled(texts.patch, { side: patch })}: ${part.map((value) => this.write(value, decimals)).join("; ")}`,
    );
    placeOn(this.frame, row * stride, column * stride, size, size, patch, patch);

    const results = Array.from({ length: count * count }, (_each, at) =>
      after[(now.top / stride + Math.floor(at / count)) * newWidth + now.left / stride + (at % count)],
    );
    this.result.active = now.window;
    this.result.show(
      results.map((value, at) => {
        const done = open && at <= now.window;
        return {
          text: done ? this.write(value, decimals) : "",
          spoken: filled(texts.result_at, { n: at + 1, value: done ? this.write(value, decimals) : texts.not_yet }),
          rgb: done ? scale.shade(value) : null,
          kind: at === now.window ? "lit" : "",
        };
      }),
      count,
      texts.result,
    );
    this.result.activate(now.window);
    this.closed.textContent = open ? "" : texts.answer_first;

    const here = this.windowAt(now.top / stride + row, now.left / stride + column);
    const say = (value) => this.write(value, decimals);
    const result = say(results[now.window]);
    const told = element("dd", "", {
      textContent:
        now.kind === "max"
          ? `${here.map(say).join("; ")} → `
          : `(${here.map((value, at) => (at && value >= 0 ? `+ ${say(value)}` : say(value))).join(" ")}) / ${here.length} = `,
    });
    told.append(element("output", "", { textContent: open ? result : "?" }));
    this.parts.steps.replaceChildren(
      element("dt", "", { textContent: now.kind === "max" ? texts.largest : texts.mean }),
      told,
      element("dt", "", { textContent: texts.sizes }),
      element("dd", "", { textContent: texts.sizes_text }),
    );
    if (open && !this.slider.timer)
      this.parts.said.textContent = filled(texts.spoken, { n: now.window + 1, count: results.length, result });
    this.stageSelect.value = now.stage;
    this.mapSelect.value = now.map;
    this.kindSelect.value = now.kind;
    this.slider.show(texts, now.window, results.length);
  }

  label() {
    const { texts, before, count, kind, patch } = this.data;
    for (const name of ["stage", "map", "kind"]) this.root.querySelector(`label.${name} span`).textContent = texts[name];
    const fill = (select, options, key) => {
      if (select.filledWith === key) return;
      select.filledWith = key;
      select.replaceChildren(...options.map(([value, textContent]) => element("option", "", { value, textContent })));
    };
    const numbered = (length, words) => Array.from({ length }, (_each, at) => [String(at), filled(words, { n: at + 1 })]);
    fill(this.stageSelect, numbered(count, texts.stage_n), [count, texts.stage_n].join());
    fill(this.mapSelect, numbered(before.shape[2], texts.map_n), [before.shape[2], texts.map_n].join());
    const kinds = ["max", "average"].map((code) => [code, code === kind ? filled(texts.of_network, { kind: texts[code] }) : texts[code]]);
    fill(this.kindSelect, kinds, kinds.join());
    this.root.querySelector("label.stage").hidden = count < 2;
    this.parts.patch.querySelector("h3").textContent = filled(texts.patch, { side: patch });
    this.parts.result.querySelector("h3").textContent = texts.result;
  }
}

export default function ({ data, setTriggerValue, parentElement }) {
  const part = (parentElement.rautPooling ??= new Pooling(parentElement.querySelector(".pooling")));
  part.update(data, setTriggerValue);
  return () => part.stop();
}

// All pictures on a map: points by WebGL (by the 2D canvas where there is none), above them a second canvas for what
// is drawn with the pointer. Lasso and box choose points; what is chosen goes to the server as bits. map_points.py.

const POINT = 2.7; // diameter of a point in CSS pixels when the whole map is in sight
const NEAR = 12; // CSS pixels from which a point is pointed at
const FETCHED = 24; // pictures that come together: the one pointed at, and those nearest to it
const SHAPES = { disc: 0, ring: 1, cross: 2, square: 3 };

// On the window, because the map leaves the page while another view is shown: tool and place stay.
window.rautMap ??= { tool: "lasso", view: null };
window.rautMapPictures ??= new Map(); // row to { sprite, at, across, down }

const VERTEX = `#version 300 es
in vec2 place; in vec4 colour; in float shape;
uniform vec2 scale, centre; uniform float size;
out vec4 shade; flat out float form;
void main() {
  gl_Position = vec4((place - centre) * scale, 0.0, 1.0);
  gl_PointSize = size; shade = colour; form = shape;
}`;
const FRAGMENT = `#version 300 es
precision highp float;
in vec4 shade; flat in float form;
uniform float size, strength;
out vec4 result;
void main() {
  vec2 at = (gl_PointCoord - 0.5) * size;
  float radius = size * 0.5, line = max(1.2, size * 0.16), away = length(at);
  float inside = radius - away;
  if (form > 2.5) inside = radius * 0.85 - max(abs(at.x), abs(at.y));
  else if (form > 1.5) inside = min(inside, line - min(abs(at.x - at.y), abs(at.x + at.y)) * 0.7071);
  else if (form > 0.5) inside = min(inside, away - (radius - 1.6 * line));
  float alpha = clamp(inside + 0.5, 0.0, 1.0) * shade.a * strength;
  result = vec4(shade.rgb * alpha, alpha);
}`;

const bytes = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
const bit = (bits, at) => (bits[at >> 3] >> (7 - (at & 7))) & 1;
const element = (name, kind = "", text = "") =>
  Object.assign(document.createElement(name), { className: kind, textContent: text });
const sign = (code) => {
  const part = element("i", "sign");
  part.style.setProperty("--sign", `var(--sign-${code})`);
  return part;
};
const rgb = (text) => (text.match(/[\d.]+/g) ?? [0, 0, 0]).slice(0, 3).map(Number);

class PointsByWebGL {
  constructor(canvas) {
    const gl = (this.gl = canvas.getContext("webgl2", { antialias: false, preserveDrawingBuffer: true }));
    const program = gl.createProgram();
    for (const [kind, code] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]]) {
      const shader = gl.createShader(kind);
      gl.shaderSource(shader, code);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    }
    ["place", "colour", "shape"].forEach((name, at) => gl.bindAttribLocation(program, at, name));
    gl.linkProgram(program);
    gl.useProgram(program);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    this.at = (name) => gl.getUniformLocation(program, name);
    this.buffers = [0, 1, 2, 3].map(() => gl.createBuffer());
  }

  fill(places, colours, shapes, order) {
    const gl = this.gl;
    [[places, 2, gl.SHORT, false], [colours, 4, gl.UNSIGNED_BYTE, true], [shapes, 1, gl.UNSIGNED_BYTE, false]].forEach(
      ([array, size, type, normalised], at) => {
        gl.bindBuffer(gl.ARRAY_BUFFER, this.buffers[at]);
        gl.bufferData(gl.ARRAY_BUFFER, array, gl.DYNAMIC_DRAW);
        gl.enableVertexAttribArray(at);
        gl.vertexAttribPointer(at, size, type, normalised, 0, 0);
      },
    );
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.buffers[3]);
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, order, gl.DYNAMIC_DRAW);
  }

  draw(width, height, view, parts, ratio) {
    const gl = this.gl;
    gl.viewport(0, 0, width * ratio, height * ratio);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.uniform2f(this.at("scale"), (2 * view.zoom) / width, (2 * view.zoom) / height);
    gl.uniform2f(this.at("centre"), view.x, view.y);
    for (const { from, to, size, strength } of parts) {
      gl.uniform1f(this.at("size"), size * ratio);
      gl.uniform1f(this.at("strength"), strength);
      if (to > from) gl.drawElements(gl.POINTS, to - from, gl.UNSIGNED_INT, 4 * from);
    }
  }
}

class PointsByCanvas {
  constructor(canvas) {
    this.context = canvas.getContext("2d");
  }

  fill(places, colours, _shapes, order) {
    Object.assign(this, { places, colours, order });
  }

  draw(width, height, view, parts, ratio) {
    const { context, places, colours, order } = this;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    for (const { from, to, size, strength } of parts) {
      context.globalAlpha = strength * 0.9;
      for (let each = from; each < to; each++) {
        const at = order[each];
        const x = width / 2 + (places[2 * at] - view.x) * view.zoom;
        const y = height / 2 - (places[2 * at + 1] - view.y) * view.zoom;
        if (x < -size || y < -size || x > width + size || y > height + size) continue;
        context.fillStyle = `rgb(${colours[4 * at]},${colours[4 * at + 1]},${colours[4 * at + 2]})`;
        context.fillRect(x - size / 2, y - size / 2, size, size);
      }
    }
  }
}

class FaceMap {
  constructor(root) {
    this.root = root;
    const part = (name) => root.querySelector(`.${name}`);
    [this.stage, this.under, this.over, this.names, this.tip, this.legend] =
      ["stage", "points", "over", "names", "tip", "legend"].map(part);
    const has = document.createElement("canvas").getContext("webgl2");
    this.painter = new (has ? PointsByWebGL : PointsByCanvas)(this.under);
    root.dataset.painter = has ? "webgl" : "canvas";
    this.under.addEventListener("webglcontextlost", (event) => event.preventDefault());
    this.under.addEventListener("webglcontextrestored", () => {
      this.painter = new PointsByWebGL(this.under);
      this.colour();
    });
    this.pen = this.over.getContext("2d");
    this.fingers = new Map();
    this.path = [];
    this.asked = new Map();
    const on = (name, act, options) => this.over.addEventListener(name, (event) => act.call(this, event), options);
    on("pointerdown", this.onDown);
    on("pointermove", this.onMove);
    on("pointerup", this.onUp);
    on("pointercancel", this.onUp);
    on("pointerleave", () => this.fingers.size || this.point(null));
    on("wheel", this.onWheel, { passive: false });
    on("keydown", this.onKey);
    for (const button of root.querySelectorAll(".tools button")) button.onclick = () => this.press(button.dataset.tool);
    part("open").onclick = () => this.pointed !== null && this.tell("open", this.pointed);
    this.watch = new ResizeObserver(() => this.layout());
    this.watch.observe(root);
    this.onResize = () => this.layout();
    window.addEventListener("resize", this.onResize);
    this.onPictures = () => this.showPicture();
    window.addEventListener("raut-map-pictures", this.onPictures);
    this.pointed = null;
  }

  stop() {
    this.watch.disconnect();
    window.removeEventListener("resize", this.onResize);
    window.removeEventListener("raut-map-pictures", this.onPictures);
    clearTimeout(this.asking);
  }

  update(data, tell) {
    this.tell = tell;
    this.data = data;
    if (data.places !== this.placesText) {
      this.placesText = data.places;
      this.places = new Int16Array(bytes(data.places).buffer);
      this.count = this.places.length / 2;
      // Always the same shuffled order, so that no class lies on top of the others because of its rows.
      this.shuffled = Uint32Array.from({ length: this.count }, (_each, at) => at);
      for (let at = this.count - 1, seed = 1; at > 0; at--) {
        seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
        const other = seed % (at + 1);
        [this.shuffled[at], this.shuffled[other]] = [this.shuffled[other], this.shuffled[at]];
      }
    }
    [this.classes, this.inside, this.selected] = [data.classes, data.inside, data.selected].map(bytes);
    this.facts = data.facts.map((fact) => ({ ...fact, values: bytes(fact.values) }));
    const { texts } = data;
    this.over.setAttribute("aria-label", texts.map);
    for (const button of this.root.querySelectorAll(".tools button"))
      button.title = button.ariaLabel = texts[button.dataset.tool];
    this.root.querySelector(".open").textContent = texts.open;
    this.press(window.rautMap.tool);
    this.layout(false);
    this.colour();
    this.drawLegend();
    if (data.placed && data.placed.turn !== window.rautMap.placed) {
      window.rautMap.placed = data.placed.turn;
      this.around([...data.placed.nearest.map((at) => this.place(at)), data.placed.place]);
    }
  }

  place(at) {
    return [this.places[2 * at], this.places[2 * at + 1]];
  }

  // ---- size and view -------------------------------------------------------------------------------

  layout(draw = true) {
    const main = document.querySelector("[data-testid=stMain]");
    const top = this.stage.getBoundingClientRect().top + (main?.scrollTop ?? 0);
    const below = this.legend.offsetHeight + 4.6 * parseFloat(getComputedStyle(this.root).fontSize);
    const narrow = window.innerWidth < 641;
    const height = Math.max(320, narrow ? 0.62 * window.innerHeight : window.innerHeight - top - below);
    this.stage.style.height = `${Math.round(height)}px`;
    [this.width, this.height] = [this.stage.clientWidth, this.stage.clientHeight];
    this.ratio = window.devicePixelRatio || 1;
    for (const canvas of [this.under, this.over]) {
      const [width, tall] = [Math.round(this.width * this.ratio), Math.round(this.height * this.ratio)];
      if (canvas.width !== width || canvas.height !== tall) [canvas.width, canvas.height] = [width, tall];
    }
    if (this.places && this.width) {
      this.whole = { x: 0, y: 0, zoom: (0.97 * Math.min(this.width, this.height)) / 65534 };
      window.rautMap.view ??= { ...this.whole };
      if (window.rautMap.view.zoom < this.whole.zoom) window.rautMap.view = { ...this.whole };
      if (draw) this.draw();
    }
  }

  get view() {
    return window.rautMap.view;
  }

  toScreen([x, y]) {
    const { view } = this;
    return [this.width / 2 + (x - view.x) * view.zoom, this.height / 2 - (y - view.y) * view.zoom];
  }

  toMap([x, y]) {
    const { view } = this;
    return [view.x + (x - this.width / 2) / view.zoom, view.y - (y - this.height / 2) / view.zoom];
  }

  zoomBy(times, at = [this.width / 2, this.height / 2]) {
    const [x, y] = this.toMap(at);
    const { view } = this;
    view.zoom = Math.min(60 * this.whole.zoom, Math.max(this.whole.zoom, view.zoom * times));
    view.x = x - (at[0] - this.width / 2) / view.zoom;
    view.y = y + (at[1] - this.height / 2) / view.zoom;
    this.keepInside();
  }

  moveBy(x, y) {
    this.view.x -= x / this.view.zoom;
    this.view.y += y / this.view.zoom;
    this.keepInside();
  }

  keepInside() {
    const clamp = (value) => Math.min(32767, Math.max(-32767, value));
    [this.view.x, this.view.y] = [clamp(this.view.x), clamp(this.view.y)];
    this.point(null);
    this.draw();
  }

  around(places) {
    const [xs, ys] = [0, 1].map((axis) => places.map((place) => place[axis]));
    const middle = (values) => (Math.min(...values) + Math.max(...values)) / 2;
    const room = Math.max(...[xs, ys].map((values) => Math.max(...values) - Math.min(...values)), 4000);
    const zoom = (0.6 * Math.min(this.width, this.height)) / room;
    window.rautMap.view = { x: middle(xs), y: middle(ys), zoom: Math.max(this.whole.zoom, zoom) };
    this.draw();
  }

  // ---- drawing -------------------------------------------------------------------------------------

  colour() {
    const { classes, count, data } = this;
    const ink = rgb(getComputedStyle(this.root).color);
    const palette = data.palette.map(({ colour, shape, strength }) => [
      ...(colour ? [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16)) : ink),
      Math.round(255 * strength),
      SHAPES[shape],
    ]);
    const colours = new Uint8Array(4 * count);
    const shapes = new Uint8Array(count);
    // Outside of the filter, then inside, then selected: what comes later lies on top.
    const groups = [[], [], []];
    let any = false;
    for (let at = 0; at < count && !any; at++) any = Boolean(bit(this.selected, at));
    const grey = ink.map((value) => Math.round(0.35 * value + 0.65 * 140));
    for (const at of this.shuffled) {
      const shade = bit(this.inside, at) ? palette[classes[at]] : null;
      groups[!shade ? 0 : bit(this.selected, at) ? 2 : 1].push(at);
      colours.set(shade ? shade.slice(0, 4) : [...grey, 90], 4 * at);
      shapes[at] = shade ? shade[4] : 0;
    }
    this.ends = groups.map((group) => group.length);
    this.painter.fill(this.places, colours, shapes, Uint32Array.from(groups.flat()));
    this.anySelected = any;
    this.findNames();
    this.draw();
  }

  draw() {
    if (this.drawing || !this.ends) return;
    this.drawing = requestAnimationFrame(() => {
      this.drawing = null;
      this.drawNow();
    });
  }

  drawNow() {
    const { view, ends } = this;
    const size = Math.min(11, POINT * (view.zoom / this.whole.zoom) ** 0.45 * Math.max(1, this.width / 800));
    const [outside, plain] = [ends[0], ends[0] + ends[1]];
    this.painter.draw(this.width, this.height, view, [
      { from: 0, to: outside, size: 0.8 * size, strength: 0.6 },
      { from: outside, to: plain, size, strength: this.anySelected ? 0.22 : 0.85 },
      { from: plain, to: plain + ends[2], size: 1.25 * size, strength: 1 },
    ], this.ratio); // prettier-ignore
    const taken = [];
    for (const [name, place] of this.nameParts ?? []) {
      let [x, y] = this.toScreen(place);
      name.hidden = x < 0 || y < 0 || x > this.width || y > this.height;
      const [wide, tall] = [name.offsetWidth, name.offsetHeight];
      x = Math.min(this.width - wide / 2 - 4, Math.max(wide / 2 + 4, x));
      y = Math.min(this.height - tall / 2 - 4, Math.max(tall / 2 + 4, y));
      // A name that would lie on another one goes below it.
      for (const other of taken)
        if (Math.abs(x - other.x) < (wide + other.wide) / 2 && Math.abs(y - other.y) < tall) y = other.y + tall;
      if (!name.hidden) taken.push({ x, y, wide });
      name.style.transform = `translate(${x}px,${y}px) translate(-50%,-50%)`;
    }
    this.drawOver();
  }

  drawOver() {
    const { pen } = this;
    pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    pen.clearRect(0, 0, this.width, this.height);
    const ink = getComputedStyle(this.root).color;
    const paper = getComputedStyle(this.root).getPropertyValue("--paper") || "#fff";
    const twice = (line, wide) => {
      for (const [colour, width] of [[paper, wide + 2.5], [ink, wide]]) {
        [pen.strokeStyle, pen.lineWidth] = [colour, width];
        pen.beginPath();
        line();
        pen.stroke();
      }
    };
    const ring = ([x, y], radius) => () => pen.arc(x, y, radius, 0, 7);
    const { placed } = this.data;
    if (placed) {
      const [x, y] = this.toScreen(placed.place);
      for (const at of placed.nearest) {
        const end = this.toScreen(this.place(at));
        twice(() => (pen.moveTo(x, y), pen.lineTo(...end)), 1);
        twice(ring(end, 6), 1.5);
      }
      const face = this.root.querySelector(".placed");
      // Beside its place, towards the middle of the map, so that the points around it can be seen.
      const away = [x < this.width / 2 ? "50%" : "-150%", y < this.height / 2 ? "50%" : "-150%"];
      face.style.transform = `translate(${x}px,${y}px) translate(${away})`;
      twice(() => (pen.moveTo(x - 7, y), pen.lineTo(x + 7, y), pen.moveTo(x, y - 7), pen.lineTo(x, y + 7)), 3);
    }
    if (this.pointed !== null) twice(ring(this.toScreen(this.place(this.pointed)), 7), 2);
    if (this.path.length > 1)
      twice(() => {
        this.path.forEach((place, at) => (at ? pen.lineTo(...place) : pen.moveTo(...place)));
        pen.closePath();
      }, 1.5);
  }

  // The name of each class stands where most of its points are.
  findNames() {
    this.names.replaceChildren();
    const cells = 24;
    const sums = this.data.palette.map(() => new Float64Array(cells * cells));
    const cell = (value) => Math.min(cells - 1, Math.floor(((value + 32768) / 65536) * cells));
    for (let at = 0; at < this.count; at++)
      if (bit(this.inside, at))
        sums[this.classes[at]]?.[0] !== undefined &&
          sums[this.classes[at]][cell(this.places[2 * at]) + cells * cell(this.places[2 * at + 1])]++;
    this.nameParts = this.data.palette.flatMap(({ code, name, named }, number) => {
      const most = sums[number].reduce((best, value, at, all) => (value > all[best] ? at : best), 0);
      if (!named || !sums[number][most]) return [];
      const part = element("span");
      if (code) part.append(sign(code));
      part.append(name);
      this.names.append(part);
      const middle = (place) => ((place + 0.5) / cells) * 65536 - 32768;
      return [[part, [middle(most % cells), middle(Math.floor(most / cells))]]];
    });
  }

  drawLegend() {
    this.legend.replaceChildren(
      ...this.data.palette.map(({ code, name, colour, shape, strength, count }) => {
        const item = element("li");
        const mark = element("b", `mark ${shape}`);
        mark.style.opacity = Math.max(0.35, strength);
        if (colour) mark.style.color = colour;
        item.append(mark, ...(code ? [sign(code)] : []), ` ${name} `, element("small", "", count));
        return item;
      }),
    );
    const { placed } = this.data;
    const face = this.root.querySelector(".placed");
    face.hidden = !placed;
    if (placed) [face.src, face.alt] = [placed.picture, placed.name];
  }

  // ---- tools ---------------------------------------------------------------------------------------

  press(tool) {
    if (tool === "nearer") return this.zoomBy(1.6);
    if (tool === "farther") return this.zoomBy(1 / 1.6);
    if (tool === "whole") {
      window.rautMap.view = { ...this.whole };
      return this.draw();
    }
    if (tool === "picture") return this.save();
    window.rautMap.tool = tool;
    this.over.dataset.tool = tool;
    for (const button of this.root.querySelectorAll("[aria-pressed]"))
      button.setAttribute("aria-pressed", String(button.dataset.tool === tool));
  }

  save() {
    this.drawNow();
    const sheet = document.createElement("canvas");
    [sheet.width, sheet.height] = [this.under.width, this.under.height];
    const pen = sheet.getContext("2d");
    const style = getComputedStyle(this.root);
    pen.fillStyle = style.getPropertyValue("--paper") || "#fff";
    pen.fillRect(0, 0, sheet.width, sheet.height);
    pen.drawImage(this.under, 0, 0);
    pen.drawImage(this.over, 0, 0);
    pen.scale(this.ratio, this.ratio);
    pen.font = `600 16px ${style.fontFamily}`;
    [pen.textAlign, pen.textBaseline, pen.lineWidth, pen.lineJoin] = ["center", "middle", 4, "round"];
    pen.strokeStyle = style.getPropertyValue("--paper") || "#fff";
    pen.fillStyle = style.color;
    for (const [part, place] of this.nameParts)
      for (const write of ["strokeText", "fillText"]) pen[write](part.textContent, ...this.toScreen(place));
    const link = Object.assign(document.createElement("a"), { download: this.data.file });
    link.href = sheet.toDataURL("image/png");
    link.click();
  }

  // ---- pointer -------------------------------------------------------------------------------------

  spot(event) {
    const box = this.over.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  onDown(event) {
    if (event.button > 0) return;
    this.over.setPointerCapture(event.pointerId);
    this.fingers.set(event.pointerId, this.spot(event));
    this.moved = false;
    this.path = this.fingers.size === 1 && window.rautMap.tool !== "move" ? [this.spot(event)] : [];
  }

  onMove(event) {
    const now = this.spot(event);
    const before = this.fingers.get(event.pointerId);
    if (!before) return this.point(this.at(now));
    if (Math.hypot(now[0] - before[0], now[1] - before[1]) < 3 && !this.moved) return;
    this.moved = true;
    if (this.fingers.size === 2) {
      this.path = [];
      const other = [...this.fingers].find(([id]) => id !== event.pointerId)[1];
      const apart = (place) => Math.hypot(place[0] - other[0], place[1] - other[1]);
      this.fingers.set(event.pointerId, now);
      this.moveBy((now[0] - before[0]) / 2, (now[1] - before[1]) / 2);
      return this.zoomBy(apart(now) / Math.max(1, apart(before)), [(now[0] + other[0]) / 2, (now[1] + other[1]) / 2]);
    }
    this.fingers.set(event.pointerId, now);
    if (window.rautMap.tool === "move") return this.moveBy(now[0] - before[0], now[1] - before[1]);
    if (!this.path.length) return;
    const [start] = this.path;
    if (window.rautMap.tool === "box") this.path = [start, [now[0], start[1]], now, [start[0], now[1]]];
    else this.path.push(now);
    this.point(null);
    this.drawOver();
  }

  onUp(event) {
    if (!this.fingers.delete(event.pointerId)) return;
    const path = this.path;
    this.path = [];
    if (event.type === "pointercancel") return this.drawOver();
    if (!this.moved) {
      const at = this.at(this.spot(event));
      this.point(at);
      if (at !== null && event.pointerType === "mouse") this.tell("open", at);
    } else if (path.length > 2) {
      this.pick(path, event.shiftKey ? "more" : event.altKey ? "less" : "only");
    }
    this.drawOver();
  }

  onWheel(event) {
    event.preventDefault();
    const step = event.deltaMode === 1 ? 30 * event.deltaY : event.deltaY;
    this.zoomBy(Math.exp(-Math.max(-300, Math.min(300, step)) / 400), this.spot(event));
  }

  onKey(event) {
    const step = 60;
    const acts = {
      ArrowLeft: () => this.moveBy(step, 0),
      ArrowRight: () => this.moveBy(-step, 0),
      ArrowUp: () => this.moveBy(0, step),
      ArrowDown: () => this.moveBy(0, -step),
      "+": () => this.zoomBy(1.4),
      "=": () => this.zoomBy(1.4),
      "-": () => this.zoomBy(1 / 1.4),
      0: () => this.press("whole"),
      Escape: () => this.point(null),
    };
    const act = event.ctrlKey || event.metaKey || event.altKey ? null : acts[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  // The point that the pointer is at, of those inside of the filter; null where none is near.
  at(spot) {
    return this.nearestTo(this.toMap(spot), 1, NEAR / this.view.zoom)[0] ?? null;
  }

  nearestTo([x, y], count, within) {
    const found = [];
    const { places } = this;
    for (let at = 0; at < this.count; at++) {
      const [across, down] = [Math.abs(places[2 * at] - x), Math.abs(places[2 * at + 1] - y)];
      if (across <= within && down <= within && bit(this.inside, at)) found.push([across ** 2 + down ** 2, at]);
    }
    return found.sort((one, other) => one[0] - other[0]).slice(0, count).map((each) => each[1]); // prettier-ignore
  }

  pick(path, how) {
    const shape = path.map((place) => this.toMap(place));
    const [xs, ys] = [0, 1].map((axis) => shape.map((place) => place[axis]));
    const [left, right, low, high] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const chosen = new Uint8Array((this.count + 7) >> 3);
    for (let at = 0; at < this.count; at++) {
      const [x, y] = this.place(at);
      if (x < left || x > right || y < low || y > high || !bit(this.inside, at)) continue;
      let inside = false;
      for (let one = 0, other = shape.length - 1; one < shape.length; other = one++) {
        const [ax, ay] = shape[one];
        const [bx, by] = shape[other];
        if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
      }
      if (inside) chosen[at >> 3] |= 128 >> (at & 7);
    }
    this.tell("pick", { how, bits: btoa(String.fromCharCode(...chosen)) });
  }

  // ---- the picture of a point ----------------------------------------------------------------------

  point(at) {
    if (at === this.pointed) return;
    this.pointed = at;
    this.tip.hidden = at === null;
    this.drawOver();
    if (at === null) return;
    const { texts } = this.data;
    const lines = [element("strong", "", texts.row.replace("{n}", at))];
    for (const { name, classes, values } of this.facts) {
      const found = classes[values[at]];
      if (!found) continue;
      const line = element("span");
      line.append(`${name}: `, ...(found.code ? [sign(found.code)] : []), ` ${found.name}`);
      lines.push(line);
    }
    this.tip.querySelector(".lines").replaceChildren(...lines);
    const [x, y] = this.toScreen(this.place(at));
    this.tip.style.left = x > this.width / 2 ? "" : `${x + 14}px`;
    this.tip.style.right = x > this.width / 2 ? `${this.width - x + 14}px` : "";
    this.tip.style.top = y > this.height / 2 ? "" : `${y + 10}px`;
    this.tip.style.bottom = y > this.height / 2 ? `${this.height - y + 10}px` : "";
    this.showPicture();
    if (!this.data.pictures || window.rautMapPictures.has(at)) return;
    clearTimeout(this.asking);
    this.asking = setTimeout(() => {
      const now = Date.now();
      const near = this.nearestTo(this.place(at), FETCHED, (6 * NEAR) / this.view.zoom);
      const rows = near.filter((row) => !window.rautMapPictures.has(row) && !(now - this.asked.get(row) < 2000));
      for (const row of rows) this.asked.set(row, now);
      if (rows.length) window.dispatchEvent(new CustomEvent("raut-map-want", { detail: rows }));
    }, 40);
  }

  showPicture() {
    const picture = this.tip.querySelector(".picture");
    picture.hidden = !this.data?.pictures;
    const found = window.rautMapPictures.get(this.pointed);
    picture.style.backgroundImage = found ? `url(${found.sprite})` : "";
    if (!found) return;
    const place = (at, of) => (of > 1 ? `${(100 * at) / (of - 1)}%` : "0");
    const { at, across, down } = found;
    picture.style.backgroundSize = `${100 * across}% ${100 * down}%`;
    picture.style.backgroundPosition = `${place(at % across, across)} ${place(Math.floor(at / across), down)}`;
  }
}

export default function ({ data, setTriggerValue, parentElement }) {
  const map = (parentElement.rautFaceMap ??= new FaceMap(parentElement.querySelector(".map")));
  map.update(data, setTriggerValue);
  return () => map.stop();
}

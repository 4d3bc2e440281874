// A convolution worked out: a patch of the face, the kernel that slides over it, the products, their sum, bias and ReLU,
// and the map that comes of the whole face. All of it is computed here, so that each step is shown at once; the same in
// Python is fer_core/explanation/convolution.py. How the two sides agree: part.py.

const SIZES = [1, 3, 5, 7];

const windowsOf = (side, k, stride, padding) => {
  if (padding === "valid") return { count: Math.floor((side - k) / stride) + 1, before: 0 };
  const count = Math.ceil(side / stride);
  return { count, before: Math.floor(Math.max((count - 1) * stride + k - side, 0) / 2) };
};
const activated = (value, activation) =>
  activation ? clamp(value, 0, activation === "relu6" ? 6 : Infinity) : value;

class Convolution {
  constructor(root) {
    this.root = root;
    const part = (name) => root.querySelector(`.${name}`);
    this.parts = Object.fromEntries(
      ["controls", "more", "problem", "face", "patch", "kernel", "products", "result", "steps", "made", "own", "slide", "said"]
        .map((name) => [name, part(name)]),
    );
    this.teller = new Teller();
    this.build();
  }

  stop() {
    this.slider.pause();
    clearTimeout(this.teller.waiting);
  }

  // --- what is on the page ---

  build() {
    const { controls, more, face, patch, kernel, products, result, slide } = this.parts;
    const label = (name, control, root) => {
      const line = element("label", name);
      line.append(element("span"), control);
      root.append(line);
      return control;
    };
    const select = (name, root, act) => {
      const control = label(name, element("select"), root);
      control.addEventListener("change", () => act(control.value));
      return control;
    };
    const number = (name, root, act) => {
      const control = label(name, element("input", "", { type: "text", inputMode: "text", autocomplete: "off" }), root);
      control.addEventListener("input", () => act(control.value));
      return control;
    };
    const check = (name, act) => {
      const control = element("input", "", { type: "checkbox" });
      const line = element("label", `check ${name}`);
      line.append(control, element("span"));
      more.append(line);
      control.addEventListener("change", () => act(control.checked));
      return control;
    };
    this.choose = select("which", controls, (code) => this.takeKernel(code));
    this.strideInput = number("stride", controls, (text) => this.change({ strideText: text.trim() }));
    this.paddingSelect = select("padding", controls, (value) => this.change({ padding: value }));
    this.sizeSelect = select("size", more, (value) => this.resize(Number(value)));
    this.channelSelect = select("channel", more, (value) => this.change({ channel: Number(value) }));
    this.greyCheck = check("grey", (on) => this.change({ grey: on }));
    this.reluCheck = check("relu", (on) => this.change({ relu: on }));
    this.paceSelect = select("pace", more, (value) => this.pace(Number(value)));
    this.resetButton = element("button", "reset", { type: "button" });
    this.resetButton.addEventListener("click", () => this.reset());
    patch.append(this.resetButton);
    this.moreButton = element("button", "open-more", { type: "button" });
    this.moreButton.addEventListener("click", () => {
      more.hidden = !more.hidden;
      this.moreButton.setAttribute("aria-expanded", !more.hidden);
    });
    this.moreButton.setAttribute("aria-expanded", "false");
    controls.append(this.moreButton, slide);

    this.face = this.picture(face, true);
    this.made = this.picture(this.parts.made, false);
    this.closed = this.made.frame.appendChild(element("span", "closed-words"));
    this.own = this.picture(this.parts.own, false);
    this.patch = new NumberGrid(patch.querySelector(".numbers"), {
      onChange: (at, value, text) => this.editPatch(at, value, text),
    });
    this.kernel = new NumberGrid(kernel.querySelector(".numbers"), {
      onChange: (at, value, text) => this.editKernel(at, value, text),
    });
    this.products = new NumberGrid(products.querySelector(".numbers"));
    this.result = new NumberGrid(result.querySelector(".numbers"), {
      onPick: (at) => {
        this.slider.pause();
        this.change({ window: at });
      },
    });
    this.frames = ["of-patch", "of-kernel"].map((name) => patch.querySelector(".grid").appendChild(element("i", `frame ${name}`)));
    this.biasInput = number("bias", kernel, (text) => {
      const value = typed(text);
      this.told(Number.isNaN(value) ? filled(this.data.texts.no_number, { text }) : "");
      if (!Number.isNaN(value)) this.change(this.edited({ bias: value }));
    });
    this.slider = new Slider(slide, (at) => this.change({ window: at }));
    for (const [grid, move] of [[face, (down, right) => this.move(down, right)]]) {
      const over = grid.querySelector(".over");
      over.addEventListener("keydown", (event) => {
        const step = TAKEN_BY_KEYS[event.key];
        if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        event.stopPropagation();
        move(...step.map((each) => each * (event.shiftKey ? 5 : 1) * this.now.stride));
      });
      const point = (event) => {
        const box = over.getBoundingClientRect();
        const at = (share) => clamp(Math.floor(share * this.data.side), 0, this.data.side - 1);
        this.place(at((event.clientY - box.top) / box.height), at((event.clientX - box.left) / box.width));
      };
      over.addEventListener("pointerdown", (event) => {
        over.setPointerCapture(event.pointerId);
        point(event);
      });
      over.addEventListener("pointermove", (event) => over.hasPointerCapture(event.pointerId) && point(event));
    }
  }

  // A canvas with what is marked on it.
  picture(root, isFace) {
    const frame = root.querySelector(".picture");
    const canvas = frame.appendChild(element("canvas"));
    const lit = frame.appendChild(element("i", "lit"));
    const area = frame.appendChild(element("i", "area"));
    const over = isFace ? frame.appendChild(element("div", "over", { tabIndex: 0, role: "application" })) : null;
    if (!isFace) canvas.setAttribute("role", "img");
    return { root, frame, canvas, lit, area, over, marks: [], legend: root.querySelector(".legend") };
  }

  // --- what comes from the server ---

  update(data, send) {
    this.send = send;
    const other = data.key !== this.data?.key;
    this.data = data;
    this.write = writer(data.language);
    if (other) {
      const size = data.side ** 2;
      const all = floats(data.planes);
      this.network = Array.from({ length: data.channels }, (_each, at) => all.subarray(at * size, (at + 1) * size));
      this.light = [Float32Array.from(atob(data.grey), (char) => char.charCodeAt(0))];
      this.kernels = floats(data.own.kernels);
      this.copies = { network: this.network.map((plane) => plane.slice()), light: this.light.map((plane) => plane.slice()) };
      this.editedPixels = { network: new Map(), light: new Map() };
    }
    if (this.teller.takes(data)) this.take(data.state);
    this.label();
    this.draw();
  }

  // The state of the address, which the server has checked.
  take({ kernel, bias, patch, stride, padding, window, numbers, relu }) {
    const { data } = this;
    const [x, y] = patch.split("_").map(Number);
    this.now = { x, y, strideText: stride, padding, window: Number(window), relu: relu !== "off", channel: 0 };
    if (kernel in data.presets || kernel.startsWith("map")) Object.assign(this.now, this.known(kernel, numbers === "grey"));
    else {
      const weights = kernel.split("_").map(Number);
      const channels = Number.isInteger(Math.sqrt(weights.length)) ? 1 : data.channels;
      const size = weights.length / channels;
      Object.assign(this.now, {
        code: "typed",
        k: Math.round(Math.sqrt(size)),
        weights: Array.from({ length: channels }, (_each, at) => weights.slice(at * size, (at + 1) * size)),
        grey: channels < data.channels || (channels === 1 && numbers === "grey"),
      });
    }
    this.now.bias = bias === "" ? (this.now.bias ?? 0) : Number(bias);
  }

  // A kernel by its code.
  known(code, grey) {
    const { data } = this;
    if (code in data.presets) {
      const weights = data.presets[code];
      return { code, k: Math.sqrt(weights.length), weights: [weights.slice()], bias: 0, grey: grey || data.channels > 1 };
    }
    const at = Number(code.slice(3)) - 1;
    const { size, biases } = data.own;
    const length = size * size;
    const weights = Array.from({ length: data.channels }, (_each, channel) => {
      const from = (at * data.channels + channel) * length;
      return Array.from(this.kernels.subarray(from, from + length));
    });
    return { code, k: size, weights, bias: biases[at], grey: false };
  }

  // --- what the reader does ---

  takeKernel(code) {
    if (code !== "typed") this.change({ ...this.known(code, this.now.grey), channel: 0 });
    this.kernel.forget();
  }

  // What follows when a number of the kernel changes: it is nobody's any more, and short enough for an address.
  edited(changes) {
    const weights = (changes.weights ?? this.now.weights).map((plane) => plane.map(shortened));
    return { code: "typed", bias: this.now.bias, ...changes, weights };
  }

  editKernel(at, value, text) {
    this.told(Number.isNaN(value) ? filled(this.data.texts.no_number, { text }) : "");
    if (Number.isNaN(value)) return;
    const weights = this.now.weights.map((plane) => plane.slice());
    weights[this.now.channel][at] = value;
    this.change(this.edited({ weights, bias: shortened(this.now.bias) }));
  }

  editPatch(at, value, text) {
    this.told(Number.isNaN(value) ? filled(this.data.texts.no_number, { text }) : "");
    if (Number.isNaN(value)) return;
    const { rows, columns } = this.shown;
    const pixel = (rows.from + Math.floor(at / columns.count)) * this.data.side + columns.from + (at % columns.count);
    const name = this.now.grey ? "light" : "network";
    this.copies[name][this.now.channel][pixel] = value;
    this.editedPixels[name].set(`${this.now.channel},${pixel}`, [this.now.channel, pixel, value]);
    this.change({});
  }

  reset() {
    for (const name of ["network", "light"]) {
      this.copies[name] = this[name].map((plane) => plane.slice());
      this.editedPixels[name].clear();
    }
    this.patch.forget();
    this.change({});
    this.face.over.focus();
  }

  resize(k) {
    const { k: before, weights } = this.now;
    const shift = Math.floor((k - before) / 2);
    const changed = weights.map((plane) =>
      Array.from({ length: k * k }, (_each, at) => {
        const [row, column] = [Math.floor(at / k) - shift, (at % k) - shift];
        return row >= 0 && column >= 0 && row < before && column < before ? plane[row * before + column] : 0;
      }),
    );
    this.change(this.edited({ k, weights: changed, bias: shortened(this.now.bias) }));
  }

  move(down, right) {
    const { side } = this.data;
    const half = Math.floor(this.data.patch / 2);
    const at = (value) => clamp(value, half, side - this.data.patch + half);
    this.place(at(this.now.y + down), at(this.now.x + right));
  }

  place(y, x) {
    this.patch.forget();
    this.change({ y, x });
  }

  pace(ms) {
    this.slider.every = ms;
    if (this.slider.timer) {
      this.slider.pause();
      this.slider.press("play");
    }
  }

  change(changes) {
    Object.assign(this.now, changes);
    if (this.now.channel >= this.now.weights.length) this.now.channel = 0;
    this.draw();
    // While it plays, and while a stride is being typed, the address waits.
    if (!this.slider.timer && !Number.isNaN(typed(this.now.strideText))) this.teller.tell(this.send, this.state(), { edits: this.edits() });
  }

  state() {
    const { code, weights, bias, x, y, strideText, padding, window, grey, relu } = this.now;
    return {
      kernel: code === "typed" ? weights.flat().join("_") : code,
      bias: bias === (code === "typed" ? 0 : this.known(code, grey).bias) ? "" : String(bias),
      patch: `${x}_${y}`,
      stride: String(typed(strideText)),
      padding,
      window: String(window),
      numbers: grey ? "grey" : "network",
      relu: relu ? "on" : "off",
    };
  }

  edits() {
    return [...this.editedPixels[this.now.grey ? "light" : "network"].values()];
  }

  // --- the calculation ---

  refusal(stride) {
    const { texts, patch } = this.data;
    const { k, padding, strideText } = this.now;
    if (!Number.isInteger(stride) || stride < 1) return filled(texts.stride_not_whole, { stride: strideText });
    if (stride > patch) return filled(texts.stride_too_large, { stride, side: patch });
    if (padding === "valid" && k > patch) return filled(texts.kernel_too_large, { kernel: k, side: patch });
    return "";
  }

  // The whole map before and after the activation.
  convolve(planes, stride, { count, before }) {
    const { weights, k, bias } = this.now;
    const { side } = this.data;
    const sums = new Float64Array(count * count);
    for (let row = 0; row < count; row++)
      for (let column = 0; column < count; column++) {
        let sum = bias;
        for (let down = 0; down < k; down++) {
          const y = row * stride - before + down;
          if (y < 0 || y >= side) continue;
          for (let right = 0; right < k; right++) {
            const x = column * stride - before + right;
            if (x < 0 || x >= side) continue;
            for (let each = 0; each < weights.length; each++) sum += planes[each][y * side + x] * weights[each][down * k + right];
          }
        }
        sums[row * count + column] = sum;
      }
    return { sums, values: sums.map((sum) => activated(sum, this.activation())) };
  }

  activation() {
    if (!this.now.relu) return null;
    return this.now.code.startsWith("map") || !this.now.grey ? this.data.own.activation : "relu";
  }

  // --- drawing ---

  draw() {
    const { data, now } = this;
    const stride = typed(now.strideText);
    const problem = this.refusal(stride);
    this.parts.problem.textContent = problem;
    this.root.classList.toggle("refused", Boolean(problem));
    now.stride = problem ? 1 : stride;
    const { k } = now;
    const padding = problem ? "same" : now.padding;
    const planes = this.copies[now.grey ? "light" : "network"];
    const plane = planes[now.channel];
    const whole = windowsOf(data.side, k, now.stride, padding);
    const half = Math.floor(data.patch / 2);
    const start = (at) => {
      const first = clamp(at - half, 0, data.side - data.patch);
      return first - (first % now.stride);
    };
    const [top, left] = [start(now.y), start(now.x)];
    const { count } = windowsOf(data.patch, k, now.stride, padding);
    const span = (from) => {
      const first = Math.min(from, from - whole.before);
      const last = Math.max(from + data.patch, from - whole.before + (count - 1) * now.stride + k);
      return { from: first, count: last - first };
    };
    this.shown = { rows: span(top), columns: span(left), top, left, count, whole };
    now.window = clamp(now.window, 0, count * count - 1);
    this.controls(problem, plane);
    this.drawFace(planes, problem);
    this.drawPatch(plane, problem);
    if (problem) return this.slider.pause(), this.slider.show(data.texts, 0, 0);
    const made = this.convolve(planes, now.stride, whole);
    this.scale = scaleOf(made.values, data.colours);
    this.drawSteps(plane, planes, made);
    this.drawResults(made);
    this.drawMaps(made);
    this.slider.show(data.texts, now.window, count * count);
  }

  range() {
    return this.now.grey ? [0, 255] : this.data.ranges[this.now.channel];
  }

  drawFace(planes, problem) {
    const { data, shown } = this;
    const { canvas, area, lit, over, frame } = this.face;
    drawMap(canvas, planes[this.now.channel], data.side, data.side, greyScale(...this.range()).shade);
    placeOn(area, shown.top, shown.left, data.patch, data.patch, data.side, data.side);
    const { y, x } = this.corner();
    placeOn(lit, y, x, this.now.k, this.now.k, data.side, data.side);
    lit.hidden = Boolean(problem);
    this.face.marks.forEach((mark) => mark.remove());
    this.face.marks = data.marks.map(({ name, x, y }) => {
      const mark = element("b", "mark");
      mark.append(element("span", "", { textContent: name }));
      mark.style.top = `${(100 * (y + 0.5)) / data.side}%`;
      mark.style.left = `${(100 * (x + 0.5)) / data.side}%`;
      return frame.insertBefore(mark, over);
    });
    over.setAttribute(
      "aria-label",
      `${data.texts.face_help} ${filled(data.texts.patch_at, { row: shown.top + 1, column: shown.left + 1, side: data.patch })}`,
    );
  }

  // Where the kernel stands on the face: its upper left pixel, which may be in the padding.
  corner() {
    const { top, left, count, whole } = this.shown;
    const { window, stride } = this.now;
    return { y: top - whole.before + Math.floor(window / count) * stride, x: left - whole.before + (window % count) * stride };
  }

  drawPatch(plane, problem) {
    const { data, now, shown } = this;
    const { rows, columns, top, left } = shown;
    const { texts, side } = data;
    const inside = (y, x) => y >= top && x >= left && y < top + data.patch && x < left + data.patch;
    const values = [];
    for (let y = top; y < top + data.patch; y++) for (let x = left; x < left + data.patch; x++) values.push(plane[y * side + x]);
    const decimals = decimalsOf(values);
    const shades = greyScale(...this.range());
    const cells = [];
    const edited = this.editedPixels[now.grey ? "light" : "network"];
    for (let row = 0; row < rows.count; row++)
      for (let column = 0; column < columns.count; column++) {
        const [y, x] = [rows.from + row, columns.from + column];
        const padded = y < 0 || x < 0 || y >= side || x >= side;
        const value = padded ? 0 : plane[y * side + x];
        const edit = inside(y, x);
        const changed = edited.has(`${now.channel},${y * side + x}`);
        cells.push({
          text: this.write(value, padded ? 0 : decimals),
          spoken: filled(texts.pixel, { row: y + 1, column: x + 1 }),
          rgb: padded ? null : shades.shade(value),
          kind: padded ? "zero" : edit ? (changed ? "changed" : "") : "near",
          edit,
        });
      }
    this.patch.show(cells, columns.count, filled(texts.patch_at, { row: top + 1, column: left + 1, side: data.patch }));
    this.root.classList.toggle("many", columns.count > 8);
    const [patchFrame, kernelFrame] = this.frames;
    placeOn(patchFrame, top - rows.from, left - columns.from, data.patch, data.patch, rows.count, columns.count);
    const { y, x } = this.corner();
    placeOn(kernelFrame, y - rows.from, x - columns.from, now.k, now.k, rows.count, columns.count);
    kernelFrame.hidden = Boolean(problem);
    this.parts.patch.querySelector(".note").textContent = cells.some((cell) => cell.kind === "zero")
      ? texts.zeros
      : cells.some((cell) => cell.kind === "near") ? texts.near : "";
    const weights = now.weights[now.channel];
    const scale = scaleOf(weights, data.colours);
    const digits = decimalsOf(weights);
    this.kernel.show(
      weights.map((weight, at) => ({
        text: this.write(weight, digits),
        spoken: filled(texts.weight, { row: Math.floor(at / now.k) + 1, column: (at % now.k) + 1 }),
        rgb: scale.shade(weight),
        edit: true,
      })),
      now.k,
      texts.kernel,
    );
  }

  // The products under the kernel, their sum, bias and activation.
  drawSteps(plane, planes, made) {
    const { data, now, shown } = this;
    const { texts, side } = data;
    const { y: top, x: left } = this.corner();
    const at = (each, place) => {
      const [y, x] = [top + Math.floor(place / now.k), left + (place % now.k)];
      return y < 0 || x < 0 || y >= side || x >= side ? 0 : planes[each][y * side + x];
    };
    const products = now.weights.map((weights, each) => weights.map((weight, place) => weight * at(each, place)));
    const here = products[now.channel];
    const decimals = decimalsOf(here);
    const weights = now.weights[now.channel];
    const [ofPatch, ofKernel] = [decimalsOf(weights.map((_weight, place) => at(now.channel, place))), decimalsOf(weights)];
    const scale = scaleOf(here, data.colours);
    this.parts.products.classList.toggle("wide", now.k <= 3);
    this.products.show(
      here.map((product, place) => ({
        text: this.write(product, decimals),
        small: now.k <= 3 ? `${this.write(at(now.channel, place), ofPatch)}·${this.bracketed(weights[place], ofKernel)}` : "",
        rgb: scale.shade(product),
      })),
      now.k,
      `${texts.products}: ${here.map((product) => this.write(product, decimals)).join("; ")}`,
    );
    const place = this.placeOfResult();
    const withBias = made.sums[place];
    const result = made.values[place];
    const total = withBias - now.bias;
    const digits = decimalsOf([...products.flat(), now.bias]);
    const say = (value) => this.write(value, digits);
    const lines = [];
    const perChannel = products.map((each) => each.reduce((sum, value) => sum + value, 0));
    const sumOf = (values, decimals) =>
      values.map((value, index) => {
        const text = this.write(Math.abs(value), decimals);
        return index ? `${value < 0 ? "−" : "+"} ${text}` : this.write(value, decimals);
      }).join(" ");
    if (products.length > 1) {
      lines.push([filled(texts.sum_of_channel, { n: now.channel + 1 }), `${here.length > 9 ? "" : `${sumOf(here, decimals)} = `}${this.write(perChannel[now.channel], digits)}`]);
      lines.push([texts.sum_of_channels, `${sumOf(perChannel, digits)} = ${say(total)}`]);
    } else lines.push([filled(texts.sum, { n: here.length }), here.length > 9 ? say(total) : `${sumOf(here, decimals)} = ${say(total)}`]);
    lines.push([texts.plus_bias, `${say(total)} ${now.bias < 0 ? "−" : "+"} ${say(Math.abs(now.bias))} = ${say(withBias)}`]);
    const activation = this.activation();
    const words = !activation ? texts.no_relu : withBias < 0 ? texts.relu_cuts : activation === "relu6" && withBias > 6 ? texts.relu6_cuts : texts.relu_keeps;
    lines.push([activation === "relu6" ? "ReLU6" : "ReLU", `${filled(words, { value: say(withBias) })} → `, say(result)]);
    const compared = this.compared(place, result);
    this.parts.steps.replaceChildren(
      ...lines.flatMap(([name, text, strong]) => {
        const told = element("dd", "", { textContent: text });
        if (strong !== undefined) told.append(element("output", "", { textContent: strong }));
        return [element("dt", "", { textContent: name }), told];
      }),
      ...(compared ? [element("dt", "", { textContent: texts.network }), element("dd", "", { textContent: compared })] : []),
    );
    this.sentence = filled(texts.spoken, { n: now.window + 1, count: shown.count ** 2, sum: say(total), bias: say(now.bias), result: say(result) });
    if (!this.slider.timer) this.told(this.sentence);
  }

  bracketed(value, decimals) {
    const text = this.write(value, decimals);
    return text.startsWith("−") ? `(${text})` : text;
  }

  // Where the present window's result is in the whole map.
  placeOfResult() {
    const { top, left, count, whole } = this.shown;
    const { window, stride } = this.now;
    return (top / stride + Math.floor(window / count)) * whole.count + left / stride + (window % count);
  }

  drawResults({ values }) {
    const { data, now, shown, scale } = this;
    const { count, whole, top, left } = shown;
    const all = Array.from({ length: count * count }, (_each, at) => {
      const [row, column] = [top / now.stride + Math.floor(at / count), left / now.stride + (at % count)];
      return values[row * whole.count + column];
    });
    const decimals = decimalsOf(all);
    this.result.active = now.window;
    this.result.show(
      all.map((value, at) => {
        const done = at <= now.window;
        return {
          text: done ? this.write(value, decimals) : "",
          spoken: filled(data.texts.result_at, { n: at + 1, value: done ? this.write(value, decimals) : data.texts.not_yet }),
          rgb: done ? scale.shade(value) : null,
          kind: at === now.window ? "lit" : "",
        };
      }),
      count,
      data.texts.result,
    );
    this.result.activate(now.window);
  }

  comparable() {
    const { data, now } = this;
    const { stride, padding } = data.own;
    return now.code.startsWith("map") && now.bias === this.known(now.code).bias && now.relu && !this.edits().length && now.stride === stride && now.padding === padding;
  }

  networkMap() {
    const { data, now } = this;
    return data.network && now.code === `map${data.network.map + 1}` ? data.network : null;
  }

  compared(place, result) {
    const { texts } = this.data;
    if (!this.now.code.startsWith("map")) return "";
    if (!this.comparable()) return texts.not_comparable;
    const network = this.networkMap();
    if (!network) return "…";
    const value = floats(network.values)[place];
    const same = Math.abs(value - result) <= 1e-4;
    return filled(same ? texts.same : texts.differs, { value: this.write(value, decimalsOf([value], 4)) });
  }

  drawMaps({ values }) {
    const { data, now, shown, scale } = this;
    const { texts } = data;
    const { count } = shown.whole;
    const place = this.placeOfResult();
    const light = ({ root, canvas, area, lit, legend }, numbers, itsScale, words) => {
      drawMap(canvas, numbers, count, count, itsScale.shade);
      placeOn(area, shown.top / now.stride, shown.left / now.stride, shown.count, shown.count, count, count);
      placeOn(lit, Math.floor(place / count), place % count, 1, 1, count, count);
      canvas.setAttribute("aria-label", words);
      drawLegend(legend, itsScale, this.write);
      root.querySelector(".caption").textContent = words;
    };
    this.parts.made.classList.toggle("closed", !data.open);
    this.closed.textContent = data.open ? "" : texts.answer_first;
    light(this.made, values, scale, filled(texts.made, { height: count, width: count }));
    const network = this.networkMap();
    this.parts.own.hidden = !network || !data.open || count !== network?.side;
    if (this.parts.own.hidden) return;
    const own = floats(network.values);
    light(this.own, own, scaleOf(own, data.colours), filled(texts.own_map, { n: network.map + 1, height: count, width: count }));
    let largest = 0;
    for (let at = 0; at < own.length; at++) largest = Math.max(largest, Math.abs(own[at] - values[at]));
    this.parts.own.querySelector(".note").textContent = this.comparable()
      ? filled(texts.largest_difference, { value: largest.toLocaleString(data.language, { maximumSignificantDigits: 1, maximumFractionDigits: 12 }) })
      : "";
  }

  // --- words ---

  told(text) {
    if (this.parts.said.textContent !== text) this.parts.said.textContent = text;
    this.parts.said.classList.toggle("seen", text !== this.sentence && Boolean(text));
  }

  label() {
    const { texts, presets, presetNames, own, channels, patch } = this.data;
    const words = { which: texts.kernel, stride: texts.stride, padding: texts.padding, size: texts.size, channel: texts.channel,
      grey: texts.grey, relu: texts.relu, pace: texts.pace, bias: texts.bias };
    for (const [name, text] of Object.entries(words)) this.root.querySelector(`label.${name} span`).textContent = text;
    const option = (value, textContent) => element("option", "", { value, textContent });
    const fill = (select, parts, key) => {
      if (select.filledWith === key) return;
      select.filledWith = key;
      select.replaceChildren(...parts);
    };
    const group = (label, options) => {
      const part = element("optgroup", "", { label });
      part.append(...options);
      return part;
    };
    this.typedOption = option("typed", texts.typed);
    fill(
      this.choose,
      [
        group(texts.presets, Object.keys(presets).map((code) => option(code, presetNames[code]))),
        group(texts.of_network, own.biases.map((_bias, at) => option(`map${at + 1}`, filled(texts.map, { n: at + 1 })))),
        group(texts.edited, [this.typedOption]),
      ],
      [texts.presets, own.biases.length].join(),
    );
    fill(this.paddingSelect, [option("same", texts.same_padding), option("valid", texts.no_padding)], texts.no_padding);
    fill(this.sizeSelect, SIZES.map((k) => option(k, `${k}×${k}`)), "sizes");
    fill(this.channelSelect, Array.from({ length: channels }, (_each, at) => option(at, at + 1)), channels);
    fill(this.paceSelect, [2000, 1000, 400].map((ms) => option(ms, filled(texts.seconds, { n: this.write(ms / 1000, ms % 1000 ? 1 : 0) }))), texts.seconds);
    if (!this.slider.every) this.paceSelect.value = this.slider.every = 1000;
    this.resetButton.textContent = texts.reset;
    this.moreButton.textContent = texts.more;
    for (const [name, text] of [["patch", filled(texts.patch, { side: patch })], ["kernel", texts.kernel], ["products", texts.products], ["result", texts.result]])
      this.parts[name].querySelector("h3").textContent = text;
    this.parts.face.querySelector(".caption").textContent = texts.face;
  }

  controls(problem) {
    const { data, now } = this;
    this.choose.value = now.code;
    const live = this.root.getRootNode().activeElement;
    if (live !== this.strideInput && this.strideInput.value !== now.strideText) this.strideInput.value = now.strideText;
    this.strideInput.toggleAttribute("aria-invalid", false);
    if (problem) this.strideInput.setAttribute("aria-invalid", "true");
    this.paddingSelect.value = now.padding;
    if (![...this.sizeSelect.options].some((each) => each.value === String(now.k)))
      this.sizeSelect.append(element("option", "", { value: now.k, textContent: `${now.k}×${now.k}` }));
    this.sizeSelect.value = now.k;
    this.channelSelect.value = now.channel;
    this.root.querySelector("label.channel").hidden = now.weights.length < 2;
    this.greyCheck.checked = now.grey;
    this.greyCheck.disabled = now.code.startsWith("map") || data.channels > 1;
    this.root.querySelector("label.grey").hidden = data.already_grey;
    this.root.querySelector("label.grey").title = this.greyCheck.disabled ? data.texts.grey_not : "";
    this.reluCheck.checked = now.relu;
    this.resetButton.hidden = !this.editedPixels.network.size && !this.editedPixels.light.size;
    if (live !== this.biasInput) this.biasInput.value = this.write(now.bias, decimalsOf([now.bias]));
  }
}

export default function ({ data, setTriggerValue, parentElement }) {
  const part = (parentElement.rautConvolution ??= new Convolution(parentElement.querySelector(".convolution")));
  part.update(data, setTriggerValue);
  return () => part.stop();
}

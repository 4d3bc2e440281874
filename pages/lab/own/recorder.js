// Classes with a button each that records while it is held, and the bursts of each class. How the two sides agree:
// recorder.py.

const SHORT_MS = 300; // a shorter press is a click: the recording runs on by itself
const OUTSIDE_PX = 24; // so far beside the button a finger still holds it
const VIDEO = 'iframe[title="streamlit_webrtc.component.webrtc_streamer"]';
const TEXT = "textarea, select, [contenteditable], [role=textbox], [role=combobox], [role=spinbutton], input";
const NO_TEXT = "input:is([type=radio], [type=checkbox], [type=range], [type=file], [type=button], [type=submit])";

const part = (tag, name, text = "") => {
  const element = document.createElement(tag);
  element.className = name;
  element.textContent = text;
  return element;
};
const digitOf = (event) => Number(/^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1] ?? 0);
const isWritten = (event) => {
  const target = event.composedPath()[0];
  return target instanceof Element && target.matches(TEXT) && !target.matches(NO_TEXT);
};

class Recorder {
  constructor(list) {
    this.list = list;
    this.rows = [];
    this.held = null;
    this.onKey = (event) => this.keyDown(event);
    this.onKeyUp = (event) => this.keyUp(event);
    this.onAway = () => this.away();
    this.heard = new Set();
    this.listen(window);
    document.addEventListener("visibilitychange", this.onAway);
    // Keys that are pressed in the frame of the video reach no other window. What it holds may be loaded anew.
    this.looking = setInterval(() => this.listenInside(), 1000);
    this.listenInside();
  }

  listen(target) {
    this.heard.add(target);
    target.addEventListener("keydown", this.onKey);
    target.addEventListener("keyup", this.onKeyUp);
    target.addEventListener("blur", this.onAway);
    target.addEventListener("pagehide", this.onAway);
  }

  listenInside() {
    const inside = document.querySelector(VIDEO)?.contentWindow;
    if (!inside?.document?.body || inside.rautRecorder === this) return;
    inside.rautRecorder = this;
    this.listen(inside);
  }

  leave() {
    this.end();
    clearInterval(this.looking);
    document.removeEventListener("visibilitychange", this.onAway);
    for (const target of this.heard) {
      target.removeEventListener("keydown", this.onKey);
      target.removeEventListener("keyup", this.onKeyUp);
      target.removeEventListener("blur", this.onAway);
      target.removeEventListener("pagehide", this.onAway);
    }
  }

  update(data, tell) {
    this.data = data;
    this.tell = tell;
    this.list.setAttribute("aria-label", data.texts.classes);
    // Rows stay as they are, so that the focus does.
    while (this.rows.length > data.classes.length) this.rows.pop().row.remove();
    data.classes.forEach((one, at) => {
      this.rows[at] ??= this.newRow(at);
      this.fill(this.rows[at], one, at);
    });
    if (this.held && (!data.ready || data.refused === this.held.press)) this.end();
    this.paint();
  }

  newRow(at) {
    const row = this.list.appendChild(part("li", "row"));
    const button = row.appendChild(part("button", "hold"));
    button.type = "button";
    const key = button.appendChild(part("kbd", "key"));
    const words = button.appendChild(part("span", "words"));
    const line = part("b", "name");
    const sign = line.appendChild(part("i", "sign"));
    const name = line.appendChild(part("span", ""));
    words.append(line, part("span", "how"));
    const beside = row.appendChild(part("div", "beside"));
    const count = beside.appendChild(part("p", "count"));
    const bursts = beside.appendChild(part("ul", "bursts"));
    button.addEventListener("pointerdown", (event) => this.pointerDown(event, at));
    button.addEventListener("pointermove", (event) => this.pointerMove(event, at));
    for (const kind of ["pointerup", "pointercancel", "lostpointercapture"])
      button.addEventListener(kind, () => this.held?.how === "pointer" && this.release());
    button.addEventListener("click", (event) => this.click(event, at));
    button.addEventListener("contextmenu", (event) => event.preventDefault());
    return { row, button, key, name, sign, how: words.lastChild, count, bursts };
  }

  fill(row, one, at) {
    const { texts } = this.data;
    row.row.style.setProperty("--class", one.colour);
    row.key.textContent = at < 9 ? String(at + 1) : "";
    row.key.hidden = at >= 9;
    row.name.textContent = one.name;
    row.sign.style.setProperty("--sign", `var(--sign-${one.look})`);
    row.button.disabled = !this.data.ready;
    row.button.title = one.name;
    row.button.setAttribute(
      "aria-label",
      texts.button.replace("{name}", one.name) + (at < 9 ? ` ${texts.key.replace("{n}", at + 1)}` : ""),
    );
    if (at < 9) row.button.setAttribute("aria-keyshortcuts", String(at + 1));
    row.count.textContent = one.count;
    row.count.classList.toggle("lacking", one.lacking);
    const known = new Map([...row.bursts.children].map((tile) => [tile.id, tile]));
    row.bursts.replaceChildren(...one.bursts.map((burst) => known.get(`burst-${burst.id}`) ?? this.newTile(burst)));
    one.bursts.forEach((burst, place) => this.fillTile(row.bursts.children[place], burst));
    row.bursts.setAttribute("aria-label", texts.bursts.replace("{name}", one.name));
  }

  newTile(burst) {
    const tile = part("li", "burst");
    tile.id = `burst-${burst.id}`;
    const picture = tile.appendChild(part("span", "picture"));
    picture.setAttribute("role", "img");
    tile.append(part("span", "n"), part("span", "mark"));
    const remove = tile.appendChild(part("button", "remove", "×"));
    remove.type = "button";
    remove.addEventListener("click", () => {
      tile.classList.add("going");
      this.tell("remove", { id: burst.id });
    });
    return tile;
  }

  fillTile(tile, burst) {
    const [picture, count, mark, remove] = tile.children;
    if (picture.rautUrl !== burst.url) {
      picture.rautUrl = burst.url;
      picture.style.cssText = `--frames:${burst.frames};background-image:url(${burst.url})`;
    }
    picture.setAttribute("aria-label", burst.words);
    tile.title = burst.words;
    count.textContent = burst.count;
    mark.textContent = burst.mark;
    mark.hidden = !burst.mark;
    tile.classList.toggle("tested", Boolean(burst.mark));
    const words = this.data.texts.remove.replace("{burst}", burst.words);
    remove.setAttribute("aria-label", words);
    remove.title = words;
  }

  paint() {
    const { texts } = this.data;
    this.rows.forEach((row, at) => {
      const on = this.held?.at === at;
      row.row.classList.toggle("on", on);
      const clicked = on && this.held.clicked;
      row.how.textContent = clicked ? texts.clicked : on ? texts.holding : texts.hold;
    });
  }

  // --- from a press to a recording -------------------------------------------------------------------------

  begin(at, how, key = "") {
    const one = this.data.classes[at];
    if (!one || !this.data.ready) return;
    clearTimeout(this.held?.timer);
    const press = Date.now();
    this.held = { press, at, how, key, began: performance.now(), clicked: false };
    this.held.timer = setTimeout(() => this.end(), 1000 * this.data.longest_s);
    this.tell("begin", { press, name: one.name });
    this.paint();
  }

  release() {
    if (!this.held || this.held.clicked) return;
    const lasted = performance.now() - this.held.began;
    if (lasted < SHORT_MS) this.runOn(lasted);
    else this.end();
  }

  runOn(lasted) {
    this.held.clicked = true;
    clearTimeout(this.held.timer);
    this.held.timer = setTimeout(() => this.end(), 1000 * this.data.click_s - lasted);
    this.paint();
  }

  end() {
    if (!this.held) return;
    clearTimeout(this.held.timer);
    const { press } = this.held;
    this.held = null;
    this.tell("end", { press });
    this.paint();
  }

  away() {
    if (this.held && (!this.held.clicked || document.hidden)) this.end();
  }

  pointerDown(event, at) {
    if (event.button !== 0 || !event.isPrimary) return;
    const again = this.held?.at === at;
    if (this.held && again) {
      this.end(); // a click that runs on ends with the next one
      return;
    }
    const { button } = this.rows[at];
    button.setPointerCapture(event.pointerId);
    button.focus({ preventScroll: true });
    this.begin(at, "pointer");
  }

  pointerMove(event, at) {
    if (this.held?.how !== "pointer" || this.held.at !== at || this.held.clicked) return;
    const box = this.rows[at].button.getBoundingClientRect();
    const beside = Math.max(box.left - event.clientX, event.clientX - box.right);
    const above = Math.max(box.top - event.clientY, event.clientY - box.bottom);
    if (Math.max(beside, above) > OUTSIDE_PX) this.end();
  }

  // What a screen reader or a switch presses comes as a click alone.
  click(event, at) {
    if (event.detail !== 0) return;
    if (this.held?.at === at) return this.end();
    this.begin(at, "click");
    if (this.held) this.runOn(0);
  }

  keyDown(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || isWritten(event)) return;
    const target = event.composedPath()[0];
    const focused = this.rows.findIndex((row) => row.button === target);
    const pressed = event.key === " " || event.key === "Enter";
    const at = digitOf(event) ? digitOf(event) - 1 : pressed ? focused : -1;
    if (at < 0 || at >= this.rows.length) return;
    if (pressed) event.preventDefault(); // neither a click nor a page that scrolls
    if (event.repeat) return;
    if (this.held?.at === at && this.held.clicked) return this.end();
    if (this.held) return;
    this.begin(at, "key", event.code);
  }

  keyUp(event) {
    const target = event.composedPath()[0];
    if (event.key === " " && this.rows.some((row) => row.button === target)) event.preventDefault();
    if (this.held?.how === "key" && this.held.key === event.code) this.release();
  }
}

export default function ({ data, setTriggerValue, parentElement }) {
  const recorder = (parentElement.rautRecorder ??= new Recorder(parentElement.querySelector(".rows")));
  recorder.update(data, setTriggerValue);
  return () => {
    recorder.leave();
    parentElement.rautRecorder = null;
  };
}

// The stages of a network in their order: cards that wrap, or one narrow line. Arrow keys move from one to the next,
// Enter, the space bar and a click open one.

const element = (name, className, text = "") => {
  const part = document.createElement(name);
  part.className = className;
  if (text) part.textContent = text;
  return part;
};

class Row {
  constructor(list) {
    this.list = list;
    this.active = 0;
    list.addEventListener("click", (event) => {
      const card = event.target.closest?.("button");
      if (card) this.open(card.at);
    });
    list.addEventListener("keydown", (event) => this.onKey(event));
    list.addEventListener("focusin", (event) => {
      const card = event.target.closest?.("button");
      if (card) this.activate(card.at, false);
    });
  }

  update(data, tell) {
    const focused = this.list.contains(this.list.getRootNode().activeElement);
    const another = data.chosen !== this.data?.chosen || data.stages.length !== this.data?.stages.length;
    this.data = data;
    this.tell = tell;
    this.list.classList.toggle("narrow", data.narrow);
    this.list.setAttribute("aria-label", data.title);
    this.cards = data.stages.map((stage, at) => this.card(stage, at));
    this.list.replaceChildren(
      ...this.cards.map((card) => {
        const item = document.createElement("li");
        item.append(card);
        return item;
      }),
    );
    this.activate(another && data.chosen >= 0 ? data.chosen : Math.min(this.active, this.cards.length - 1), focused);
    // Once it is laid out.
    if (another && data.chosen >= 0) requestAnimationFrame(() => this.bring(this.cards[data.chosen]));
  }

  card({ name, shape, text, picture, words, bars, more }, at) {
    const card = element("button", "card");
    card.type = "button";
    card.at = at;
    card.tabIndex = -1;
    if (at === this.data.chosen) card.setAttribute("aria-current", "step");
    if (picture) {
      const image = document.createElement("img");
      image.src = picture;
      image.alt = words;
      card.append(image);
    }
    if (bars) {
      const figure = element("span", "bars");
      figure.setAttribute("aria-label", words);
      figure.setAttribute("role", "img");
      for (const { code, share, top } of bars) {
        const bar = element("span", top ? "bar top" : "bar");
        const sign = element("i", "sign");
        sign.style.setProperty("--sign", `var(--sign-${code})`);
        const length = element("i", "length");
        length.style.setProperty("--share", Math.max(0.01, share));
        bar.append(sign, length);
        figure.append(bar);
      }
      card.append(figure);
    }
    card.append(element("b", "name", name), element("span", "shape", shape));
    if (text) card.append(element("span", "text", text));
    if (more) card.append(element("span", "more", more));
    return card;
  }

  activate(at, focus) {
    if (this.cards[this.active]) this.cards[this.active].tabIndex = -1;
    this.active = at;
    const card = this.cards[at];
    if (!card) return;
    card.tabIndex = 0;
    if (focus) card.focus({ preventScroll: true });
  }

  bring(card) {
    // Sideways only, within the line: the page stays where the reader has it.
    this.list.scrollLeft = card.parentElement.offsetLeft - (this.list.clientWidth - card.offsetWidth) / 2;
  }

  open(at) {
    this.activate(at, true);
    this.tell("open", { of: this.data.of, at });
  }

  onKey(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const last = this.cards.length - 1;
    const steps = { ArrowLeft: -1, ArrowRight: 1 };
    let to;
    if (event.key in steps) to = Math.min(last, Math.max(0, this.active + steps[event.key]));
    else if (event.key === "Home") to = 0;
    else if (event.key === "End") to = last;
    else return;
    event.preventDefault();
    event.stopPropagation();
    this.activate(to, true);
    this.bring(this.cards[to]);
    this.cards[to].scrollIntoView({ block: "nearest", inline: "nearest" });
  }
}

export default function ({ data, setTriggerValue, parentElement }) {
  const row = (parentElement.rautRow ??= new Row(parentElement.querySelector("ol")));
  row.update(data, setTriggerValue);
}

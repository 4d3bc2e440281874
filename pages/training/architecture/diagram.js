// The drawing of a network's layers. Arrow keys move from layer to layer, Enter, the space bar and a click open one;
// the drawing is saved as SVG, or as a PNG of twice its size.

class Drawing {
  constructor(root) {
    this.frame = root.querySelector(".drawing");
    this.buttons = root.querySelector(".buttons");
    this.active = 0;
    this.frame.addEventListener("click", (event) => {
      const layer = event.target.closest?.("[data-code]");
      if (layer) this.open(layer);
    });
    this.frame.addEventListener("keydown", (event) => this.onKey(event));
  }

  update(data) {
    if (data.svg === this.data?.svg && data.name === this.data?.name) return;
    const focused = this.frame.contains(this.frame.getRootNode().activeElement);
    if (data.name !== this.data?.name) {
      this.active = 0;
      this.frame.scrollLeft = 0;
    }
    this.data = data;
    const drawing = new DOMParser().parseFromString(data.svg, "image/svg+xml").documentElement;
    this.frame.replaceChildren(document.importNode(drawing, true));
    this.layers = [...this.frame.querySelectorAll("[data-code]")];
    for (const layer of this.layers) layer.setAttribute("role", "link");
    for (const layer of this.frame.querySelectorAll(".layer:not([data-code])")) layer.setAttribute("role", "img");
    // Where nothing in it can be pressed, the frame itself takes the focus, so that keys can scroll it.
    if (this.layers.length) this.frame.removeAttribute("tabindex");
    else this.frame.setAttribute("tabindex", "0");
    this.activate(Math.min(this.active, this.layers.length - 1), focused);
    this.buttons.replaceChildren(
      ...[
        [data.save_svg, () => this.saveSvg()],
        [data.save_png, () => this.savePng()],
      ].map(([text, action]) => {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = text;
        button.addEventListener("click", action);
        return button;
      }),
    );
  }

  activate(at, focus) {
    for (const layer of this.layers) layer.setAttribute("tabindex", "-1");
    this.active = Math.max(0, at);
    const layer = this.layers[this.active];
    if (!layer) return;
    layer.setAttribute("tabindex", "0");
    if (!focus) return;
    layer.focus({ preventScroll: true });
    const place = layer.getBoundingClientRect();
    const frame = this.frame.getBoundingClientRect();
    if (place.left < frame.left) this.frame.scrollLeft -= frame.left - place.left + 24;
    if (place.right > frame.right) this.frame.scrollLeft += place.right - frame.right + 24;
  }

  open(layer) {
    // As the browser's own Back and Forward do it: Streamlit goes to the page of the address, in the same session and
    // with one step of history. Its `st.switch_page` leaves three.
    history.pushState({}, "", this.data.links[layer.dataset.code]);
    window.dispatchEvent(new PopStateEvent("popstate"));
  }

  onKey(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || !this.layers.length) return;
    const last = this.layers.length - 1;
    const steps = { ArrowLeft: -1, ArrowRight: 1 };
    if (event.key === "Enter" || event.key === " ") this.open(this.layers[this.active]);
    else if (event.key in steps) this.activate(Math.min(last, Math.max(0, this.active + steps[event.key])), true);
    else if (event.key === "Home") this.activate(0, true);
    else if (event.key === "End") this.activate(last, true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  save(blob, ending) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = `${this.data.file}.${ending}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  saveSvg() {
    this.save(new Blob([this.data.svg], { type: "image/svg+xml" }), "svg");
  }

  savePng() {
    const image = new Image();
    image.onload = () => {
      const canvas = document.createElement("canvas");
      // Browsers draw no canvas wider than this.
      const scale = Math.min(2, 16000 / image.width);
      canvas.width = image.width * scale;
      canvas.height = image.height * scale;
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob((blob) => blob && this.save(blob, "png"));
    };
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(this.data.svg)}`;
  }
}

export default function ({ data, parentElement }) {
  const drawing = (parentElement.rautDrawing ??= new Drawing(parentElement));
  drawing.update(data);
}

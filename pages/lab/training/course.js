// Accuracy and loss while a training goes on, drawn anew in place: nothing is taken off the page from one second to the
// next. Streamlit takes a Plotly chart for another one with each new figure, and puts it in the place of the old one.

const SVG = "http://www.w3.org/2000/svg";

function make(name, attributes, text = "") {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.textContent = text;
  return element;
}

function chartOf(chart, epochs, width, em) {
  const height = Math.round(9.6 * em);
  const left = 3.1 * em, right = width - 0.6 * em, top = 2 * em, bottom = height - 1.5 * em;
  const x = (value) => left + (value / epochs) * (right - left);
  const y = (value) => bottom - (value / chart.top) * (bottom - top);
  const svg = make("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": chart.alt });
  svg.append(make("text", { class: "title", x: 0, y: 1.1 * em }, chart.title));
  for (const [value, text] of chart.ticks) {
    svg.append(make("line", { class: "grid", x1: left, x2: right, y1: y(value), y2: y(value) }));
    svg.append(make("text", { class: "tick", x: left - 0.4 * em, y: y(value) + 0.3 * em, "text-anchor": "end" }, text));
  }
  const every = Math.ceil(epochs / Math.max(1, Math.floor((right - left) / (2.6 * em))));
  for (let epoch = 0; epoch <= epochs; epoch += every)
    svg.append(make("text", { class: "tick", x: x(epoch), y: height - 0.35 * em, "text-anchor": "middle" }, epoch));
  if (chart.level) {
    const [value, text] = chart.level;
    svg.append(make("line", { class: "level", x1: left, x2: right, y1: y(value), y2: y(value) }));
    // Beside the title, where no curve comes.
    svg.append(make("text", { class: "tick", x: right, y: 1.1 * em, "text-anchor": "end" }, `╌╌ ${text}`));
  }
  const ends = chart.lines.map((line) => line.points.at(-1)[1]);
  chart.lines.forEach((line, at) => {
    const kind = line.training ? "training" : "test";
    const points = line.points.map(([px, py]) => [x(px), y(Math.min(py, chart.top))]);
    svg.append(make("polyline", { class: kind, points: points.map((point) => point.join()).join(" ") }));
    line.points.forEach(([px], index) => {
      if (Number.isInteger(px))
        svg.append(make("circle", { class: kind, cx: points[index][0], cy: points[index][1], r: 0.22 * em }));
    });
    // The line that ends higher has its name above its end, the other one below.
    const above = ends.every((end, other) => other === at || end < ends[at] || (end === ends[at] && at < other));
    const [endX, endY] = points.at(-1);
    const place = { x: endX, y: endY + (above ? -0.55 * em : 1.15 * em), "text-anchor": endX > 0.6 * width ? "end" : "start" };
    svg.append(make("text", { class: `name ${kind}`, ...place }, line.name));
  });
  return svg;
}

export default function ({ data, parentElement }) {
  const host = parentElement.querySelector(".course");
  host.draw = () => {
    const width = host.clientWidth;
    if (!width) return;
    const em = parseFloat(getComputedStyle(host).fontSize);
    host.replaceChildren(...data.charts.map((chart) => chartOf(chart, data.epochs, width, em)));
  };
  host.draw();
  host.watch ??= new ResizeObserver(() => host.draw());
  host.watch.observe(host);
  return () => {
    host.watch.disconnect();
    host.watch = undefined;
  };
}

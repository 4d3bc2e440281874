// Scores as sliders, and the probabilities that a softmax makes of them, at once: nothing is asked of the server.

const superscript = (text) => text.replace(/[-0-9]/g, (sign) => (sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(sign)]));

function formats(language) {
  const fixed = (value, decimals) =>
    value.toLocaleString(language, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  const minus = (text) => text.replace("-", "−");
  return {
    score: (value) => minus(fixed(Math.abs(value) < 0.005 ? 0 : value, 2)),
    power: (value) => {
      if (value >= 0.01 && value < 1e6) return fixed(value, value < 100 ? 3 : 0);
      const [digits, exponent] = value.toExponential(2).split("e");
      return `${fixed(Number(digits), 2)} · 10${superscript(String(Number(exponent)))}`;
    },
    share: (value, decimals) => {
      const step = 10 ** -decimals, percent = Math.round((100 * value) / step) * step;
      if (percent >= 100 - step / 2) return `>${fixed(100 - step, decimals)}%`;
      if (percent < step / 2 && value > 0) return `<${fixed(step, decimals)}%`;
      return `${fixed(percent, decimals)}%`;
    },
  };
}

const sum = (numbers) => numbers.reduce((total, one) => total + one, 0);

function softmax(scores, temperature) {
  const powers = scores.map((score) => Math.exp(score / temperature));
  const total = sum(powers);
  return { powers, total, shares: powers.map((power) => power / total) };
}

// As the network itself: the mean of face and mirror image where it takes both, the temperature last.
function answer(scores, mirror, temperature, floor) {
  const face = softmax(scores, 1);
  if (!mirror) return { face, shares: softmax(scores, temperature).shares, warm: softmax(scores, temperature) };
  const turned = softmax(mirror, 1);
  const mean = face.shares.map((share, at) => (share + turned.shares[at]) / 2);
  const logarithms = mean.map((share) => Math.log(Math.max(share, floor)));
  return { face, turned, mean, shares: temperature === 1 ? mean : softmax(logarithms, temperature).shares };
}

function element(name, parent, text, attributes = {}) {
  const made = parent.appendChild(document.createElement(name));
  if (text) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

// How far the track is filled, for the style sheet.
function fillUp(slider) {
  const { min, max, value } = slider;
  slider.style.setProperty("--at", `${(100 * (value - min)) / (max - min)}%`);
}

function build(root, data, state, settle) {
  root.replaceChildren();
  const { texts, rows } = data;
  const list = element("div", root, "", { class: "rows", role: "group", "aria-label": texts.scores });
  const parts = rows.map((row, at) => {
    const line = element("div", list, "", { class: "row", style: `--colour: ${row.colour}` });
    const name = element("span", line, "", { class: "name" });
    element("i", name, "", { style: `--sign: var(--sign-${row.code})`, "aria-hidden": "true" });
    name.append(row.name);
    const slider = element("input", line, "", {
      type: "range", min: data.low, max: data.high, step: data.step, "data-code": row.code,
      "aria-label": `${texts.score}: ${row.name}`,
    });
    slider.oninput = () => {
      state.moves[at] = Number(slider.value) - row.score;
      // Within a step of where this face has it is where this face has it.
      if (Math.abs(state.moves[at]) < data.step / 2) state.moves[at] = 0;
      show();
    };
    slider.onchange = settle;
    const score = element("output", line, "", { class: "score", title: texts.score, "aria-hidden": "true" });
    const track = element("span", line, "", { class: "track", "aria-hidden": "true" });
    return { line, slider, score, bar: element("i", track), share: element("b", line, "", { "aria-hidden": "true" }) };
  });

  const warmth = element("div", root, "", { class: "temperature" });
  const label = element("label", warmth, texts.temperature);
  const heat = element("input", label, "", {
    type: "range", min: Math.log(data.lowest), max: Math.log(data.highest), step: 0.01, list: "own",
  });
  const marks = element("datalist", label, "", { id: "own" });
  element("option", marks, "", { value: Math.log(data.own) });
  const degree = element("output", warmth, "", { class: "score" });
  heat.oninput = () => {
    const moved = Math.exp(Number(heat.value));
    state.temperature = Math.abs(Math.log(moved / data.own)) < 0.02 ? data.own : moved;
    show();
  };
  heat.onchange = settle;
  const reset = element("button", warmth, texts.reset, { type: "button" });
  reset.onclick = () => {
    state.moves = rows.map(() => 0);
    state.temperature = data.own;
    show();
    settle();
  };

  const said = element("p", root, "", { class: "said", role: "status" });
  const scrolls = element("div", root, "", { class: "worked", tabindex: "0" });
  const table = element("table", scrolls);
  element("caption", table, texts.worked);

  function show() {
    const write = formats(data.language);
    const scores = rows.map((row, at) => row.score + state.moves[at]);
    const mirror = data.rows[0].mirror === null ? null : rows.map((row, at) => row.mirror + state.moves[at]);
    const found = answer(scores, mirror, state.temperature, data.floor);
    const first = found.shares.indexOf(Math.max(...found.shares));
    parts.forEach((part, at) => {
      if (Number(part.slider.value) !== scores[at]) part.slider.value = scores[at];
      fillUp(part.slider);
      part.score.textContent = write.score(scores[at]);
      part.bar.style.width = `${100 * found.shares[at]}%`;
      part.share.textContent = write.share(found.shares[at], 0);
      part.line.classList.toggle("first", at === first);
      part.slider.setAttribute("aria-valuetext", `${write.score(scores[at])}; ${write.share(found.shares[at], 0)}`);
    });
    heat.value = Math.log(state.temperature);
    fillUp(heat);
    degree.textContent = write.score(state.temperature);
    heat.setAttribute("aria-valuetext", degree.textContent);
    reset.disabled = state.temperature === data.own && state.moves.every((move) => move === 0);
    const words = texts.said
      .replace("{expression}", rows[first].name)
      .replace("{probability}", write.share(found.shares[first], 0));
    if (said.textContent !== words) said.textContent = words;
    work(table, texts, rows, scores, mirror, found, state.temperature, write);
  }
  show();
}

// The table of the calculation: a column for each step, the last row their sums.
function work(table, texts, rows, scores, mirror, found, temperature, write) {
  const percent = (shares) => [...shares.map((share) => write.share(share, 1)), "100%"];
  const numbers = (values, form, last = "") => [...values.map(form), last];
  const columns = mirror
    ? [
        [texts.score, numbers(scores, write.score)],
        [texts.power, numbers(found.face.powers, write.power, write.power(found.face.total))],
        [texts.share, percent(found.face.shares)],
        [texts.mirrorScore, numbers(mirror, write.score)],
        [texts.mirrorShare, percent(found.turned.shares)],
        [texts.mean, percent(found.mean)],
        [texts.warm.replace("{temperature}", write.score(temperature)), percent(found.shares)],
      ]
    : [
        [texts.score, numbers(scores, write.score)],
        [texts.divided.replace("{temperature}", write.score(temperature)),
          numbers(scores.map((score) => score / temperature), write.score)],
        [texts.power, numbers(found.warm.powers, write.power, write.power(found.warm.total))],
        [texts.share, percent(found.shares)],
      ];
  table.querySelectorAll("thead, tbody").forEach((part) => part.remove());
  const head = element("tr", element("thead", table));
  element("th", head, texts.expression, { scope: "col" });
  columns.forEach(([name]) => element("th", head, name, { scope: "col" }));
  const body = element("tbody", table);
  [...rows.map((row) => row.name), texts.sum].forEach((name, at) => {
    const line = element("tr", body, "", at === rows.length ? { class: "sum" } : {});
    element("th", line, name, { scope: "row" });
    columns.forEach(([, cells]) => element("td", line, cells[at]));
  });
}

export default function ({ data, setTriggerValue, parentElement }) {
  const root = parentElement.querySelector(".softmax");
  let state = parentElement.softmaxState;
  if (!state || state.id !== data.id) {
    state = parentElement.softmaxState = {
      id: data.id, moves: data.rows.map((row) => row.move), temperature: data.temperature,
    };
  }
  const drawn = JSON.stringify([data.id, data.language, data.texts]);
  if (parentElement.softmaxDrawn === drawn) return;  // a run for another reason: the sliders stay in the reader's hand
  parentElement.softmaxDrawn = drawn;
  build(root, data, state, () =>
    setTriggerValue("settled", {
      temperature: state.temperature,
      moves: Object.fromEntries(data.rows.map((row, at) => [row.code, state.moves[at]])),
    }),
  );
}

// Pictures, or lines where they are not here, each a link to its sheet on the page Data set. A plain click stays in this
// session; with Ctrl, Shift or the middle button the browser opens another tab. How the two sides agree: answer_list.py.

const make = (tag, kind = "", text = "") => {
  const part = document.createElement(tag);
  if (kind) part.className = kind;
  if (text) part.textContent = text;
  return part;
};
function expression({ code, name }, words) {
  const part = make("span", "expression");
  part.title = `${words}: ${name}`;
  const sign = make("i", "sign");
  sign.style.setProperty("--sign", `var(--sign-${code})`);
  part.append(sign, make("span", "name", name));
  return part;
}

// "1 (sign) 87% ✓": the answer of the first of two networks, and that it is right.
function ofNetwork(answer, at, data) {
  const part = make("span", "pair");
  part.append(make("span", "network", String(at + 1)), expression(answer, data.networks[at]));
  if (answer.certainty) part.append(make("span", "certainty", answer.certainty));
  if (answer.right) {
    const mark = part.appendChild(make("span", "right", "✓"));
    mark.title = data.texts.right;
  }
  return part;
}

function item(each, data) {
  const line = make("li");
  const box = line.appendChild(make(each.href ? "a" : "span", "item"));
  if (each.href) {
    box.href = each.href;
    box.dataset.row = each.row;
  }
  const row = data.texts.row.replace("{n}", each.row);
  const spoken = [row, `${data.texts.label}: ${each.label.name}`];
  each.answers.forEach((answer, at) => {
    const sure = answer.certainty && ` (${data.texts.certainty}: ${answer.certainty})`;
    const right = data.networks.length && answer.right ? `, ${data.texts.right}` : "";
    spoken.push(`${data.networks[at] ?? data.texts.answer}: ${answer.name}${sure}${right}`);
  });
  box.setAttribute("aria-label", spoken.join(", "));
  box.title = spoken.join("\n");
  if (each.image) {
    const picture = box.appendChild(make("img"));
    picture.src = each.image;
    picture.alt = "";
  }
  const first = box.appendChild(make("span", "line"));
  first.append(make("b", "", each.image ? each.row : row));
  const [answer] = each.answers;
  if (data.networks.length) {
    first.append(expression(each.label, data.texts.label));
    each.answers.forEach((one, at) => box.append(ofNetwork(one, at, data)));
    return line;
  }
  if (answer.certainty) first.append(make("span", "certainty", answer.certainty));
  if (data.pairs) {
    const pair = box.appendChild(make("span", "pair"));
    pair.append(expression(each.label, data.texts.label), make("span", "", "→"), expression(answer, data.texts.answer));
  }
  return line;
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".answers");
  const list = make("ul", data.pictures ? "pictures" : "lines");
  list.classList.toggle("two", data.networks.length > 0);
  list.setAttribute("aria-label", data.title);
  for (const each of data.items) list.append(item(each, data));
  root.replaceChildren(list);
  // On a phone the list of a cell that was clicked begins below what is in sight.
  const before = window.rautAnswerList;
  window.rautAnswerList = data.key;
  if (before !== undefined && before !== data.key && root.getBoundingClientRect().top > window.innerHeight - 60)
    root.scrollIntoView({ block: "start" });
  root.onclick = (event) => {
    const link = event.target.closest?.("a");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    // As the browser's own Back and Forward do it: Streamlit goes to the page of the address, in the same session and
    // with one step of history. Its `st.switch_page` leaves three.
    history.pushState({}, "", link.href);
    window.dispatchEvent(new PopStateEvent("popstate"));
  };
}

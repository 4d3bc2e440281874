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

function item(each, data) {
  const line = make("li");
  const box = line.appendChild(make(each.href ? "a" : "span", "item"));
  if (each.href) {
    box.href = each.href;
    box.dataset.row = each.row;
  }
  const row = data.texts.row.replace("{n}", each.row);
  const spoken = [row, `${data.texts.label}: ${each.label.name}`, `${data.texts.answer}: ${each.answer.name}`];
  if (each.certainty) spoken.push(`${data.texts.certainty}: ${each.certainty}`);
  box.setAttribute("aria-label", spoken.join(", "));
  box.title = spoken.join("\n");
  if (each.image) {
    const picture = box.appendChild(make("img"));
    picture.src = each.image;
    picture.alt = "";
  }
  const first = box.appendChild(make("span", "line"));
  first.append(make("b", "", each.image ? each.row : row));
  if (each.certainty) first.append(make("span", "certainty", each.certainty));
  if (data.pairs) {
    const pair = box.appendChild(make("span", "pair"));
    pair.append(expression(each.label, data.texts.label), make("span", "", "→"), expression(each.answer, data.texts.answer));
  }
  return line;
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".answers");
  const list = make("ul", data.pictures ? "pictures" : "lines");
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

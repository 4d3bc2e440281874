// Pictures in a row, each a link to its sheet: a click opens it in this page, another button of the mouse in a new tab.

export default function ({ data, setTriggerValue, parentElement }) {
  const list = parentElement.querySelector("ul");
  list.setAttribute("aria-label", data.title);
  list.replaceChildren(
    ...data.items.map(({ row, url, lines, code, words }) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      const address = new URL(window.location.href);
      address.searchParams.set(data.parameter, row);
      address.searchParams.set("lang", data.language);
      link.href = address.href;
      link.setAttribute("aria-label", words);
      link.title = words;
      link.onclick = (event) => {
        if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        setTriggerValue("open", row);
      };
      if (url) {
        const picture = document.createElement("img");
        picture.src = url;
        picture.alt = "";
        link.append(picture);
      }
      lines.forEach((text, at) => {
        const line = document.createElement("span");
        if (at === 0 && code) {
          const sign = document.createElement("i");
          sign.style.setProperty("--sign", `var(--sign-${code})`);
          line.append(sign);
        }
        line.append(text);
        link.append(line);
      });
      item.append(link);
      return item;
    }),
  );
}

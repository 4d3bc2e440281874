// Buttons that go on from what is open, each with a key that does the same.

// What moves by these keys itself, or is typed into, keeps them.
const BUSY =
  "input, textarea, select, [contenteditable], [role=slider], [role=radio], [role=tab], [role=option], [role=dialog], [data-own-keys]";

export default function ({ data, setTriggerValue, parentElement }) {
  const place = parentElement.querySelector(".ways");
  const focused = parentElement.querySelector(":focus")?.dataset.code;
  place.setAttribute("aria-label", data.title);
  const go = (code) => setTriggerValue("go", { of: data.of, code });
  place.replaceChildren(
    ...data.ways.map(({ code, name, hint, disabled }) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = name;
      button.title = hint;
      button.dataset.code = code;
      // Not `disabled`, which would lose the focus at the last one.
      if (disabled) button.setAttribute("aria-disabled", "true");
      else button.onclick = () => go(code);
      return button;
    }),
  );
  if (focused) place.querySelector(`[data-code="${focused}"]`)?.focus({ preventScroll: true });
  parentElement.stopListening?.(); // Streamlit calls what is returned only when the part leaves the page
  const onKey = (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
    const key = (event.shiftKey ? "Shift+" : "") + event.key;
    const way = data.ways.find((one) => one.key === key);
    if (!way || way.disabled) return;
    const path = event.composedPath();
    if (path[0].closest?.(BUSY) || document.querySelector("[data-testid=stPopoverBody]")) return;
    event.preventDefault();
    go(way.code);
  };
  document.addEventListener("keydown", onKey);
  return (parentElement.stopListening = () => document.removeEventListener("keydown", onKey));
}

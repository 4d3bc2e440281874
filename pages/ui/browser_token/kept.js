// Keeps a token in the browser, for one tab or for all of them, and says which one it kept. How the two sides agree:
// kept.py.

export default function ({ data, setTriggerValue, parentElement }) {
  let kept = "";
  try {
    const store = data.lasts === "tab" ? sessionStorage : localStorage;
    kept = store.getItem(data.name) ?? "";
    // Over another one only when the server has said that it belongs to nothing.
    if (kept === "" || kept === data.refused) {
      if (data.token) store.setItem(data.name, data.token);
      else store.removeItem(data.name);
    }
  } catch { /* a browser that stores nothing: each reload begins anew */ }
  const isNews = !data.heard || (kept !== "" && kept !== data.token && kept !== data.refused);
  if (!isNews || parentElement.told === kept) return;
  parentElement.told = kept;
  setTriggerValue("kept", { token: kept });
}

// Keeps the token of the lab's desk for this tab, and says which one it kept. How the two sides agree: session.py.

const NAME = "raut-lab";

export default function ({ data, setTriggerValue, parentElement }) {
  let kept = "";
  try {
    kept = sessionStorage.getItem(NAME) ?? "";
    // Over another one only when the server has said that it belongs to no desk.
    if (data.token && (kept === "" || kept === data.refused)) sessionStorage.setItem(NAME, data.token);
  } catch { /* a browser that stores nothing: each reload begins anew */ }
  const isNews = !data.heard || (kept !== "" && kept !== data.token && kept !== data.refused);
  if (!isNews || parentElement.told === kept) return;
  parentElement.told = kept;
  setTriggerValue("kept", { token: kept });
}

// Keeps the token of the lab's desk for this tab, and says once which one it kept. How the two sides agree: session.py.

const NAME = "raut-lab";

export default function ({ data, setTriggerValue, parentElement }) {
  let kept = "";
  try {
    kept = sessionStorage.getItem(NAME) ?? "";
    // Not over another one before the server has decided between the two.
    if (data.token && (data.heard || kept === "")) sessionStorage.setItem(NAME, data.token);
  } catch { /* a browser that stores nothing: each reload begins anew */ }
  if (data.heard || parentElement.told) return;
  parentElement.told = true;
  setTriggerValue("kept", { token: kept });
}

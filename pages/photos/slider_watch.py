"""A slider whose value is heard while it is moved.

Streamlit's own tells the script when it is let go. Beside it stands a part that cannot be seen, reads it in the
browser and tells the script each new value once the page shows the one before: a slow computer gets fewer of
them, never a queue.
"""

from __future__ import annotations

import streamlit as st

HEARD_KEY = "slider_heard"
WATCH = """
export default function ({ data, setTriggerValue, parentElement }) {
  parentElement.stopWatching?.();  // Streamlit calls what is returned only when the part leaves the page
  let told = data.shown, waits_until = 0;
  const look = () => {
    const thumb = document.querySelector(`.st-key-${data.slider} input[type=range]`);
    if (thumb === null || Number(thumb.value) === told || Date.now() < waits_until) return;
    told = Number(thumb.value);
    waits_until = Date.now() + 2000;  // until this function is called anew with what is shown then
    setTriggerValue("value", told);
  };
  const timer = setInterval(look, 50);
  return (parentElement.stopWatching = () => clearInterval(timer));
}
"""


def watched_slider(label: str, low: float, high: float, value: float, step: float, key: str) -> float:
    """As `st.slider`; the script, or the fragment that this is in, also runs while the thumb is moved.

    Args:
        label: for the reader.
        low, high, step: of the values.
        value: at first.
        key: of the slider, letters, digits and `_` only.
    """
    watch_key = f"{key}_watch"

    def hear() -> None:
        st.session_state[HEARD_KEY] = (key, st.session_state[watch_key].value)

    let_go = st.slider(label, low, high, value, step, key=key)
    heard_key, heard = st.session_state.pop(HEARD_KEY, (None, None))
    now = float(heard) if heard_key == key and heard is not None else let_go
    now = min(max(now, low), high)  # what comes from a browser may be anything
    runs = st.session_state[f"{watch_key}_runs"] = st.session_state.get(f"{watch_key}_runs", 0) + 1
    watch = st.components.v2.component("slider_watch", js=WATCH)
    # `runs` differs each time: only then is the part in the browser told that the page stands.
    watch(key=watch_key, data={"slider": key, "shown": now, "run": runs}, on_value_change=hear)
    return now

"""A slider whose value is heard while it is moved.

Streamlit's own tells the script when it is let go. Beside it stands a part that cannot be seen, reads it in the
browser and tells the script each new value once the page shows the one before: a slow computer gets fewer of
them, never a queue.
"""

from __future__ import annotations

import streamlit as st

MOVED_KEY = "slider_moved"
WATCH = """
export default function ({ data, setTriggerValue, parentElement }) {
  parentElement.stopWatching?.();  // Streamlit calls what is returned only when the part leaves the page
  let sent = data.shown, waits_until = 0;
  const look = () => {
    const thumb = document.querySelector(`.st-key-${data.slider} input[type=range]`);
    if (thumb === null || Number(thumb.value) === sent || Date.now() < waits_until) return;
    sent = Number(thumb.value);
    waits_until = Date.now() + 2000;  // until this function is called anew with what is shown then
    setTriggerValue("value", sent);
  };
  const timer = setInterval(look, 50);
  return (parentElement.stopWatching = () => clearInterval(timer));
}
"""


def moving_slider(label: str, low: float, high: float, value: float, step: float, key: str) -> float:
    """As `st.slider`; the script, or the fragment that this is in, also runs while the thumb is moved.

    Args:
        label: for the reader.
        low, high, step: of the values.
        value: at first.
        key: of the slider, letters, digits and `_` only.
    """
    watch_key = f"{key}_watch"

    def remember() -> None:
        st.session_state[MOVED_KEY] = (key, st.session_state[watch_key].value)

    released_at = st.slider(label, low, high, value, step, key=key)
    moved_key, moved_to = st.session_state.pop(MOVED_KEY, (None, None))
    value_now = float(moved_to) if moved_key == key and moved_to is not None else released_at
    value_now = min(max(value_now, low), high)  # what comes from a browser may be anything
    runs = st.session_state[f"{watch_key}_runs"] = st.session_state.get(f"{watch_key}_runs", 0) + 1
    watch = st.components.v2.component("moving_slider", js=WATCH)
    # `runs` differs each time: only then is the part in the browser told that the page stands.
    watch(key=watch_key, data={"slider": key, "shown": value_now, "run": runs}, on_value_change=remember)
    return value_now

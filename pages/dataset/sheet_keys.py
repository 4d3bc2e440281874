"""Next and previous picture by the arrow keys, back to the grid by Escape, while a sheet is open."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

_SCRIPT = """
const STEPS = { ArrowLeft: -1, ArrowRight: 1, Escape: 0 };
// What moves by arrow keys itself, or is typed into, keeps them.
const BUSY = "input, textarea, select, [contenteditable], [role=slider], [role=radio], [role=tab], [role=option], [role=dialog]";
export default function ({ data, setTriggerValue, parentElement }) {
  parentElement.stopListening?.();  // Streamlit calls what is returned only when the part leaves the page
  const onKey = (event) => {
    if (!(event.key in STEPS) || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const target = event.composedPath()[0];
    if (event.defaultPrevented || target.closest?.(BUSY) || document.querySelector("[data-testid=stPopoverBody]")) return;
    event.preventDefault();
    setTriggerValue("step", { row: data.row, by: STEPS[event.key] });
  };
  document.addEventListener("keydown", onKey);
  return (parentElement.stopListening = () => document.removeEventListener("keydown", onKey));
}
"""
_KEY = "dataset_sheet_keys"


def listen_to_keys(row: int, step: Callable[[int], None]) -> None:
    """Hear the keys while this is on the page.

    Args:
        row: whose sheet is open; a key that was pressed on the one before counts no more.
        step: called with 1, -1, or 0 for back.
    """

    def pressed() -> None:
        said = getattr(st.session_state[_KEY], "step", None)
        by = said.get("by") if isinstance(said, Mapping) and said.get("row") == row else None
        if by in (-1, 0, 1):
            step(by)

    part = st.components.v2.component("dataset_sheet_keys", js=_SCRIPT)
    with st.container(key="dataset_keys"):
        part(key=_KEY, data={"row": row}, on_step_change=pressed)

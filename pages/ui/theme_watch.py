"""Draw a page again when the reader changes between light and dark.

Streamlit recolours its own parts in the browser and does not run the script, so that charts, whose colours
come from here, would stay as they were.
"""

from __future__ import annotations

import streamlit as st

WATCH = """
export default function ({ data, setTriggerValue, parentElement }) {
  parentElement.stopWatching?.();  // Streamlit calls what is returned only when the part leaves the page
  let told = data.theme;
  const look = () => {
    const theme = getComputedStyle(document.querySelector(".stApp")).colorScheme;
    if ((theme === "light" || theme === "dark") && theme !== told) {
      told = theme;  // once for each change, so that a page can never draw itself in circles
      setTriggerValue("theme", theme);
    }
  };
  const timer = setInterval(look, 400);
  return (parentElement.stopWatching = () => clearInterval(timer));
}
"""


def redraw_on_theme_change(drawn_for: str) -> None:
    """Run the script again as soon as the page is not in the theme that it was drawn for ("light" or "dark")."""
    watch = st.components.v2.component("theme_watch", js=WATCH)
    with st.container(key="theme_watch"):
        watch(key="theme_watch_component", data={"theme": drawn_for}, on_theme_change=lambda: None)

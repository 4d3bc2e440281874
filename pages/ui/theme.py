"""Light and dark: the reader's switch between them, and pages drawn again when they or the size of text change.

Streamlit's own choice is in its menu, which Raut hides: it is in English, and offers to record the screen.
"""

from __future__ import annotations

import streamlit as st

from pages.ui import session_keys
from pages.ui.i18n import _
from pages.ui.streamlit_inside import FOLLOW_THE_SYSTEM_AGAIN

WATCH_KEY = "theme_watch_component"
USUAL_TEXT_PX = 17  # theme.baseFontSize in .streamlit/config.toml
LIKELY_SCALE = 1.41
"""Of projector size in a window of 1366x768, before the browser has measured."""

SWITCH = """
const KEY = "raut-theme";  // "light" or "dark"; absent: as the system
const real = (window.rautMatchMedia ??= window.matchMedia.bind(window));
const system = () => (real("(prefers-color-scheme: dark)").matches ? "dark" : "light");
const stored = () => {
  try { return localStorage.getItem(KEY); } catch { return window.rautTheme ?? null; }
};
const store = (theme) => {
  window.rautTheme = theme;
  try { theme === null ? localStorage.removeItem(KEY) : localStorage.setItem(KEY, theme); } catch { /* this page only */ }
};
window.matchMedia = (query) => {
  const list = real(query), chosen = stored();
  const asked = /prefers-color-scheme:\\s*(light|dark)/.exec(query)?.[1];
  if (asked && chosen) Object.defineProperty(list, "matches", { value: asked === chosen });
  return list;
};
const shown = () => getComputedStyle(document.querySelector(".stApp")).colorScheme;
const SUN = "M12 7a5 5 0 1 0 0 10 5 5 0 0 0 0-10zM11 1h2v4h-2zM11 19h2v4h-2zM1 11h4v2H1zM19 11h4v2h-4zM4.2 5.6l1.4-1.4 2.9 2.8-1.5 1.5zM15.6 17l1.4-1.5 2.9 2.9-1.4 1.4zM4.2 18.4 7 15.5 8.5 17l-2.9 2.8zM15.5 7l2.9-2.8 1.4 1.4L17 8.5z";
const MOON = "M12 3a9 9 0 1 0 9 9c0-.5 0-.9-.1-1.4a5.5 5.5 0 0 1-7.5-7.5C12.9 3 12.5 3 12 3z";

export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button");
  const follow = () => { FOLLOW_THE_SYSTEM_AGAIN };
  const name = () => {
    const dark = shown() === "dark", words = dark ? data.light : data.dark;
    if (button.title === words) return;
    button.title = words;
    button.setAttribute("aria-label", words);
    button.querySelector("path").setAttribute("d", dark ? SUN : MOON);
  };
  button.onclick = () => {
    const wanted = shown() === "dark" ? "light" : "dark";
    store(wanted === system() ? null : wanted);
    follow();
  };
  if (stored() && stored() !== shown()) follow();
  name();
  clearInterval(parentElement.naming);
  parentElement.naming = setInterval(name, 400);
  return () => clearInterval(parentElement.naming);
}
"""

BUTTON = '<button type="button"><svg viewBox="0 0 24 24" aria-hidden="true"><path d=""/></svg></button>'

STYLE = """
button {
  display: grid; place-items: center; width: 2.4rem; height: 2.4rem; padding: 0;
  border: 1px solid color-mix(in srgb, currentColor 30%, transparent); border-radius: 0.6rem;
  background: none; color: inherit; cursor: pointer;
}
button:hover { background: color-mix(in srgb, currentColor 12%, transparent); }
button:focus-visible { outline: 3px solid currentColor; outline-offset: 2px; }
svg { width: 1.3rem; height: 1.3rem; fill: currentColor; }
"""

WATCH = """
export default function ({ data, setTriggerValue, parentElement }) {
  parentElement.stopWatching?.();  // Streamlit calls what is returned only when the part leaves the page
  let told = data.theme, size = data.scale;
  const look = () => {
    const theme = getComputedStyle(document.querySelector(".stApp")).colorScheme;
    const scale = parseFloat(getComputedStyle(document.documentElement).fontSize) / data.usual;
    // Each once for each change, so that a page can never draw itself in circles.
    if ((theme === "light" || theme === "dark") && theme !== told) {
      told = theme;
      setTriggerValue("theme", theme);
    } else if (Math.abs(scale - size) > 0.03) {
      size = scale;
      setTriggerValue("scale", scale);
    }
  };
  const timer = setInterval(look, 400);
  return (parentElement.stopWatching = () => clearInterval(timer));
}
"""


def theme_switch() -> None:
    """A button from light to dark and back. The choice stays in the browser; without one, the system's holds.

    Nothing is loaded anew: the page keeps what is on it.
    """
    switch = st.components.v2.component(
        "theme_switch",
        html=BUTTON,
        css=STYLE,
        js=SWITCH.replace("FOLLOW_THE_SYSTEM_AGAIN", FOLLOW_THE_SYSTEM_AGAIN),
    )
    switch(
        key="theme_switch", data={"light": _("Change to light"), "dark": _("Change to dark")}, width="content"
    )


def redraw_on_look_change(drawn_for: str) -> None:
    """Run the script again as soon as the page is not in the theme and size that it was drawn for.

    Streamlit recolours its own parts in the browser and does not run the script, so that charts, whose colours and
    sizes come from here, would stay as they were.

    Args:
        drawn_for: "light" or "dark".
    """
    watch = st.components.v2.component("theme_watch", js=WATCH)
    with st.container(key="theme_watch"):
        watch(
            key=WATCH_KEY,
            data={"theme": drawn_for, "scale": text_scale(), "usual": USUAL_TEXT_PX},
            on_theme_change=lambda: None,
            on_scale_change=_measured,
        )


def text_scale() -> float:
    """By how much the page's text is larger than usual; 1.0 but in projector size."""
    if not st.session_state.get(session_keys.PROJECTOR_SIZE):
        return 1.0
    return float(st.session_state.get(session_keys.TEXT_SCALE, LIKELY_SCALE))


def _measured() -> None:
    scale = getattr(st.session_state.get(WATCH_KEY), "scale", None)
    if isinstance(scale, (int, float)) and 0.5 < scale < 4:  # whatever a browser may say
        st.session_state[session_keys.TEXT_SCALE] = float(scale)

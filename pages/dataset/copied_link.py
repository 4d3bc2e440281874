"""A button that copies the address of what is shown, with the reader's language, so that the link opens the same view."""

from __future__ import annotations

import streamlit as st

from pages.ui.i18n import _, language

_SCRIPT = """
export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button");
  button.textContent = data.copy;
  button.onclick = async () => {
    const address = new URL(window.location.href);
    address.searchParams.set("lang", data.language);
    try {
      await navigator.clipboard.writeText(address.href);
      button.textContent = data.copied;
    } catch {  // a page that is not served by this computer or with a certificate may not write there
      window.prompt(data.copy, address.href);
    }
    setTimeout(() => (button.textContent = data.copy), 2500);
  };
}
"""

_STYLE = """
button {
  font: inherit; color: inherit; background: none; cursor: pointer; padding: 0.45rem 0.9rem;
  border: 1px solid color-mix(in srgb, currentColor 30%, transparent); border-radius: 0.6rem;
}
button:hover { background: color-mix(in srgb, currentColor 10%, transparent); }
button:focus-visible { outline: 3px solid currentColor; outline-offset: 2px; }
"""


def link_button() -> None:
    """Copy the address; where the browser does not allow that, show it."""
    part = st.components.v2.component(
        "dataset_link", html='<button type="button"></button>', css=_STYLE, js=_SCRIPT
    )
    part(
        key="dataset_link",
        data={"copy": _("Copy the link to this view"), "copied": _("Copied"), "language": language()},
        width="content",
    )

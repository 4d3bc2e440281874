"""The drawing of a network's layers, on the page: pressed, a layer opens on the page Network."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from pages.ui.i18n import _

_HERE = Path(__file__)


def diagram(svg: str, *, name: str, file: str, key: str) -> str:
    """The drawing, with buttons that save it.

    Args:
        svg: from `fer_core.plots.architecture`.
        name: another text for each other network.
        file: name of the saved files, without ending.
        key: unique on the page.

    Returns:
        Code of the layer that was pressed, "" for none.
    """
    part = st.components.v2.component(
        "training_architecture",
        html='<div class="drawing"></div><div class="buttons"></div>',
        css=_HERE.with_suffix(".css").read_text("utf-8"),
        js=_HERE.with_suffix(".js").read_text("utf-8"),
    )
    said = part(
        key=key,
        data={
            "svg": svg,
            "name": name,
            "file": file,
            "save_svg": _("Download as SVG"),
            "save_png": _("Download as PNG"),
        },
        on_open_change=lambda: None,
    ).open
    return str(said.get("code", "")) if isinstance(said, Mapping) and said.get("of") == name else ""

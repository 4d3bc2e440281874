"""The drawing of a network's layers, on the page: pressed, a layer opens on the page Network."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from pages.ui.i18n import _

_HERE = Path(__file__)


def diagram(svg: str, *, name: str, file: str, links: Mapping[str, str], key: str) -> None:
    """The drawing, with buttons that save it.

    Args:
        svg: from `fer_core.plots.architecture`.
        name: another text for each other network.
        file: name of the saved files, without ending.
        links: code of each layer that opens to its address.
        key: unique on the page.
    """
    part = st.components.v2.component(
        "training_architecture",
        html='<div class="drawing"></div><div class="buttons"></div>',
        css=_HERE.with_suffix(".css").read_text("utf-8"),
        js=_HERE.with_suffix(".js").read_text("utf-8"),
    )
    part(
        key=key,
        data={
            "svg": svg,
            "name": name,
            "file": file,
            "links": dict(links),
            "save_svg": _("Download as SVG"),
            "save_png": _("Download as PNG"),
        },
    )

"""Small pictures in a grid, of which one can be opened: faces to choose from, the maps of a stage."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import streamlit as st

from pages.network.map_pictures import sprite_url

ACROSS = 16
"""Pictures in a line of a sprite."""
_HERE = Path(__file__)


@dataclass(frozen=True, eq=False)
class Tiles:
    """What the grid shows.

    Attributes:
        pictures: uint8 (n, H, W) or (n, H, W, 3), n from 1.
        names: n texts, what a screen reader says of each; translated.
        lines: n texts below the pictures, "" for none.
        title: what they all are; translated.
        size: pixels of a picture's side, at usual size of text.
        chosen: place of the one that is open; -1 for none.
        scrolls: within a height of its own, where there are many.
    """

    pictures: np.ndarray
    names: Sequence[str]
    lines: Sequence[str]
    title: str
    size: int = 88
    chosen: int = -1
    scrolls: bool = False


def tiles(shown: Tiles, *, key: str, on_open: Callable[[int], None]) -> None:
    """The grid.

    Args:
        shown: what is in it.
        key: unique on the page.
        on_open: called with the place of the picture that was pressed, before the page is drawn.
    """
    count, height, width = shown.pictures.shape[:3]
    sprite = sprite_url(shown.pictures, ACROSS)
    across = min(ACROSS, count)
    mark = f"{len(sprite)}-{hash(sprite)}"

    def opened() -> None:
        said = getattr(st.session_state[key], "open", None)
        at = said.get("at") if isinstance(said, Mapping) and said.get("of") == mark else None
        if isinstance(at, int) and 0 <= at < count:
            on_open(at)

    part = st.components.v2.component(
        "network_tiles",
        html='<div class="tiles" role="listbox"></div>',
        css=_HERE.with_name("tiles.css").read_text("utf-8"),
        js=_HERE.with_name("tiles.js").read_text("utf-8"),
    )
    part(
        key=key,
        data={
            "of": mark,
            "sprite": sprite,
            "across": across,
            "down": -(-count // across),
            "wide": width / height,
            "names": list(shown.names),
            "lines": list(shown.lines),
            "title": shown.title,
            "size": shown.size,
            "chosen": shown.chosen,
            "scrolls": shown.scrolls,
        },
        on_open_change=opened,
    )

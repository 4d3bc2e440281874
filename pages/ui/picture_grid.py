"""A grid of FER2013's small pictures with their row numbers; sent to this reader's browser, stored nowhere."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
from PIL import Image

from pages.ui.signs import emotion_sign

PICTURES_A_PAGE = 24
"""Fills rows of 2, 3, 4, 6 and 8."""


@dataclass(frozen=True, eq=False)
class GridPicture:
    """One picture of the grid.

    Attributes:
        image_gray: uint8 (48, 48).
        row: how the row is named, for example "row 17".
        lines: below it, such as its label; already translated.
        more: a heading to unfold and what is below it; None: nothing to unfold.
        codes: of the expressions that the lines name: their signs stand before them.
        more_codes: the same for what is unfolded, "" for another line.
    """

    image_gray: np.ndarray
    row: str
    lines: tuple[str, ...]
    more: tuple[str, tuple[str, ...]] | None = None
    codes: tuple[str, ...] = ()
    more_codes: tuple[str, ...] = ()


def picture_grid(pictures: Sequence[GridPicture]) -> None:
    """As many pictures beside each other as the window has room for."""
    st.html(f'<ul class="raut-grid">{"".join(_item(picture) for picture in pictures)}</ul>')


def page_bounds(page: int, count: int, a_page: int = PICTURES_A_PAGE) -> slice:
    """What of `count` things is on a page, pages from 1."""
    return slice((page - 1) * a_page, min(page * a_page, count))


def pages_of(count: int, a_page: int = PICTURES_A_PAGE) -> int:
    """Number of pages; one for nothing, which a widget needs."""
    return max(1, -(-count // a_page))


def png_url(image_gray: np.ndarray) -> str:
    """A picture as the address of an image, nothing stored."""
    file = io.BytesIO()
    Image.fromarray(image_gray).save(file, "PNG")
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"


def _item(picture: GridPicture) -> str:
    lines = _signed(picture.lines, picture.codes)
    alt = html.escape(", ".join((picture.row, *picture.lines)), quote=True)
    more = ""
    if picture.more is not None:
        heading, below = picture.more
        inside = _signed(below, picture.more_codes)
        more = f"<details><summary>{html.escape(heading)}</summary>{inside}</details>"
    return (
        f'<li><img src="{png_url(picture.image_gray)}" alt="{alt}" loading="lazy">'
        f"<b>{html.escape(picture.row)}</b>{lines}{more}</li>"
    )


def _signed(lines: Sequence[str], codes: Sequence[str]) -> str:
    return "".join(
        f"<span>{f'{emotion_sign(code)} ' if code else ''}{html.escape(line)}</span>"
        for line, code in zip(lines, codes or [""] * len(lines), strict=True)
    )

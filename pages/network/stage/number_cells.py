"""A few numbers as a small table whose cells have the colours that pictures of maps have."""

from __future__ import annotations

import html
from math import floor, log10

import numpy as np

from pages.network.map_pictures import is_signed, shades
from pages.ui.i18n import format_number

_LARGEST_WITH_NUMBERS = 5  # side whose numbers fit into the cells
_MOST_DECIMALS = 6


def fitting_decimals(largest: float, digits: int = 2) -> int:
    """Decimals that leave so many digits of the largest of some numbers: two of them are 2 for 0.1, 1 for 3, 0 for 250."""
    return min(_MOST_DECIMALS, max(0, digits - 1 - floor(log10(abs(largest))))) if largest else 0


def cells_html(
    values: np.ndarray,
    limit: float,
    name: str,
    *,
    signed: bool | None = None,
    kept: tuple[int, int] | None = None,
    digits: int = 2,
) -> str:
    """The table as HTML.

    Args:
        values: float (h, w).
        limit: what is white, or fully coloured where values may be negative.
        name: of the table for a screen reader, translated.
        signed: whether values may be negative; None where that is seen from them.
        kept: row and column of a cell that is framed.
        digits: of the largest value.
    """
    colours = shades(values, limit, signed=is_signed(values) if signed is None else signed)
    decimals = fitting_decimals(limit, digits)
    with_numbers = max(values.shape) <= _LARGEST_WITH_NUMBERS
    rows = ""
    for row, (line, shown) in enumerate(zip(values.tolist(), colours.tolist(), strict=True)):
        cells = ""
        for column, (value, (red, green, blue)) in enumerate(zip(line, shown, strict=True)):
            dark = 0.299 * red + 0.587 * green + 0.114 * blue < 140
            text = html.escape(format_number(value, decimals)) if with_numbers else ""
            kind = ' class="kept"' if kept == (row, column) else ""
            cells += (
                f'<td{kind} style="background:rgb({red},{green},{blue});color:{"#fff" if dark else "#111"}" '
                f'title="{html.escape(format_number(value, decimals + 2))}">{text}</td>'
            )
        rows += f"<tr>{cells}</tr>"
    return f'<table class="raut-cells" aria-label="{html.escape(name, quote=True)}"><tbody>{rows}</tbody></table>'

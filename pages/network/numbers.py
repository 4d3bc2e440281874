"""Numbers that a network computed, as the steps show them."""

from __future__ import annotations

import html

import numpy as np

from pages.network.map_pictures import ABOVE_RGB, BELOW_RGB
from pages.network.seen import Seen
from pages.ui.i18n import _, format_number

_STRONGEST = 45  # percent of a colour behind a number: it stays readable in both themes


def signed_number(value: float, decimals: int = 2, *, plus: bool = False) -> str:
    """A number with a true minus, and with a plus where that is asked for; 0 has no sign."""
    shown = format_number(abs(value), decimals)
    if float(f"{value:.{decimals}f}") == 0 or value != value:
        return shown
    return f"−{shown}" if value < 0 else f"+{shown}" if plus else shown


def number_grid(values: np.ndarray, limit: float, decimals: int = 2, *, signed: bool = False) -> str:
    """Numbers in rows and columns as HTML, the larger the stronger the colour behind them.

    Args:
        values: float (H, W).
        limit: above 0, what is strongest.
        decimals: that are written.
        signed: orange behind what is above 0 and blue behind what is below, not the colour of the text.
    """
    rows = ""
    for row, line in enumerate(values):
        cells = "".join(
            f'<td style="padding: 0.35rem 0.3rem; {_shade(float(value) / limit, signed=signed)}">'
            f"{html.escape(signed_number(float(value), decimals, plus=signed))}</td>"
            for value in line
        )
        rows += (
            f'<tr><th scope="row" style="min-width: 0; padding: 0.35rem 0.3rem">{row + 1}</th>{cells}</tr>'
        )
    head = "".join(f'<th scope="col">{column + 1}</th>' for column in range(values.shape[1]))
    scrolls = 'class="raut-table" style="overflow-x: auto" tabindex="0"'
    words = html.escape(_("Numbers by row and column"))
    return (
        f'<div {scrolls}><table aria-label="{words}"><thead><tr><td></td>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _shade(share: float, *, signed: bool) -> str:
    """The style of a cell whose value is that share of the largest."""
    colour = "rgb({} {} {})".format(*(ABOVE_RGB if share > 0 else BELOW_RGB)) if signed else "currentColor"
    strength = round(_STRONGEST * min(abs(share) if signed else max(share, 0), 1))
    return f"--strength: {strength}%; background: color-mix(in srgb, {colour} var(--strength), transparent)"


def in_float_note(seen: Seen, *, mirror: bool = True) -> str:
    """How far the numbers of the page are from those of the file that answers.

    Args:
        seen: face and network.
        mirror: of a network that looks at the mirror image as well, the numbers are those of the face as it is.
    """
    text = _(
        "Computed with the weights of the file, without rounding in between. The file that answers on the other pages "
        "rounds to 8 bits: its probabilities differ by at most {points} percentage points for this face."
    ).format(points=format_number(100 * seen.values.difference, 2))
    if mirror and seen.values.mirror_scores is not None:
        text += " " + _(
            "This network also looks at the mirror image of the face; these are the numbers of the face as it is."
        )
    return text

"""Places of a face in words."""

from __future__ import annotations

from pages.ui.i18n import N_, _

_PLACES = (
    (N_("above left"), N_("above in the middle"), N_("above right")),
    (N_("left in the middle"), N_("in the middle"), N_("right in the middle")),
    (N_("below left"), N_("below in the middle"), N_("below right")),
)
"""Thirds from above and from the left, as the reader sees the picture."""


def place_name(row: float, column: float) -> str:
    """In which ninth of the picture a place lies.

    Args:
        row, column: 0 to 1, from above and from the left.
    """
    return _(_PLACES[min(int(3 * row), 2)][min(int(3 * column), 2)])

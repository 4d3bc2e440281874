"""Differences of shares as the page writes them: in percentage points."""

from __future__ import annotations

from pages.ui.i18n import _, format_number

MINUS = "−"


def in_points(difference: float, *, sign: bool = False) -> str:
    """0.197 -> "19.7" percentage points; with a sign "+19.7", and "−1.5" below zero."""
    text = format_number(abs(100 * difference), 1)
    if text == format_number(0.0, 1):
        return text
    return MINUS + text if difference < 0 else f"+{text}" if sign else text


def points_range(low: float, high: float) -> str:
    """Ends of an interval in percentage points: "−1.4 to 2.8"."""
    return _("{low} to {high}").format(low=in_points(low), high=in_points(high))

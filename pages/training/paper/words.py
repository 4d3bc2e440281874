"""Differences of shares as the lesson on the paper's figures writes them."""

from __future__ import annotations

from fer_core.evaluation.figures import Estimate
from pages.ui.i18n import _, format_number

MINUS = "−"


def in_points(difference: float, *, sign: bool = False) -> str:
    """0.197 -> "19.7" percentage points; with a sign "+19.7", and "−1.5" below zero."""
    text = format_number(abs(100 * difference), 1)
    if text == format_number(0.0, 1):
        return text
    return MINUS + text if difference < 0 else f"+{text}" if sign else text


def points_range(estimate: Estimate) -> str:
    """Ends of the interval in percentage points: "−1.4 to 2.8"."""
    return _("{low} to {high}").format(low=in_points(estimate.low), high=in_points(estimate.high))

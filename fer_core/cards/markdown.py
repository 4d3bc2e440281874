"""Figures as text for a card: English, with the units that belong to them."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date

from fer_core.evaluation.figures import Estimate
from fer_core.plain_text import in_markdown

UNDEFINED = "–"
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip
"""In English, whatever the computer is set to."""


def percent(share: float | None) -> str:
    """0.6714 -> "67.1%"; NaN and None -> "–"."""
    return UNDEFINED if share is None or math.isnan(share) else f"{100 * share:.1f}%"


def with_interval(estimate: Estimate) -> str:
    """0.6714 from 0.656 to 0.687 -> "67.1% (65.6–68.7)", without an interval -> "67.1%"; undefined -> "–"."""
    if not estimate.is_defined or math.isnan(estimate.low):
        return percent(estimate.value)
    return f"{percent(estimate.value)} ({100 * estimate.low:.1f}–{100 * estimate.high:.1f})"


def percent_range(low: float, high: float) -> str:
    """0.664, 0.672 -> "66.4–67.2%"; where both read alike, "66.4%"."""
    ends = [f"{100 * share:.1f}" for share in (low, high)]
    return f"{'–'.join(dict.fromkeys(ends))}%"


def day_in_words(day: str) -> str:
    """ "2026-11-27" -> "27 November 2026"; what is no such day as it is, as Markdown."""
    try:
        parsed = date.fromisoformat(day)
    except ValueError:
        return in_markdown(day)
    return f"{parsed.day} {MONTHS[parsed.month - 1]} {parsed.year}"


def duration(seconds: float) -> str:
    """3723 -> "1:02:03 (h:min:s)"."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d} (h:min:s)"


def hours_and_minutes(seconds: float | None) -> str:
    """14490 -> "4:01", 957 -> "0:16", to the nearest minute; None and 0 -> "–"."""
    if not seconds:
        return UNDEFINED
    hours, minutes = divmod(math.ceil(seconds / 60 - 0.5), 60)
    return f"{hours}:{minutes:02d}"


def plain(value: object) -> str:
    """A setting of a recipe, nested or not, in words and numbers, as Markdown."""
    if isinstance(value, dict):
        return ", ".join(f"{in_markdown(key.replace('_', ' '))} {plain(item)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(plain(item) for item in value)
    return f"{value:g}" if isinstance(value, float) else in_markdown(str(value))


def table(header: Sequence[str], rows: Sequence[Sequence[str]], alignment: str) -> str:
    """A Markdown table; `alignment` has one character a column, "-" left and "r" right."""
    sides = "|".join("---:" if side == "r" else "---" for side in alignment)
    lines = [f"| {' | '.join(header)} |", f"|{sides}|"]
    lines += [f"| {' | '.join(_with_its_pipes(cell) for cell in row)} |" for row in rows]
    return "\n".join(lines)


def _with_its_pipes(cell: str) -> str:
    return re.sub(r"(?<!\\)\|", r"\|", cell)  # those of `in_markdown` are escaped

"""How reports speak on the command line, which is in English; a test holds it equal to what the pages hand over."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from fer_core.cards.words import Words

_NOT_A_NUMBER: Final = "–"


def _number(value: float | None, decimals: int = 0) -> str:
    return _NOT_A_NUMBER if value is None or math.isnan(value) else f"{value:,.{decimals}f}"


def _percent(share: float | None, decimals: int = 1) -> str:
    if share is None or math.isnan(share):
        return _NOT_A_NUMBER
    return f"{_number(100 * share, decimals)}%"


def _probability(probability: float | None, decimals: int = 0) -> str:
    if probability is None or math.isnan(probability):
        return _NOT_A_NUMBER
    step = 10.0**-decimals
    percent = round(100 * probability, decimals)
    if percent >= 100:
        return f">{_percent((100 - step) / 100, decimals)}"
    return (
        f"<{_percent(step / 100, decimals)}"
        if percent == 0 and probability > 0
        else _percent(probability, decimals)
    )


def _either(names: Sequence[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} or {names[-1]}"


ENGLISH: Final = Words(
    language="en",
    text=str,
    number=_number,
    percent=_percent,
    probability=_probability,
    either=_either,
    problem=str,
    date=lambda day: f"{day.day} {day:%B %Y}",
    time=lambda moment: f"{moment:%H:%M}",
)

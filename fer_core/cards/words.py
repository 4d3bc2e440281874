"""How a report speaks: its texts, names and numbers in the reader's language.

The core has no catalogue, so whoever makes a report hands this over. Texts are marked with `N_` where they
stand, for the catalogue to find.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from fer_core.errors import N_
from fer_core.labels import EMOTIONS


@dataclass(frozen=True)
class Words:
    """One language; see `pages/ui/i18n.py` for the functions of the same names."""

    language: str
    """Its code, "en" or "id", for the report's `lang`."""
    text: Callable[[str], str]
    """Translates an English text into this language."""
    number: Callable[..., str]
    """(value, decimals=0): 28709 -> "28,709"."""
    percent: Callable[..., str]
    """(share, decimals=1): 0.712 -> "71.2%"."""
    probability: Callable[..., str]
    """Like percent, but never certain: ">99%"."""
    either: Callable[[Sequence[str]], str]
    """["angry", "sad"] -> "angry or sad"."""
    problem: Callable[[BaseException], str]
    """Says an error as a sentence."""
    date: Callable[[datetime], str]
    """The day in words: 2026-11-24 -> "24 November 2026"."""
    time: Callable[[datetime], str]
    """Hours and minutes: "14:05", in Indonesian "14.05"."""

    def say(self, text: str, **fields: object) -> str:
        """Translate a text and fill in its fields."""
        translated = self.text(text)
        return translated.format(**fields) if fields else translated

    def emotion(self, code: str) -> str:
        """ "happy" -> "Happy", "Senang"."""
        return self.text(EMOTIONS[code].english)

    def moment(self, made: datetime) -> str:
        """Day, time and zone: "24 November 2026, 14:05 (UTC+07:00)"."""
        offset = made.strftime("%z")
        return f"{self.date(made)}, {self.time(made)} (UTC{offset[:3]}:{offset[3:5]})"

    def ends(self, interval: tuple[float, float], undefined: str = "–") -> str:
        """(0.12, 0.56) of a kappa -> "0.12 to 0.56"; NaN -> `undefined`."""
        if math.isnan(interval[0]):
            return undefined
        low, high = (self.number(end, 2) for end in interval)
        return self.say(N_("{low} to {high}"), low=low, high=high)

    def interval(self, ends: Sequence[float]) -> str:
        """[0.697, 0.727] -> "69.7–72.7%"; where both read alike, "69.7%"."""
        low, high = (self.number(100 * float(end), 1) for end in ends)
        return f"{high}%" if low == high else f"{low}–{high}%"

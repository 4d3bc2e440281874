"""Codes that people read aloud and type: made, spelt out and compared."""

from __future__ import annotations

import secrets
import unicodedata
from typing import Final

DIGITS: Final = 8


def new_code() -> str:
    """A random code of eight digits: digits are read aloud alike in every language, "B" and "D" are not."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def spoken(code: str) -> str:
    """The code in groups of four signs, as people read it out: "48217390" is "4821 7390"."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def normalized(code: str) -> str:
    """The code without what people add to it: spaces, hyphens, capitals, wide digits of some keyboards."""
    plain = unicodedata.normalize("NFKC", code).casefold()
    return "".join(letter for letter in plain if letter.isalnum())

"""How reports speak: the functions that the core's reports take, in the language of a reader or in another one."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from fer_core.cards.words import Words
from pages.ui import i18n


def words(code: str) -> Words:
    """How a report speaks in that language."""

    def spoken(function: Callable[..., str]) -> Callable[..., str]:
        @wraps(function)
        def call(*args: Any) -> str:
            with i18n.speaking(code):
                return function(*args)

        return call

    return Words(
        language=code,
        text=spoken(i18n._),
        number=spoken(i18n.format_number),
        percent=spoken(i18n.format_percent),
        probability=spoken(i18n.format_probability),
        either=spoken(i18n.either),
        problem=spoken(i18n.error_sentence),
        date=spoken(i18n.format_date),
        time=spoken(i18n.format_time),
    )

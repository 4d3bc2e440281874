"""English and Bahasa Indonesia: every text that a reader sees passes through here.

The English text is the key. English needs no catalogue; another language is the `.po` files of its folder,
read together and kept in memory. Outside a Streamlit run (a thread, a test, the command line) everything
falls back to English, so frame callbacks and the core's sentences work without a session.
"""

from __future__ import annotations

import logging
import math
import string
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from pathlib import Path

import streamlit as st

from fer_core.errors import N_, RautError
from fer_core.labels import EMOTIONS, UNSURE, are_expressions
from pages.ui import session_keys
from pages.ui.streamlit_inside import has_reader

__all__ = [
    "LANGUAGES",
    "N_",
    "_",
    "answer_in_a_sentence",
    "answer_name",
    "browser_language",
    "either",
    "emotion_name",
    "error_sentence",
    "expression_words",
    "format_date",
    "format_number",
    "format_percent",
    "format_probability",
    "format_time",
    "language",
    "ngettext",
    "speaking",
]

logger = logging.getLogger(__name__)

LANGUAGES: dict[str, str] = {"en": "English", "id": "Bahasa Indonesia"}
"""Code to the language's own name."""

DEFAULT_LANGUAGE = "en"
LOCALE_DIR = Path(__file__).resolve().parents[1] / "locale"
NOT_A_NUMBER = "–"
_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)

EMOTION_NAMES: dict[str, str] = {
    "angry": N_("Angry"),
    "disgust": N_("Disgust"),
    "fear": N_("Fear"),
    "happy": N_("Happy"),
    "sad": N_("Sad"),
    "surprise": N_("Surprise"),
    "neutral": N_("Neutral"),
    "contempt": N_("Contempt"),
    "unsure": N_("Unsure"),
}
"""The names of `fer_core.labels` once more, because an extractor finds literals only; a test compares."""


# --- which language ------------------------------------------------------------------------------------


def language_of_locale(locale: str | None) -> str:
    """Ours for a browser's locale: "id-ID" -> "id", "de" -> "en"; "in" is Java's old code for Indonesian."""
    primary = (locale or "").replace("_", "-").split("-")[0].lower()
    return "id" if primary in ("id", "in", "ind") else DEFAULT_LANGUAGE


def browser_language() -> str:
    """The language that the reader's browser asks for, English when it asks for none of ours."""
    if not has_reader():
        return DEFAULT_LANGUAGE
    return language_of_locale(st.context.locale)


def language() -> str:
    """Code of the reader's language: what was chosen, else what the browser asks for, else "en"."""
    if spoken := _spoken.get():
        return spoken
    if not has_reader():
        return DEFAULT_LANGUAGE
    chosen = st.session_state.get(session_keys.LANGUAGE) or st.query_params.get(session_keys.LANGUAGE)
    return chosen if chosen in LANGUAGES else browser_language()


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Everything inside is said in that language: for files that are made outside of a run of the page."""
    token = _spoken.set(code)
    try:
        yield
    finally:
        _spoken.reset(token)


# --- texts ---------------------------------------------------------------------------------------------


@cache
def catalogue(code: str) -> dict[str, tuple[str, ...]]:
    """English text to its translations, one for each plural form; all `.po` files of the language."""
    from babel.messages.pofile import read_po  # takes 0.1 s, which English can do without

    messages: dict[str, tuple[str, ...]] = {}
    for path in sorted((LOCALE_DIR / code / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=code, abort_invalid=True):
                if not message.id or message.fuzzy:
                    continue
                plural = isinstance(message.id, tuple)
                key = message.id[0] if plural else message.id
                forms = tuple(message.string) if plural else (message.string,)
                if all(forms):
                    messages[key] = forms
    return messages


def _(text: str) -> str:
    """The text in the reader's language; English where there is no translation."""
    code = language()
    if code == DEFAULT_LANGUAGE:
        return text
    return catalogue(code).get(text, (text,))[0]


def ngettext(singular: str, plural: str, count: int) -> str:
    """The text for that many things; Indonesian has one form for all of them."""
    code = language()
    if code != DEFAULT_LANGUAGE and singular in catalogue(code):
        return catalogue(code)[singular][0]
    return singular if count == 1 else plural


def emotion_name(code: str) -> str:
    """ "happy" -> "Happy", "Senang"."""
    return _(EMOTION_NAMES[code])


def answer_name(answer: str, labels: Sequence[str]) -> str:
    """An answer of a network with these labels: an expression by its name, a class as people wrote it."""
    return emotion_name(answer) if answer == UNSURE or are_expressions(labels) else answer


def answer_in_a_sentence(answer: str, labels: Sequence[str]) -> str:
    """The same within a sentence: an expression in small letters, a class between quotation marks."""
    name = answer_name(answer, labels)
    return name.lower() if answer == UNSURE or are_expressions(labels) else f"“{name}”"


def expression_words() -> dict[str, str]:
    """What a table may call an expression: its code, or its name in English or Indonesian."""
    words = {code: code for code in EMOTIONS}
    for code, emotion in EMOTIONS.items():
        words.setdefault(emotion.english.casefold(), code)
        words.setdefault(catalogue("id").get(emotion.english, (code,))[0].casefold(), code)
        words.setdefault(emotion_name(code).casefold(), code)
    return words


def either(names: Sequence[str]) -> str:
    """["angry", "fear", "sad"] -> "angry, fear or sad", "marah, takut, atau sedih"."""
    from babel.lists import format_list

    # British, because American English sets a comma before the last one.
    return format_list(list(names), style="or", locale="en_GB" if language() == "en" else language())


# --- numbers -------------------------------------------------------------------------------------------


def format_number(value: float | None, decimals: int = 0) -> str:
    """28709 -> "28,709", in Indonesian "28.709"; NaN and None -> "–"."""
    if value is None or math.isnan(value):
        return NOT_A_NUMBER
    english = f"{value:z,.{decimals}f}"  # z: what rounds to 0 has no sign
    if language() == "id":
        return english.translate(str.maketrans(",.", ".,"))
    return english


def format_percent(share: float | None, decimals: int = 1) -> str:
    """0.7312 -> "73.1%", in Indonesian "73,1%"; for counted shares such as an accuracy."""
    if share is None or math.isnan(share):
        return NOT_A_NUMBER
    return f"{format_number(100 * share, decimals)}%"


def format_range(low: float, high: float, decimals: int = 1, *, brief: bool = False) -> str:
    """0.664, 0.672 -> "66.4 to 67.2%", brief, for tables, "66.4–67.2%"; where both read alike, "66.4%"."""
    first, last = (format_number(100 * share, decimals) for share in (low, high))
    if first == last:
        return f"{last}%"
    return f"{first}–{last}%" if brief else _("{low} to {high}%").format(low=first, high=last)


def format_probability(probability: float | None, decimals: int = 0) -> str:
    """Like `format_percent`, but a guess is never certain: ">99%" instead of 100, "<1%" instead of 0."""
    if probability is None or math.isnan(probability):
        return NOT_A_NUMBER
    step = 10.0**-decimals
    percent = round(100 * probability, decimals)
    if percent >= 100:
        return f">{format_percent((100 - step) / 100, decimals)}"
    if percent == 0 and probability > 0:
        return f"<{format_percent(step / 100, decimals)}"
    return format_percent(probability, decimals)


def number_for_programs(value: float) -> str:
    """0.123456789 -> "0.123457" in every language: for tables that programs read."""
    return f"{value:.6g}"


# --- dates ---------------------------------------------------------------------------------------------


def format_date(day: date) -> str:
    """ "27 November 2026", in Indonesian "27 Agustus 2026"."""
    from babel.dates import format_date  # takes 0.1 s, which most readers can do without

    return format_date(day, "d MMMM y", locale=language())


def format_time(moment: datetime) -> str:
    """ "14:05", in Indonesian "14.05"."""
    return f"{moment:%H.%M}" if language() == "id" else f"{moment:%H:%M}"


# --- errors --------------------------------------------------------------------------------------------


class _FieldFormatter(string.Formatter):
    """Fills a sentence's fields the reader's way: numbers with their separators, a nested error in words."""

    def format_field(self, value: object, format_spec: str) -> str:
        if isinstance(value, RautError):
            return error_sentence(value)
        if isinstance(value, int | float) and not isinstance(value, bool) and format_spec in ("", ","):
            decimals = len(f"{value:g}".partition(".")[2]) if isinstance(value, float) else 0
            return format_number(value, decimals)
        return str(super().format_field(value, format_spec))


def error_sentence(error: BaseException) -> str:
    """What happened and what to do, in the reader's language; details of the unexpected go to the log."""
    if isinstance(error, RautError):
        try:
            return _FieldFormatter().vformat(_(error.template), (), error.fields)
        except (KeyError, IndexError, ValueError):
            logger.exception("The sentence %r does not fit its fields %r", error.template, error.fields)
    else:
        logger.error("Unexpected error", exc_info=error)
    return _(
        "Something went wrong that should not have. Reload the page and try again; the server's log has the "
        "details."
    )

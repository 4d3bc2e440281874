"""Classes, flags, columns and conditions of the data set's table in the reader's words."""

from __future__ import annotations

from functools import cache

from fer_core.datasets.columns import NONE, SPLIT_CODES, column
from fer_core.datasets.filters import Condition
from fer_core.datasets.rows import RowTable
from fer_core.labels import EMOTIONS
from fer_core.store.folder import list_measured
from pages.ui.i18n import N_, _, emotion_name, format_number, ngettext

_OTHER_NAMES = {
    "unknown": N_("no clear expression"),
    "NF": N_("not a face"),
    "no": N_("no"),
    "yes": N_("yes"),
    "right": N_("right"),
    "wrong": N_("wrong"),
    NONE: N_("none"),
}
_NAMED = 3
"""Values that a condition names; of more it says how many."""


def class_code(code: str) -> str:
    """Of the expression whose sign stands before a class; "" for a class that is none."""
    return code if code in EMOTIONS else ""


def class_name(code: str) -> str:
    """A class, a split or a flag in words: "happy" -> "Happy", "NF" -> "not a face"."""
    if code in SPLIT_CODES:
        return code
    return emotion_name(code) if code in EMOTIONS else _(_OTHER_NAMES[code])


def network_name(network: str) -> str:
    """The name of a network that the table has answers of; its id where it no longer ships."""
    name = _own_name(network)
    return _(name)


@cache  # a run of the page asks for some forty names, and each time the folder of networks would be read
def _own_name(network: str) -> str:
    return next((info.name for info in list_measured() if info.id == network), network)


def column_name(column_id: str) -> str:
    """A column in a few words: "entropy" -> "Entropy of the votes", "right:raut" -> "Right or wrong: Raut"."""
    what = column(column_id)
    return f"{_(what.name)}: {network_name(what.network)}" if what.network else _(what.name)


def value_words(table: RowTable, column_id: str, position: int) -> str:
    """The value of a row in words."""
    value = table.values(column_id)[position]
    if codes := table.codes(column_id):
        return class_name(codes[int(value)] if value >= 0 else NONE)
    return number_words(column_id, float(value))


def number_words(column_id: str, value: float) -> str:
    """A number of a column as the reader's language writes it; row numbers as programs do."""
    if column_id == "row":
        return str(int(value))
    return format_number(value, 0 if float(value).is_integer() else 2)


def condition_words(condition: Condition) -> str:
    """A condition as its chip says it: "Label: Happy, Sad", "Entropy of the votes: 0.5 to 1.5"."""
    name = column_name(condition.column)
    if condition.values is None:
        return f"{name}: {range_words(condition)}"
    if len(condition.values) > _NAMED:
        count = len(condition.values)
        return f"{name}: " + ngettext("{n} value", "{n} values", count).format(n=format_number(count))
    return f"{name}: " + (", ".join(map(_value_name, condition.values)) or "–")


def range_words(condition: Condition) -> str:
    """A range in words: "0.5 to 1.5", "up to 3", "7"."""
    low, high = condition.low, condition.high
    if low is not None and low == high:
        return number_words(condition.column, low)
    if low is None:
        assert high is not None
        return _("up to {high}").format(high=number_words(condition.column, high))
    if high is None:
        return _("from {low}").format(low=number_words(condition.column, low))
    return _("{low} to {high}").format(
        low=number_words(condition.column, low), high=number_words(condition.column, high)
    )


def _value_name(value: str) -> str:
    return value if value.removeprefix("-").isdecimal() else class_name(value)

"""The expressions of a network, in the orders in which the steps show them."""

from __future__ import annotations

from fer_core.labels import in_reading_order
from pages.network.seen import Seen
from pages.ui.i18n import emotion_name


def expression_names(seen: Seen) -> dict[str, str]:
    """Code to name, in the order in which people read them."""
    return {code: emotion_name(code) for code in in_reading_order(seen.info.labels)}


def ranked(seen: Seen) -> list[str]:
    """Codes, the most probable first, as the shipped file answers."""
    order = (-seen.answer.probabilities).argsort(kind="stable")
    return [seen.info.labels[column] for column in order]

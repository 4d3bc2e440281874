"""Controls of a step: what is chosen stands in the parameter of the address that is also the key of the control."""

from __future__ import annotations

from collections.abc import Mapping

from pages.network import selection
from pages.ui.address import controls


def choose_part(
    name: str, label: str, names: Mapping[str, str], default: str, *, hidden: bool = False
) -> str:
    """Buttons side by side, of which one is pressed.

    Args:
        name: of the parameter, and key of the control.
        label: translated.
        names: code, as the address has it, to words, translated.
        default: what is shown where the address names none.
        hidden: the label is there for a screen reader only.

    Returns:
        Code of the one that is pressed.
    """
    chosen = selection.choice_of_address(name, names, default)
    controls.choose_part(
        label, names, chosen, lambda code: selection.put(**{name: code}), key=name, hidden=hidden
    )
    return chosen


def choose_from_list(name: str, label: str, names: Mapping[str, str], default: str) -> str:
    """As `choose_part`, as a list that opens."""
    chosen = selection.choice_of_address(name, names, default)
    controls.choose_from_list(label, names, chosen, lambda code: selection.put(**{name: code}), key=name)
    return chosen

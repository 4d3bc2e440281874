"""What is chosen in the view "Accuracy", as its address says it: the open cell and the numbers."""

from __future__ import annotations

from collections.abc import Sequence

from fer_core.errors import RautError
from pages.training.accuracy.matrix import NUMBERS
from pages.training.accuracy.rows import Cell
from pages.ui.address.parameters import choice_of_address, put, text_of_address
from pages.ui.guard import show_error
from pages.ui.i18n import N_

CELL = "cell"
"""Parameter of the address: the open cell, label and answer with a hyphen between them, such as `angry-fear`."""

SHOWN = "numbers"
"""Parameter of the address: what the cells show, one of `NUMBERS`."""


def open_cell(labels: Sequence[str]) -> Cell | None:
    """The cell that the address names; None where it names none, and a sentence where the matrix has no such cell."""
    text = text_of_address(CELL)
    if not text:
        return None
    label, _hyphen, answer = text.partition("-")
    if label in labels and answer in labels:
        return labels.index(label), labels.index(answer)
    show_error(RautError(N_("This matrix has no cell “{name}”. Click one of its cells."), name=text[:60]))
    return None


def set_cell(labels: Sequence[str], cell: Cell | None) -> None:
    """Open a cell, or none; to be called in a callback."""
    put({CELL: None if cell is None else f"{labels[cell[0]]}-{labels[cell[1]]}"})


def shown_numbers() -> str:
    """Key of `NUMBERS`; a sentence where the address names another one."""
    return choice_of_address(SHOWN, NUMBERS, next(iter(NUMBERS)), _refuse)


def set_numbers(numbers: str) -> None:
    """Another of `NUMBERS`; to be called in a callback."""
    put({SHOWN: None if numbers == next(iter(NUMBERS)) else numbers})


def _refuse(_name: str, text: str, _shown: str) -> None:
    show_error(RautError(N_("The matrix cannot show “{name}”."), name=text[:60]))

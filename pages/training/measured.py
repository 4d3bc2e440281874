"""What was measured of a network on the split that is shown, with or without the duplicates of the training pictures."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from fer_core.errors import RautError
from fer_core.evaluation.answers import SplitAnswers, read_answers
from fer_core.evaluation.report import SplitReport
from pages.training.controls import part_or_reason
from pages.training.networks import NetworkResults
from pages.training.selection import Chosen
from pages.ui.address.parameters import put, text_of_address
from pages.ui.guard import show_error
from pages.ui.i18n import _

DUPLICATES = "duplicates"
"""Parameter of the address: "without" leaves out the pictures that are also among the training pictures."""

_WITHOUT = "without"
_KEY = "training_duplicates"


@dataclass(frozen=True, eq=False)
class Measured:
    """How a network answered a split.

    Attributes:
        results: the network.
        whole: with all pictures of the split.
        part: what is shown: `whole`, or the same without the duplicates.
        answers: to each picture of `part`; None where they are not stored.
    """

    results: NetworkResults
    whole: SplitReport
    part: SplitReport
    answers: SplitAnswers | None

    @property
    def leaves_out_duplicates(self) -> bool:
        return self.part is not self.whole


def measured_part(chosen: Chosen, results: NetworkResults) -> Measured | None:
    """What the address asks for; None, and the reason is shown, where the network was not evaluated."""
    whole = part_or_reason(chosen, results)
    if whole is None:
        return None
    without = whole.without_duplicates if text_of_address(DUPLICATES) == _WITHOUT else None
    found = stored_answers(results, whole.name)
    if without is None:
        return Measured(results, whole, whole, found)
    return Measured(results, whole, without, found.without_duplicates if found is not None else None)


def stored_answers(results: NetworkResults, split: str) -> SplitAnswers | None:
    """The stored answers to a split; None where there are none, and a sentence for damaged ones."""
    try:
        stored = read_answers(results.info)
    except RautError as error:
        show_error(error)
        return None
    return stored.splits.get(split) if stored is not None else None


def duplicates_switch(chosen: Chosen) -> None:
    """Leaves the duplicates out; nothing where the main network was not measured without them."""
    whole = chosen.part(chosen.main)
    if whole is None or whole.without_duplicates is None:
        return
    st.session_state[_KEY] = text_of_address(DUPLICATES) == _WITHOUT
    st.toggle(
        _("Without duplicates of the training images"),
        key=_KEY,
        on_change=_follow,
        help=_(
            "Leaves out the test images that have an exact duplicate among the images that the network learnt "
            "from."
        ),
    )


def _follow() -> None:
    put({DUPLICATES: _WITHOUT if st.session_state[_KEY] else None})


def not_stored_note(results: NetworkResults, what: str) -> None:
    """Says that something cannot be shown of a network whose answers to single pictures are not stored.

    Args:
        results: the network.
        what: a sentence, translated, of what needs them.
    """
    why = (
        _(
            "Stored are only its counts and its mistakes. This command stores all answers: "
            "`python -m fer_core evaluate {id}`"
        ).format(id=results.info.id)
        if results.info.ships
        else _("Of this network, whose weights do not ship, only the counts and the mistakes are stored.")
    )
    st.info(f"{what} {why}", icon=":material/rule:")

"""Which faces a round asks about: the list of sets, and what each needs. All of it stands in the address.

So the link of a round asks for the same faces again, but for faces from photos, which stay in the memory of a session.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from itertools import combinations
from typing import Final

import streamlit as st

from fer_core.datasets.statistics.tables import table_of
from fer_core.errors import QuizError, RautError
from fer_core.labels import EXPRESSIONS
from fer_core.quiz.choice import (
    COUNT,
    LARGEST_SEED,
    PAIR,
    ROWS,
    SEED,
    SET,
    Kind,
    SetChoice,
)
from fer_core.quiz.sets import missing_rows
from pages.quiz.faces import has_dataset, has_own_faces
from pages.quiz.selection import put
from pages.quiz.set_words import SET_NAMES, set_meaning
from pages.ui.address.controls import choose_from_list
from pages.ui.blocks import no_dataset_card
from pages.ui.guard import escape_markdown, show_error
from pages.ui.i18n import _, either, emotion_name, error_sentence, format_number
from pages.ui.resources import dataset_or_none

COUNTS: Final = (5, 10, 15, 20, 25, 30)
"""How many faces the list offers; an address may ask for any number between."""

_SEED_KEY = "quiz_seed"
_FIRST_SEED_KEY = "quiz_first_seed"
_LIST_WIDTH, _PAIR_WIDTH = 340, 300  # pixels, less on a phone
_SEEDS_AT_FIRST: Final = 9999  # short enough to be read out


def choose_set() -> SetChoice:
    """The list of sets with a line that says what is asked, and the list of pairs of expressions for the set that has one.

    Returns:
        What is chosen, for `quiz_of`: samples where the data set that it takes is not on this computer, which is said.
    """
    here = has_dataset()
    choice, problems = _choice_of_address(here)
    for problem in problems:
        show_error(problem)
    asked = choice
    if not here and choice.kind not in ("photos", "samples"):
        choice = replace(choice, kind="samples")
    if choice.kind == "rows":
        choice = _only_rows_that_are_there(choice)
    with st.container(key="quiz_set_row", horizontal=True, vertical_alignment="bottom", gap="small"):
        _list_of_sets(choice, here)
        if choice.kind == "pair":
            _pairs(choice.pair)
    if not here:
        _without_dataset(asked)
    try:
        st.caption(set_meaning(choice))
    except QuizError as error:
        st.info(escape_markdown(error_sentence(error)), icon=":material/face:")
    return choice


def more_of_set() -> None:
    """For "More": how many faces a draw has, its seed, and a button for another one; nothing for a set that is not drawn."""
    choice, _problems = _choice_of_address(has_dataset())
    if choice.is_drawn or choice.kind == "samples":
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            if choice.is_drawn:
                _count(choice)
            _seed(choice)
        st.button(
            _("Other faces"),
            key="quiz_set_other",
            icon=":material/shuffle:",
            on_click=other_faces,
            help=_("Draws with another seed. The address of the page keeps it."),
        )


def _count(choice: SetChoice) -> None:
    counts = {count: format_number(count) for count in sorted({*COUNTS, choice.count})}
    choose_from_list(
        _("How many faces"),
        counts,
        choice.count,
        lambda count: put(COUNT, str(count)),
        choice.count,
        key="quiz_count",
    )


def _seed(choice: SetChoice) -> None:
    st.session_state[_SEED_KEY] = choice.seed
    st.number_input(
        _("Seed of the draw"),
        min_value=0,
        max_value=LARGEST_SEED,
        step=1,
        key=_SEED_KEY,
        on_change=_follow_seed,
        help=_("The same seed asks about the same faces again, on every computer with the same data set."),
    )


def other_faces() -> None:
    """Another seed, so that a draw gives other faces; to be called in a callback."""
    put(SEED, str(_new_seed()))


def keep_in_address(choice: SetChoice) -> None:
    """Write a choice into the address whole, so that its link asks for the same faces again."""
    for name, text in choice.to_query().items():
        put(name, text)


def _choice_of_address(here: bool) -> tuple[SetChoice, tuple[RautError, ...]]:
    """What the address says; at first a draw at random, or samples where there is no data set."""
    seed = st.session_state.setdefault(_FIRST_SEED_KEY, _new_seed())
    default = SetChoice("random" if here else "samples", seed=seed)
    return SetChoice.from_query(st.query_params.to_dict(), default)


def _only_rows_that_are_there(choice: SetChoice) -> SetChoice:
    """Without the rows that the data set does not have, with a sentence for each."""
    try:
        dataset = dataset_or_none()
        if dataset is None:
            return choice
        table = table_of(dataset)
    except RautError as error:
        show_error(error)
        return choice
    missing = missing_rows(table, choice.rows)
    for problem in missing:
        show_error(problem)
    held = set(table.values("row").tolist())
    return replace(choice, rows=tuple(row for row in choice.rows if row in held))


def _list_of_sets(choice: SetChoice, here: bool) -> None:
    offered: list[Kind] = []
    if here:
        offered += ["random", "contested", "unanimous", "pair", "wrong"]
    if here and (choice.kind == "rows" or ROWS in st.query_params):
        offered.append("rows")
    if choice.kind == "photos" or has_own_faces():
        offered.append("photos")
    offered.append("samples")
    names = {kind: _(SET_NAMES[kind]) for kind in offered}
    choose_from_list(
        _("Faces"),
        names,
        choice.kind,
        lambda kind: put(SET, kind),
        *offered,
        key="quiz_set",
        width=_LIST_WIDTH,
    )


def _pairs(pair: tuple[str, str]) -> None:
    pairs = [
        "-".join(pair) if set(each) == set(pair) else "-".join(each) for each in combinations(EXPRESSIONS, 2)
    ]
    choose_from_list(
        _("Expressions"),
        {text: _pair_in_words(text) for text in pairs},
        "-".join(pair),
        lambda text: put(PAIR, text),
        *pairs,
        key="quiz_pair",
        width=_PAIR_WIDTH,
    )


def _pair_in_words(text: str) -> str:
    first, second = text.split("-")
    return either([emotion_name(first), emotion_name(second).lower()])


def _without_dataset(asked: SetChoice) -> None:
    """That only samples and own faces can be asked about here, and how to get the rest."""
    with st.container(key="quiz_no_dataset", horizontal=True, vertical_alignment="center", gap="small"):
        if asked.kind in ("photos", "samples"):
            text = _("More sets are made of FER2013, which is not on this computer.")
        else:
            text = _("This set is made of FER2013, which is not on this computer: samples are asked instead.")
        st.markdown(text, width="content")
        with st.popover(_("How to get FER2013"), type="tertiary"):
            no_dataset_card()


def _follow_seed() -> None:
    chosen = st.session_state[_SEED_KEY]
    if chosen is not None:
        put(SEED, str(chosen))


def _new_seed() -> int:
    return secrets.randbelow(_SEEDS_AT_FIRST) + 1

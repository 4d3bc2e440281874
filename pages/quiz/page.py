"""Quiz: which expression does this face show? Alone or with a class, and then what others said to the same face.

What is chosen stands in the address (`pages/quiz/selection.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from pages.quiz import selection
from pages.quiz.alone.view import render_alone
from pages.quiz.classroom.host import render_class, show_open_round, tell_of_open_round
from pages.quiz.classroom.joining import join_round
from pages.quiz.classroom.phone import render_round
from pages.ui.access import room_code, show_problem_of_address
from pages.ui.blocks import no_network_card
from pages.ui.charts import result_style
from pages.ui.i18n import N_, _
from pages.ui.network_choice import damaged_networks_note
from pages.ui.resources import networks

WAYS: dict[selection.Way, tuple[str, Callable[[], None]]] = {
    "alone": (N_("Alone"), render_alone),
    "class": (N_("With a class"), render_class),
}
"""Each way to play: its name, and what shows it."""


def _way_control(way: selection.Way) -> None:
    # Not bound to the address by Streamlit, which would write the name of a way there, in the reader's language.
    st.session_state[selection.WAY_KEY] = way
    st.segmented_control(
        _("Who plays"),
        list(WAYS),
        required=True,
        format_func={code: _(name) for code, (name, _show) in WAYS.items()}.__getitem__,
        key=selection.WAY_KEY,
        on_change=_follow_way,
        label_visibility="collapsed",
    )


def _follow_way() -> None:
    way = st.session_state[selection.WAY_KEY]
    selection.put(selection.WAY, None if way == selection.WAYS[0] else way)


def render() -> None:
    st.html(Path(__file__).with_name("quiz.css"))
    if room_code() is not None:
        render_round()
        return
    result_style()
    selection.come_back()
    if st.query_params.get(selection.WAY) == "class" and show_open_round():
        return
    head = st.container(key="quiz_head", horizontal=True, vertical_alignment="center", gap="medium")
    head.title(_("Quiz"), anchor=False, width="content")
    show_problem_of_address()
    damaged_networks_note()
    if not networks():
        no_network_card()
        return
    way = selection.way_of_address()
    with head:
        _way_control(way)
        join_round()
    if way == "alone":
        tell_of_open_round()
    _name, show = WAYS[way]
    show()


render()

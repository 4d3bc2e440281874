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
from pages.ui.address.controls import choose_part
from pages.ui.address.parameters import choice_of_address, come_back, text_of_address
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


def render() -> None:
    st.html(Path(__file__).with_name("quiz.css"))
    if room_code() is not None:
        render_round()
        return
    result_style()
    come_back(selection.PAGE)
    if text_of_address(selection.WAY) == "class" and show_open_round():
        return
    head = st.container(key="quiz_head", horizontal=True, vertical_alignment="center", gap="medium")
    head.title(_("Quiz"), anchor=False, width="content")
    show_problem_of_address()
    damaged_networks_note()
    if not networks():
        no_network_card()
        return
    way = choice_of_address(selection.WAY, selection.WAYS, selection.WAYS[0])
    with head:
        names = {code: _(name) for code, (name, _show) in WAYS.items()}
        choose_part(_("Who plays"), names, way, selection.choose_way, key="quiz_way", hidden=True)
        join_round()
    if way == "alone":
        tell_of_open_round()
    _name, show = WAYS[way]
    show()


render()

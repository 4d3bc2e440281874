"""The lobby: how phones join, and how many have."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Final

import streamlit as st

from fer_core.quiz.room import Action, Room
from pages.quiz.classroom.host_address import address_control, class_addresses
from pages.quiz.classroom.host_buttons import close_question, next_button
from pages.quiz.classroom.host_way_in import show_way_in, warning_of_certificate
from pages.ui.guard import guarded_page
from pages.ui.i18n import _, format_number, ngettext

LOOK_EVERY_S: Final = 0.5


def show_lobby(room: Room, close: Callable[[], None]) -> None:
    """Address, QR code and room code for the class, and the button that asks the first question.

    Args:
        room: in the lobby.
        close: callback that ends the round.
    """
    stage = room.stage
    addresses = class_addresses()
    st.title(_("Which expression does this face show?"), anchor=False)
    with st.container(key="quiz_host_lobby"):
        show_way_in(room.code, addresses)
        warning_of_certificate(addresses)
    with st.container(key="quiz_host_bar", horizontal=True, vertical_alignment="center", gap="small"):
        next_button(_("Ask the first question"), "play_arrow", room, Action.START, stage)
        _joined(room)
        close_question(close, has_answers=False)
        if len(addresses) > 1:
            with st.popover(_("Other address"), icon=":material/lan:", key="quiz_host_addresses"):
                address_control(addresses)


def _joined(room: Room) -> None:
    """How many phones have joined, renewed by itself; the page runs anew once the lobby is over."""
    stage = room.stage

    @st.fragment(run_every=LOOK_EVERY_S)
    @guarded_page()
    def joined() -> None:
        if room.stage != stage or room.ended:
            st.rerun()
        count = room.joined
        text = ngettext("{n} phone has joined", "{n} phones have joined", count)
        st.html(
            f'<p class="raut-quiz-joined" role="status">{html.escape(text.format(n=format_number(count)))}</p>'
        )

    joined()

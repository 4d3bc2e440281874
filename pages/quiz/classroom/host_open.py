"""How a teacher opens a round: which faces, and one button."""

from __future__ import annotations

import streamlit as st

from fer_core.errors import RautError
from fer_core.quiz.rooms import IDLE_S, ROOMS
from pages.quiz.classroom.host_address import class_addresses
from pages.quiz.faces import quiz_of
from pages.quiz.more import more_settings, network_of_address
from pages.quiz.set_choice import choose_set
from pages.ui.guard import show_error
from pages.ui.i18n import _, format_number


def open_round() -> str | None:
    """The set of faces and the button; the teacher's token once a room was opened, else None."""
    st.markdown(
        _(
            "The projector shows one face after the other. Pupils answer on their phones, without names and accounts. Then "
            "the class sees how its answers are spread, beside those of ten annotators (FER+) and the network: where people "
            "disagree is the lesson, and there is no score."
        )
    )
    network = network_of_address()
    choice = choose_set()
    with st.container(key="quiz_start_row", horizontal=True, vertical_alignment="center", gap="small"):
        pressed = st.button(_("Open a room"), key="quiz_host_open", icon=":material/groups:", type="primary")
        asks_sure = more_settings(network)
    hours = format_number(IDLE_S / 3600)
    st.caption(
        _(
            "Nothing about a pupil is kept. Answers are in the memory of this computer only; they are erased when you close "
            "the room, and after {hours} hours without an action."
        ).format(hours=hours)
    )
    if not class_addresses():
        st.info(
            _(
                "Phones cannot come yet: this Raut is open to this computer alone. Start it with `make serve`. You can try a "
                "round out in a second tab."
            ),
            icon=":material/phonelink_off:",
        )
    if not pressed:
        return None
    try:
        token, _room = ROOMS.open(quiz_of(choice, network), asks_sure)
    except RautError as error:
        show_error(error)
        return None
    return token

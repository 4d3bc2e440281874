"""The teacher's buttons: one for the next step, and beside it what is seldom needed.

A presenter's remote sends PageDown for the next step, and PageUp for a second vote. A press counts for the stage that the
page showed, and a second one right after it for none, so that no question is skipped by accident.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import streamlit as st

from fer_core.quiz.room import MOST_VOTES, Action, Phase, Room, Stage
from pages.quiz.classroom.host_address import class_addresses
from pages.quiz.classroom.host_way_in import show_way_in
from pages.ui.i18n import _

PAUSE_S: Final = 0.7
"""A press within so long after a step is one of a double press."""
_STEPPED_KEY: Final = "quiz_host_stepped"
_NETWORK_KEY: Final = "quiz_host_network"
_KEYS: Final = Path(__file__).with_name("host_keys.js")


def step(room: Room, action: Action, at: Stage) -> None:
    """Callback of a button: the round goes on, once for a double press.

    Args:
        room: of the round.
        action: what the button says.
        at: the stage that the page showed.
    """
    now_s = time.monotonic()
    if now_s - st.session_state.get(_STEPPED_KEY, float("-inf")) < PAUSE_S:
        return
    if room.step(action, at) != at:
        st.session_state[_STEPPED_KEY] = now_s


def next_button(words: str, icon: str, room: Room, action: Action, at: Stage) -> None:
    """The button for the next step: always the same one to the browser, so that the focus stays on it.

    Args:
        words: what it says, translated.
        icon: name of a symbol.
        room: of the round.
        action: what it does.
        at: the stage that the page shows.
    """
    st.button(
        words,
        icon=f":material/{icon}:",
        type="primary",
        key="quiz_host_next",
        shortcut="PageDown",
        on_click=step,
        args=(room, action, at),
    )
    with st.container(key="quiz_host_keys"):
        st.components.v2.component("quiz_host_keys", js=_KEYS.read_text("utf-8"))(key="quiz_host_keys_part")


def show_buttons(room: Room, stage: Stage) -> None:
    """Those of a face.

    Args:
        room: of the round.
        stage: that the page shows: asking, shown or revealed.
    """
    with st.container(key="quiz_host_bar", horizontal=True, vertical_alignment="center", gap="small"):
        if stage.phase is Phase.ASKING:
            next_button(_("Show the answers"), "bar_chart", room, Action.SHOW, stage)
        elif stage.phase is Phase.SHOWN:
            next_button(_("Reveal"), "visibility", room, Action.REVEAL, stage)
            if stage.vote < MOST_VOTES:
                st.button(
                    _("Talk, then answer again"),
                    icon=":material/forum:",
                    key="quiz_host_again",
                    shortcut="PageUp",
                    on_click=step,
                    args=(room, Action.AGAIN, stage),
                )
        elif stage.question + 1 < len(room.quiz):
            next_button(_("Next face"), "arrow_forward", room, Action.NEXT, stage)
        else:
            next_button(_("Results"), "summarize", room, Action.NEXT, stage)
        with st.popover(_("How to join"), icon=":material/qr_code_2:", key="quiz_host_join"):
            show_way_in(room.code, class_addresses())
        # Another one for each stage, so that it is closed where one of its buttons has led.
        place = f"{stage.phase.value}_{stage.question}_{stage.vote}"
        with st.popover(_("More"), icon=":material/more_horiz:", key=f"quiz_host_more_{place}"):
            _more(room, stage)


def _more(room: Room, stage: Stage) -> None:
    if stage.phase is Phase.ASKING:
        st.button(
            _("Reveal at once"),
            icon=":material/visibility:",
            key="quiz_host_reveal",
            width="stretch",
            on_click=step,
            args=(room, Action.REVEAL, stage),
            help=_(
                "Votes, label and network at once, without the answers of the class by themselves before."
            ),
        )
    if stage.phase is not Phase.REVEALED:
        st.button(
            _("Skip this face"),
            icon=":material/skip_next:",
            key="quiz_host_skip",
            width="stretch",
            on_click=step,
            args=(room, Action.SKIP, stage),
            help=_("What was answered to it is erased, and it does not count."),
        )
    # Written in each run: the room knows, and another tab may have changed it.
    st.session_state[_NETWORK_KEY] = room.shows_network
    st.toggle(
        _("Show the network"),
        key=_NETWORK_KEY,
        on_change=lambda: room.show_network(st.session_state[_NETWORK_KEY]),
        help=_("Off, a reveal shows annotators and label only, here and on the phones."),
    )
    st.divider()
    st.markdown(_("**End the round?** No more faces are asked. The answers stay until you close the room."))
    st.button(
        _("End and show the results"),
        icon=":material/stop_circle:",
        key="quiz_host_finish",
        width="stretch",
        on_click=step,
        args=(room, Action.FINISH, stage),
    )


def close_question(close: Callable[[], None], *, has_answers: bool) -> None:
    """The button that closes the room, behind one question.

    Args:
        close: callback; nothing of the room is left after it.
        has_answers: whether there are any to lose.
    """
    with st.popover(_("Close the room"), icon=":material/logout:", key="quiz_host_close"):
        if has_answers:
            st.markdown(
                _("**Close the room?** All answers are erased. Download first what you want to keep.")
            )
        else:
            st.markdown(_("**Close the room?** Phones that have joined are told that it has ended."))
        st.button(
            _("Close and erase"),
            icon=":material/delete:",
            key="quiz_host_close_now",
            on_click=close,
        )

"""Before a round: which faces, and one button that starts it."""

from __future__ import annotations

import streamlit as st

from fer_core.errors import RautError
from fer_core.quiz.game import Game
from pages.quiz.alone import session
from pages.quiz.faces import quiz_of
from pages.quiz.more import more_settings, network_of_address
from pages.quiz.set_choice import choose_set
from pages.ui.guard import show_error
from pages.ui.i18n import _, format_number


def render_setup(waiting: Game | None) -> None:
    """The set of faces and the button.

    Args:
        waiting: a game that was set aside and can be gone on with; None where there is none.
    """
    with st.container(key="quiz_lead"):
        st.markdown(
            _(
                "You see one face after the other and say which expression it shows. Then you see what ten annotators "
                "voted (FER+), the label of FER2013 and the network's answer to the same face. Often they disagree. "
                "No score is kept."
            )
        )
    network = network_of_address()
    choice = choose_set()
    with st.container(key="quiz_start_row", horizontal=True, vertical_alignment="center", gap="small"):
        start = st.button(_("Start"), key="quiz_start", icon=":material/play_arrow:", type="primary")
        asks_sure = more_settings(network)
        if waiting is not None:
            _way_back(waiting)
    st.caption(
        _(
            "You see each face as the network reads it: grey, 48×48 pixels. Your answers stay in the memory of the computer "
            "that serves this page until you start anew or are away for two hours."
        )
    )
    if start:
        try:
            session.begin(quiz_of(choice, network), asks_sure=asks_sure)
        except RautError as error:
            show_error(error)
        else:
            st.rerun()


def _way_back(waiting: Game) -> None:
    count = len(waiting.quiz)
    if waiting.answered == count:
        words = _("Back to your results")
    else:
        words = _("Go on with your round ({n} of {count} faces answered)").format(
            n=format_number(waiting.answered), count=format_number(count)
        )
    st.button(
        words, key="quiz_resume", icon=":material/undo:", on_click=session.resume, args=(waiting.quiz,)
    )  # fmt: skip

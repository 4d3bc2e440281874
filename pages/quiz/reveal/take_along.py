"""What was answered, as anonymous counts to take along."""

from __future__ import annotations

import streamlit as st

from fer_core.quiz.table import answers_zip
from pages.quiz.reveal.round import Round
from pages.ui.i18n import _, language, speaking


def answers_button(round_: Round) -> None:
    """A zip with the counts and their codebook, written when it is pressed."""
    provenance, spoken = round_.provenance, language()

    def content() -> bytes:
        with speaking(spoken):  # written outside of a run of the page
            return answers_zip(round_.asked, round_.quiz, provenance, _)

    st.download_button(
        _("Download the answers"),
        content,
        file_name=provenance.file_name("quiz-answers", "zip"),
        mime="application/zip",
        key=f"{round_.key}_download",
        icon=":material/download:",
        on_click="ignore",
        help=_(
            "A zip with answers.csv, how many gave which answer to each face, and codebook.csv, which explains it. Nobody is "
            "named in it."
        ),
    )

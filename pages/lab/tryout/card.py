"""The model card of a network of the lab: the class fills in what it is for and who was there, Raut fills in the figures."""

from __future__ import annotations

from functools import partial
from typing import Final

import streamlit as st

from fer_core.cards.lab_card import CardTexts, card_html, card_markdown
from fer_core.lab.network import LabNetwork
from fer_core.recognition.provenance import download_name
from pages.ui.charts import now_here
from pages.ui.guard import NOTHING, guarded_page
from pages.ui.i18n import N_, _, language
from pages.ui.report_words import words

TEXTS_KEY: Final = "lab_card_texts"
"""Session key of a dictionary: id of a network to what the class wrote about it."""
LONGEST_TEXT: Final = 1000
FIELDS: Final = {
    "purpose": (N_("What it is for"), N_("For example: to see in class how a network learns.")),
    "not_for": (
        N_("What it is not for"),
        N_("For example: to judge people, or to decide anything about them."),
    ),
    "people": (
        N_("Who was in front of the camera"),
        N_("Numbers and no names, for example: 4 pupils of 16 years, 2 of them with glasses, one room."),
    ),
    "judgement": (
        N_("How good we think it is"),
        N_("For example: good with us in daylight, bad with a cap."),
    ),
}
"""Attribute of `CardTexts` to the heading of its field and to an example, both to be translated."""


def write_card(network: LabNetwork) -> None:
    """A button that opens the form and the card."""
    if st.button(
        _("Write the model card"), icon=":material/description:", key="lab_card_open", width="stretch"
    ):
        dialog = st.dialog(_("Model card"), width="large")
        dialog(guarded_page()(_form_and_card))(network)


def texts_of(network: LabNetwork) -> CardTexts:
    """What the class wrote about the network in this session; empty at first."""
    written: dict[str, CardTexts] = st.session_state.get(TEXTS_KEY, {})
    return written.get(network.id, CardTexts())


def _form_and_card(network: LabNetwork) -> None:
    before = texts_of(network)
    st.markdown(
        _("Write as much as you know; what stays empty is marked as not filled in. Raut adds the figures.")
    )
    left, right = st.columns(2, gap="medium")
    with left:
        written = {
            name: st.text_area(
                _(heading),
                value=getattr(before, name),
                max_chars=LONGEST_TEXT,
                height=96,
                placeholder=_(example),
                key=f"lab_card_{name}_{network.id}",
            )
            for name, (heading, example) in FIELDS.items()
        }
    texts = CardTexts(**written)
    st.session_state[TEXTS_KEY] = {**st.session_state.get(TEXTS_KEY, {}), network.id: texts}
    with right, st.container(border=True, height=460, key="lab_card_preview"):
        st.markdown(card_markdown(network, texts, words(language()), NOTHING))
    with st.container(horizontal=True):
        for ending, make, mime, label, icon in (
            ("md", card_markdown, "text/markdown", _("Download as Markdown"), ":material/download:"),
            ("html", card_html, "text/html", _("Download as HTML"), ":material/web:"),
        ):
            st.download_button(
                label,
                partial(make, network, texts, words(language())),
                file_name=download_name(f"lab-{network.name}-model-card", ending, now_here().date()),
                mime=mime,
                icon=icon,
                key=f"lab_card_{ending}",
                on_click="ignore",
            )

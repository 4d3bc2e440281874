"""The view "Calibration" of the page Training: how sure a network is, against how often it is right."""

from __future__ import annotations

import streamlit as st

from pages.training.calibration.certainty import certainty_section
from pages.training.calibration.confident_answers import confident_answers
from pages.training.controls import one_network, second_network, side_by_side, split_choice
from pages.training.measured import duplicates_switch, measured_part
from pages.training.networks import NetworkResults
from pages.training.selection import Chosen
from pages.ui.blocks import term
from pages.ui.i18n import _


def render(chosen: Chosen) -> None:
    """See `pages/training/page.py`."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="calibration_controls"):
        one_network(chosen)
        split_choice(chosen)
        with st.popover(_("More"), icon=":material/tune:"):
            second_network(chosen)
            duplicates_switch(chosen)

    def block(results: NetworkResults, key: str) -> None:
        measured = measured_part(chosen, results)
        if measured is not None:
            certainty_section(measured, key=f"{key}_sure")
            confident_answers(measured, key=f"{key}_confident")

    side_by_side(chosen.networks[:2], block)
    with st.container(horizontal=True):
        for name in ("calibration", "temperature", "confidence", "prediction_set", "unsure"):
            term(name)

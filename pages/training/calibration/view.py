"""The view "Calibration" of the page Training: how sure a network is, against how often it is right."""

from __future__ import annotations

import streamlit as st

from pages.training.calibration.certainty import certainty_section
from pages.training.controls import one_network, part_or_reason, second_network, side_by_side, split_choice
from pages.training.networks import NetworkResults
from pages.training.selection import Chosen
from pages.ui.blocks import term


def render(chosen: Chosen) -> None:
    """See `pages/training/page.py`."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        one_network(chosen)
        second_network(chosen)
        split_choice(chosen)

    def block(results: NetworkResults, key: str) -> None:
        part = part_or_reason(chosen, results)
        if part is not None:
            certainty_section(results, part, key=f"{key}_sure")

    side_by_side(chosen.networks[:2], block)
    with st.container(horizontal=True):
        term("calibration")
        term("unsure")

"""The view "Curves" of the page Training: how networks learnt."""

from __future__ import annotations

import streamlit as st

from pages.training.controls import one_network, second_network, side_by_side
from pages.training.curves.charts import curves
from pages.training.networks import NetworkResults, facts
from pages.training.selection import Chosen


def render(chosen: Chosen) -> None:
    """See `pages/training/page.py`."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        one_network(chosen)
        second_network(chosen)
    shown = chosen.networks[:2]

    def block(results: NetworkResults, key: str) -> None:
        facts(results)
        curves(results, shown, key=key)

    side_by_side(shown, block)

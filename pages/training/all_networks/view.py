"""The view "All networks" of the page Training: a table to sort for each test set, and accuracy against speed."""

from __future__ import annotations

import streamlit as st

from pages.training.all_networks.speed import accuracy_and_speed
from pages.training.all_networks.table import all_networks
from pages.training.selection import Chosen
from pages.ui.i18n import _


def render(chosen: Chosen) -> None:
    """See `pages/training/page.py`."""
    all_networks(chosen.all)
    st.header(_("Accuracy and speed"), anchor=False)
    accuracy_and_speed(chosen.all, chosen.speed)

"""The view "Comparison" of the page Training: two networks on the same pictures."""

from __future__ import annotations

import streamlit as st

from pages.training.comparison.choice import not_comparable, second_network, split_choice
from pages.training.comparison.pair import Pair, candidates, shared_splits
from pages.training.comparison.pictures import pictures
from pages.training.comparison.result import details, result
from pages.training.controls import one_network
from pages.training.selection import Chosen
from pages.ui.i18n import _


def render(chosen: Chosen) -> None:
    """See `pages/training/page.py`."""
    offered = candidates(chosen)
    if not offered:
        one_network(chosen)
        st.info(_("There is only one network here, and nothing to compare it with."), icon=":material/info:")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        one_network(chosen)
        pair = offered[second_network(chosen, offered)]
        if isinstance(pair, Pair):
            split_choice(pair, shared_splits(chosen, [pair.second]))
    if not isinstance(pair, Pair):
        not_comparable(chosen, pair, offered)
        return
    result(pair)
    pictures(pair)
    details(pair)

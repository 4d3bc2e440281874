"""The view "Comparison" of the page Training: two networks and their figures side by side."""

from __future__ import annotations

import streamlit as st

from pages.training.accuracy.classes import overall_figures
from pages.training.accuracy.headline import accuracy_line, how_far_to_trust
from pages.training.controls import (
    one_network,
    paired,
    part_or_reason,
    second_network,
    side_by_side,
    split_choice,
)
from pages.training.networks import NetworkResults, facts
from pages.training.selection import Chosen
from pages.ui.i18n import _


def render(chosen: Chosen) -> None:
    """See `pages/training/page.py`."""
    chosen = paired(chosen)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        one_network(chosen)
        second_network(chosen, required=True)
        split_choice(chosen)
    if len(chosen.networks) < 2:
        st.info(_("There is only one network here, and nothing to compare it with."), icon=":material/info:")

    def block(results: NetworkResults, key: str) -> None:
        facts(results)
        part = part_or_reason(chosen, results)
        if part is not None:
            accuracy_line(part)
            how_far_to_trust(results, part)
            overall_figures(results, part, key=f"{key}_overall")

    side_by_side(chosen.networks[:2], block)

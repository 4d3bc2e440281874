"""Training: how each network learnt, how often it is right, and what it gets wrong; several networks compared.

Each view is a module with `render(chosen)`, and only the one that is shown is computed. What is chosen stands in the
address (`pages/training/selection.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from pages.training import selection
from pages.training.accuracy import view as accuracy
from pages.training.all_networks import view as all_networks
from pages.training.architecture import view as architecture
from pages.training.calibration import view as calibration
from pages.training.comparison import view as comparison
from pages.training.curves import view as curves
from pages.training.paper import view as paper
from pages.training.selection import Chosen
from pages.ui.address.controls import choose_part
from pages.ui.blocks import no_network_card
from pages.ui.charts import result_style
from pages.ui.guard import show_error
from pages.ui.i18n import N_, _
from pages.ui.network_choice import damaged_networks_note
from pages.ui.resources import measured_networks

VIEWS: dict[str, tuple[str, Callable[[Chosen], None]]] = {
    "curves": (N_("Curves"), curves.render),
    "accuracy": (N_("Accuracy"), accuracy.render),
    "calibration": (N_("Calibration"), calibration.render),
    "comparison": (N_("Comparison"), comparison.render),
    "paper": (N_("Paper"), paper.render),
    "architecture": (N_("Architecture"), architecture.render),
    "networks": (N_("All networks"), all_networks.render),
}
"""Code of each view, as the address has it, to its name and what shows it."""


def render() -> None:
    result_style()
    st.html(Path(__file__).with_name("training.css"))
    selection.come_back()
    shown, problem = selection.view_of_address(tuple(VIEWS))
    with st.container(key="training_head", horizontal=True, vertical_alignment="center", gap="medium"):
        st.title(_("Training"), anchor=False, width="content")
        names = {code: _(name) for code, (name, _show) in VIEWS.items()}
        choose_part(_("View"), names, shown, selection.show_view, key=selection.VIEW_KEY, hidden=True)
    if problem is not None:
        show_error(problem)
    damaged_networks_note()
    known = measured_networks()
    if not known:
        no_network_card()
        return
    _name, show = VIEWS[shown]
    show(selection.chosen_of_address(known))


render()

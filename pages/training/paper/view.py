"""The view "Paper" of the page Training: the paper's results beside ours."""

from __future__ import annotations

import streamlit as st

from fer_core.training.recipes.registry import RECIPES
from pages.training.paper.table import paper_beside_ours
from pages.training.selection import Chosen
from pages.ui.i18n import _


def render(chosen: Chosen) -> None:
    """See `pages/training/page.py`."""
    st.header(_("The paper and Raut"), anchor=False)
    st.markdown(
        _(
            "Ekawati et al. (2024) report three networks. Here they are trained again with its data, labels, "
            "number of epochs and learning rate, as far as its text and figures state them. What it does not "
            "state, such as the batch size (here {batch}), is Raut's choice."
        ).format(batch=RECIPES["paper-small"].batch_size)
    )
    paper_beside_ours(chosen.all)

"""Step "Classification": from the last feature maps to the probabilities, in parts of which one is shown."""

from __future__ import annotations

import streamlit as st

from fer_core.explanation.contributions import Classification
from pages.network.address_choice import choose_part
from pages.network.classification import dense, positions, softmax
from pages.network.classification.taken_apart import taken_apart
from pages.network.pooling.view import pooling
from pages.network.seen import Seen
from pages.ui.guard import guarded_page
from pages.ui.i18n import N_, _

PART = "part"
"""Parameter of the address: which part of the step is shown."""


def _pooling(seen: Seen, _apart: Classification) -> None:
    pooling(seen)


PARTS = {
    "pooling": (N_("Pooling"), _pooling),
    "positions": (N_("Flatten or mean"), positions.render),
    "dense": (N_("Dense layers"), dense.render),
    "softmax": (N_("Softmax"), softmax.render),
}
"""Code of each part to its name and what shows it, in the order of the computation."""


@st.fragment
@guarded_page()
def render(seen: Seen) -> None:
    """The part that the address names."""
    names = {code: _(name) for code, (name, _show) in PARTS.items()}
    part = choose_part(PART, _("Part"), names, next(iter(PARTS)), hidden=True)
    _name, show = PARTS[part]
    show(seen, taken_apart(seen))

"""Step "What it looks at": what the answer depends on, in parts of which one is shown."""

from __future__ import annotations

import streamlit as st

from pages.network.address_choice import choose_part
from pages.network.attention import covering, heat, occlusion
from pages.network.seen import Seen
from pages.ui.guard import guarded_page
from pages.ui.i18n import N_, _

PART = "look"
"""Parameter of the address: which part of the step is shown."""

PARTS = {
    "map": (N_("Heat map"), heat.render),
    "cover": (N_("Cover a part"), covering.render),
    "occlusion": (N_("Covered everywhere"), occlusion.render),
}
"""Code of each part to its name and what shows it."""


@st.fragment
@guarded_page()
def render(seen: Seen) -> None:
    """The part that the address names."""
    names = {code: _(name) for code, (name, _show) in PARTS.items()}
    part = choose_part(PART, _("Part"), names, next(iter(PARTS)), hidden=True)
    _name, show = PARTS[part]
    show(seen)

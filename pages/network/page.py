"""Network: what a convolutional network does with one face, step by step, from its pixels to the answer.

Each step is a module with `render(seen)`. A step reads and changes its own parameters of the address by
`pages/network/selection.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from fer_core.errors import NetworkError
from pages.network import overview, selection
from pages.network.attention import view as attention
from pages.network.classification import view as classification
from pages.network.convolution import view as convolution
from pages.network.faces import face_of_address
from pages.network.head import choices, network_of_address, small_head
from pages.network.seen import Seen, see
from pages.network.stage import view as stage
from pages.ui.address.controls import choose_part
from pages.ui.blocks import no_network_card
from pages.ui.charts import result_style
from pages.ui.guard import show_error
from pages.ui.i18n import N_, _
from pages.ui.network_choice import damaged_networks_note
from pages.ui.resources import networks

Step = Callable[[Seen], None]

STEPS: dict[str, tuple[str, Step]] = {
    "overview": (N_("Overview"), overview.render),
    "stage": (N_("Stage"), stage.render),
    "convolution": (N_("Convolution"), convolution.render),
    "classification": (N_("Classification"), classification.render),
    "attention": (N_("What it looks at"), attention.render),
}
"""Code of each step, as the address has it, to its name and what shows it."""


def render() -> None:
    result_style()
    st.html(Path(__file__).with_name("network.css"))
    top = st.container(key="network_head", horizontal=True, vertical_alignment="center", gap="medium")
    top.title(_("Network"), anchor=False, width="content")
    damaged_networks_note()
    if not networks():
        no_network_card()
        return
    head = st.container(key="network_seen", horizontal=True, vertical_alignment="center", gap="small")
    # Below the head, so that a sentence about the address does not move it.
    step = selection.choice_of_address(selection.STEP, tuple(STEPS), next(iter(STEPS)))
    info = network_of_address()
    face = face_of_address()
    with top:
        names = {code: _(name) for code, (name, _show) in STEPS.items()}
        choose_part(_("Step"), names, step, selection.go, key=selection.STEP, hidden=True)
    try:
        seen = see(face.gray, face.code, info)
    except NetworkError as error:
        show_error(error)
        seen = None
    with head:
        if seen is not None:
            small_head(seen)
        choices(face, info)
    if seen is not None:
        _name, show = STEPS[step]
        show(seen)


render()

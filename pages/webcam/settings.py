"""What a viewer may set for live video, and what is written into it in the viewer's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import streamlit as st

from fer_core.faces.search import DEFAULT_LIVE_DETECTOR, live_search
from fer_core.live.session import LiveSettings
from fer_core.recognition.drawing import TEN_METRES
from fer_core.recognition.steadying import TIME_CONSTANT_S
from pages.ui.captions import captions
from pages.ui.detector_choice import choose_detector
from pages.ui.i18n import N_, _
from pages.ui.network_choice import choose_any_network, network_caption
from pages.ui.resources import AnyNetwork, networks
from pages.webcam.projector import is_projected

EFFORT_NAMES: Final = {"quick": N_("Quick"), "normal": N_("Normal"), "thorough": N_("Thorough")}
SMOOTHING_NAMES: Final = {"short": N_("Short"), "normal": N_("Normal"), "long": N_("Long")}
SMOOTHING_S: Final = {"short": 0.08, "normal": TIME_CONSTANT_S, "long": 0.6}
"""Time constants in seconds: short trembles and misses nothing, long is for a class that discusses one face."""


@dataclass(frozen=True)
class WebcamSettings(LiveSettings):
    """Those of the page Webcam."""

    network: AnyNetwork


def settings_from_reader(task: str | None) -> WebcamSettings | None:
    """Network, detection, smoothing and mirror, in an expander; None, and nothing shown, without a network.

    Args:
        task: from `choose_expressions`: the networks to choose from.
    """
    if not networks():
        return None
    with st.expander(_("More"), icon=":material/tune:"):
        network = choose_any_network(task)
        if network is None:
            return None
        network_caption(network)
        effort = _grade(
            _("Search for faces"),
            EFFORT_NAMES,
            "webcam_effort",
            _("Thorough finds small faces at the back of a room, invents more, and takes longer."),
        )
        detector = choose_detector("webcam_detector", DEFAULT_LIVE_DETECTOR)
        smoothing = _grade(
            _("Smoothing"),
            SMOOTHING_NAMES,
            "webcam_smoothing",
            _(
                "How long an expression must last to be shown in full. Short follows at once and trembles more."
            ),
        )
        mirrored = st.toggle(
            _("Mirror the video"),
            value=True,
            key="webcam_mirrored",
            persist_state="session",
        )
    return WebcamSettings(
        network,
        live_search(effort, detector),
        captions(network.labels),
        smoothing_s=SMOOTHING_S[smoothing],
        mirrored=mirrored,
        text_scale=TEN_METRES if is_projected() else 1.0,
    )


def _grade(label: str, names: dict[str, str], key: str, explanation: str) -> str:
    """One of three grades, the middle one unless the reader chose another."""
    return str(
        st.segmented_control(
            label,
            list(names),
            default="normal",
            required=True,
            format_func=lambda name: _(names[name]),
            key=key,
            persist_state="session",
            help=explanation,
        )
    )

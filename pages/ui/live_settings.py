"""What a viewer may set for live video, and what is written into it in the viewer's language."""

from __future__ import annotations

import streamlit as st

from fer_core.faces.detection import DetectionSettings
from fer_core.faces.tracking import LIVE_DETECTION
from fer_core.labels import EMOTIONS
from fer_core.recognition.live import Captions, LiveSettings
from pages.ui.i18n import _, emotion_name, format_number, format_probability
from pages.ui.resources import networks
from pages.ui.result_views import choose_network, network_caption, term

SCALE_FACTORS = (1.05, 1.1, 1.15, 1.2, 1.3, 1.4, 1.5)
WORKING_SIZES = (240, 320, 400, 480, 640)


def captions() -> Captions:
    """Everything that can be written into the video, in the reader's language."""
    percents = [format_probability(p / 100) for p in range(101)]
    percents[0] = format_probability(0.001)  # a guess is never impossible
    return Captions({code: emotion_name(code) for code in EMOTIONS}, tuple(percents))


def detection_settings() -> DetectionSettings:
    """The Haar cascade's settings, from the reader."""
    usual = LIVE_DETECTION
    smallest = st.slider(
        _("Smallest face (% of the picture's height)"),
        *(5, 50, round(100 * usual.smallest_face)),
        help=_("Lower finds faces farther away and takes longer."),
        key="webcam_smallest_face",
        persist_state="session",
    )
    neighbours = st.slider(
        _("Strictness"),
        *(1, 10, usual.neighbours),
        help=_(
            "How many overlapping finds make a face (“minimum neighbours”). "
            "Higher invents fewer faces and misses more."
        ),
        key="webcam_neighbours",
        persist_state="session",
    )
    scale_factor = st.select_slider(
        _("Step between face sizes"),
        SCALE_FACTORS,
        value=usual.scale_factor,
        format_func=lambda factor: format_number(factor, 2),
        help=_("The cascade's scale factor. Smaller steps find more faces and take longer."),
        key="webcam_scale_factor",
        persist_state="session",
    )
    working_size = st.select_slider(
        _("Width of the searched picture (pixels)"),
        WORKING_SIZES,
        value=usual.working_size,
        help=_("The picture is reduced to this width before faces are searched. Smaller is faster."),
        key="webcam_working_size",
        persist_state="session",
    )
    return DetectionSettings(
        scale_factor=scale_factor,
        neighbours=neighbours,
        smallest_face=smallest / 100,
        working_size=working_size,
    )


def settings_from_reader(task: str | None) -> LiveSettings | None:
    """Network and detection, in an expander; None, and nothing shown, where there is no network.

    Args:
        task: from `choose_expressions`: the networks to choose from.
    """
    if not networks():
        return None
    with st.expander(_("More"), icon=":material/tune:"):
        network = choose_network(task=task)
        if network is None:
            return None
        network_caption(network)
        detection = detection_settings()
        term("haar_cascade")
    return LiveSettings(network, detection, captions())

"""How it works, live: how the face was searched for and found, what the network saw and answered, and why.

Off unless the reader asks for it: the search is done once more, on the page's thread, twice a second.
"""

from __future__ import annotations

import html
from dataclasses import dataclass

import cv2
import numpy as np
import streamlit as st

from fer_core.errors import RautError
from fer_core.explanation.grad_cam import overlay
from fer_core.faces.search import FaceSearch
from fer_core.labels import COLOURS, look_of, shares_in_reading_order
from fer_core.live.session import LiveSession
from fer_core.recognition.answers import RecognizedFace
from pages.ui.blocks import term
from pages.ui.guard import guarded_page
from pages.ui.i18n import _, answer_in_a_sentence, answer_name, format_number, format_probability
from pages.ui.resources import AnyNetwork, grad_cam
from pages.ui.steps import step_list
from pages.webcam.detector_steps import Step, enlarged, picture, search_steps, step_detectors, turned_step
from pages.webcam.settings import WebcamSettings

SECONDS_BETWEEN_STEPS = 0.5
TERMS_OF_HAAR = ("haar_cascade", "minimum_neighbours")
TERMS_OF_BLAZEFACE = ("blazeface", "anchor", "non_maximum_suppression", "facial_landmarks", "upright")


@dataclass(frozen=True, eq=False)
class Still:
    """A frame that stands still, with what was found in it as a photo."""

    frame_bgr: np.ndarray
    """uint8 (H, W, 3)."""
    faces: tuple[RecognizedFace, ...]
    labels: tuple[str, ...]
    search: FaceSearch
    """How they were looked for."""


def live_steps(
    session: LiveSession,
    playing: bool,
    settings: WebcamSettings,
    wait: float = 1.0,
    still: Still | None = None,
) -> None:
    """A switch, and behind it the steps of the newest frame, renewed while the video runs.

    Args:
        session: whose frames are shown.
        playing: whether its video runs.
        settings: of its analysis.
        wait: how many times as long as usual to wait between two renewals.
        still: shown instead of the newest frame, once.
    """
    with st.container(key="webcam_steps"):
        if not st.toggle(_("Show how it works"), key="webcam_steps_shown", persist_state="session"):
            return

        @st.fragment(run_every=SECONDS_BETWEEN_STEPS * wait if playing and still is None else None)
        @guarded_page()
        def steps() -> None:
            if still is not None:
                step_list(_steps(still.frame_bgr, still.faces, still.labels, still.search, settings.network))
                return
            newest = session.latest.with_frame() if playing else None
            if newest is None:
                st.caption(_("The steps are shown while the video runs."))
                return
            result, frame_bgr = newest
            readable = tuple(face for face in result.faces if not face.too_small)
            step_list(_steps(frame_bgr, readable, result.labels, settings.search, settings.network))

        steps()
        with st.container(horizontal=True):
            for name in _terms(settings.search):
                term(name)


def _terms(search: FaceSearch) -> tuple[str, ...]:
    return (
        *(TERMS_OF_HAAR if search.uses_haar else ()),
        *(TERMS_OF_BLAZEFACE if search.uses_blazeface else ()),
        "convolution",
        "softmax",
    )


def _steps(
    frame_bgr: np.ndarray,
    faces: tuple[RecognizedFace, ...],
    labels: tuple[str, ...],
    search: FaceSearch,
    network: AnyNetwork,
) -> list[Step]:
    detectors = step_detectors(search)
    frame_gray = cv2.cvtColor(frame_bgr, cv2.COLOR_BGR2GRAY)
    face = faces[0] if faces else None  # one example is enough to follow
    steps = search_steps(detectors, frame_bgr, frame_gray, face)
    if face is None:
        return steps
    x1, y1, x2, y2 = (int(value) for value in face.box_xyxy)
    crop = detectors.whole.crop(frame_gray, face.box_xyxy, face.turn_degrees)
    where = (
        _("Where enough windows overlap, Raut counts a face: face {n}.")
        if face.found_by == "haar"
        else _("Face {n}, cut out as FER2013 shows faces.")
    )
    return [
        *steps,
        (
            picture(enlarged(frame_bgr[max(0, y1) : y2, max(0, x1) : x2]), _("Cut out")),
            _("Cut out"),
            where.format(n=format_number(face.number)),
        ),
        *turned_step(detectors, frame_gray, face),
        (
            network_view(crop),
            _("What the network sees"),
            _("Only these 48×48 grey pixels."),
        ),
        (
            _bars(face, labels),
            _("Probabilities"),
            _("The network's answer, smoothed over time; softmax makes the shares add up to 100%."),
        ),
        *((shown, _("Explanation (Grad-CAM)"), text) for shown, text in why_view(crop, face.label, network)),
    ]


def network_view(crop_gray: np.ndarray) -> str:
    """A crop, uint8 (48, 48), enlarged, as HTML."""
    return picture(enlarged(crop_gray), _("What the network sees"))


def why_view(crop_gray: np.ndarray, label: str, network: AnyNetwork) -> list[tuple[str, str]]:
    """The map of that expression as HTML, and what it shows; nothing for a network that has none."""
    try:
        cam = grad_cam(network)
        heat = cam.heat(crop_gray, label)
    except (RautError, ValueError):  # the settings may be ahead of the frame by another network's labels
        return []
    # Streamlit and the overlay have RGB, OpenCV writes BGR.
    return [
        (
            picture(
                np.ascontiguousarray(overlay(crop_gray, heat, 192)[..., ::-1]), _("Explanation (Grad-CAM)")
            ),
            _("Yellow: what speaks for {expression} ({method}).").format(
                expression=answer_in_a_sentence(label, network.labels), method=cam.method
            ),
        )
    ]


def _bars(face: RecognizedFace, labels: tuple[str, ...]) -> str:
    rows = "".join(
        f'<span style="--emotion:{COLOURS[look_of(code, labels)]};--share:{100 * float(share):.1f}%">'
        f"<i></i><span>{html.escape(answer_name(code, labels))}</span> "
        f"<span>{html.escape(format_probability(float(share)))}</span></span>"
        for code, share in shares_in_reading_order(labels, face.probabilities).items()
    )
    return f'<span class="raut-live-step shares">{rows}</span>'

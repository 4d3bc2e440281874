"""How it works, live: what the cascade searched and proposed, what the network saw and answered, and why.

Off unless the reader asks for it: the search is done once more, on the page's thread, twice a second.
"""

from __future__ import annotations

import base64
import html
from dataclasses import dataclass

import cv2
import numpy as np
import streamlit as st

from fer_core.errors import RautError
from fer_core.explanation.grad_cam import overlay
from fer_core.faces.haar import HaarFaceDetector
from fer_core.faces.images import shrink, square_crop
from fer_core.faces.search import HaarSettings
from fer_core.labels import EMOTIONS, shares_in_reading_order
from fer_core.live.session import LiveSession, LiveSettings
from fer_core.recognition.answers import RecognizedFace
from fer_core.store.network import NetworkInfo
from pages.ui.blocks import term
from pages.ui.guard import guarded_page
from pages.ui.i18n import _, emotion_name, format_number, format_probability, ngettext
from pages.ui.resources import grad_cam
from pages.ui.steps import step_list

SECONDS_BETWEEN_STEPS = 0.5
DETECTOR = "webcam_steps_detector"
SHOWN_PX = 240  # longest side of the pictures: they are renewed twice a second
WINDOW_BGR = (66, 159, 230)  # seen on any grey


@dataclass(frozen=True, eq=False)
class Still:
    """A frame that stands still, with what was found in it as a photo."""

    frame_bgr: np.ndarray
    """uint8 (H, W, 3)."""
    faces: tuple[RecognizedFace, ...]
    labels: tuple[str, ...]


def live_steps(
    session: LiveSession, playing: bool, settings: LiveSettings, wait: float = 1.0, still: Still | None = None
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
                step_list(_steps(still.frame_bgr, still.faces, still.labels, settings))
                return
            newest = session.latest.with_frame() if playing else None
            if newest is None:
                st.caption(_("The steps are shown while the video runs."))
                return
            result, frame_bgr = newest
            readable = tuple(face for face in result.faces if not face.too_small)
            step_list(_steps(frame_bgr, readable, result.labels, settings))

        steps()
        with st.container(horizontal=True):
            for name in ("haar_cascade", "minimum_neighbours", "convolution", "softmax"):
                term(name)


def _detector(settings: HaarSettings) -> HaarFaceDetector:
    """One of the page's own: the video's is busy."""
    held: HaarFaceDetector | None = st.session_state.get(DETECTOR)
    if held is None or held.settings != settings:
        held = st.session_state[DETECTOR] = HaarFaceDetector(settings)
    return held


def _steps(
    frame_bgr: np.ndarray, faces: tuple[RecognizedFace, ...], labels: tuple[str, ...], settings: LiveSettings
) -> list[tuple[str, str, str]]:
    detector = _detector(settings.search.haar)
    frame_gray = cv2.cvtColor(frame_bgr, cv2.COLOR_BGR2GRAY)
    searched, windows = detector.windows(frame_gray)
    height, width = searched.shape
    found = ngettext("{n} window passed.", "{n} windows passed.", len(windows)).format(
        n=format_number(len(windows))
    )
    steps = [
        (
            _image(searched, _("Grey and reduced")),
            _("Grey and reduced"),
            _("The cascade searches {width}×{height} grey pixels.").format(
                width=format_number(width), height=format_number(height)
            ),
        ),
        (
            _image(_with_windows(searched, windows), _("Windows")),
            _("Windows"),
            _("Windows that look like a face, before neighbours are joined.") + f" {found}",
        ),
    ]
    if not faces:
        return steps
    face = faces[0]  # one example is enough to follow
    x1, y1, x2, y2 = (int(value) for value in face.box_xyxy)
    crop = square_crop(frame_gray, face.box_xyxy, detector.settings.margin)
    return [
        *steps,
        (
            _image(frame_bgr[max(0, y1) : y2, max(0, x1) : x2], _("Cut out")),
            _("Cut out"),
            _("Where enough windows overlap, Raut counts a face: face {n}.").format(
                n=format_number(face.number)
            ),
        ),
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
        *(
            (picture, _("Explanation (Grad-CAM)"), text)
            for picture, text in why_view(crop, face.label, settings.network)
        ),
    ]


def network_view(crop_gray: np.ndarray) -> str:
    """A crop, uint8 (48, 48), enlarged, as HTML."""
    enlarged = cv2.resize(crop_gray, (192, 192), interpolation=cv2.INTER_NEAREST)
    return _image(enlarged, _("What the network sees"))


def why_view(crop_gray: np.ndarray, label: str, network: NetworkInfo) -> list[tuple[str, str]]:
    """The map of that expression as HTML, and what it shows; nothing for a network that has none."""
    try:
        cam = grad_cam(network)
        heat = cam.heat(crop_gray, label)
    except (RautError, ValueError):  # the settings may be ahead of the frame by another network's labels
        return []
    # Streamlit and the overlay have RGB, OpenCV writes BGR.
    return [
        (
            _image(
                np.ascontiguousarray(overlay(crop_gray, heat, 192)[..., ::-1]), _("Explanation (Grad-CAM)")
            ),
            _("Yellow: what speaks for {expression} ({method}).").format(
                expression=emotion_name(label).lower(), method=cam.method
            ),
        )
    ]


def _with_windows(searched_gray: np.ndarray, windows_xyxy: np.ndarray) -> np.ndarray:
    drawn = cv2.cvtColor(searched_gray, cv2.COLOR_GRAY2BGR)
    for x1, y1, x2, y2 in windows_xyxy:
        cv2.rectangle(drawn, (int(x1), int(y1)), (int(x2) - 1, int(y2) - 1), WINDOW_BGR, 1)
    return drawn


def _image(pixels: np.ndarray, alt: str) -> str:
    _ok, jpeg = cv2.imencode(".jpg", shrink(pixels, SHOWN_PX), [cv2.IMWRITE_JPEG_QUALITY, 85])
    data = base64.b64encode(jpeg.tobytes()).decode("ascii")
    return f'<span class="raut-live-step"><img src="data:image/jpeg;base64,{data}" alt="{html.escape(alt)}"></span>'


def _bars(face: RecognizedFace, labels: tuple[str, ...]) -> str:
    rows = "".join(
        f'<span style="--emotion:{EMOTIONS[code].colour};--share:{100 * float(share):.1f}%">'
        f"<i></i><span>{html.escape(emotion_name(code))}</span> "
        f"<span>{html.escape(format_probability(float(share)))}</span></span>"
        for code, share in shares_in_reading_order(labels, face.probabilities).items()
    )
    return f'<span class="raut-live-step shares">{rows}</span>'

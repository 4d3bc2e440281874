"""What keeps a face from being read, in the reader's words, from the newest frame; and the neutral baseline.

Measured on the page's thread, a few times a second: the video does not wait for it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import cv2
import numpy as np
import streamlit as st

from fer_core.faces.images import square_crop
from fer_core.faces.quality import TurnedAway, face_side, measure_quality, quality_limits
from fer_core.live.neutral_face import NeutralBaselines
from fer_core.live.session import LatestResult
from fer_core.recognition.frames import LiveFace, LiveResult
from pages.ui.i18n import N_, _, format_number, ngettext

MEMORY_KEY = "webcam_teaching"

HINTS: dict[str, str] = {
    "small": N_("Too far away to be read. Come closer to the camera."),
    "dark": N_("Too dark. More light on the face helps."),
    "backlit": N_("The light comes from behind. Turn towards the window or the lamp."),
    "bright": N_("Too bright: parts of the face are plain white. Less light on it helps."),
    "blurred": N_("Blurred. Hold still, clean the lens, or come closer."),
}
"""Hint of `fer_core.faces.quality` to what the reader is told."""


@dataclass(eq=False)
class FaceMemory:
    """What the page remembers of the faces in front of the camera; gone with the browser session."""

    baselines: NeutralBaselines = field(default_factory=NeutralBaselines)
    turned: TurnedAway = field(default_factory=TurnedAway)
    network_id: str = ""


def face_memory(network_id: str) -> FaceMemory:
    """The session's memory of the faces; a new one for another network, whose probabilities differ."""
    memory: FaceMemory | None = st.session_state.get(MEMORY_KEY)
    if memory is None or memory.network_id != network_id:
        memory = st.session_state[MEMORY_KEY] = FaceMemory(network_id=network_id)
    return memory


def forget_faces() -> None:
    """The video has ended: baselines and last places go."""
    st.session_state.pop(MEMORY_KEY, None)


def quality_notes(latest: LatestResult, memory: FaceMemory) -> tuple[dict[int, str], list[str]]:
    """Hints for the cards of the faces in sight, by their number, and for faces that turned away.

    Args:
        latest: the slot whose frame is looked at.
        memory: what is remembered from the frames before.
    """
    newest = latest.with_frame()
    if newest is None:
        return {}, []
    result, frame_bgr = newest
    frame_gray = cv2.cvtColor(frame_bgr, cv2.COLOR_BGR2GRAY)
    picture_grey = float(frame_gray.mean())
    notes = {face.number: _note(face, frame_gray, picture_grey) for face in result.faces}
    boxes = {face.number: face.box_xyxy for face in result.faces}
    away = [
        _("Face {n} has turned away. Raut reads faces from the front.").format(n=format_number(number))
        for number in memory.turned.update(boxes, frame_gray, time.monotonic())
    ]
    return {number: note for number, note in notes.items() if note}, away


def _note(face: LiveFace, frame_gray: np.ndarray, picture_grey: float) -> str:
    if face.too_small:
        return _(HINTS["small"])
    crop = square_crop(frame_gray, face.box_xyxy)
    quality = measure_quality(crop, face_side(face.box_xyxy), picture_grey)
    return " ".join(_(HINTS[hint]) for hint in quality.hints(quality_limits()) if hint != "small")


def neutral_changes(result: LiveResult, memory: FaceMemory) -> dict[int, np.ndarray]:
    """Number of each face with a neutral baseline to its change from it, float64 (C,); takes the frame in."""
    readable = {face.number: face.probabilities for face in result.faces if not face.too_small}
    memory.baselines.update(readable, time.monotonic())
    changes = {
        number: memory.baselines.change(number, probabilities) for number, probabilities in readable.items()
    }
    return {number: change for number, change in changes.items() if change is not None}


def neutral_controls(result: LiveResult, memory: FaceMemory, changes: dict[int, np.ndarray]) -> None:
    """For each face a button that takes its neutral look, the seconds left, or a button that drops it."""
    faces = [face for face in result.faces if not face.too_small]
    if not faces:
        return
    st.caption(
        _(
            "Compare with a neutral face: look neutral for three seconds. The bars then show by how many "
            "percentage points each expression is above or below that."
        )
    )
    with st.container(horizontal=True):
        for face in faces:
            number = format_number(face.number)
            left = memory.baselines.seconds_left(face.number, time.monotonic())
            if left is not None:
                seconds = max(1, round(left + 0.49))
                st.markdown(
                    "**"
                    + ngettext(
                        "Face {n}: look neutral, {s} second more",
                        "Face {n}: look neutral, {s} seconds more",
                        seconds,
                    ).format(n=number, s=format_number(seconds))
                    + "**"
                )
            elif face.number in changes:
                st.button(
                    _("Face {n}: back to probabilities").format(n=number),
                    icon=":material/undo:",
                    key=f"webcam_neutral_reset_{face.number}",
                    on_click=memory.baselines.forget,
                    args=(face.number,),
                )
            else:
                st.button(
                    _("Face {n}: take neutral look").format(n=number),
                    icon=":material/sentiment_neutral:",
                    key=f"webcam_neutral_{face.number}",
                    on_click=_begin,
                    args=(memory.baselines, face.number),
                )


def _begin(baselines: NeutralBaselines, number: int) -> None:
    baselines.begin(number, time.monotonic())

"""What keeps a face from being read, in the reader's words, from the newest frame; and the neutral baseline.

Hints are measured on the page's thread, a few times a second: the video does not wait for them.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import cv2
import numpy as np
import streamlit as st

from fer_core.faces.images import square_crop
from fer_core.faces.pose import wants_to_be_turned
from fer_core.faces.quality import TurnedAway, face_side, measure_quality, quality_limits
from fer_core.faces.search import FaceSearch
from fer_core.live.neutral_face import SECONDS, NeutralBaselines
from fer_core.live.session import LatestResult
from fer_core.recognition.frames import LiveFace, LiveResult
from pages.ui.i18n import N_, _, emotion_name, format_number, format_probability, ngettext

MEMORY_KEY = "webcam_teaching"

HINTS: dict[str, str] = {
    "small": N_("Too far away to be read. Come closer to the camera."),
    "dark": N_("Too dark. More light on the face helps."),
    "backlit": N_("The light comes from behind. Turn towards the window or the lamp."),
    "bright": N_("Too bright: parts of the face are plain white. Less light on it helps."),
    "blurred": N_("Blurred. Hold still, clean the lens, or come closer."),
    "turned_away": N_("Turned away. Raut reads faces from the front: look at the camera."),
}
"""Hint of `fer_core.faces.quality`, or that a face is turned away, to what the reader is told."""


@dataclass(eq=False)
class FaceMemory:
    """What the page remembers of the faces in front of the camera; gone with the browser session."""

    turned: TurnedAway = field(default_factory=TurnedAway)


def face_memory() -> FaceMemory:
    """The session's memory of the faces."""
    memory: FaceMemory | None = st.session_state.get(MEMORY_KEY)
    if memory is None:
        memory = st.session_state[MEMORY_KEY] = FaceMemory()
    return memory


def forget_faces() -> None:
    """The video has ended: last places go."""
    st.session_state.pop(MEMORY_KEY, None)


def quality_notes(
    latest: LatestResult, memory: FaceMemory, search: FaceSearch
) -> tuple[dict[int, str], list[str]]:
    """Hints for the cards of the faces in sight, by their number, and for faces that turned away.

    Args:
        latest: the slot whose frame is looked at.
        memory: what is remembered from the frames before.
        search: how faces are looked for. Where BlazeFace takes part, a face's own points say that it is turned away,
            and it stays in sight; the cascade loses it, and its last place is searched for a profile.
    """
    newest = latest.with_frame()
    if newest is None:
        return {}, []
    result, frame_bgr = newest
    frame_gray = cv2.cvtColor(frame_bgr, cv2.COLOR_BGR2GRAY)
    picture_grey = float(frame_gray.mean())
    notes = {face.number: _note(face, frame_gray, picture_grey) for face in result.faces}
    notes = {number: note for number, note in notes.items() if note}
    if search.uses_blazeface:
        return notes, []
    boxes = {face.number: face.box_xyxy for face in result.faces}
    away = [
        _("Face {n} has turned away. Raut reads faces from the front.").format(n=format_number(number))
        for number in memory.turned.update(boxes, frame_gray, time.monotonic())
    ]
    return notes, away


def _note(face: LiveFace, frame_gray: np.ndarray, picture_grey: float) -> str:
    if face.too_small:
        return _(HINTS["small"])
    if wants_to_be_turned(face.points_xy):
        return _(HINTS["turned_away"])
    crop = square_crop(frame_gray, face.box_xyxy)
    quality = measure_quality(crop, face_side(face.box_xyxy), picture_grey)
    return " ".join(_(HINTS[hint]) for hint in quality.hints(quality_limits()) if hint != "small")


FAILURES: dict[str, str] = {
    "no_face": N_("No face was in the picture. Look straight at the camera, then try again."),
    "lost": N_(
        "The face was out of sight while others stayed. Let it look straight at the camera, then try again."
    ),
    "crossed": N_("Two faces came so close that they may have been mixed up. Move apart, then try again."),
    "too_few": N_("Too few readings: this computer is busy. Close what else runs on it, then try again."),
    "moved": N_("The face moved. Hold still for three seconds, then try again."),
    "too_far": N_("The face was too far away to be read. Come closer, then try again."),
    "no_picture": N_("No pictures came from the camera. Wait until the video runs again, then try again."),
    "stopped": N_("The video was stopped before that. Press Start, then try again."),
    "network": N_(
        "Another network answers now, and its probabilities differ. Set the neutral baseline again."
    ),
    "left": N_("The face was out of sight, and may be another one now. Set the neutral baseline again."),
}
"""Why a look gave no neutral baseline, by `fer_core.live.neutral_face.Why`, and what to do."""


def neutral_changes(result: LiveResult, baselines: NeutralBaselines) -> dict[int, np.ndarray]:
    """Number of each face with a neutral baseline to its change from it, float64 (C,)."""
    changes = {
        face.number: baselines.change(face.track, face.probabilities)
        for face in result.faces
        if not face.too_small
    }
    return {number: change for number, change in changes.items() if change is not None}


def neutral_controls(result: LiveResult, baselines: NeutralBaselines, changes: dict[int, np.ndarray]) -> None:
    """For each face a button that takes its neutral look, the seconds left, a question, or a button that drops it."""
    faces = [face for face in result.faces if not face.too_small]
    if not faces:
        return
    st.caption(
        _(
            "Neutral baseline: look neutral for three seconds. The bars then show by how many percentage "
            "points each expression is above or below that."
        )
    )
    with st.container(horizontal=True):
        for face in faces:
            _neutral_control(face, baselines, has_baseline=face.number in changes)


def _neutral_control(face: LiveFace, baselines: NeutralBaselines, *, has_baseline: bool) -> None:
    number = format_number(face.number)
    left = baselines.seconds_left(face.track, time.monotonic())
    doubt = baselines.doubt(face.track)
    if left is not None:
        seconds = max(1, round(left + 0.49))
        st.markdown(
            "**"
            + ngettext(
                "Face {n}: look neutral, {s} second more", "Face {n}: look neutral, {s} seconds more", seconds
            ).format(n=number, s=format_number(seconds))
            + "**"
        )
    elif doubt is not None:
        st.markdown(
            _(
                "**Face {n} did not look neutral to the network: it resembled {expression} most ({p}).** Set the "
                "baseline again, or use it anyway if this face looks so at rest."
            ).format(
                n=number,
                expression=emotion_name(doubt.label).lower(),
                p=format_probability(doubt.probability),
            )
        )
        _button(_("Face {n}: take it again"), face, "again", "replay", baselines)
        st.button(
            _("Face {n}: use it anyway").format(n=number),
            icon=":material/check:",
            key=f"webcam_neutral_accept_{face.number}",
            on_click=baselines.accept,
            args=(face.track,),
        )
    elif has_baseline:
        st.button(
            _("Face {n}: back to probabilities").format(n=number),
            icon=":material/undo:",
            key=f"webcam_neutral_reset_{face.number}",
            on_click=baselines.forget,
            args=(face.track,),
        )
    else:
        _button(_("Face {n}: set neutral baseline"), face, "take", "sentiment_neutral", baselines)


def _button(label: str, face: LiveFace, key: str, icon: str, baselines: NeutralBaselines) -> None:
    """Begins a look."""
    st.button(
        label.format(n=format_number(face.number)),
        icon=f":material/{icon}:",
        key=f"webcam_neutral_{key}_{face.number}",
        on_click=_begin,
        args=(baselines, face),
    )


def neutral_failures(baselines: NeutralBaselines) -> None:
    """When and why a look gave no baseline, for half a minute, whether or not its face is still in sight."""
    for failure in baselines.failures(time.monotonic()):
        number = format_number(failure.number)
        if failure.why in ("left", "network") and failure.after_s >= SECONDS:
            said = _("**Face {n} has lost its neutral baseline.**").format(n=number)
        else:
            said = _("**Face {n}: no neutral baseline, after {s} seconds.**").format(
                n=number, s=format_number(failure.after_s, 1)
            )
        st.markdown(f":material/info: {said} {_(FAILURES[failure.why])}")


def _begin(baselines: NeutralBaselines, face: LiveFace) -> None:
    baselines.begin(face.track, face.number, time.monotonic())

"""The steps of a face detector in one picture: what the cascade searched and proposed, and what BlazeFace did."""

from __future__ import annotations

import base64
import html
from dataclasses import dataclass

import cv2
import numpy as np
import streamlit as st

from fer_core.explanation.face_search import (
    NUMBERED,
    beside,
    by_score,
    draw_candidates,
    draw_kept,
    draw_points,
    draw_windows,
    square_bgr,
)
from fer_core.faces.blazeface import BlazeFaceDetector, BlazeFaceSteps
from fer_core.faces.detection import FaceDetector, face_boxes
from fer_core.faces.haar import HaarFaceDetector
from fer_core.faces.images import shrink
from fer_core.faces.one_face import same_faces
from fer_core.faces.search import FaceSearch
from fer_core.recognition.answers import RecognizedFace
from pages.ui.i18n import _, format_number, ngettext
from pages.ui.steps import points_in_words

DETECTORS = "webcam_steps_detectors"
SHOWN_PX = 240  # longest side of the pictures: they are renewed twice a second
ENLARGED_PX = 192

Step = tuple[str, str, str]
"""A picture as HTML, a heading and a sentence, as `step_list` takes them."""


@dataclass(frozen=True, eq=False)
class StepDetectors:
    """Detectors of the page's own: those of the video are busy."""

    search: FaceSearch
    whole: FaceDetector
    """For the crops, as the network is shown them."""
    haar: HaarFaceDetector | None
    blazeface: BlazeFaceDetector | None


def step_detectors(search: FaceSearch) -> StepDetectors:
    """The viewer's own, made anew when the search changes.

    Raises:
        DetectionError: a file of theirs is missing or damaged.
    """
    held: StepDetectors | None = st.session_state.get(DETECTORS)
    if held is None or held.search != search:
        held = st.session_state[DETECTORS] = StepDetectors(
            search,
            FaceDetector(search),
            HaarFaceDetector(search.haar) if search.uses_haar else None,
            BlazeFaceDetector(search.blazeface) if search.uses_blazeface else None,
        )
    return held


def search_steps(
    detectors: StepDetectors, frame_bgr: np.ndarray, frame_gray: np.ndarray, face: RecognizedFace | None
) -> list[Step]:
    """How the face was looked for and found, the cascade first, each detector as far as it took part.

    Args:
        detectors: those of the search.
        frame_bgr: uint8 (H, W, 3).
        frame_gray: uint8 (H, W), the same.
        face: the one whose finding is shown; None where none was found.
    """
    steps: list[Step] = []
    if detectors.haar is not None:
        steps += _cascade_steps(detectors.haar, frame_gray, face, detectors.blazeface is not None)
    if detectors.blazeface is not None:
        steps += _blazeface_steps(detectors.blazeface, frame_bgr, face)
    return steps


def turned_step(detectors: StepDetectors, frame_gray: np.ndarray, face: RecognizedFace) -> list[Step]:
    """A tilted face as it is in the picture and as it was turned before it was read; nothing for another one."""
    if not face.turn_degrees:
        return []
    before = detectors.whole.crop(frame_gray, face.box_xyxy)
    after = detectors.whole.crop(frame_gray, face.box_xyxy, face.turn_degrees)
    return [
        (
            picture(beside((before, after), SHOWN_PX // 2), _("Turned upright")),
            _("Turned upright"),
            _("Tilted by {degrees}°, the face is turned upright as it is cut out: before and after.").format(
                degrees=format_number(abs(face.turn_degrees))
            ),
        )
    ]


def picture(pixels: np.ndarray, alt: str) -> str:
    """Pixels, uint8 (H, W) or (H, W, 3) BGR, as HTML."""
    _ok, jpeg = cv2.imencode(".jpg", shrink(pixels, SHOWN_PX), [cv2.IMWRITE_JPEG_QUALITY, 85])
    data = base64.b64encode(jpeg.tobytes()).decode("ascii")
    return f'<span class="raut-live-step"><img src="data:image/jpeg;base64,{data}" alt="{html.escape(alt)}"></span>'


def enlarged(pixels: np.ndarray) -> np.ndarray:
    """A small picture, uint8 (H, W) or (H, W, 3), as large as the others, so that its pixels can be seen."""
    factor = ENLARGED_PX // max(1, *pixels.shape[:2])
    if factor < 2:
        return pixels
    return np.repeat(np.repeat(pixels, factor, axis=0), factor, axis=1)


def _cascade_steps(
    detector: HaarFaceDetector, frame_gray: np.ndarray, face: RecognizedFace | None, helped: bool
) -> list[Step]:
    searched, windows = detector.windows(frame_gray)
    height, width = searched.shape
    found = ngettext("{n} window passed.", "{n} windows passed.", len(windows)).format(
        n=format_number(len(windows))
    )
    text = _("Windows that look like a face, before neighbours are joined.") + f" {found}"
    if helped and face is not None and not _grouped(detector, frame_gray, windows, face):
        text += " " + _("Too few of them overlap around face {n}.").format(n=format_number(face.number))
    return [
        (
            picture(searched, _("Grey and reduced")),
            _("Grey and reduced"),
            _("The cascade searches {width}×{height} grey pixels.").format(
                width=format_number(width), height=format_number(height)
            ),
        ),
        (picture(draw_windows(searched, windows), _("Windows")), _("Windows"), text),
    ]


def _grouped(
    detector: HaarFaceDetector, frame_gray: np.ndarray, windows_xyxy: np.ndarray, face: RecognizedFace
) -> bool:
    """Whether enough of the windows overlap around the face, for the cascade to find it in this frame."""
    reduced = detector.reduce(frame_gray)
    corners = windows_xyxy + reduced.room
    hits_xywh = np.concatenate([corners[:, :2], corners[:, 2:] - corners[:, :2]], axis=1)
    return bool(same_faces(detector.group(hits_xywh, reduced), face.box_xyxy[None]).any())


def _blazeface_steps(
    detector: BlazeFaceDetector, frame_bgr: np.ndarray, face: RecognizedFace | None
) -> list[Step]:
    frame_rgb = cv2.cvtColor(frame_bgr, cv2.COLOR_BGR2RGB)
    points_xy = None if face is None else face.points_xy
    steps = detector.steps(frame_rgb)
    text = _("BlazeFace looks at the whole picture as {side}×{side} pixels in colour.")
    if face is not None and points_xy is not None and not _is_among(steps, face):
        # A face that is small in the whole picture was found in a part of it.
        near = detector.steps(frame_rgb, face.box_xyxy)
        if _is_among(near, face):
            steps = near
            text = _("BlazeFace looks at the surroundings of the face as {side}×{side} pixels in colour.")
    side = format_number(steps.square.pixels_rgb.shape[0])
    shown = [
        (
            picture(square_bgr(steps.square, SHOWN_PX), _("Square picture")),
            _("Square picture"),
            text.format(side=side),
        ),
        (
            picture(draw_candidates(steps.square, steps.candidates, SHOWN_PX), _("Candidates")),
            _("Candidates"),
            _candidates_text(steps, detector.settings.least_score),
        ),
    ]
    if len(steps.candidates):
        looks_again = detector.settings.confirm_score is not None
        left = ngettext("{n} face is left.", "{n} faces are left.", len(steps.kept))
        shown.append(
            (
                picture(draw_kept(steps.square, steps.kept, SHOWN_PX), _("One box for each face")),
                _("One box for each face"),
                " ".join(
                    [
                        _("Candidates that overlap are one face: non-maximum suppression."),
                        *([_("Each is looked at again, larger.")] if looks_again else []),
                        left.format(n=format_number(len(steps.kept))),
                    ]
                ),
            )
        )
    if face is not None and points_xy is not None:
        shown.append(_points_step(frame_bgr, face, points_xy))
    return shown


def _is_among(steps: BlazeFaceSteps, face: RecognizedFace) -> bool:
    boxes = face_boxes(steps.square.in_picture(steps.kept))
    return bool(same_faces(boxes, face.box_xyxy[None]).any())


def _candidates_text(steps: BlazeFaceSteps, least_score: float) -> str:
    least, count = format_number(least_score, 2), len(steps.candidates)
    if not count:
        return _("No anchor gives a score of {least} or more.").format(least=least)
    best = by_score(steps.candidates)[:NUMBERED]
    scores = "; ".join(
        f"{number}: {format_number(float(steps.candidates.scores[row]), 2)}"
        for number, row in enumerate(best, start=1)
    )
    return (
        ngettext(
            "{n} anchor gives a score of {least} or more.",
            "{n} anchors give a score of {least} or more.",
            count,
        ).format(n=format_number(count), least=least)
        + " "
        + _("The best: {scores}.").format(scores=scores)
    )


def _points_step(frame_bgr: np.ndarray, face: RecognizedFace, points_xy: np.ndarray) -> Step:
    return (
        picture(draw_points(frame_bgr, face.box_xyxy, points_xy, SHOWN_PX), _("Six points")),
        _("Six points"),
        points_in_words(points_xy),
    )

"""Faces struck out and faces drawn by hand, on the Photos page."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import streamlit as st

from fer_core.faces.detection import FaceDetector
from fer_core.faces.images import decode_image, own_picture, to_gray
from fer_core.faces.search import FaceSearch
from fer_core.photos.analysis import PhotoFace
from fer_core.photos.corrections import Corrections, corrected, drawn_face, every_face
from fer_core.photos.findings import Finding, Photo
from fer_core.photos.shelf import PhotoShelf
from fer_core.plots import photo_frame
from fer_core.recognition.answers import Answerer
from fer_core.recognition.recognizer import LitertRecognizer
from pages.ui.charts import current_theme
from pages.ui.guard import escape_markdown
from pages.ui.i18n import _, answer_name, format_number
from pages.ui.photo_block import marked_picture
from pages.ui.resources import recognizer_of

SMALLEST_SIDE = 8  # pixels of the photo; less is a slip of the mouse


def corrected_findings(
    shelf: PhotoShelf,
    findings: Sequence[tuple[Photo, Finding]],
    recognizer: LitertRecognizer,
    search: FaceSearch,
) -> list[tuple[Photo, Finding]]:
    """The findings as the reader corrected them, for everything that the page shows and hands out."""
    return [
        (photo, _corrected(finding, shelf.corrections.get((photo.identity, search)), recognizer))
        for photo, finding in findings
    ]


def _corrected(finding: Finding, corrections: Corrections | None, recognizer: LitertRecognizer) -> Finding:
    if corrections is None:
        return finding
    return dataclasses.replace(finding, result=corrected(finding.result, corrections, recognizer))


def correct_faces(
    shelf: PhotoShelf, photo: Photo, finding: Finding, network: Answerer, search: FaceSearch
) -> None:
    """Strike out, take back, draw.

    Args:
        shelf: holds the corrections.
        photo: whose faces.
        finding: of it, as the detector left it.
        network: that reads a drawn face.
        search: that the corrections belong to.
    """
    key = (photo.identity, search)
    corrections = shelf.corrections.get(key, Corrections())
    faces = every_face(finding.result, corrections, recognizer_of(network))
    if faces:
        kept = st.pills(
            _("Faces that count; click a number to strike the face out or take it back"),
            [face.number for face in faces],
            selection_mode="multi",
            default=[face.number for face in faces if face.number not in corrections.struck],
            format_func=lambda number: _pill(faces, number, network.labels),
            key=f"faces_kept_{photo.identity}_{search.name}_{len(faces)}_{network.id}",
        )
        struck = frozenset(face.number for face in faces) - frozenset(kept)
        if struck != corrections.struck:
            shelf.corrections[key] = dataclasses.replace(corrections, struck=struck)
            st.rerun()
    content = photo.content
    if content is None:
        st.info(
            _(
                "With so many photos, each file is released after its analysis. Add this photo alone to draw in "
                "it."
            )
        )
        return
    now = _corrected(finding, corrections, recognizer_of(network))
    _draw(shelf, photo, content, finding, marked_picture(now, now.result), search, corrections)


def _pill(faces: Sequence[PhotoFace], number: int, labels: Sequence[str]) -> str:
    face = next(face for face in faces if face.number == number)
    hand = f" ({_('by hand')})" if face.by_hand else ""
    return f"{number}: {escape_markdown(answer_name(face.answer, labels))}{hand}"


def _draw(
    shelf: PhotoShelf,
    photo: Photo,
    content: bytes,
    finding: Finding,
    picture_jpeg: bytes,
    search: FaceSearch,
    corrections: Corrections,
) -> None:
    picture_bgr = own_picture(finding.picture_jpeg)
    height, width = (max(1, round(side / finding.scale)) for side in picture_bgr.shape[:2])
    round_ = len(corrections.drawn)
    st.markdown(_("A face that was missed: drag a square around it, from brow to chin, ear to ear."))
    event = st.plotly_chart(
        photo_frame(picture_jpeg, (width, height), theme=current_theme()),
        theme=None,
        key=f"face_frame_{photo.identity}_{round_}",
        on_select="rerun",
        selection_mode="box",
        config={"displayModeBar": False},
        alt=_("The photo, to draw in with the mouse; numbers can be typed in below"),
    )
    boxes = event.selection.box if event else []
    corners = None
    if boxes:
        (x1, x2), (y1, y2) = boxes[-1]["x"][:2], boxes[-1]["y"][:2]
        corners = (float(x1), float(y1), float(x2), float(y2))
    with st.expander(_("Type the numbers in instead"), icon=":material/keyboard:"):
        columns = st.columns(3)
        side = min(width, height)
        here = f"{photo.identity}_{round_}"
        left = columns[0].number_input(_("Left (pixels)"), 0, width - 1, 0, key=f"hand_x_{here}")
        top = columns[1].number_input(_("Top (pixels)"), 0, height - 1, 0, key=f"hand_y_{here}")
        length = columns[2].number_input(_("Side (pixels)"), 0, side, 0, key=f"hand_side_{here}")
        if length:
            corners = (left, top, left + length, top + length)
    ready = corners is not None and min(abs(corners[2] - corners[0]), abs(corners[3] - corners[1])) >= min(
        SMALLEST_SIDE, side
    )
    if corners is not None:
        st.caption(
            _("Chosen: left {x}, top {y}, {width}×{height} pixels").format(
                x=format_number(min(corners[0], corners[2])),
                y=format_number(min(corners[1], corners[3])),
                width=format_number(abs(corners[2] - corners[0])),
                height=format_number(abs(corners[3] - corners[1])),
            )
        )
    if st.button(_("Add this face"), icon=":material/add:", disabled=not ready) and corners is not None:
        picture_rgb = decode_image(content, photo.name, photo.page)
        face = drawn_face(to_gray(picture_rgb), corners, FaceDetector(search), picture_rgb)
        shelf.corrections[photo.identity, search] = corrections.draw(face)
        st.rerun()

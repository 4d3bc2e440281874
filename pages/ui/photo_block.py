"""One photo with its numbered faces, as several pages show it."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Sequence

import cv2
import numpy as np
import streamlit as st

from fer_core.faces.images import own_picture
from fer_core.faces.search import FaceSearch
from fer_core.labels import UNSURE, look_of, shares_in_reading_order
from fer_core.photos.analysis import PhotoFace, PhotoResult
from fer_core.photos.findings import Finding, Photo
from fer_core.photos.samples import Sample
from fer_core.recognition.drawing import FaceDrawer, FaceMark
from pages.ui.certainty import set_in_words
from pages.ui.detector_choice import found_by_sentence, no_face_advice
from pages.ui.face_cards import emotion_style
from pages.ui.guard import escape_markdown, show_error
from pages.ui.i18n import _, answer_name, emotion_name, format_number, format_probability, ngettext
from pages.ui.signs import emotion_html

PAGE = re.compile(r"(?P<name>.+), page (?P<n>\d+)", re.DOTALL)
"""What `fer_core.faces.uploads` calls the pages of a TIFF."""

OPEN_DETAILS = 3  # faces of one photo whose bars are open from the start
CROPS_SIDE = 96  # pixels; a screen with doubled pixels shows the 48 of the crop without smearing


def shown_name(photo: Photo) -> str:
    """ "scan.tif, page 2" in the reader's language; tables to take home have the name as it is."""
    page = PAGE.fullmatch(photo.name)
    if page is None:
        return photo.name
    return _("{name}, page {n}").format(name=page["name"], n=format_number(int(page["n"])))


def photo_block(photo: Photo, finding: Finding, search: FaceSearch) -> None:
    """One photo: the picture with numbers on the left, the faces with the same numbers on the right.

    Args:
        photo: which one.
        finding: what was found in it.
        search: how, for the advice where there is no face.
    """
    result = finding.result
    with st.container(border=True):
        st.subheader(escape_markdown(shown_name(photo)), anchor=False)
        if finding.error is not None:
            show_error(finding.error)
            return
        left, right = st.columns([11, 9], gap="medium")
        with left:
            st.image(
                marked_picture(finding, result),
                alt=picture_in_words(shown_name(photo), result),
                width="stretch",
            )
            if photo.sample is not None:
                st.caption(sample_words(photo.sample, result))
        with right:
            if result.faces:
                st.html(_faces_html(result))
            else:
                no_face_card(search)


def sample_words(sample: Sample, result: PhotoResult) -> str:
    """Whose picture it is; of a drawing, what it was drawn to show and whether the network's answer is another one."""
    if sample.expression is None:
        return _("Astronaut Eileen Collins. Photo: NASA, public domain, as carried by scikit-image.")
    name = emotion_name(sample.expression)
    words = _("A drawing, made to show “{expression}”.").format(expression=name)
    answers = {face.answer for face in result.faces}
    if sample.expression not in result.labels:
        words += " " + _("This network does not have that expression.")
    elif answers - {sample.expression}:
        words += " " + _("The network's answer is another one.")
    return f"{words} {drawings_note()}"


def drawings_note() -> str:
    """What may not be concluded from a drawing."""
    return _("What a network answers on drawings says nothing about people.")


def no_face_card(search: FaceSearch) -> None:
    """No face is a normal result; what to try comes with it."""
    st.markdown(f"##### :material/face: {_('No face found in this photo')}")
    st.markdown(no_face_advice(search))


def marked_picture(finding: Finding, result: PhotoResult, *, struck: bool = False) -> bytes:
    """The small picture with a box, number, sign and label at each face, as JPEG.

    Args:
        finding: has the picture.
        result: the faces, as the reader corrected them.
        struck: mark the faces that were struck out, too, crossed out and without an expression.
    """
    picture_bgr = own_picture(finding.picture_jpeg)
    marks = [
        FaceMark(
            face.box_xyxy * finding.scale,
            face.number,
            # "Unsure" has no probability of its own.
            answer_name(face.answer, result.labels)
            + ("" if face.unsure else f" {format_probability(face.probability)}")
            + (f" ({_('by hand')})" if face.by_hand else ""),
            look_of(face.answer, result.labels),
        )
        for face in result.faces
    ]
    if struck:
        for face in result.struck:
            box = face.box_xyxy * finding.scale
            _cross_out(picture_bgr, box)
            marks.append(FaceMark(box, face.number, _("struck out"), UNSURE, sign=False))
    drawn = FaceDrawer().draw(picture_bgr, marks, channels="bgr")
    _ok, jpeg = cv2.imencode(".jpg", drawn, [cv2.IMWRITE_JPEG_QUALITY, 92])
    return jpeg.tobytes()


def _cross_out(picture_bgr: np.ndarray, box_xyxy: np.ndarray) -> None:
    x1, y1, x2, y2 = (round(float(value)) for value in box_xyxy)
    for colour, thickness in (((0, 0, 0), 5), ((255, 255, 255), 2)):  # seen on any background
        for start, end in (((x1, y1), (x2, y2)), ((x1, y2), (x2, y1))):
            cv2.line(picture_bgr, start, end, colour, thickness, cv2.LINE_AA)


def picture_in_words(name: str, result: PhotoResult) -> str:
    """What a screen reader says of the picture with its marks."""
    count = len(result.faces)
    found = ngettext("{n} face", "{n} faces", count).format(n=format_number(count))
    named = ", ".join(f"{face.number}: {answer_name(face.answer, result.labels)}" for face in result.faces)
    return f"{name} – {found}" + (f" ({named})" if named else "")


def _faces_html(result: PhotoResult) -> str:
    is_open = len(result.faces) <= OPEN_DETAILS
    return (
        f'<ol class="raut-faces">{"".join(_face_html(face, result, is_open) for face in result.faces)}</ol>'
    )


def bars_html(labels: Sequence[str], probabilities: np.ndarray, likely: Sequence[str]) -> str:
    """A bar for each label, in the order of `fer_core.labels.in_shown_order`; those in `likely` are set off."""
    bars = "".join(
        f"<tr{' class=first' if label in likely else ''}{emotion_style(look_of(label, labels))}>"
        f'<th scope="row">{emotion_html(label, labels)}</th>'
        f'<td><span class="track"><i style="--share:{100 * share:.1f}%"></i></span></td>'
        f"<td>{html.escape(format_probability(share))}</td></tr>"
        for label, share in shares_in_reading_order(labels, probabilities).items()
    )
    return f'<table class="raut-bars">{bars}</table>'


def _face_html(face: PhotoFace, result: PhotoResult, is_open: bool) -> str:
    bars = bars_html(result.labels, face.probabilities, face.prediction_set or (face.label,))
    what_it_saw = html.escape(_("What the network was shown: the face in grey, 48×48 pixels"))
    number = html.escape(_("Face {n}").format(n=face.number))
    lead = _("Expression") if face.unsure else _("Expression resembles")
    maybe = set_in_words(face)
    share = "" if face.unsure else format_probability(face.probability)
    return (
        f"<li{emotion_style(look_of(face.answer, result.labels))}>"
        f'<div class="raut-face"><span class="number" aria-label="{number}">{face.number}</span>'
        f'<img src="{_crop_as_data(face.crop_gray)}" alt="{what_it_saw}" title="{what_it_saw}">'
        f'<span><span class="lead">{html.escape(lead)}</span><em>{emotion_html(face.answer, result.labels)}</em>'
        + (f'<span class="maybe">{html.escape(maybe)}</span>' if maybe else "")
        + f'</span><span class="share">{html.escape(share)}</span></div>'
        f"<details{' open' if is_open else ''}><summary>{html.escape(_('All probabilities'))}</summary>"
        f'{bars}<small class="found">{html.escape(found_by_sentence(face))}</small></details></li>'
    )


def _crop_as_data(crop_gray: np.ndarray) -> str:
    enlarged = cv2.resize(crop_gray, (CROPS_SIDE, CROPS_SIDE), interpolation=cv2.INTER_NEAREST)
    _ok, png = cv2.imencode(".png", enlarged)
    return "data:image/png;base64," + base64.b64encode(png.tobytes()).decode("ascii")

"""Choosing the face: a sample, a photo, a photo from the camera, or a picture of FER2013. Nothing is stored."""

from __future__ import annotations

import hashlib

import numpy as np
import streamlit as st

from fer_core.errors import ImageError, RautError
from fer_core.faces.limits import LIMITS
from fer_core.faces.uploads import clean_name
from fer_core.folders import PICTURE_ENDINGS
from fer_core.photos.analysis import faces_in
from pages.network import selection
from pages.network.faces import (
    PHOTO,
    ROW,
    SAMPLE,
    SAMPLES,
    WEBCAM,
    Face,
    face_words,
    keep_face,
    sample_face,
)
from pages.network.tiles import Tiles, tiles
from pages.ui.blocks import no_dataset_card
from pages.ui.frame import css_texts
from pages.ui.guard import show_error
from pages.ui.i18n import N_, _, emotion_name, format_number
from pages.ui.photo_block import drawings_note
from pages.ui.resources import dataset_or_none
from pages.ui.streamlit_inside import UploadedFile, largest_upload_mb

SOURCES: dict[str, str] = {
    "sample": N_("Samples"),
    PHOTO: N_("Photo"),
    WEBCAM: N_("Webcam"),
    "row": N_("Data set"),
}
_SOURCE_KEY = "network_face_source"
_FOUND_KEY = "network_faces_found"
_ROW_KEY = "network_face_row"


def choose_face(face: Face) -> None:
    """The four sources, and what is chosen from the one that is open."""
    with st.container(key="network_face_choice"):
        _sources(face)


def _sources(face: Face) -> None:
    kind = face.code.partition(":")[0]
    source = st.segmented_control(
        _("Where the face comes from"),
        list(SOURCES),
        default=kind,
        required=True,
        format_func=lambda code: _(SOURCES[code]),
        key=_SOURCE_KEY,
        persist_state="session",
    )
    {"sample": _samples, PHOTO: _photo, WEBCAM: _webcam, "row": _row}[source or kind](face)


def _samples(face: Face) -> None:
    codes = [f"{SAMPLE}{name}" for name in SAMPLES]
    expressions = [sample.expression for sample in SAMPLES.values()]
    tiles(
        Tiles(
            np.stack([sample_face(name) for name in SAMPLES]),
            [face_words(code) for code in codes],
            [_("Portrait") if code is None else emotion_name(code) for code in expressions],
            _("Samples"),
            chosen=codes.index(face.code) if face.code in codes else -1,
        ),
        key="network_samples",
        on_open=lambda at: selection.choose_face(codes[at]),
    )
    st.caption(drawings_note())


def _photo(face: Face) -> None:
    most_mb = largest_upload_mb(LIMITS.file_mb)
    words = {"choose": _("Choose a picture")}
    css_texts("network_photo", **words)
    with st.container(key="network_photo"):
        upload = st.file_uploader(
            words["choose"],
            PICTURE_ENDINGS,
            key="network_upload",
            label_visibility="collapsed",
            max_upload_size=most_mb,
        )
    st.caption(_("The photo stays in memory and is stored nowhere."))
    _faces_of(upload, PHOTO, face)


def _webcam(face: Face) -> None:
    words = {"take": _("Take a photo"), "again": _("Take another photo")}
    css_texts("network_camera", **words)
    with st.container(key="network_camera"):
        photo = None
        # The widget takes hold of the camera as soon as it is there.
        if st.toggle(_("Open the camera"), key="network_camera_open"):
            photo = st.camera_input(words["take"], key="network_still", label_visibility="collapsed")
    st.caption(_("The photo stays in memory and is stored nowhere."))
    _faces_of(photo, WEBCAM, face)


def _faces_of(file: UploadedFile | None, code: str, face: Face) -> None:
    """The faces of a picture to choose from; the first is taken as soon as the picture is there."""
    if file is None:
        return
    content = file.getvalue()
    digest = hashlib.sha256(content).hexdigest()
    found = st.session_state.get(_FOUND_KEY)
    if found is None or found[0] != digest:
        name = clean_name(file.name) if code == PHOTO else _("Photo from the camera")
        try:
            with st.spinner(_("Looking for faces …")):
                faces = faces_in(content, name)
        except ImageError as error:
            show_error(error)
            return
        st.session_state[_FOUND_KEY] = (digest, faces)
        if len(faces):
            _take(code, faces[0])
            st.rerun()
    faces = st.session_state[_FOUND_KEY][1]
    if not len(faces):
        st.info(
            _("No face was found in this picture. Try one in which a face is larger and seen from the front.")
        )
        return
    same = [
        number for number, one in enumerate(faces) if code == face.code and np.array_equal(one, face.gray)
    ]
    names = [_("Face {n}").format(n=format_number(number + 1)) for number in range(len(faces))]
    tiles(
        Tiles(faces, names, names, _("Faces in this picture"), chosen=same[0] if same else -1, scrolls=True),
        key=f"network_found_{code}",
        on_open=lambda at: _take(code, faces[at]),
    )


def _take(code: str, gray: np.ndarray) -> None:
    keep_face(code, gray)
    selection.choose_face(code)


def _row(face: Face) -> None:
    try:
        dataset = dataset_or_none()
    except RautError as error:
        show_error(error)
        return
    if dataset is None:
        no_dataset_card()
        return
    kind, _colon, name = face.code.partition(":")
    st.session_state[_ROW_KEY] = int(name) if kind == "row" else None

    def follow() -> None:
        row = st.session_state[_ROW_KEY]
        if row is not None:
            selection.choose_face(f"{ROW}{int(row)}")

    st.number_input(
        _("Row of fer2013.csv"),
        min_value=int(dataset.rows.min()),
        max_value=int(dataset.rows.max()),
        value=None,
        step=1,
        placeholder=_("for example 17"),
        key=_ROW_KEY,
        on_change=follow,
    )
    st.page_link(
        "pages/dataset/page.py",
        label=_("Choose a picture on the page Data set"),
        icon=":material/grid_view:",
    )

"""Trying a network on a photo: an own one or a sample. Faces are found in memory; the photo itself is not kept."""

from __future__ import annotations

import hashlib

import cv2
import numpy as np
import streamlit as st

from fer_core.faces.detection import FaceDetector
from fer_core.faces.images import own_picture
from fer_core.faces.limits import LIMITS
from fer_core.faces.search import photo_search
from fer_core.faces.uploads import clean_name
from fer_core.folders import PICTURE_ENDINGS
from fer_core.labels import UNSURE
from fer_core.photos.findings import Finding, Photo
from fer_core.photos.samples import DRAWINGS, PORTRAIT, Sample
from fer_core.photos.work import look_at
from fer_core.recognition.drawing import FaceDrawer, FaceMark
from pages.lab.tryout.answers import show_answers
from pages.lab.tryout.explanation import explanation
from pages.lab.tryout.in_use import InUse
from pages.ui.detector_choice import no_face_advice
from pages.ui.frame import css_texts
from pages.ui.guard import escape_markdown, show_error
from pages.ui.i18n import _, emotion_name, format_number, ngettext
from pages.ui.photo_block import drawings_note
from pages.ui.streamlit_inside import UploadedFile, forget_uploads, largest_upload_mb

TRIED_KEY = "lab_tried_photo"
"""Session key of the photo that is tried: its name, and what was found in it."""
_ROUND_KEY = "lab_photo_round"
_SAMPLE_KEY = "lab_sample"
_PORTRAIT = "portrait"
DISPLAY_SIDE = 640
"""Longest side of the small picture that is kept, in pixels."""
MOST_FACES = 12
"""Whose bars are shown; more are a crowd, for which there is the page Photos."""


def try_photo(used: InUse, shipped: InUse | None) -> None:
    """The drop area, the samples, and what the network answers to the faces of the newest photo.

    Args:
        used: the network in use.
        shipped: the one that ships, for comparison; None where there is none.
    """
    _upload(used)
    st.pills(
        _("Samples"),
        [_PORTRAIT, *(sample.expression for sample in DRAWINGS)],
        format_func=lambda code: _("Portrait") if code == _PORTRAIT else emotion_name(str(code)),
        key=_SAMPLE_KEY,
        on_change=_take_sample,
        args=(used,),
    )
    tried = st.session_state.get(TRIED_KEY)
    if tried is not None:
        name, sample, finding = tried
        _show(name, sample, finding, used, shipped)


def forget_tried_photo() -> None:
    """Let go of the faces of the photo that is tried."""
    st.session_state.pop(TRIED_KEY, None)


def _upload(used: InUse) -> None:
    most_mb = largest_upload_mb(LIMITS.file_mb)
    words = {"choose": _("Choose a photo")}
    css_texts("lab_photo_drop", **words)
    key = f"lab_photo_{st.session_state.setdefault(_ROUND_KEY, 0)}"
    with st.container(key="lab_photo_drop"):
        file: UploadedFile | None = st.file_uploader(
            words["choose"], PICTURE_ENDINGS, key=key, label_visibility="collapsed", max_upload_size=most_mb
        )
    st.caption(_("The photo stays in memory and is stored nowhere."))
    if file is None:
        return
    with st.spinner(_("Looking for faces …")):
        _look_at(clean_name(file.name), file.getvalue(), None, used)
    # Only the small picture and the faces stay: the file itself goes at once.
    forget_uploads([file.file_id])
    st.session_state[_ROUND_KEY] += 1
    st.rerun()


def _take_sample(used: InUse) -> None:
    chosen = st.session_state[_SAMPLE_KEY]
    if chosen is None:
        forget_tried_photo()
        return
    sample = next((one for one in DRAWINGS if one.expression == chosen), PORTRAIT)
    _look_at(sample.path.name, sample.path.read_bytes(), sample, used)


def _look_at(name: str, content: bytes, sample: Sample | None, used: InUse) -> None:
    photo = Photo(name, content, hashlib.sha256(content).hexdigest(), sample)
    finding = look_at(photo, FaceDetector(photo_search()), used.recognizer, side=DISPLAY_SIDE)
    st.session_state[TRIED_KEY] = (name, sample, finding)
    if sample is None:
        st.session_state.pop(_SAMPLE_KEY, None)


def _show(name: str, sample: Sample | None, finding: Finding, used: InUse, shipped: InUse | None) -> None:
    if finding.error is not None:
        show_error(finding.error)
        return
    faces = finding.result.faces
    count = len(faces)
    found = ngettext("{n} face", "{n} faces", count).format(n=format_number(count))
    what = _("A sample of Raut's") if sample is not None else name
    caption = f"{what} – {found}"
    with st.container(key="lab_tried_photo"):
        st.image(_numbered(finding), caption=escape_markdown(caption), alt=caption, width="stretch")
    if sample is not None and sample.is_drawing:
        st.caption(drawings_note())
    if not faces:
        st.info(no_face_advice(photo_search()), icon=":material/face:")
        return
    crops = np.stack([face.crop_gray for face in faces[:MOST_FACES]])
    show_answers(used, shipped, crops)
    if count > MOST_FACES:
        st.caption(
            _("The first {n} faces are shown. The page Photos shows all of a crowd.").format(
                n=format_number(MOST_FACES)
            )
        )
    explanation(used, crops)


def _numbered(finding: Finding) -> bytes:
    """The small picture with a box at each face, and its number where there are several; JPEG."""
    picture_bgr = own_picture(finding.picture_jpeg)
    marks = [
        FaceMark(face.box_xyxy * finding.scale, face.number, "", UNSURE, sign=False)
        for face in finding.result.faces[:MOST_FACES]
    ]
    drawn = FaceDrawer().draw(picture_bgr, marks, channels="bgr")
    _ok, jpeg = cv2.imencode(".jpg", drawn, [cv2.IMWRITE_JPEG_QUALITY, 90])
    return jpeg.tobytes()

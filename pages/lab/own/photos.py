"""Photos that are added to a class: decoded and searched in memory; only the face that a network would see is kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import streamlit as st

from fer_core.errors import RautError
from fer_core.faces.detection import FaceDetector
from fer_core.faces.images import decode_image, to_gray
from fer_core.faces.limits import LIMITS
from fer_core.faces.search import photo_search
from fer_core.faces.uploads import clean_name
from fer_core.folders import PICTURE_ENDINGS
from fer_core.lab.desk import Desk
from pages.ui.frame import css_texts
from pages.ui.guard import escape_markdown
from pages.ui.i18n import _, error_sentence, format_number, ngettext
from pages.ui.streamlit_inside import UploadedFile, forget_uploads, largest_upload_mb

_ROUND, _REPORT, _CLASS = "lab_own_photos_round", "lab_own_photos_report", "lab_own_photos_class"
_MOST_TOLD: Final = 5


def add_photos(desk: Desk, condition: str | None = None) -> None:
    """A drop area for photos of one class, and what came of the last ones.

    Args:
        desk: its faces take those of the photos; nothing is added before everybody agreed.
        condition: as in `FaceStore.add_photo`.
    """
    names = desk.faces.classes
    if not names:
        return
    if st.session_state.get(_CLASS) not in names:
        st.session_state[_CLASS] = names[0]
    name = st.selectbox(_("Add photos to the class"), names, key=_CLASS)
    words = {"choose": _("Choose photos")}
    css_texts("lab_own_photos", **words)
    with st.container(key="lab_own_photos"):
        files: list[UploadedFile] = st.file_uploader(
            words["choose"],
            PICTURE_ENDINGS,
            accept_multiple_files=True,
            key=f"lab_own_photos_{st.session_state.setdefault(_ROUND, 0)}",
            label_visibility="collapsed",
            max_upload_size=largest_upload_mb(LIMITS.file_mb),
            disabled=not desk.consented,
        )
    if not desk.consented:
        st.caption(_("First tick above that everybody agrees."))
    for line in st.session_state.pop(_REPORT, []):
        st.markdown(escape_markdown(line))
    if not files or not desk.consented:
        return
    with st.spinner(_("Looking for faces …")):
        st.session_state[_REPORT] = _take(desk, files, str(name), condition)
    # Only the faces stay: the files go at once.
    forget_uploads([file.file_id for file in files])
    st.session_state[_ROUND] += 1
    st.rerun()


def _take(desk: Desk, files: Sequence[UploadedFile], name: str, condition: str | None) -> list[str]:
    """Add the face of each photo; what there is to say of them."""
    detector = FaceDetector(photo_search())
    added, lines = 0, []
    for file in files:
        shown = clean_name(file.name)
        try:
            crop_gray, count = largest_crop(file.getvalue(), shown, detector)
            if crop_gray is None:
                lines.append(
                    _("{file}: no face was found. Take a photo from the front, in good light.").format(
                        file=shown
                    )
                )
                continue
            desk.faces.add_photo(name, crop_gray, condition)
        except RautError as error:
            lines.append(error_sentence(error))
            continue
        added += 1
        if count > 1:
            lines.append(
                _("{file}: {n} faces; the largest was taken.").format(file=shown, n=format_number(count))
            )
    first = ngettext("{n} photo was added to “{name}”.", "{n} photos were added to “{name}”.", added)
    told, rest = lines[:_MOST_TOLD], len(lines) - _MOST_TOLD
    if rest > 0:
        told.append(
            ngettext("… and {n} more like this.", "… and {n} more like these.", rest).format(
                n=format_number(rest)
            )
        )
    return [first.format(n=format_number(added), name=name), *told]


def largest_crop(content: bytes, name: str, detector: FaceDetector) -> tuple[np.ndarray | None, int]:
    """The largest face of a photo as a network sees it, uint8 (48, 48), or None; and how many faces there are.

    Args:
        content: of the file.
        name: of it, for the sentence of an error.
        detector: looks for faces.

    Raises:
        ImageError: as `decode_image`.
    """
    image_rgb = decode_image(content, name)
    image_gray = to_gray(image_rgb)
    found = detector.detect(image_gray, image_rgb)
    if not len(found):
        return None, 0
    boxes = found.boxes_xyxy.astype(np.int64)
    largest = int(((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])).argmax())
    return detector.crops(image_gray, found)[largest], len(found)

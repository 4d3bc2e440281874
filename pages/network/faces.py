"""The face that the page is about: a sample that ships, one from a photo or the camera, or a picture of FER2013."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import streamlit as st

from fer_core.errors import RautError
from fer_core.photos import samples
from fer_core.photos.samples import DRAWINGS, PORTRAIT, Sample
from pages.network import selection
from pages.ui import session_keys
from pages.ui.address.parameters import text_of_address
from pages.ui.guard import show_error
from pages.ui.i18n import _, emotion_name
from pages.ui.resources import dataset_or_none

PHOTO: Final = "photo"
WEBCAM: Final = "webcam"
SAMPLE: Final = "sample:"
ROW: Final = "row:"
SAMPLES: Final[dict[str, Sample]] = {
    "portrait": PORTRAIT,
    **{str(sample.expression): sample for sample in DRAWINGS},
}
"""Name of each sample, as the address has it behind `SAMPLE`."""
FIRST: Final = f"{SAMPLE}portrait"


@dataclass(frozen=True, eq=False)
class Face:
    """A face and what the address calls it."""

    code: str
    gray: np.ndarray
    """uint8 (48, 48), 0-255."""


def face_of_address() -> Face:
    """The face that the address names; the portrait, and a sentence, where it is not there."""
    code = text_of_address(selection.FACE)
    if not code:
        return Face(FIRST, sample_face("portrait"))
    kind, _colon, name = code.partition(":")
    known: dict[str, Callable[[str], np.ndarray | None]] = {
        "sample": lambda name: sample_face(name) if name in SAMPLES else None,
        "row": _face_of_row,
        PHOTO: lambda _name: _kept(PHOTO),
        WEBCAM: lambda _name: _kept(WEBCAM),
    }
    gray = known[kind](name) if kind in known else None
    if gray is not None:
        return Face(code, gray)
    if code in (PHOTO, WEBCAM):
        st.info(
            _(
                "The face of this link came from a photo or a camera. Such a face stays in the memory of the page where it "
                "was chosen and is stored nowhere, so it is not here. A sample is shown; choose a face above."
            ),
            icon=":material/face:",
        )
    elif kind != "row" or not _is_row(name):
        selection.refuse(selection.FACE, code, FIRST)
    return Face(FIRST, sample_face("portrait"))


def face_words(code: str) -> str:
    """What the face is called."""
    kind, _colon, name = code.partition(":")
    if kind == "sample":
        expression = SAMPLES[name].expression
        return (
            _("Portrait")
            if expression is None
            else _("Drawing: {expression}").format(expression=emotion_name(expression).lower())
        )
    if kind == "row":
        return _("FER2013, row {n}").format(n=name)
    return _("Face from a photo") if kind == PHOTO else _("Face from the camera")


def keep_face(code: str, gray: np.ndarray) -> None:
    """Remember a face from a photo or the camera, in the memory of this session only.

    Args:
        code: `PHOTO` or `WEBCAM`.
        gray: uint8 (48, 48).
    """
    st.session_state[session_keys.SEEN_FACES] = {**_all_kept(), code: gray}


def sample_face(name: str) -> np.ndarray:
    """The face of a sample as networks see it, by its name in the address: uint8 (48, 48)."""
    return samples.sample_face(SAMPLES[name])


def _is_row(name: str) -> bool:
    return name.isascii() and name.isdecimal() and len(name) <= 9


def _face_of_row(name: str) -> np.ndarray | None:
    if not _is_row(name):
        return None
    try:
        dataset = dataset_or_none()
    except RautError as error:
        show_error(error)
        return None
    if dataset is None:
        st.info(
            _(
                "Row {n} of FER2013 cannot be shown: the data set is not on this computer. A sample is shown instead."
            ).format(n=name),
            icon=":material/photo_library:",
        )
        return None
    places = np.flatnonzero(dataset.rows == int(name))
    if not len(places):
        selection.refuse(selection.FACE, f"{ROW}{name}", FIRST)
        return None
    return np.asarray(dataset.images_gray[places[0]])


def _all_kept() -> dict[str, np.ndarray]:
    return dict(st.session_state.get(session_keys.SEEN_FACES, {}))


def _kept(code: str) -> np.ndarray | None:
    return _all_kept().get(code)

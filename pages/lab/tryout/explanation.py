"""Which places of a tried face speak for a class, as a map over it."""

from __future__ import annotations

import hashlib

import numpy as np
import streamlit as st

from fer_core.errors import RautError
from pages.lab.tryout.in_use import InUse
from pages.ui.choices import keep_choice
from pages.ui.guard import show_error
from pages.ui.i18n import _, format_number
from pages.ui.resources import grad_cam
from pages.ui.teaching.face_map import show_map

_OPEN_KEY = "lab_map_open"
_FACE_KEY = "lab_map_face"


def explanation(used: InUse, faces_gray: np.ndarray) -> None:
    """The map of one of the faces, closed at first: nothing is computed before it is opened.

    Args:
        used: the network in use.
        faces_gray: uint8 (N, 48, 48), N from 1.
    """
    keep_choice(_OPEN_KEY)
    part = st.expander(
        _("Explanation (Grad-CAM)"), icon=":material/frame_inspect:", key=_OPEN_KEY, on_change="rerun"
    )
    if not part.open:
        return
    with part:
        number = 0
        if len(faces_gray) > 1:
            number = int(
                st.segmented_control(
                    _("Face"),
                    range(len(faces_gray)),
                    default=0,
                    required=True,
                    format_func=lambda place: format_number(place + 1),
                    key=f"{_FACE_KEY}_{_digest(faces_gray)}",
                )
                or 0
            )
        _map(used, faces_gray[number])


def _map(used: InUse, face_gray: np.ndarray) -> None:
    try:
        cam = grad_cam(used.network)
    except RautError as error:
        show_error(error)
        return
    probabilities = used.recognizer.predict(face_gray[None])[0]
    labels = used.shown_labels
    key = f"lab_map_{used.network.id}_{_digest(face_gray)}"
    keep_choice(key)
    label = st.selectbox(
        _("What speaks for this class?"),
        labels,
        index=labels.index(used.labels[int(probabilities.argmax())]),
        format_func=lambda code: used.name_of(code),
        key=key,
    )
    if not show_map(cam, face_gray, label, used.labels, probabilities):
        st.info(_("Nothing in this face speaks for that class."))
    st.caption(
        _(
            "{method} shows which parts of the picture raise the network's score for this class. The map is coarse and "
            "nearly always reaches full yellow somewhere. It does not show why a person looks so or what they feel, nor "
            "whether the answer is right. Yellow beside the face, on a cap or a wall: the network may have learnt that "
            "instead of the face."
        ).format(method=cam.method)
    )


def _digest(faces_gray: np.ndarray) -> str:
    return hashlib.sha256(faces_gray.tobytes()).hexdigest()[:12]

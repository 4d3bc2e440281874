"""The faces of the photos as a round of the quiz; they stay in the memory of the session."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from fer_core.quiz.choice import MOST_QUESTIONS, SetChoice
from fer_core.store.network import NetworkInfo
from pages.photos.table_and_gallery import FaceRow
from pages.ui import session_keys
from pages.ui.i18n import _, format_number


def quiz_button(faces: Sequence[FaceRow], network: NetworkInfo) -> None:
    """Brings the faces to the page Quiz, as the network reads them: the first ones where there are too many.

    Args:
        faces: rows that have a face.
        network: that read them.
    """
    explained = _("Asks which expression each face shows, alone or with a class. The faces stay in memory.")
    label = _("Quiz with these faces")
    if len(faces) > MOST_QUESTIONS:
        label = _("Quiz with the first {n} faces").format(n=format_number(MOST_QUESTIONS))
    if not st.button(label, key="photos_quiz", icon=":material/quiz:", help=explained):
        return
    first = [(row.face, row.photo.sample) for row in faces[:MOST_QUESTIONS] if row.face is not None]
    st.session_state[session_keys.QUIZ_FACES] = {
        "faces_gray": np.stack([face.crop_gray for face, _sample in first]),
        "meant": tuple(None if sample is None else sample.expression for _face, sample in first),
    }
    query = {**SetChoice("photos").to_query(), "network": network.id}
    st.switch_page("pages/quiz/page.py", query_params=query)

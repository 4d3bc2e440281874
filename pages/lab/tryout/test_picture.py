"""Trying a network on a picture of FER2013's PublicTest, whose label is hidden until it is asked for."""

from __future__ import annotations

import numpy as np
import streamlit as st

from fer_core.datasets.fer2013 import USAGES, Fer2013
from fer_core.errors import RautError
from fer_core.labels import FER2013_LABELS
from pages.lab.tryout.answers import show_answers
from pages.lab.tryout.explanation import explanation
from pages.lab.tryout.in_use import InUse
from pages.ui.blocks import no_dataset_card
from pages.ui.guard import show_error
from pages.ui.i18n import _, emotion_name, format_number
from pages.ui.resources import dataset_or_none

ROW_KEY = "lab_test_row"
SHOWN_KEY = "lab_test_label_of"
"""Session key of the row whose label was asked for."""


def try_test_picture(used: InUse, shipped: InUse | None) -> None:
    """A picture of PublicTest by chance or by row, and what the network answers to it.

    Args:
        used: the network in use.
        shipped: the one that ships, for comparison; None where there is none.
    """
    try:
        dataset = dataset_or_none()
    except RautError as error:
        show_error(error)
        return
    if dataset is None:
        no_dataset_card()
        return
    test = np.flatnonzero(dataset.usages == USAGES.index("PublicTest"))
    if not len(test):
        st.info(_("This copy of FER2013 has no PublicTest, so there is no test picture."))
        return
    place = _choose(dataset, test, used)
    if place is None:
        return
    face_gray = np.asarray(dataset.images_gray[place])[None]
    show_answers(used, shipped, face_gray)
    _label(dataset, place, used)
    explanation(used, face_gray)


def _choose(dataset: Fer2013, test: np.ndarray, used: InUse) -> int | None:
    """The place of the picture that the row names; one of the network's classes at first, and by chance."""
    codes = [FER2013_LABELS.index(label) for label in used.labels if label in FER2013_LABELS]
    known = test[np.isin(dataset.emotions[test], codes)]
    drawn = known if len(known) else test

    def draw() -> None:
        st.session_state[ROW_KEY] = int(dataset.rows[np.random.default_rng().choice(drawn)])

    if st.session_state.get(ROW_KEY) is None:
        draw()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        row = st.number_input(
            _("Row of fer2013.csv"),
            min_value=int(dataset.rows[test].min()),
            max_value=int(dataset.rows[test].max()),
            step=1,
            key=ROW_KEY,
        )
        st.button(_("Another picture"), icon=":material/shuffle:", key="lab_test_draw", on_click=draw)
    places = test[dataset.rows[test] == row]
    if not len(places):
        st.info(_("Row {n} is not in PublicTest. Choose another one.").format(n=format_number(row)))
        return None
    st.caption(_("PublicTest: the lab never learns from these pictures."))
    return int(places[0])


def _label(dataset: Fer2013, place: int, used: InUse) -> None:
    """The label, once it is asked for, and whether the answer is right."""
    row = int(dataset.rows[place])
    if st.session_state.get(SHOWN_KEY) != row:

        def show() -> None:
            st.session_state[SHOWN_KEY] = row

        st.button(_("Show the label"), icon=":material/visibility:", key="lab_test_label", on_click=show)
        return
    label = FER2013_LABELS[int(dataset.emotions[place])]
    words = _("Label of FER2013: **{label}**.").format(label=emotion_name(label))
    if label not in used.labels:
        st.info(f"{words} {_('This network does not know that class.')}", icon=":material/label:")
        return
    probabilities = used.recognizer.predict(np.asarray(dataset.images_gray[place])[None])[0]
    right = used.labels[int(probabilities.argmax())] == label
    if right:
        st.success(f"{words} {_('The most probable class is the same.')}", icon=":material/check_circle:")
    else:
        st.info(f"{words} {_('The most probable class is another one.')}", icon=":material/label:")

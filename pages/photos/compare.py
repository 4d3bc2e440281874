"""One face as all networks that ship answer to it, side by side."""

from __future__ import annotations

import time
from statistics import median

import streamlit as st

from fer_core.errors import RautError
from fer_core.labels import in_reading_order
from fer_core.photos.analysis import PhotoFace
from fer_core.recognition.answers import Prediction, read_faces
from fer_core.recognition.conformal import calibration_of
from fer_core.store.network import NetworkInfo
from pages.ui.access import is_shared
from pages.ui.charts import Column, expression_column, expressions_column, show_table
from pages.ui.guard import escape_markdown, show_error
from pages.ui.i18n import NOT_A_NUMBER, _, emotion_name, format_number, format_probability
from pages.ui.resources import networks, recognizer

ROUNDS = 5  # of which the median is shown


def compare_networks(face: PhotoFace) -> None:
    """The most probable expression and all probabilities of each network, and how long it took."""
    answers: list[tuple[NetworkInfo, Prediction, float]] = []
    for info in networks():
        try:
            answers.append((info, *_answer(info.id, face)))
        except RautError as error:
            show_error(error)
    if not answers:
        return
    named = {found.label for _info, found, _ms in answers}
    if len(answers) > 1:
        count = format_number(len(answers))
        if len(named) == 1:
            st.markdown(
                _("All {n} networks find the same expression most probable: {expression}.").format(
                    n=count, expression=emotion_name(answers[0][1].label)
                )
            )
        else:
            parts = "; ".join(
                f"{emotion_name(label)}: "
                + ", ".join(
                    escape_markdown(_(info.name)) for info, found, _ms in answers if found.label == label
                )
                for label in sorted(named, key=lambda code: -sum(a.label == code for _i, a, _m in answers))
            )
            st.markdown(_("The {n} networks differ. {parts}.").format(n=count, parts=parts))
    codes = in_reading_order({code for info, _found, _ms in answers for code in info.labels})

    def share(info: NetworkInfo, found: Prediction, code: str) -> str:
        if code not in info.labels:
            return NOT_A_NUMBER
        return format_probability(float(found.probabilities[info.labels.index(code)]), 1)

    show_table(
        [
            Column(_("Network"), [_(info.name) for info, _found, _ms in answers]),
            expressions_column(_("Answer"), [found.answer for _info, found, _ms in answers]),
            Column(
                _("Could be"),
                [
                    ", ".join(emotion_name(code) for code in found.prediction_set)
                    if found.prediction_set
                    else NOT_A_NUMBER
                    for _info, found, _ms in answers
                ],
            ),
            *(
                expression_column(code, [share(info, found, code) for info, found, _ms in answers])
                for code in codes
            ),
            Column(_("Milliseconds"), [ms for _info, _found, ms in answers], decimals=2),
        ],
        key="face_networks",
        filename=None,
    )
    if raw := [_(info.name) for info, _found, _ms in answers if calibration_of(info) == "not"]:
        st.caption(
            _(
                "Not calibrated, so that their probabilities say less about how often they are right: {names}."
            ).format(names=escape_markdown("; ".join(raw)))
        )
    if is_shared():
        measured = _(
            "A dash: the network does not know this expression, or has no sets. Milliseconds: measured just now "
            "on the computer that serves this page, for one face, the median of {n}."
        )
    else:
        measured = _(
            "A dash: the network does not know this expression, or has no sets. Milliseconds: measured just now "
            "on this computer, for one face, the median of {n}."
        )
    st.caption(measured.format(n=format_number(ROUNDS)))


def _answer(network_id: str, face: PhotoFace) -> tuple[Prediction, float]:
    """That network's answer, and its median time in milliseconds."""
    network = recognizer(network_id)
    faces = face.crop_gray[None]  # (48, 48) -> (1, 48, 48)
    prediction = read_faces(faces, network)[0]  # the first call lays out memory, and does not count
    times = []
    for _round in range(ROUNDS):
        start = time.perf_counter()
        network.predict(faces)
        times.append((time.perf_counter() - start) * 1000)
    return prediction, median(times)

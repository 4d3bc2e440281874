"""One face, closely: its figures, why, other networks, what breaks the answer, and corrections by hand."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from statistics import median

import numpy as np
import streamlit as st

from fer_core.errors import RautError
from fer_core.explanation.face_search import draw_points
from fer_core.explanation.grad_cam import overlay
from fer_core.faces.images import own_picture
from fer_core.faces.quality import quality_limits
from fer_core.faces.search import FaceSearch
from fer_core.labels import in_reading_order
from fer_core.photos.analysis import PhotoFace
from fer_core.photos.findings import Finding, Photo
from fer_core.photos.shelf import PhotoShelf
from fer_core.picture_measures import sharpness
from fer_core.recognition.answers import Prediction, read_faces
from fer_core.recognition.conformal import calibration_of
from fer_core.store.network import NetworkInfo
from pages.photos.break_it import break_it
from pages.photos.choice import CLOSER_KEY, Place, choose_face, follow_gallery, has_moved
from pages.photos.corrections import correct_faces
from pages.photos.table_and_gallery import STATUS_NAMES
from pages.ui import session_keys
from pages.ui.access import is_shared
from pages.ui.certainty import set_in_words
from pages.ui.charts import Column, expression_column, expressions_column, show_table
from pages.ui.choices import keep_choice
from pages.ui.detector_choice import found_by_sentence
from pages.ui.guard import escape_markdown, guarded_page, show_error
from pages.ui.i18n import (
    N_,
    NOT_A_NUMBER,
    _,
    either,
    emotion_name,
    format_number,
    format_percent,
    format_probability,
)
from pages.ui.photo_block import bars_html, shown_name
from pages.ui.resources import grad_cam, networks, recognizer
from pages.ui.steps import points_in_words

VIEWS = {
    "figures": N_("Figures"),
    "why": N_("Explanation (Grad-CAM)"),
    "compare": N_("Compare networks"),
    "break": N_("Stress test"),
    "correct": N_("Correct the faces"),
}
ROUNDS = 5  # of which the median is shown
SIDE = 384  # pixels of the enlarged face
POINTS_SIDE = 240  # of the face in the photo, with its points


@st.fragment
@guarded_page()
def one_face(
    shelf: PhotoShelf,
    found: Sequence[tuple[Photo, Finding]],
    findings: Sequence[tuple[Photo, Finding]],
    network: NetworkInfo,
    search: FaceSearch,
    order: Sequence[Place],
    in_table: bool,
) -> None:
    """The block below the photos, closed at first: nothing in it is computed before it is opened.

    Args:
        shelf: holds the corrections.
        found: as the detector left them.
        findings: the same photos, corrected.
        network: that read the faces.
        search: how the faces were looked for.
        order: of the faces that are in sight above.
        in_table: they are in the table, which marks the chosen one.
    """
    if all(finding.error is not None for _photo, finding in findings):
        return
    places = {
        (photo.key, face.number if face else 0): (photo, finding, face)
        for photo, finding in findings
        for face in finding.result.faces or (None,)
    }
    follow_gallery(places)
    keep_choice(CLOSER_KEY)
    closer = st.expander(
        _("Look closer at one face"), icon=":material/frame_inspect:", key=CLOSER_KEY, on_change="rerun"
    )
    if not closer.open:
        return
    with closer:
        place = choose_face({place: _name(*shown) for place, shown in places.items()}, order)
        if has_moved() and in_table:
            st.rerun()
        photo, finding, face = places[place]
        if finding.error is not None:
            show_error(finding.error)
            return
        view = st.segmented_control(
            _("View"),
            list(VIEWS) if face else ["correct"],
            default="figures" if face else "correct",
            required=True,
            format_func=lambda code: _(VIEWS[code]),
            key=f"face_view_{face is not None}",
            label_visibility="collapsed",
        )
        if view == "correct" or face is None:
            before = next(one for other, one in found if other is photo)
            correct_faces(shelf, photo, before, network, search)
        elif view == "figures":
            _figures(face, finding, network)
        elif view == "why":
            _why(face, network)
        elif view == "compare":
            _compare(face)
        else:
            break_it(face, network)


def _name(photo: Photo, finding: Finding, face: PhotoFace | None) -> str:
    if face is not None:
        return f"{shown_name(photo)} – {face.number}: {emotion_name(face.answer)}"
    return f"{shown_name(photo)} – {_(STATUS_NAMES[finding.result.status])}"


def _enlarged(crop_gray: np.ndarray) -> np.ndarray:
    times = SIDE // len(crop_gray)
    return np.repeat(np.repeat(crop_gray, times, axis=0), times, axis=1)


def _what_was_shown(face: PhotoFace) -> None:
    caption = _("What the network was shown: the face in grey, 48×48 pixels")
    st.image(_enlarged(face.crop_gray), caption=caption, alt=caption, width="stretch")


def _points(face: PhotoFace, finding: Finding) -> None:
    """Where the face's points lie in the photo; nothing for a face of which none are known."""
    if face.points_xy is None:
        return
    scale = finding.scale
    drawn_bgr = draw_points(
        own_picture(finding.picture_jpeg), face.box_xyxy * scale, face.points_xy * scale, POINTS_SIDE
    )
    caption = points_in_words(face.points_xy)
    st.image(drawn_bgr[..., ::-1], caption=caption, alt=caption, width=POINTS_SIDE)


def _figures(face: PhotoFace, finding: Finding, network: NetworkInfo) -> None:
    labels = finding.result.labels
    left, right = st.columns([2, 3], gap="medium")
    with left:
        _what_was_shown(face)
        _points(face, finding)
    with right:
        x1, y1, x2, y2 = (int(value) for value in face.box_xyxy)
        if face.unsure:
            st.markdown(f"**{_('Unsure')}** – {escape_markdown(set_in_words(face))}")
        else:
            st.markdown(
                f"{_('Expression resembles')} **{emotion_name(face.label)}**, "
                f"{format_probability(face.probability)}"
            )
        how = recognizer(network.id).prediction_sets
        if face.prediction_set is not None and how is not None:
            names = [emotion_name(code).lower() for code in face.prediction_set]
            st.markdown(
                _("{level} prediction set: {expressions}.").format(
                    level=format_percent(how.level, 0), expressions=either(names)
                )
            )
        st.html(bars_html(labels, face.probabilities, face.prediction_set or (face.label,)))
        st.markdown(found_by_sentence(face))
        st.markdown(
            _("Size in the photo: {width}×{height} pixels.").format(
                width=format_number(x2 - x1), height=format_number(y2 - y1)
            )
        )
        st.markdown(
            _(
                "Sharpness: {value}. Below {limit} the network is right less often, as it is with blurred faces."
            ).format(
                value=format_number(sharpness(face.crop_gray), 2),
                limit=format_number(quality_limits().sharpness, 2),
            )
        )
        if st.button(
            _("Similar faces in FER2013"),
            icon=":material/scatter_plot:",
            help=_("Shows the face among the pictures of FER2013, on the page Data set. It stays in memory."),
            key="face_similar",
        ):
            turn = int(time.time() * 1000)
            st.session_state[session_keys.PLACED_FACE] = {"face_gray": face.crop_gray, "turn": turn}
            st.switch_page("pages/dataset/page.py", query_params={"view": "map"})
        if st.button(
            _("See how the network sees this face"),
            icon=":material/hub:",
            help=_("Shows what the network computes for it, on the page Network. It stays in memory."),
            key="face_network",
        ):
            st.session_state[session_keys.SEEN_FACES] = {
                **st.session_state.get(session_keys.SEEN_FACES, {}),
                "photo": face.crop_gray,
            }
            st.switch_page("pages/network/page.py", query_params={"face": "photo", "network": network.id})


# --- why ---------------------------------------------------------------------------------------------


def _why(face: PhotoFace, network: NetworkInfo) -> None:
    try:
        cam = grad_cam(network)
    except RautError as error:
        show_error(error)
        return
    key = f"why_{network.id}_{_digest(face.crop_gray)}"
    keep_choice(key)
    label = st.selectbox(
        _("What speaks for this expression?"),
        network.expressions,
        index=network.expressions.index(face.label),
        format_func=lambda code: emotion_name(code),
        key=key,
    )
    heat = cam.heat(face.crop_gray, label)
    left, right = st.columns(2, gap="medium")
    with left:
        _what_was_shown(face)
    with right:
        caption = _("Yellow: what speaks most for {expression} ({probability})").format(
            expression=emotion_name(label).lower(),
            probability=format_probability(float(face.probabilities[network.labels.index(label)])),
        )
        st.image(overlay(face.crop_gray, heat, SIDE), caption=caption, alt=caption, width="stretch")
    if not heat.any():
        st.info(_("Nothing in this face speaks for that expression."))
    st.caption(
        _(
            "{method} shows which parts of the picture raise the network's score for this expression. The "
            "map is coarse and nearly always reaches full yellow somewhere. It does not show why a person "
            "looks so or what they feel, nor whether the answer is right."
        ).format(method=cam.method)
    )


# --- networks beside each other ----------------------------------------------------------------------


def _compare(face: PhotoFace) -> None:
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


def _digest(crop_gray: np.ndarray) -> str:
    return hashlib.sha256(crop_gray.tobytes()).hexdigest()[:16]

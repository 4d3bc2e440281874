"""One face, closely: its figures, why, other networks, what breaks the answer, and corrections by hand."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence

import numpy as np
import streamlit as st

from fer_core.errors import RautError
from fer_core.explanation.face_search import draw_points
from fer_core.faces.images import own_picture
from fer_core.faces.quality import quality_limits
from fer_core.faces.search import FaceSearch
from fer_core.photos.analysis import PhotoFace
from fer_core.photos.findings import Finding, Photo
from fer_core.photos.shelf import PhotoShelf
from fer_core.picture_measures import sharpness
from fer_core.store.network import NetworkInfo
from pages.photos.break_it import break_it
from pages.photos.choice import CLOSER_KEY, Place, choose_face, follow_gallery, has_moved
from pages.photos.compare import compare_networks
from pages.photos.corrections import correct_faces
from pages.photos.table_and_gallery import STATUS_NAMES
from pages.ui import session_keys
from pages.ui.certainty import set_in_words
from pages.ui.choices import keep_choice
from pages.ui.detector_choice import found_by_sentence
from pages.ui.guard import escape_markdown, guarded_page, show_error
from pages.ui.i18n import (
    N_,
    _,
    answer_name,
    either,
    emotion_name,
    format_number,
    format_percent,
    format_probability,
)
from pages.ui.photo_block import bars_html, shown_name
from pages.ui.resources import AnyNetwork, grad_cam, recognizer_of
from pages.ui.steps import points_in_words
from pages.ui.teaching.face_map import SIDE, show_map

VIEWS = {
    "figures": N_("Figures"),
    "why": N_("Explanation (Grad-CAM)"),
    "compare": N_("Compare networks"),
    "break": N_("Stress test"),
    "correct": N_("Correct the faces"),
}
POINTS_SIDE = 240  # of the face in the photo, with its points


@st.fragment
@guarded_page()
def one_face(
    shelf: PhotoShelf,
    found: Sequence[tuple[Photo, Finding]],
    findings: Sequence[tuple[Photo, Finding]],
    network: AnyNetwork,
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
            _views(network) if face else ["correct"],
            default="figures" if face else "correct",
            required=True,
            format_func=lambda code: _(VIEWS[code]),
            key=f"face_view_{face is not None}{'' if isinstance(network, NetworkInfo) else '_lab'}",
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
            compare_networks(face)
        elif isinstance(network, NetworkInfo):
            break_it(face, network)


def _name(photo: Photo, finding: Finding, face: PhotoFace | None) -> str:
    if face is not None:
        return f"{shown_name(photo)} – {face.number}: {answer_name(face.answer, finding.result.labels)}"
    return f"{shown_name(photo)} – {_(STATUS_NAMES[finding.result.status])}"


def _views(network: AnyNetwork) -> list[str]:
    """What there is of a face: a network of the lab is not compared, and stands no stress test."""
    return [view for view in VIEWS if isinstance(network, NetworkInfo) or view not in ("compare", "break")]


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


def _figures(face: PhotoFace, finding: Finding, network: AnyNetwork) -> None:
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
                f"{_('Expression resembles')} **{escape_markdown(answer_name(face.label, labels))}**, "
                f"{format_probability(face.probability)}"
            )
        how = recognizer_of(network).prediction_sets
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
        if not isinstance(network, NetworkInfo):
            return
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


def _why(face: PhotoFace, network: AnyNetwork) -> None:
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
        format_func=lambda code: answer_name(code, network.labels),
        key=key,
    )
    left, right = st.columns(2, gap="medium")
    with left:
        _what_was_shown(face)
    with right:
        speaks = show_map(cam, face.crop_gray, label, network.labels, face.probabilities)
    if not speaks:
        st.info(_("Nothing in this face speaks for that expression."))
    st.caption(
        _(
            "{method} shows which parts of the picture raise the network's score for this expression. The "
            "map is coarse and nearly always reaches full yellow somewhere. It does not show why a person "
            "looks so or what they feel, nor whether the answer is right."
        ).format(method=cam.method)
    )


def _digest(crop_gray: np.ndarray) -> str:
    return hashlib.sha256(crop_gray.tobytes()).hexdigest()[:16]

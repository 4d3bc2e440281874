"""The column "Data" of the way FER2013: which classes are learnt, how many pictures of each, and what they look like."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import streamlit as st

from fer_core.datasets.fer2013 import Fer2013
from fer_core.datasets.splits import split
from fer_core.errors import RautError
from fer_core.lab.material import LEARNT_SPLIT, TEST_SPLIT
from fer_core.lab.settings import CLASSES_AT_FIRST, FEWEST_CLASSES, MOST_PER_CLASS, LabSettings
from fer_core.labels import EMOTIONS, EXPRESSIONS, FER2013_LABELS
from pages.lab import selection
from pages.ui.blocks import no_dataset_card, term
from pages.ui.guard import show_error
from pages.ui.i18n import _, emotion_name, format_number, ngettext
from pages.ui.picture_grid import png_url
from pages.ui.resources import dataset_or_none
from pages.ui.signs import emotion_sign

FACES_A_CLASS: Final = 6
MANY_CLASSES: Final = 4
"""With more of them a class takes less place."""
MUCH_FEWER: Final = 0.75
"""Share of the largest class below which a class is said to have fewer pictures."""
_CLASSES, _PICTURES = "lab_classes", "lab_pictures"
_TOO_FEW, _DRAWN = "lab_classes_too_few", "lab_faces_drawn"
_LEAST_PICTURES, _STEP = 50, 50


@dataclass(frozen=True, eq=False)
class ClassPictures:
    """What FER2013 has of one class.

    Attributes:
        learnt: int64 (n,), positions in the data set of the pictures of Training.
        tested: number of pictures of PublicTest.
    """

    learnt: np.ndarray
    tested: int


def render_data(asked: LabSettings) -> LabSettings | None:
    """Choose classes and pictures of FER2013.

    Args:
        asked: what the address describes.

    Returns:
        `asked`, where FER2013 is here to be learnt from; else None, with what to do.
    """
    try:
        dataset = dataset_or_none()
        found = None if dataset is None else pictures_of_classes(dataset)
    except RautError as error:
        show_error(error)
        dataset = found = None
    else:
        if dataset is None:
            no_dataset_card()
    if dataset is None or found is None:
        return None
    _choose_classes(asked)
    _faces_of_classes(asked, dataset, found)
    _say_counts(asked, found)
    with st.expander(_("More"), icon=":material/tune:", key="lab_data_more"):
        _choose_pictures(asked, found)
        st.button(_("Show other faces"), icon=":material/refresh:", key="lab_draw", on_click=_draw_anew)
        st.caption(_("What is this?"))
        with st.container(horizontal=True):
            for name in ("training_data", "test_data", "label"):
                term(name)
    return asked


def pictures_of_classes(dataset: Fer2013) -> dict[str, ClassPictures]:
    """The pictures of each class of FER2013.

    Raises:
        DatasetError: this copy of FER2013 cannot give Training or PublicTest.
    """
    learnt, tested = (split(dataset, name) for name in (LEARNT_SPLIT, TEST_SPLIT))
    return {
        code: ClassPictures(learnt.rows[learnt.labels == number], int((tested.labels == number).sum()))
        for number, code in enumerate(FER2013_LABELS)
    }


def _choose_classes(asked: LabSettings) -> None:
    offered = [code for code in EXPRESSIONS if code in FER2013_LABELS]
    st.session_state[_CLASSES] = [code for code in offered if code in asked.classes]
    st.pills(
        _("Classes"),
        offered,
        selection_mode="multi",
        format_func=emotion_name,
        key=_CLASSES,
        on_change=_follow_classes,
    )
    if st.session_state.pop(_TOO_FEW, False):
        st.caption(
            ngettext(
                "There must be at least {n} class to tell apart.",
                "There must be at least {n} classes to tell apart.",
                FEWEST_CLASSES,
            ).format(n=format_number(FEWEST_CLASSES))
        )


def _follow_classes() -> None:
    chosen = [code for code in FER2013_LABELS if code in (st.session_state[_CLASSES] or ())]
    if len(chosen) < FEWEST_CLASSES:
        st.session_state[_TOO_FEW] = True
        return
    default = tuple(chosen) == CLASSES_AT_FIRST
    selection.put({selection.CLASSES: None if default else ",".join(chosen)})


def _choose_pictures(asked: LabSettings, found: Mapping[str, ClassPictures]) -> None:
    most = min(MOST_PER_CLASS, max(len(found[code].learnt) for code in asked.classes))
    st.session_state[_PICTURES] = min(asked.per_class, most)
    # A copy of FER2013 may have so few pictures that there is nothing to choose.
    if most > _LEAST_PICTURES:
        st.slider(
            _("Pictures a class"),
            min(_LEAST_PICTURES, asked.per_class),
            most,
            step=_STEP if most >= 2 * _STEP else 1,
            key=_PICTURES,
            on_change=_follow_pictures,
            help=_("More pictures make an epoch longer and the network better: try 100, then all."),
        )


def _follow_pictures() -> None:
    selection.put({selection.PICTURES: str(st.session_state[_PICTURES])})


def _draw_anew() -> None:
    st.session_state[_DRAWN] = st.session_state.get(_DRAWN, 0) + 1


def drawn_faces(pictures: np.ndarray, draw: int) -> np.ndarray:
    """Some pictures of a class, others for each number of a draw.

    Args:
        pictures: int64 (n,), positions in the data set.
        draw: counts the draws, from 0.

    Returns:
        int64 (up to `FACES_A_CLASS`,) of them, each once.
    """
    rng = np.random.default_rng(draw)
    return rng.permutation(pictures)[:FACES_A_CLASS]


def _faces_of_classes(asked: LabSettings, dataset: Fer2013, found: Mapping[str, ClassPictures]) -> None:
    """A row for each class: sign, name, how many pictures, and some of them."""
    rows = ""
    draw = st.session_state.get(_DRAWN, 0)
    for code in (code for code in EXPRESSIONS if code in asked.classes):
        pictures = found[code]
        faces = "".join(
            f'<img src="{png_url(dataset.images_gray[position])}" alt="">'
            for position in drawn_faces(pictures.learnt, draw)
        )
        learnt = min(asked.per_class, len(pictures.learnt))
        words = _("{train} for training, {test} for testing").format(
            train=format_number(learnt), test=format_number(pictures.tested)
        )
        what = _("Some pictures of the class “{name}”").format(name=emotion_name(code))
        rows += (
            f'<li style="--emotion:{EMOTIONS[code].colour}"><b>{emotion_sign(code)} {html.escape(emotion_name(code))}</b>'
            f'<span>{html.escape(words)}</span><div role="img" aria-label="{html.escape(what, quote=True)}">{faces}</div></li>'
        )
    many = " many" if len(asked.classes) > MANY_CLASSES else ""
    st.html(f'<ul class="raut-lab-classes{many}">{rows}</ul>')


def _say_counts(asked: LabSettings, found: Mapping[str, ClassPictures]) -> None:
    """The sums, and which class has fewer pictures than the others."""
    learnt = {code: min(asked.per_class, len(found[code].learnt)) for code in asked.classes}
    st.caption(
        _("In all {train} pictures to learn from and {test} to test with ({split}).").format(
            train=format_number(sum(learnt.values())),
            test=format_number(sum(found[code].tested for code in asked.classes)),
            split=TEST_SPLIT,
        )
    )
    most = max(learnt.values())
    fewer = [code for code in EXPRESSIONS if code in learnt and learnt[code] < MUCH_FEWER * most]
    if fewer:
        st.info(
            _(
                "{classes}: fewer pictures than the other classes have. What a network seldom sees while it learns, it "
                "seldom answers."
            ).format(classes=", ".join(f"**{emotion_name(code)}**" for code in fewer)),
            icon=":material/balance:",
        )

"""The classes of own faces: named freely, from a preset or one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

import streamlit as st

from fer_core.errors import RautError
from fer_core.lab.bursts import FaceStore
from fer_core.lab.settings import LONGEST_CLASS_NAME, MOST_CLASSES
from fer_core.labels import FER2013_LABELS, in_reading_order
from pages.ui.guard import escape_markdown, show_error
from pages.ui.i18n import N_, _, emotion_name, format_number, ngettext

MOVES: Final = (N_("smile"), N_("frown"), N_("raised eyebrows"))
"""Three that everybody can show at once, and see in the mirror."""
_BEGUN, _PROBLEM, _ROUND = "lab_classes_begun", "lab_classes_problem", "lab_classes_round"


def begin_classes(faces: FaceStore) -> None:
    """Three classes to begin with; while nothing is recorded of them, they follow the language."""
    begun: Sequence[str] = st.session_state.get(_BEGUN, ())
    names = [_(name) for name in MOVES]
    fresh = not faces.classes and not begun
    renamed = begun and list(faces.classes) == list(begun) != names and not faces.bursts
    if fresh or renamed:
        for name in faces.classes:
            faces.remove_class(name)
        for name in names:
            faces.add_class(name)
        st.session_state[_BEGUN] = names


def begin_anew() -> None:
    """All was erased: the classes to begin with come back."""
    st.session_state.pop(_BEGUN, None)


def edit_classes(faces: FaceStore) -> None:
    """Rename, remove and add classes, or take a preset.

    Args:
        faces: whose classes they are.
    """
    error = st.session_state.pop(_PROBLEM, None)
    if error is not None:
        show_error(error)
    for place, name in enumerate(faces.classes):
        _edit_class(faces, place, name)
    if len(faces.classes) < MOST_CLASSES:
        _add_class(faces)
    else:
        st.caption(
            _("{n} classes are the most.").format(n=format_number(MOST_CLASSES)),
        )
    st.caption(_("Or take these classes; those without faces are replaced:"))
    with st.container(horizontal=True):
        presets = {
            "moves": [_(name) for name in MOVES],
            "seven": [emotion_name(code) for code in in_reading_order(FER2013_LABELS)],
        }
        for key, names in presets.items():
            st.button(
                ", ".join(names) if key == "moves" else _("The seven expressions"),
                key=f"lab_preset_{key}",
                on_click=_take_preset,
                args=(faces, names),
            )


def _edit_class(faces: FaceStore, place: int, name: str) -> None:
    # Named by what it holds: parts of the page that renew themselves still send what an earlier text field held.
    key = f"lab_class_{_round()}_{name}"

    def rename() -> None:
        wanted = st.session_state[key]
        _try(lambda: faces.rename_class(name, wanted))

    count = sum(burst.n for burst in faces.bursts if burst.class_name == name)
    left, right = st.columns([3, 2], vertical_alignment="bottom", gap="small")
    left.text_input(
        _("Class {n}").format(n=format_number(place + 1)),
        name,
        key=key,
        max_chars=LONGEST_CLASS_NAME,
        on_change=rename,
        label_visibility="collapsed",
    )
    words = ngettext("Remove with {n} face", "Remove with {n} faces", count).format(n=format_number(count))
    right.button(
        words if count else _("Remove"),
        icon=":material/delete:",
        key=f"lab_class_remove_{name}",
        on_click=faces.remove_class,
        args=(name,),
        help=escape_markdown(name),
        width="stretch",
    )


def _add_class(faces: FaceStore) -> None:
    key = f"lab_class_new_{_round()}"

    def add() -> None:
        wanted = st.session_state[key]
        if wanted.strip():
            _try(lambda: faces.add_class(wanted))

    left, right = st.columns([3, 2], vertical_alignment="bottom", gap="small")
    with left, st.container(key="lab_class_new"):
        st.text_input(
            _("New class"),
            key=key,
            max_chars=LONGEST_CLASS_NAME,
            placeholder=_("Name of a new class"),
            on_change=add,
            label_visibility="collapsed",
        )
    right.button(_("Add"), icon=":material/add:", key="lab_class_add", width="stretch")


def _round() -> int:
    """Which change of the classes comes next: with each, the text fields begin anew."""
    return int(st.session_state.get(_ROUND, 0))


def _take_preset(faces: FaceStore, names: Sequence[str]) -> None:
    kept = {burst.class_name for burst in faces.bursts}
    for name in faces.classes:
        if name not in kept:
            faces.remove_class(name)
    known = {name.casefold() for name in faces.classes}
    for name in names:
        if name.casefold() not in known:
            _try(partial(faces.add_class, name))


def _try(change: Callable[[], object]) -> None:
    try:
        change()
    except RautError as error:
        st.session_state[_PROBLEM] = error
    st.session_state[_ROUND] = _round() + 1

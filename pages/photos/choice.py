"""Which face is looked at closely: chosen in the table, the gallery or the list, and the same in all of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import streamlit as st

from fer_core.photos.findings import PhotoKey
from pages.ui.choices import keep_choice
from pages.ui.i18n import _, format_number

Place = tuple[PhotoKey, int]
"""A photo, and the number of a face in it; 0 where it has none."""

CLOSER_KEY = "face_closer"
"""Of what opens and shows the face closely."""
LIST_KEY = "face_chosen"
PLACE_KEY = "face_place"
"""Session key of the `Place`. No control's own: those are forgotten when they leave the page."""
MOVED_KEY = "face_moved"
"""True once another face was chosen beside the table, which then has to be drawn again."""
ARRIVALS_KEY = "face_arrivals"


def chosen_place() -> Place | None:
    """The face that was chosen last; it may be gone."""
    place: Place | None = st.session_state.get(PLACE_KEY)
    return place


def choose_place(place: Place) -> None:
    """From now on this face is the one that is looked at."""
    st.session_state[PLACE_KEY] = place


def place_id(place: Place) -> str:
    """Of a face in the browser."""
    return hashlib.sha256(repr(place).encode()).hexdigest()[:16]


def choose_face(names: Mapping[Place, str], order: Sequence[Place]) -> Place:
    """A list of all faces, and buttons that go on from the one that is chosen.

    Args:
        names: what the list calls each; at least one.
        order: in which the buttons go through them: that of what is in sight, without what a filter hides.
    """
    place = _present(chosen_place(), names, order)
    if place != chosen_place():
        _move_to(place)
    if len(names) == 1:
        return place
    if st.session_state.get(LIST_KEY) != place:
        st.session_state[LIST_KEY] = place
    keep_choice(LIST_KEY, *names.values())
    number = order.index(place) if place in order else -1
    with st.container(horizontal=True, vertical_alignment="bottom", key="face_steps"):
        st.selectbox(
            _("Face"), list(names), format_func=names.__getitem__, key=LIST_KEY,
            on_change=lambda: _move_to(st.session_state[LIST_KEY]),
        )  # fmt: skip
        st.button(
            _("Previous face"), icon=":material/arrow_back:", key="face_previous", disabled=number < 1,
            on_click=_move_to, args=(order[max(0, number - 1)] if order else place,),
        )  # fmt: skip
        st.button(
            _("Next face"), icon=":material/arrow_forward:", key="face_next",
            disabled=number + 1 >= len(order),
            on_click=_move_to, args=(order[min(number + 1, len(order) - 1)] if order else place,),
        )  # fmt: skip
    if number >= 0:
        st.caption(
            _("{i} of {n}").format(i=format_number(number + 1), n=format_number(len(order))),
        )
    return place


def _present(before: Place | None, names: Mapping[Place, str], order: Sequence[Place]) -> Place:
    if before is not None and before in names:
        return before
    # Struck out, or another search: its photo, rather than the first of all.
    of_photo = next((place for place in names if before is not None and place[0] == before[0]), None)
    return of_photo or next((place for place in order if place in names), next(iter(names)))


def _move_to(place: Place) -> None:
    choose_place(place)
    st.session_state[MOVED_KEY] = True


def has_moved() -> bool:
    """Whether another face was chosen beside the table since this was last asked."""
    return bool(st.session_state.pop(MOVED_KEY, False))


def follow_gallery(places: Iterable[Place]) -> None:
    """Open the face whose picture is pressed in the gallery, and mark the chosen one there.

    The gallery is HTML of the page; a part that cannot be seen listens to it. To be called at the same place of
    the page always.
    """
    ids = {place_id(place): place for place in places}

    def open_pressed() -> None:
        place = ids.get(st.session_state["face_pressed"].face)
        if place is None:
            return  # struck out or removed meanwhile; and what comes from a browser may be anything
        choose_place(place)
        st.session_state[CLOSER_KEY] = True
        st.session_state[ARRIVALS_KEY] = st.session_state.get(ARRIVALS_KEY, 0) + 1

    chosen = chosen_place()
    part = st.components.v2.component(
        "face_choice", js=Path(__file__).with_name("face_choice.js").read_text("utf-8")
    )
    with st.container(key="face_choice"):
        part(
            key="face_pressed",
            data={
                "chosen": "" if chosen is None else place_id(chosen),
                "closer": CLOSER_KEY,
                "arrivals": st.session_state.get(ARRIVALS_KEY, 0),
            },
            on_face_change=open_pressed,
        )

"""Rating: the reader says what each face shows, one after the other, without seeing what the network said."""

from __future__ import annotations

import base64
import html
from collections.abc import Sequence

import streamlit as st

from fer_core.errors import RautError
from fer_core.evaluation.ratings import ratings_csv, read_ratings
from fer_core.faces.search import FaceSearch
from fer_core.faces.uploads import clean_name
from fer_core.labels import EXPRESSIONS, UNSURE
from fer_core.photos.findings import Ratings
from fer_core.photos.shelf import PhotoShelf
from fer_core.recognition.provenance import Provenance
from fer_core.store.network import NetworkInfo
from pages.photos.agreement import agreement_figures
from pages.photos.quiz import quiz_button
from pages.photos.table_and_gallery import FaceRow
from pages.photos.unsaved import ask_before_loss
from pages.ui.frame import css_texts
from pages.ui.guard import escape_markdown, guarded_page, show_error
from pages.ui.i18n import _, emotion_name, expression_words, format_number, format_probability, ngettext
from pages.ui.photo_block import shown_name
from pages.ui.streamlit_inside import DeltaGenerator

PLACE_KEY = "rating_place"
RATING_KEYS = {**{code: str(number) for number, code in enumerate(EXPRESSIONS, start=1)}, UNSURE: "0"}
"""Code to the key that says it: the same one whatever the network knows, so that a hand can learn it."""
TABLES = ("csv", "tsv", "txt")
"""Endings under which spreadsheets save a table as text."""


@st.fragment
def rating(
    shelf: PhotoShelf,
    search: FaceSearch,
    rows: Sequence[FaceRow],
    network: NetworkInfo,
    provenance: Provenance,
) -> None:
    """The face to rate, the buttons, and how far the ratings agree with the network and with other people.

    Args:
        shelf: keeps the ratings.
        search: that found these faces.
        rows: all faces; photos without one are left out.
        network: its labels are what can be said.
        provenance: of the faces and their numbers.
    """
    with guarded_page():
        faces = [row for row in rows if row.face is not None]
        if not faces:
            st.info(_("There is no face to rate."), icon=":material/face:")
            return
        ratings = shelf.ratings(search)
        place = min(
            max(0, st.session_state.get(PLACE_KEY, _next_unrated(faces, ratings, -1))), len(faces) - 1
        )
        st.session_state[PLACE_KEY] = place
        left, right = st.columns(2, gap="large")
        with left:
            _face(faces[place], place, len(faces))
        with right:
            _buttons(faces, place, ratings, network)
        _tables(shelf, search, faces, ratings, provenance, network)
        ask_before_loss(shelf, "rating")
        agreement_figures(shelf, faces, ratings, network, provenance)


def _face(row: FaceRow, place: int, count: int) -> None:
    assert row.face is not None
    jpeg = row.picture.jpeg if row.picture else b""
    source = f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode('ascii')}"
    text = _("Face {n} of {count}").format(n=format_number(place + 1), count=format_number(count))
    where = f"{shown_name(row.photo)} · {_('Face {n}').format(n=row.face.number)}"
    st.html(
        f'<figure class="raut-rated-face"><img src="{source}" alt="{html.escape(text)}">'
        f"<figcaption><b>{html.escape(text)}</b><br>{html.escape(where)}</figcaption></figure>"
    )


def _buttons(faces: Sequence[FaceRow], place: int, ratings: Ratings, network: NetworkInfo) -> None:
    row = faces[place]
    said = ratings.get(row.key)
    st.markdown(f"**{_('Which expression does this face resemble?')}**")
    columns: list[DeltaGenerator] = []
    for code in (*network.expressions, UNSURE):
        # Columns anew for each row: on a phone the buttons then stand in the order of their keys.
        columns = columns or list(st.columns(2))
        columns.pop(0).button(
            emotion_name(code) if code != UNSURE else _("I cannot tell"),
            key=f"rate_{code}",
            type="primary" if code == said else "secondary",
            shortcut=RATING_KEYS[code],
            width="stretch",
            on_click=_rate,
            args=(faces, place, ratings, code),
        )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            _("Back"), key="rate_back", icon=":material/arrow_back:", shortcut="Left", disabled=place == 0,
            on_click=_go, args=(place - 1,),
        )  # fmt: skip
        st.button(
            _("Next"), key="rate_next", icon=":material/arrow_forward:", shortcut="Right",
            disabled=place == len(faces) - 1, on_click=_go, args=(place + 1,),
        )  # fmt: skip
        shown = st.toggle(
            _("Show the network's answer first"),
            key="rate_unblinded",
            help=_(
                "Off, the answer stays hidden until you have rated the face, so that it cannot influence you. "
                "Leave it off for figures that you want to cite."
            ),
        )
    done = sum(row.key in ratings for row in faces)
    st.progress(
        done / len(faces),
        ngettext("{n} of {of} face rated", "{n} of {of} faces rated", len(faces)).format(
            n=format_number(done), of=format_number(len(faces))
        ),
    )
    face = row.face
    if face is not None and (shown or said is not None):
        text = _("Network's answer: {answer} ({share})").format(
            answer=emotion_name(face.label), share=format_probability(face.probability)
        )
        if face.unsure:
            text += " · " + _("but it is unsure")
        st.markdown(text)


def _rate(faces: Sequence[FaceRow], place: int, ratings: Ratings, code: str) -> None:
    ratings[faces[place].key] = code
    _go(_next_unrated(faces, ratings, place))


def _go(place: int) -> None:
    st.session_state[PLACE_KEY] = place


def _next_unrated(faces: Sequence[FaceRow], ratings: Ratings, place: int) -> int:
    """The first after this place, else the first of all; where nothing is left, the place itself."""
    later = [*range(place + 1, len(faces)), *range(max(place, 0))]
    return next((number for number in later if faces[number].key not in ratings), max(place, 0))


def _tables(
    shelf: PhotoShelf,
    search: FaceSearch,
    faces: Sequence[FaceRow],
    ratings: Ratings,
    provenance: Provenance,
    network: NetworkInfo,
) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            _("Download my ratings"),
            lambda: ratings_csv(
                (
                    (row.photo.name, row.face.number, ratings[row.key])
                    for row in faces
                    if row.face is not None and row.key in ratings
                ),
                provenance,
            ),
            file_name=provenance.file_name("ratings", "csv"),
            mime="text/csv",
            icon=":material/download:",
            on_click=lambda: shelf.saved.keep_ratings(ratings, search),
            disabled=not ratings,
        )
        with st.popover(_("Load ratings"), icon=":material/upload:"):
            st.caption(_("A CSV with the columns file, face and rating, as the download has them."))
            css_texts("ratings_drop", choose=_("Choose"))
            with st.container(key="ratings_drop"):
                own = st.file_uploader(_("Go on with my own"), TABLES, key=f"own_ratings_{shelf.round}")
                others = st.file_uploader(
                    _("Other raters, a file each"), TABLES, accept_multiple_files=True,
                    key=f"other_ratings_{shelf.round}", on_change=shelf.other_raters.clear,
                )  # fmt: skip
            words = expression_words()
            if own is not None and st.session_state.get("own_ratings_read") != own.file_id:
                try:
                    table = read_ratings(own.getvalue(), clean_name(own.name), words)
                except RautError as error:
                    show_error(error)
                else:
                    loaded = {row.key: table[_place(row)] for row in faces if _place(row) in table}
                    ratings.update(loaded)
                    shelf.saved.keep_ratings(loaded, search)
                    st.session_state["own_ratings_read"] = own.file_id
                    st.rerun()
            if others:
                shelf.other_raters.clear()
            else:
                shelf.keep_raters()
            for file in others:
                try:
                    table = read_ratings(file.getvalue(), clean_name(file.name), words)
                except RautError as error:
                    show_error(error)
                    continue
                name = shelf.add_rater(clean_name(file.name), table)
                here = {_place(row) for row in faces}
                if elsewhere := sum(key not in here for key in table):
                    st.caption(
                        ngettext(
                            "{name}: {n} rating is of a face that is not here.",
                            "{name}: {n} ratings are of faces that are not here.",
                            elsewhere,
                        ).format(name=escape_markdown(name), n=format_number(elsewhere))
                    )
            if shelf.earlier_raters:
                names = ", ".join(shelf.earlier_raters)
                st.caption(_("Loaded before: {names}").format(names=escape_markdown(names)))
                st.button(_("Remove them"), icon=":material/delete:", on_click=shelf.earlier_raters.clear)
        quiz_button(faces, network)


def _place(row: FaceRow) -> tuple[str, int]:
    return row.photo.name, row.key[1]

"""Many photos at a glance: progress, what to show of them, a table with a picture each, a gallery."""

from __future__ import annotations

import html
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import streamlit as st

from fer_core.faces.search import FaceSearch
from fer_core.labels import UNSURE, in_shown_order, look_of
from fer_core.photos.analysis import PhotoFace
from fer_core.photos.findings import FaceKey, FacePicture, Finding, Findings, Photo
from fer_core.photos.shelf import PhotoShelf
from pages.photos.choice import Place, choose_place, chosen_place, place_id
from pages.ui.choices import keep_choice
from pages.ui.detector_choice import found_by_cell
from pages.ui.face_cards import emotion_style
from pages.ui.guard import escape_markdown, guarded_page
from pages.ui.i18n import (
    N_,
    _,
    answer_name,
    emotion_name,
    error_sentence,
    format_number,
    format_probability,
    ngettext,
)
from pages.ui.photo_block import photo_block, shown_name
from pages.ui.picture_grid import png_url
from pages.ui.signs import emotion_html, emotion_sign

STATUS_NAMES = {
    "ok": N_("face found"),
    "no_face": N_("no face found"),
    "error": N_("could not be read"),
}
IN_THE_GALLERY = 60
"""Faces of each expression; the table has all."""
UNREADABLE = 50
"""Files whose reasons are listed; the table has all."""
TABLE_KEY = "photos_table"
TURN_KEY = "photos_table_marks"
REFRESH_S = 5.0
"""At most so often the results are shown anew while more of them come."""


@dataclass(frozen=True)
class FaceRow:
    """A face of a photo, or a photo without one."""

    photo: Photo
    finding: Finding
    face: PhotoFace | None = None
    picture: FacePicture | None = None

    @property
    def status(self) -> str:
        return self.finding.result.status

    @property
    def place(self) -> Place:
        """Where it is found when it is looked at closely."""
        return self.photo.key, 0 if self.face is None else self.face.number

    @property
    def key(self) -> FaceKey:
        """Of the face in tables of ratings."""
        return self.photo.identity, 0 if self.face is None else self.face.number


def face_rows(findings: Findings) -> list[FaceRow]:
    """One for each face, and one for each photo without."""
    rows = []
    for photo, finding in findings:
        faces = finding.result.faces
        pictures = dict(enumerate(finding.face_pictures, start=1))  # by number: struck faces leave gaps
        rows += [
            FaceRow(photo, finding, face, pictures.get(face.number) or _small_picture(face)) for face in faces
        ] or [FaceRow(photo, finding)]
    return rows


def _small_picture(face: PhotoFace) -> FacePicture:
    """Of a face that was drawn by hand: what the network was shown, which is all that there is of it."""
    _ok, jpeg = cv2.imencode(".jpg", face.crop_gray)
    return FacePicture(jpeg.tobytes(), png_url(face.crop_gray))


def progress_bar(shelf: PhotoShelf, shown: int) -> None:
    """How far the job is, and a button to stop it; or what was left undone, and a button to go on.

    Args:
        shelf: of the session.
        shown: number of photos whose results this run of the page shows.
    """
    if shelf.job is not None:
        st.session_state["photos_shown_at"] = time.monotonic()
        _bar_that_renews_itself(shelf)
    elif shelf.cancelled and (left := len(shelf.photos) - shown) > 0:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(
                ngettext(
                    "Stopped. {n} photo was not looked at.", "Stopped. {n} photos were not looked at.", left
                ).format(n=format_number(left)),
                width="stretch",
            )
            st.button(_("Go on"), icon=":material/play_arrow:", on_click=shelf.go_on)


@st.fragment(run_every=1.0)
def _bar_that_renews_itself(shelf: PhotoShelf) -> None:
    with guarded_page():
        job = shelf.job
        if job is None:
            return
        assert job.total is not None
        since = time.monotonic() - st.session_state.get("photos_shown_at", 0.0)
        # Results take the longer to show, the more there are.
        if not job.running or since > max(REFRESH_S, job.steps / 100):
            st.rerun()
        before = max(0, len(shelf.photos) - int(job.total))  # looked at in passes before this one
        count = len(shelf.photos) + shelf.to_follow
        text = _("Looking at photo {i} of {n}").format(
            i=format_number(before + min(job.steps + 1, int(job.total))), n=format_number(count)
        )
        if (left := job.seconds_left(shelf.to_follow)) is not None:
            text += ", " + _time_left(left)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.progress((before + job.steps) / count, text, width="stretch")
            if st.button(_("Stop, and keep what is done"), icon=":material/stop:"):
                shelf.cancel()
                st.rerun()


def _time_left(seconds: float) -> str:
    if seconds >= 90:
        minutes = round(seconds / 60)
        return ngettext("about {m} minute left", "about {m} minutes left", minutes).format(
            m=format_number(minutes)
        )
    whole = max(1, round(seconds))
    return ngettext("about {s} second left", "about {s} seconds left", whole).format(s=format_number(whole))


def unreadable(rows: Sequence[FaceRow]) -> None:
    """The files that could not be read, each with the whole reason, which a cell of a table cuts."""
    failed = [row for row in rows if row.status == "error"]
    if not failed:
        return
    title = ngettext("{n} file could not be read", "{n} files could not be read", len(failed))
    with st.expander(title.format(n=format_number(len(failed))), icon=":material/error:"):
        lines = [
            f"- **{escape_markdown(shown_name(row.photo))}**: {escape_markdown(_reason(row))}"
            for row in failed[:UNREADABLE]
        ]
        st.markdown("\n".join(lines))
        if len(failed) > UNREADABLE:
            st.caption(
                _("The first {n}; the table has all {of}.").format(
                    n=format_number(UNREADABLE), of=format_number(len(failed))
                )
            )


def _reason(row: FaceRow) -> str:
    assert row.finding.error is not None
    return error_sentence(row.finding.error)


def choose_rows(rows: Sequence[FaceRow]) -> list[FaceRow]:
    """Those of the rows that the reader wants to see: by expression, probability and status."""
    labels = rows[0].finding.result.labels if rows else ()
    answers = [
        code
        for code in (*in_shown_order(labels), UNSURE)
        if any(row.face and row.face.answer == code for row in rows)
    ]
    statuses = [status for status in STATUS_NAMES if any(row.status == status for row in rows)]
    keep_choice("photos_answers")
    keep_choice("photos_statuses")
    with st.popover(_("Filter"), icon=":material/filter_alt:"):
        named = st.multiselect(
            _("Expression resembles"),
            answers,
            format_func=lambda code: answer_name(code, labels),
            key="photos_answers",
            placeholder=_("All"),
        )
        low, high = st.slider(_("Probability"), 0, 100, (0, 100), format="%d%%", key="photos_probability")
        wanted = st.multiselect(
            _("Status"),
            statuses,
            format_func=lambda code: _(STATUS_NAMES[code]),
            key="photos_statuses",
            placeholder=_("All"),
        )
    tests: list[Callable[[FaceRow], bool]] = []
    if named:
        tests.append(lambda row: row.face is not None and row.face.answer in named)
    if (low, high) != (0, 100):
        tests.append(
            lambda row: (
                row.face is not None and not row.face.unsure and low <= 100 * row.face.probability <= high
            )
        )
    if wanted:
        tests.append(lambda row: row.status in wanted)
    chosen = [row for row in rows if all(test(row) for test in tests)]
    if len(chosen) < len(rows):
        st.caption(
            _("{n} of {of} rows fit the filter.").format(
                n=format_number(len(chosen)), of=format_number(len(rows))
            )
        )
    return chosen


def face_table(rows: Sequence[FaceRow], search: FaceSearch) -> None:
    """The rows with a picture each; a heading sorts, a row that is chosen shows its photo below.

    Args:
        rows: to show.
        search: how their faces were looked for.
    """
    if not rows:
        st.info(_("No row fits the filter."), icon=":material/filter_alt_off:")
        return
    faces = [row.face for row in rows]
    sets = [face.prediction_set if face else None for face in faces]
    columns: dict[str, list[object]] = {
        _("Picture"): [row.picture.small_url if row.picture else None for row in rows],
        _("Photo"): [shown_name(row.photo) for row in rows],
        _("Face"): [face.number if face else None for face in faces],
        _("Expression resembles"): [
            answer_name(row.face.answer, row.finding.result.labels) if row.face else "" for row in rows
        ],
        # Never 100%, as everywhere; "unsure" has no probability of its own.
        _("Probability"): [
            min(100 * face.probability, 99) if face and not face.unsure else None for face in faces
        ],
    }
    if any(sets):
        columns[_("Could be")] = [", ".join(emotion_name(code) for code in codes or ()) for codes in sets]
    columns[_("Found by")] = [found_by_cell(face) if face else "" for face in faces]
    columns[_("Status")] = [
        _reason(row) if row.status == "error" else _(STATUS_NAMES[row.status]) for row in rows
    ]
    number = _number_of_chosen(rows)
    _mark_in_table(number, _("Photo"), _("Face"))
    st.dataframe(
        columns,
        hide_index=True,
        width="stretch",
        height=min(600, 40 + 44 * len(rows)),
        row_height=44,
        on_select=lambda: _choose_in_table(rows),
        # And not by row: that comes with a column of boxes which one hardly sees.
        selection_mode="single-cell",
        placeholder="–",
        key=TABLE_KEY,
        column_config={
            _("Picture"): st.column_config.ImageColumn(width="small"),
            # Whole percents: the browser writes a decimal point in every language.
            _("Probability"): st.column_config.ProgressColumn(format="%.0f%%", min_value=0, max_value=100),
        },
    )
    if number is None:
        st.caption(_("Choose a row to see its photo. A click on a heading sorts."))
    else:
        photo_block(rows[number].photo, rows[number].finding, search)


def _number_of_chosen(rows: Sequence[FaceRow]) -> int | None:
    place = chosen_place()
    return next((number for number, row in enumerate(rows) if row.place == place), None)


def _mark_in_table(number: int | None, *columns: str) -> None:
    """Let the table mark that row, where it does not yet.

    Elsewhere another face was chosen, or a filter moved the rows, or sorting took the mark away. The browser takes no
    heed of the very mark that it was told before: so another of the columns has its turn each time.
    """
    cells = st.session_state.get(TABLE_KEY, {}).get("selection", {}).get("cells", ())
    wanted = [] if number is None else [number]
    if [row for row, _column in cells] != wanted:
        turn = st.session_state[TURN_KEY] = st.session_state.get(TURN_KEY, 0) + 1
        column = columns[turn % len(columns)]
        st.session_state[TABLE_KEY] = {"selection": {"cells": [(row, column) for row in wanted]}}


def _choose_in_table(rows: Sequence[FaceRow]) -> None:
    for number, _column in st.session_state[TABLE_KEY]["selection"]["cells"]:
        if number < len(rows):
            choose_place(rows[number].place)


def gallery(rows: Sequence[FaceRow]) -> list[FaceRow]:
    """The faces by the expression they resemble, the most probable first.

    Returns:
        All of them in this order.
    """
    faces = [row for row in rows if row.face is not None]
    if not faces:
        st.info(_("There is no face to show."), icon=":material/face:")
    in_order: list[FaceRow] = []
    labels = faces[0].finding.result.labels if faces else ()
    for code in (*in_shown_order(labels), UNSURE):
        of_code = [row for row in faces if row.face and row.face.answer == code]
        if not of_code:
            continue
        heading = f"{emotion_html(code, labels)} · {format_number(len(of_code))}"
        st.markdown(f"#### {heading}", unsafe_allow_html=True)
        of_code.sort(key=lambda row: -row.face.probability if row.face else 0.0)
        in_order += of_code
        st.html(
            f'<ul class="raut-gallery"{emotion_style(look_of(code, labels))}>'
            + "".join(_gallery_item(row) for row in of_code[:IN_THE_GALLERY])
            + "</ul>"
        )
        if len(of_code) > IN_THE_GALLERY:
            st.caption(
                _("The {n} most probable ones; the table has all {of}.").format(
                    n=format_number(IN_THE_GALLERY), of=format_number(len(of_code))
                )
            )
    return in_order


def _gallery_item(row: FaceRow) -> str:
    face = row.face
    assert face is not None
    where = f"{shown_name(row.photo)} · {_('Face {n}').format(n=face.number)}"
    how = html.escape(f"{where} · {_('Found by')}: {found_by_cell(face)}", quote=True)
    share = emotion_sign(face.answer) if face.unsure else html.escape(format_probability(face.probability))
    source = row.picture.small_url if row.picture else ""
    alt = html.escape(f"{where}: {answer_name(face.answer, row.finding.result.labels)}", quote=True)
    current = ' aria-current="true"' if row.place == chosen_place() else ""
    return (
        f'<li><button type="button" data-face="{place_id(row.place)}"{current} '
        f'title="{how}"><img src="{source}" alt="{alt}" loading="lazy">{share}</button></li>'
    )

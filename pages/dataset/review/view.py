"""Review: the pictures of the filter or of the selection one after the other, each label kept, changed or left open.

Nothing is written on the server: the decisions are in the session until they are downloaded.
"""

from __future__ import annotations

import html
from pathlib import Path

import numpy as np
import streamlit as st

from fer_core.datasets.columns import SPLIT_CODES
from fer_core.datasets.fer2013 import Fer2013
from fer_core.datasets.filters import Filter
from fer_core.datasets.review import NOT_A_FACE, ReviewLog
from fer_core.datasets.rows import RowTable
from fer_core.labels import FER2013_LABELS, UNSURE, in_reading_order
from pages.dataset import selection
from pages.dataset.review.answers import answers
from pages.dataset.review.files import files_of_reviews
from pages.ui.blocks import no_dataset_card
from pages.ui.charts import now_here
from pages.ui.guard import guarded_page
from pages.ui.i18n import _, emotion_name, format_number, ngettext
from pages.ui.picture_grid import png_url
from pages.ui.signs import emotion_html
from pages.ui.streamlit_inside import DeltaGenerator

LOG_KEY, ROW_KEY, WHO_KEY, AT_ONCE_KEY = "review_log", "review_row", "review_who", "review_at_once"
KEYS = {
    **{label: str(number) for number, label in enumerate(in_reading_order(FER2013_LABELS), start=1)},
    NOT_A_FACE: "9",
    UNSURE: "0",
}
"""Proposal to the key that says it: those of the expressions are the same as on the page Photos."""


def render(table: RowTable, chosen: Filter, dataset: Fer2013 | None) -> None:
    """The picture to judge, the buttons, and what to do with the decisions."""
    if dataset is None:
        st.markdown(_("To review labels one must see the pictures."))
        no_dataset_card()
        return
    st.html(Path(__file__).with_name("review.css"))
    positions = positions_to_review(table, chosen)
    if not len(positions):
        st.info(_("No picture fits the filter."), icon=":material/filter_alt_off:")
        return
    _review(table, positions, dataset)


def positions_to_review(table: RowTable, chosen: Filter) -> np.ndarray:
    """Positions of the selected pictures, else of the filter, in the order shown: int64 (n,)."""
    positions = selection.shown_positions(table, chosen, selection.order_of_address(table))
    selected = selection.selected_rows()
    if not len(selected):
        return positions
    among = positions[np.isin(table.values("row")[positions], selected)]
    return among if len(among) else positions


def review_log() -> ReviewLog:
    """What this reader has decided so far."""
    log: ReviewLog = st.session_state.setdefault(LOG_KEY, ReviewLog())
    return log


@st.fragment
def _review(table: RowTable, positions: np.ndarray, dataset: Fer2013) -> None:
    with guarded_page():
        log = review_log()
        rows = table.values("row")[positions].tolist()
        here = st.session_state.get(ROW_KEY)
        place = rows.index(here) if here in rows else _next_open(rows, log, -1)
        left, right = st.columns([2, 3], gap="large")
        with left:
            _picture(table, dataset, int(positions[place]), place, len(rows))
        with right:
            _decision(table, int(positions[place]), rows, place, log)
        files_of_reviews(log, table)
        _ask_before_loss(log)


def _picture(table: RowTable, dataset: Fer2013, position: int, place: int, count: int) -> None:
    row, split = int(table.values("row")[position]), SPLIT_CODES[table.values("split")[position]]
    text = _("Picture {n} of {count}").format(n=format_number(place + 1), count=format_number(count))
    where = f"{_('Row {n}').format(n=row)} · {split}"
    label = FER2013_LABELS[table.values("label")[position]]
    st.html(
        f'<figure class="raut-reviewed"><img src="{png_url(dataset.images_gray[position])}" alt="{html.escape(text)}">'
        f"<figcaption><b>{html.escape(text)}</b><br>{html.escape(where)}<br>"
        f"{html.escape(_('Label'))}: <b>{emotion_html(label)}</b></figcaption></figure>"
    )


def _decision(table: RowTable, position: int, rows: list[int], place: int, log: ReviewLog) -> None:
    row, label = rows[place], FER2013_LABELS[table.values("label")[position]]
    review = log.of(row)
    st.markdown(f"**{_('Which label should this picture have?')}**")
    columns: list[DeltaGenerator] = []
    for proposal, key in KEYS.items():
        columns = columns or list(st.columns(3))
        columns.pop(0).button(
            proposal_name(proposal) + (f" ({_('keep')})" if proposal == label else ""),
            key=f"rate_{proposal}",
            type="primary" if review is not None and review.proposed == proposal else "secondary",
            shortcut=key,
            width="stretch",
            on_click=_decide,
            args=(row, label, proposal, rows, place),
        )
    st.text_input(
        _("Reason (optional)"), value=review.reason if review else "", max_chars=500, key=_reason_key(row),
        on_change=_give_reason, args=(row,),
    )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            _("Back"), key="review_back", icon=":material/arrow_back:", shortcut="Left", disabled=place == 0,
            on_click=_go, args=(rows[max(0, place - 1)],),
        )  # fmt: skip
        st.button(
            _("Next"), key="review_next", icon=":material/arrow_forward:", shortcut="Right",
            disabled=place == len(rows) - 1, on_click=_go, args=(rows[min(len(rows) - 1, place + 1)],),
        )  # fmt: skip
        st.button(
            _("Undo"), key="review_undo", icon=":material/undo:", shortcut="Backspace", disabled=not log.can_undo,
            on_click=_undo, help=_("Take the last decision back"),
        )  # fmt: skip
    done = sum(log.of(each) is not None for each in rows)
    st.progress(
        done / len(rows),
        ngettext("{n} of {of} picture reviewed", "{n} of {of} pictures reviewed", len(rows)).format(
            n=format_number(done), of=format_number(len(rows))
        ),
    )
    if review is None:
        st.caption(_("Votes and answers of networks are shown once you have decided."))
        return
    log.show(row)
    answers(table, position)
    if review.changed_after_seeing:
        st.caption(
            _("You first said “{first}”, before you saw this. Both are in the file.").format(
                first=proposal_name(review.at_first)
            )
        )


def proposal_name(proposal: str) -> str:
    """A proposal in words: "happy" -> "Happy"."""
    if proposal == NOT_A_FACE:
        return _("Not a face")
    return _("I cannot tell") if proposal == UNSURE else emotion_name(proposal)


def _reason_key(row: int) -> str:
    return f"review_reason_{row}"


def _decide(row: int, label: str, proposal: str, rows: list[int], place: int) -> None:
    log = review_log()
    log.decide(
        row, label, proposal, reason=st.session_state.get(_reason_key(row), ""),
        who=st.session_state.get(WHO_KEY, ""), when=now_here(),
    )  # fmt: skip
    _go(rows[_next_open(rows, log, place)] if st.session_state.get(AT_ONCE_KEY) else row)


def _give_reason(row: int) -> None:
    log = review_log()
    if log.of(row) is not None:
        log.give_reason(row, st.session_state.get(_reason_key(row), ""))


def _go(row: int) -> None:
    st.session_state[ROW_KEY] = row


def _undo() -> None:
    _go(review_log().undo())


def _next_open(rows: list[int], log: ReviewLog, place: int) -> int:
    """Place of the first picture after this one that was not reviewed, else of the first of all; else this place."""
    later = [*range(place + 1, len(rows)), *range(max(place, 0))]
    return next((each for each in later if log.of(rows[each]) is None), max(place, 0))


def _ask_before_loss(log: ReviewLog) -> None:
    """Tell the browser whether something would be lost, which then asks by itself."""
    script = Path(__file__).with_name("unsaved.js").read_text("utf-8")
    part = st.components.v2.component("review_unsaved", js=script)
    with st.container(key="review_unsaved"):
        part(key="review_ask", data={"lost": log.reviews != st.session_state.get("review_saved", ())})

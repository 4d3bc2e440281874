"""The reviewer's name, the reviews as a file to take home and to go on with, and how far another reviewer agrees."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from fer_core.datasets.review import PROPOSALS, Review, ReviewLog
from fer_core.datasets.review_table import read_reviews, review_codebook, reviews_csv
from fer_core.datasets.rows import RowTable
from fer_core.errors import RautError
from fer_core.evaluation.agreement import agreement
from fer_core.faces.uploads import clean_name
from fer_core.labels import UNSURE
from fer_core.recognition.provenance import Provenance
from pages.ui.blocks import term
from pages.ui.charts import Column, now_here, show_table
from pages.ui.frame import css_texts
from pages.ui.guard import show_error
from pages.ui.i18n import _, expression_words, language, speaking

TABLES = ("csv", "tsv", "txt")
"""Endings under which spreadsheets save a table as text."""
SAVED_KEY = "review_saved"


def files_of_reviews(log: ReviewLog, table: RowTable) -> None:
    """What stands below the picture.

    Args:
        log: the reader's.
        table: of the whole set, whose labels a file must be of.
    """
    source = Provenance(now_here())
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.download_button(
            _("Download my reviews"),
            lambda: reviews_csv(log.reviews, source.known_cells()),
            file_name=source.file_name("reviews", "csv"),
            mime="text/csv",
            icon=":material/download:",
            on_click=_keep_saved,
            args=(log.reviews,),
            disabled=not len(log),
        )
        with st.popover(_("More"), icon=":material/more_horiz:"):
            st.text_input(
                _("Your name, for the file (optional)"),
                max_chars=80,
                key="review_who",
                persist_state="session",
            )
            st.toggle(
                _("Go on at once"),
                key="review_at_once",
                persist_state="session",
                help=_(
                    "After a decision the next picture comes, and votes and answers of networks are not shown: every "
                    "decision is blind."
                ),
            )
            code = language()
            st.download_button(
                _("What the columns mean (CSV)"),
                lambda: _codebook(code),
                file_name=source.file_name("reviews-codebook", "csv"),
                mime="text/csv",
                icon=":material/menu_book:",
                on_click="ignore",
            )
            css_texts("review_drop", choose=_("Choose"))
            with st.container(key="review_drop"):
                own = st.file_uploader(_("Go on with my own"), TABLES, key="review_own_file")
                others = st.file_uploader(
                    _("Other reviewers, a file each"),
                    TABLES,
                    accept_multiple_files=True,
                    key="review_other_files",
                )
            if own is not None and st.session_state.get("review_own_read") != own.file_id:
                read = _read(own.getvalue(), own.name, table)
                st.session_state["review_own_read"] = own.file_id
                if read is not None:
                    log.add(read)
                    _keep_saved(read)
                    st.rerun(scope="fragment")
    tables = [(clean_name(file.name), _read(file.getvalue(), file.name, table)) for file in others]
    _agreement(log.reviews, [(name, read) for name, read in tables if read is not None])


def _codebook(code: str) -> bytes:
    with speaking(code):
        return review_codebook(_)


def _keep_saved(reviews: Sequence[Review]) -> None:
    st.session_state[SAVED_KEY] = tuple(reviews)


def _read(content: bytes, name: str, table: RowTable) -> tuple[Review, ...] | None:
    """A table of reviews; None and a sentence where it is none."""
    try:
        return read_reviews(content, clean_name(name), expression_words(), table.values("label"))
    except RautError as error:
        show_error(error)
        return None


def _agreement(own: Sequence[Review], others: Sequence[tuple[str, Sequence[Review]]]) -> None:
    """Percent and Cohen's kappa of each two reviewers, by what they decided blind."""
    if not others:
        return
    people = [(_("You"), blind_proposals(own)), *((name, blind_proposals(read)) for name, read in others)]
    pairs = []
    for place, (first, said) in enumerate(people):
        for second, also in people[place + 1 :]:
            both = [row for row in said if row in also]
            labels = [code for code in PROPOSALS if code != UNSURE]
            found = agreement([said[row] for row in both], [also[row] for row in both], labels)
            pairs.append((f"{first} – {second}", found))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(_("Agreement"), anchor=False, width="content")
        term("kappa")
    show_table(
        [
            Column(_("Reviewers compared"), [names for names, _found in pairs]),
            Column(_("Pictures"), [found.n for _names, found in pairs]),
            Column(_("Same label"), [found.share for _names, found in pairs], percent=True, decimals=1),
            Column(_("Cohen's kappa"), [found.kappa for _names, found in pairs], decimals=2),
            Column(_("95% interval, from"), [found.interval[0] for _names, found in pairs], decimals=2),
            Column(_("to"), [found.interval[1] for _names, found in pairs], decimals=2),
        ],
        key="review_agreement",
        filename="reviewers-agreement",
    )
    st.caption(
        _(
            "Only what was decided blind counts. Pictures of which one of the two could not tell are left out. “–”: not "
            "defined."
        )
    )


def blind_proposals(reviews: Sequence[Review]) -> dict[int, str]:
    """Row to what was proposed before votes and answers were shown, without those of which the reviewer could not tell."""
    said = {review.row: review.proposed if review.blind else review.at_first for review in reviews}
    return {row: proposal for row, proposal in said.items() if proposal and proposal != UNSURE}

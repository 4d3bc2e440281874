"""What lies behind the matrix: the pictures of the open cell, or all mistakes, the most certain ones first."""

from __future__ import annotations

import hashlib

import streamlit as st

from fer_core.datasets.fer2013 import Fer2013
from fer_core.errors import RautError
from fer_core.evaluation.report import SplitReport
from fer_core.recognition.provenance import Provenance
from pages.training.accuracy import address
from pages.training.accuracy.answer_list import DATASET_PAGE, answer_list
from pages.training.accuracy.rows import Cell, KnownRows, cell_query, fitting, page_has_rows
from pages.training.measured import not_stored_note
from pages.training.networks import NetworkResults
from pages.ui.charts import Column, csv_button, expressions_column, now_here
from pages.ui.guard import escape_markdown, show_error
from pages.ui.i18n import _, emotion_name, format_number, format_percent, ngettext


def opened_pictures(
    results: NetworkResults,
    part: SplitReport,
    known: KnownRows,
    opened: Cell | None,
    dataset: Fer2013 | RautError | None,
) -> None:
    """The list with its heading and what can be done with it.

    Args:
        results: the network.
        part: how it answered a split.
        known: what is stored about the single pictures of that split.
        opened: the open cell; None: all mistakes.
        dataset: what is on this computer, or what is wrong with it.
    """
    if opened is None:
        _mistakes_heading(part, known)
    else:
        _cell_heading(part, opened)
    shown = known.of(opened)
    if opened is not None and opened[0] == opened[1] and not known.is_complete:
        not_stored_note(results, _("The right answers cannot be listed."))
        return
    if not len(shown.rows):
        if opened is None:
            st.success(_("No image of {split} was misclassified.").format(split=escape_markdown(part.name)))
        return
    form = getattr(results.report, "form", "csv")
    usable, why_not = fitting(dataset, known, form)
    here = dataset if isinstance(dataset, Fer2013) else None
    linked = page_has_rows(here, usable, form)
    query = cell_query(known, opened, results.info.id, here) if linked and opened is not None else None
    title = (
        _("Misclassified images")
        if opened is None
        else _("Images of the cell {cell}").format(cell=_cell_name(part, opened))
    )
    text = repr((results.info.id, part.name, part.n, opened))
    key = hashlib.sha256(text.encode()).hexdigest()[:12]
    answer_list(
        shown,
        usable,
        title=title,
        pairs=opened is None,
        query=(query or {}) if linked else None,
        key=key,
    )
    with st.container(horizontal=True, vertical_alignment="center", key="accuracy_opened_actions"):
        if query is not None:
            st.page_link(
                DATASET_PAGE,
                label=_("All of them on Data set"),
                icon=":material/grid_view:",
                query_params=query,
            )
        csv_button(
            _columns(shown),
            key="accuracy_opened_csv",
            filename=f"{results.info.id}-{part.name}-{_file_word(part, opened)}",
            provenance=Provenance(now_here(), results.info),
        )
    if isinstance(why_not, RautError):
        show_error(why_not)
    elif why_not:
        st.caption(why_not)
    st.caption(
        _("Row numbers are those of fer2013.csv, the first picture being row 0.")
        if form == "csv"
        else _("Rows are numbered as read from the folders.")
    )


def _mistakes_heading(part: SplitReport, known: KnownRows) -> None:
    certain = known.certainty is not None
    st.subheader(_("Most certain mistakes") if certain else _("Misclassified images"), anchor=False)
    count = len(part.misclassified)
    lines = []
    if count:
        lines.append(
            ngettext(
                "{n} of {total} images of {split} was misclassified.",
                "{n} of {total} images of {split} were misclassified.",
                count,
            ).format(n=format_number(count), total=format_number(part.n), split=escape_markdown(part.name))
        )
    if not certain and count:
        lines.append(_("How certain the network was is not stored, so they stand in the order of the rows."))
    lines.append(_("Click a cell of the matrix to see its images."))
    st.markdown(" ".join(lines))


def _cell_heading(part: SplitReport, cell: Cell) -> None:
    count = int(part.confusion[cell])
    of = int(part.confusion[cell[0]].sum())
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(_cell_name(part, cell), anchor=False, width="stretch")
        st.button(
            _("Close"),
            icon=":material/close:",
            key="accuracy_close",
            on_click=address.set_cell,
            args=(part.labels, None),
            help=_("Back to all mistakes"),
        )
    st.markdown(
        ngettext(
            "{n} image: {share} of the {of} with the label “{label}”.",
            "{n} images: {share} of the {of} with the label “{label}”.",
            count,
        ).format(
            n=format_number(count),
            share=format_percent(count / of if of else None),
            of=format_number(of),
            label=emotion_name(part.labels[cell[0]]),
        )
    )


def _cell_name(part: SplitReport, cell: Cell) -> str:
    return _("{label} → {answer}").format(
        label=emotion_name(part.labels[cell[0]]), answer=emotion_name(part.labels[cell[1]])
    )


def _file_word(part: SplitReport, cell: Cell | None) -> str:
    return "mistakes" if cell is None else f"{part.labels[cell[0]]}-{part.labels[cell[1]]}"


def _columns(shown: KnownRows) -> list[Column]:
    columns = [
        Column(_("Row"), [str(row) for row in shown.rows.tolist()]),
        expressions_column(_("Label"), [shown.labels[code] for code in shown.true]),
        expressions_column(_("Answer"), [shown.labels[code] for code in shown.predicted]),
    ]
    if shown.certainty is not None:
        columns.append(
            Column(_("Certainty"), shown.certainty.astype(float).tolist(), percent=True, decimals=1)
        )
    return columns

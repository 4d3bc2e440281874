"""Some pictures of the data set in a row, each a link to its sheet; where the data set is not here, their rows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from fer_core.datasets.fer2013 import Fer2013
from fer_core.datasets.rows import RowTable
from pages.dataset import selection
from pages.dataset.words import class_code, value_words
from pages.ui.i18n import _, language
from pages.ui.picture_grid import png_url

_HERE = Path(__file__)
MOST = 40
"""Pictures of one row; the filter of a group shows all."""


def picture_strip(
    table: RowTable,
    dataset: Fer2013 | None,
    positions: Sequence[int],
    *,
    title: str,
    key: str,
    notes: Sequence[str] = (),
) -> None:
    """Show up to `MOST` pictures with label, split and row.

    Args:
        table: of the whole set.
        dataset: the pictures of the same rows, or None.
        positions: which ones, in this order.
        title: what they are, for a screen reader; translated.
        key: unique on the page.
        notes: one more line for each, translated; none where empty.
    """
    labels = table.codes("label")
    items = []
    for place, position in enumerate(positions[:MOST]):
        row = int(table.values("row")[position])
        label, split = value_words(table, "label", position), value_words(table, "split", position)
        lines = [label, split, *([notes[place]] if notes else []), _("row {n}").format(n=row)]
        items.append(
            {
                "row": row,
                "url": "" if dataset is None else png_url(dataset.images_gray[position]),
                "code": class_code(labels[int(table.values("label")[position])]),
                "lines": lines,
                "words": ", ".join(lines),
            }
        )
    part = st.components.v2.component(
        "dataset_strip",
        html="<ul></ul>",
        css=_HERE.with_name("strip.css").read_text("utf-8"),
        js=_HERE.with_name("strip.js").read_text("utf-8"),
    )

    def open_sheet() -> None:
        row = getattr(st.session_state[key], "open", None)
        if isinstance(row, int):
            selection.open_row(row)

    part(
        key=key,
        data={"items": items, "title": title, "parameter": selection.SHEET, "language": language()},
        on_open_change=open_sheet,
    )

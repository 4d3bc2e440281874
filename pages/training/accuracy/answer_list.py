"""The pictures of a cell, or all mistakes, page by page: as pictures where FER2013 is here, else as row numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
import streamlit as st

from fer_core.datasets.fer2013 import Fer2013
from pages.training.accuracy.rows import KnownRows
from pages.ui.address.parameters import of_every_page
from pages.ui.i18n import _, emotion_name, format_probability
from pages.ui.picture_grid import page_bounds, pages_of, png_url

KEY = "training_answers"
DATASET_PAGE = "pages/dataset/page.py"
_ADDRESS = "dataset"
"""Of that page, beside this one."""
_SHEET = "sheet"
_HERE = Path(__file__)


@dataclass(frozen=True, eq=False)
class SecondAnswers:
    """What another network answers to the same pictures.

    Attributes:
        names: of the first and of this network, translated.
        predicted: int64 (N,), positions in the labels.
        certainty: float32 (N,), probability of the answer; None where it is not stored.
    """

    names: tuple[str, str]
    predicted: np.ndarray
    certainty: np.ndarray | None


def answer_list(
    shown: KnownRows,
    dataset: Fer2013 | None,
    *,
    title: str,
    pairs: bool,
    query: Mapping[str, str] | None,
    key: str,
    second: SecondAnswers | None = None,
) -> None:
    """One page of them, and the choice of the page.

    Args:
        shown: in the order in which they are listed, at least one.
        dataset: whose pictures are shown; None: row numbers.
        title: what a screen reader says of the list.
        pairs: label and answer stand below each, because they are not the same for all.
        query: the filter of the page Data set that a sheet is opened with; None where that page knows other rows.
        key: another one for each other list, so that it begins with its first page.
        second: the answers of another network, which then stand below those of the first.
    """
    count = len(shown.rows)
    page_key = f"{KEY}_page_{key}"
    pages = pages_of(count)
    here = page_bounds(min(int(st.session_state.get(page_key, 1)), pages), count)
    part = st.components.v2.component(
        "training_answers",
        html='<div class="answers"></div>',
        css=_HERE.with_suffix(".css").read_text("utf-8"),
        js=_HERE.with_suffix(".js").read_text("utf-8"),
    )
    answers = [(shown.predicted, shown.certainty)]
    if second is not None:
        answers.append((second.predicted, second.certainty))
    rows = shown.rows[here].tolist()
    everywhere = of_every_page()
    part(
        key=KEY,
        data={
            "key": key,
            "title": title,
            "pictures": dataset is not None,
            "pairs": pairs,
            "items": [
                {
                    "row": row,
                    "href": None
                    if query is None
                    else f"{_ADDRESS}?{urlencode({**query, _SHEET: row, **everywhere})}",
                    "image": "" if dataset is None else png_url(dataset.images_gray[row]),
                    "label": _expression(shown.labels, int(shown.true[at])),
                    "answers": [
                        {
                            **_expression(shown.labels, int(predicted[at])),
                            "certainty": "" if sure is None else format_probability(float(sure[at])),
                            "right": bool(predicted[at] == shown.true[at]),
                        }
                        for predicted, sure in answers
                    ],
                }
                for at, row in enumerate(rows, start=here.start)
            ],
            "networks": [] if second is None else list(second.names),
            "texts": {
                "row": _("row {n}"),
                "label": _("Label"),
                "answer": _("Answer"),
                "certainty": _("Certainty"),
                "right": _("right"),
            },
        },
    )
    if pages > 1:
        st.pagination(pages, key=page_key, max_visible_pages=5)


def _expression(labels: Sequence[str], position: int) -> dict[str, str]:
    return {"code": labels[position], "name": emotion_name(labels[position])}

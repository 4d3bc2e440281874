"""The view "Accuracy" of the page Training: figures, confusion matrix and mistakes of a network, or of two."""

from __future__ import annotations

import streamlit as st

from fer_core.datasets.fer2013 import Fer2013
from fer_core.errors import RautError
from fer_core.evaluation.report import SplitReport
from pages.training.accuracy.evaluation import (
    accuracy_line,
    class_words,
    confusion,
    figures_per_class,
    mistakes,
    overall_figures,
)
from pages.training.controls import one_network, part_or_reason, second_network, side_by_side, split_choice
from pages.training.networks import NetworkResults, figures_to_take
from pages.training.selection import Chosen
from pages.ui.guard import escape_markdown
from pages.ui.i18n import _
from pages.ui.picture_grid import PICTURES_A_PAGE
from pages.ui.resources import dataset_or_none


def render(chosen: Chosen) -> None:
    """See `pages/training/page.py`."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        one_network(chosen)
        second_network(chosen)
        split_choice(chosen)
    shown = chosen.networks[:2]
    parts: dict[str, SplitReport] = {}

    def overview(results: NetworkResults, key: str) -> None:
        part = part_or_reason(chosen, results)
        if part is not None:
            parts[key] = part
            accuracy_line(results, part)
            overall_figures(results, part, key=f"{key}_overall")
        figures_to_take(results, key=f"{key}_figures")

    side_by_side(shown, overview)
    if not parts:
        return
    _matrices(shown, parts)
    _classes(shown, parts)
    st.header(_("Misclassified images"), anchor=False)
    dataset = _dataset_or_error()
    side_by_side(
        shown,
        lambda results, key: (
            mistakes(results, parts[key], dataset, key=key, a_page=PICTURES_A_PAGE // len(shown))
            if key in parts
            else None
        ),
    )


def _matrices(shown: list[NetworkResults], parts: dict[str, SplitReport]) -> None:
    st.header(_("Confusion matrix"), anchor=False)
    ways = {"counts": _("Counts"), "rates": _("Rates")}
    way = st.segmented_control(
        _("Numbers in the cells"),
        list(ways),
        default="counts",
        required=True,
        format_func=ways.__getitem__,
        key="training_matrix",
        persist_state="session",
    )
    side_by_side(
        shown,
        lambda results, key: (
            confusion(results, parts[key], as_rates=way == "rates", key=f"{key}_matrix")
            if key in parts
            else None
        ),
    )


def _classes(shown: list[NetworkResults], parts: dict[str, SplitReport]) -> None:
    st.header(_("Metrics by expression"), anchor=False)
    for number, results in enumerate(shown, start=1):  # below each other: nine columns need the width
        part = parts.get(f"network{number}")
        if part is not None:
            if len(shown) > 1:
                st.markdown(f"**{escape_markdown(_(results.info.name))}**")
            figures_per_class(results, part, key=f"network{number}_classes")
    class_words(list(parts.values()))


def _dataset_or_error() -> Fer2013 | RautError | None:
    """FER2013, None, or what is wrong with it: only the pictures of the mistakes need it."""
    try:
        return dataset_or_none()
    except RautError as error:
        return error

"""Blocks of the page Training for all networks at once: one table to sort, and the paper beside Raut."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from fer_core.evaluation import Report, SplitReport
from pages.ui.charts import Column, show_table
from pages.ui.i18n import N_, _, format_number
from pages.ui.training_views import Shown


@dataclass(frozen=True)
class Printed:
    """What Table 2 and Table 3 of Ekawati et al. (2024) print for one network."""

    parameters: int
    training_accuracy: float
    test_accuracy: float


PAPER_RESULTS: dict[str, Printed] = {
    "paper-small": Printed(2_679_592, 0.9617, 0.7100),
    "paper-large": Printed(10_714_696, 0.9876, 0.7616),
    "paper-four-conv": Printed(4_968_072, 0.9978, 0.7651),
}
"""By the id of the recipe that repeats it. The tables print 2.678.592 for the first; its layers make 2,679,592."""

PAPER_EPOCHS = 50
PAPER_SPLIT = "PaperTest"


def _error(shown: Shown) -> float | None:
    part = shown.headline
    return part.certainty["calibration"]["ece"] if part is not None and part.certainty else None


def _without_twins(shown: Shown) -> float | None:
    part = shown.headline
    return part.without_twins.accuracy if part is not None and part.without_twins else None


def _accuracy(shown: Shown) -> float | None:
    part = shown.headline
    return part.accuracy if part is not None else None


def _megabytes(shown: Shown) -> float | None:
    try:
        return shown.info.file.stat().st_size / 1e6
    except OSError:
        return None


ORDERS: dict[str, tuple[str, Callable[[Shown], float | None], bool]] = {
    "accuracy": (N_("Accuracy"), _accuracy, True),
    "twins": (N_("Accuracy without twins"), _without_twins, True),
    "calibration": (N_("Calibration error"), _error, False),
    "parameters": (N_("Parameters"), lambda shown: shown.info.parameters, False),
    "size": (N_("Size of the file"), _megabytes, False),
}
"""Code to name, value, and whether the largest comes first."""


def in_order(everyone: Sequence[Shown], order: str) -> list[Shown]:
    """The networks by that column, best first; what has no value comes last."""
    _name, value, largest_first = ORDERS[order]

    def place(shown: Shown) -> tuple[bool, float]:
        number = value(shown)
        return number is None, 0.0 if number is None else -number if largest_first else number

    return sorted(everyone, key=place)


def all_networks(everyone: Sequence[Shown]) -> None:
    """Every shipped network in one table, sorted as the reader likes."""
    order = st.segmented_control(
        _("Sort by"),
        list(ORDERS),
        default="accuracy",
        required=True,
        format_func=lambda code: _(ORDERS[code][0]),
        key="training_order",
        persist_state="session",
    )
    rows = in_order(everyone, order or "accuracy")
    parts = [shown.headline for shown in rows]
    columns = [
        Column(_("Network"), [shown.info.name for shown in rows]),
        Column(_("Expressions"), [len(shown.info.labels) for shown in rows]),
        Column(
            _("Measured on"),
            [f"{part.name} ({format_number(part.n)})" if part is not None else "–" for part in parts],
        ),
        Column(_("Accuracy"), [_accuracy(shown) for shown in rows], percent=True, decimals=1),
        Column(
            _("Accuracy without twins"), [_without_twins(shown) for shown in rows], percent=True, decimals=1
        ),
        Column(_("Calibration error"), [_error(shown) for shown in rows], percent=True, decimals=1),
        Column(_("Parameters"), [shown.info.parameters for shown in rows]),
        Column(_("File (MB)"), [_megabytes(shown) for shown in rows], decimals=1),
        Column(
            _("Epochs"), [f"{format_number(shown.epochs)} / {format_number(shown.planned)}" for shown in rows]
        ),
    ]
    show_table(columns, key="all_networks", filename="raut-networks")
    st.caption(
        _(
            "Accuracies on different splits or labels cannot be compared with each other. A twin is a test "
            "picture that is also among the training pictures."
        )
    )


def paper_beside_ours(everyone: Sequence[Shown]) -> None:
    """The paper's results, row by row, and what the same networks reach here."""
    ours = {shown.info.id: shown for shown in everyone}

    def measured(name: str) -> SplitReport | None:
        report = ours[name].report if name in ours else None
        return report.splits.get(PAPER_SPLIT) if isinstance(report, Report) else None

    def learnt(name: str) -> float | None:
        history = ours[name].history if name in ours else None
        return history[-1]["accuracy"] if isinstance(history, list) and history else None

    def epochs(name: str) -> int | None:
        return ours[name].epochs if name in ours else None

    names = list(PAPER_RESULTS)
    found = {name: measured(name) for name in names}
    twins = {name: part.without_twins if part is not None else None for name, part in found.items()}
    columns = [
        Column(_("Parameters"), [format_number(PAPER_RESULTS[name].parameters) for name in names]),
        Column(
            _("Training, paper"),
            [PAPER_RESULTS[n].training_accuracy for n in names],
            percent=True,
            decimals=2,
        ),
        Column(_("Training, Raut"), [learnt(name) for name in names], percent=True, decimals=2),
        Column(_("Test, paper"), [PAPER_RESULTS[n].test_accuracy for n in names], percent=True, decimals=2),
        Column(
            _("Test, Raut"),
            [part.accuracy if part else None for part in found.values()],
            percent=True,
            decimals=2,
        ),
        Column(
            _("Test without twins, Raut"),
            [part.accuracy if part else None for part in twins.values()],
            percent=True,
            decimals=2,
        ),
        Column(_("Epochs, paper"), [PAPER_EPOCHS] * len(names)),
        Column(_("Epochs, Raut"), [epochs(name) for name in names]),
    ]
    show_table(columns, key="paper_results", filename="raut-paper")
    missing = [name for name in names if found[name] is None]
    if missing:
        st.caption(_("– : this network has not been trained here yet."))

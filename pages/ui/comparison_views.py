"""Blocks of the page Training for all networks at once: one table to sort, and the paper beside Raut."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from fer_core.evaluation import Report, SplitReport
from fer_core.networks import PRETRAINED
from fer_core.training.recipe import Recipe
from fer_core.training.recipes import RECIPES
from pages.ui.charts import Column, show_table
from pages.ui.guard import escape_markdown
from pages.ui.i18n import N_, _, format_number, format_percent
from pages.ui.result_views import term
from pages.ui.training_views import Rows, Shown


@dataclass(frozen=True)
class Printed:
    """What Ekawati et al. (2024) print for one network: their Tables 2 and 3, and for one the time."""

    parameters: int
    training_accuracy: float
    test_accuracy: float
    seconds: int | None = None


PAPER_RESULTS: dict[str, Printed] = {
    "paper-small": Printed(2_679_592, 0.9617, 0.7100, 4 * 3600 + 1 * 60 + 30),
    "paper-large": Printed(10_714_696, 0.9876, 0.7616),
    "paper-four-conv": Printed(4_968_072, 0.9978, 0.7651),
}
"""By the id of the recipe that repeats it. The tables print 2.678.592 for the first; its layers make 2,679,592."""

PAPER_EPOCHS = 50
PAPER_SPLIT = "PaperTest"


@dataclass(frozen=True)
class PaperRow:
    """One of the paper's networks under one recipe; `ours` is None where it does not ship."""

    recipe: Recipe
    ours: Shown | None

    @property
    def name(self) -> str:
        return _(self.ours.info.name) if self.ours else _(self.recipe.title)

    @property
    def parameters(self) -> int | None:
        if self.ours:
            return self.ours.info.parameters
        return self.printed.parameters if self.printed else None

    @property
    def split(self) -> str:
        """What is tested on."""
        return self.recipe.report_splits[-1]

    @property
    def printed(self) -> Printed | None:
        """The paper's figures, where they were measured on the same pictures and labels."""
        return PAPER_RESULTS[self.recipe.architecture] if self.split == PAPER_SPLIT else None

    @property
    def measured(self) -> SplitReport | None:
        report = self.ours.report if self.ours else None
        return report.splits.get(self.split) if isinstance(report, Report) else None

    @property
    def history(self) -> Rows:
        history = self.ours.history if self.ours else None
        return history if isinstance(history, list) else []

    @property
    def learnt(self) -> float | None:
        """Training accuracy of the last epoch."""
        return self.history[-1]["accuracy"] if self.history else None

    @property
    def best(self) -> tuple[float, int] | None:
        """Test accuracy of the best epoch, and which one that was."""
        if not self.history or self.recipe.choice_split != self.split:
            return None
        row = max(self.history, key=lambda row: row["val_accuracy"])
        return row["val_accuracy"], int(row["epoch"])


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


def _epochs(shown: Shown) -> str:
    """ "36", or "18 / 50" for a training that is under way."""
    done = format_number(shown.epochs)
    return f"{done} / {format_number(shown.planned)}" if shown.epochs < shown.planned else done


def _milliseconds(shown: Shown) -> float | None:
    return shown.pace.ms if shown.pace is not None else None


def _million_macs(shown: Shown) -> float | None:
    return shown.info.macs / 1e6 if shown.info.macs is not None else None


ORDERS: dict[str, tuple[str, Callable[[Shown], float | None], bool]] = {
    "accuracy": (N_("Accuracy"), _accuracy, True),
    "twins": (N_("Accuracy without twins"), _without_twins, True),
    "calibration": (N_("Calibration error"), _error, False),
    "speed": (N_("Milliseconds a face"), _milliseconds, False),
    "macs": (N_("MACs"), _million_macs, False),
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
        Column(_("Network"), [_(shown.info.name) for shown in rows]),
        # The figure that matters most stands first: on a phone the others are one swipe away.
        Column(_("Accuracy"), [_accuracy(shown) for shown in rows], percent=True, decimals=1),
        Column(
            _("Measured on"),
            [f"{part.name} ({format_number(part.n)})" if part is not None else "–" for part in parts],
        ),
        Column(_("Expressions"), [len(shown.info.labels) for shown in rows]),
        Column(_("ms a face"), [_milliseconds(shown) for shown in rows], decimals=2),
        Column(_("MACs (millions)"), [_million_macs(shown) for shown in rows], decimals=1),
        Column(_("Parameters"), [shown.info.parameters for shown in rows]),
        Column(_("File (MB)"), [_megabytes(shown) for shown in rows], decimals=1),
        Column(
            _("Accuracy without twins"), [_without_twins(shown) for shown in rows], percent=True, decimals=1
        ),
        Column(_("Calibration error"), [_error(shown) for shown in rows], percent=True, decimals=1),
        Column(_("Epochs"), [_epochs(shown) for shown in rows]),
    ]
    show_table(columns, key="all_networks", filename="raut-networks")
    st.caption(
        _(
            "Accuracies on different splits or labels cannot be compared with each other. A twin is a test "
            "picture that is also among the training pictures."
        )
    )
    term("mac")


def paper_beside_ours(everyone: Sequence[Shown]) -> None:
    """The paper's results, row by row, and what the same networks reach here.

    The three protocols of the paper always have a row; its networks under other recipes have one once they
    ship.
    """
    ours = {shown.info.id: shown for shown in everyone}
    rows = [
        PaperRow(recipe, ours.get(recipe.id))
        for recipe in RECIPES.values()
        if recipe.architecture in PAPER_RESULTS and (recipe.id in PAPER_RESULTS or recipe.id in ours)
    ]

    def figures(name: str, values: Callable[[PaperRow], float | None]) -> Column:
        return Column(name, [values(row) for row in rows], percent=True, decimals=2)

    columns = [
        Column(_("Network"), [row.name for row in rows]),
        figures(_("Test, paper"), lambda row: row.printed.test_accuracy if row.printed else None),
        figures(_("Test, Raut"), lambda row: row.measured.accuracy if row.measured else None),
        figures(
            _("Test without twins, Raut"),
            lambda row: (
                row.measured.without_twins.accuracy if row.measured and row.measured.without_twins else None
            ),
        ),
        figures(_("Best epoch, Raut"), lambda row: row.best[0] if row.best else None),
        Column(_("which was epoch"), [row.best[1] if row.best else None for row in rows]),
        figures(_("Training, paper"), lambda row: row.printed.training_accuracy if row.printed else None),
        figures(_("Training, Raut"), lambda row: row.learnt),
        Column(_("Epochs, paper"), [PAPER_EPOCHS if row.printed else None for row in rows]),
        Column(_("Epochs, Raut"), [row.ours.epochs if row.ours else None for row in rows]),
        Column(_("Time, paper (h:min)"), [_hours(row.printed and row.printed.seconds) for row in rows]),
        Column(_("Time, Raut (h:min)"), [_hours(row.ours and row.ours.seconds) for row in rows]),
        Column(_("Parameters"), [row.parameters for row in rows]),
        Column(_("Measured on"), [row.split for row in rows]),
    ]
    show_table(columns, key="paper_results", filename="raut-paper")
    if any(row.best for row in rows):
        st.caption(
            _(
                "“Best epoch” is what the test pictures gave during the training. Whoever picks the epoch by "
                "them flatters the network, so the shipped one is that of the last epoch."
            )
        )
    if any(row.recipe.id not in PAPER_RESULTS for row in rows):
        st.caption(
            _(
                "“Tuned”: the same layers, with dropout, changed copies of the pictures, a falling learning "
                "rate, and the votes of ten people for each picture in place of one label. “Seven expressions”: FER2013's own labels, divided as in the paper's Table 1; "
                "the paper gives no result for that."
            )
        )
    if any(row.measured is None for row in rows):
        st.caption(_("– : this network has not been trained here yet."))
    _beyond_the_paper(everyone, {row.recipe.id for row in rows})
    further = [RECIPES[name].title for name in PRETRAINED if name not in ours]
    if further:
        st.caption(
            _("The paper names further networks to try. Not trained here yet: {names}.").format(
                names=", ".join(further)
            )
        )


def _beyond_the_paper(everyone: Sequence[Shown], in_table: set[str]) -> None:
    """One sentence on the network that is right most often on the paper's test pictures and is none of its own."""
    others = [
        (part.accuracy, part.n, _(shown.info.name))
        for shown in everyone
        if shown.info.id not in in_table and isinstance(shown.report, Report)
        for part in [shown.report.splits.get(PAPER_SPLIT)]
        if part is not None
    ]
    if others:
        accuracy, count, name = max(others)
        st.markdown(
            _("On the same {n} test pictures, **{network}** is right for {accuracy}.").format(
                n=format_number(count), network=escape_markdown(name), accuracy=format_percent(accuracy)
            )
        )


def _hours(seconds: float | None) -> str:
    """1818.8 -> "0:30"; None and 0 -> "–"."""
    if not seconds:
        return "–"
    hours, minutes = divmod(int(seconds) // 60, 60)
    return f"{hours}:{minutes:02d}"

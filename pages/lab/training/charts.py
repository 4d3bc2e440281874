"""Loss and accuracy of one training, while it goes on and afterwards."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from fer_core.lab.settings import LabSettings
from fer_core.plain_text import in_plotly
from fer_core.plots import Growing, growing_curves
from fer_core.recognition.provenance import Provenance
from pages.lab.training.words import chance
from pages.ui.charts import Column, current_theme, show_chart
from pages.ui.i18n import _, format_number, format_percent

if TYPE_CHECKING:
    from fer_core.lab.task import Progress

Rows = Sequence[Mapping[str, float]]
HISTORY_COLUMNS = ("epoch", "loss", "accuracy", "val_loss", "val_accuracy", "learning_rate", "seconds")


def show_course(settings: LabSettings, rows: Rows, *, key: str, provenance: Provenance) -> None:
    """Accuracy and loss of a training that is over, one chart below the other, with table and downloads.

    Args:
        settings: of the training.
        rows: an epoch each, as in `LabFigures.history`.
        key: of the charts.
        provenance: of the figures.
    """
    for measure, title in (("accuracy", _("Accuracy")), ("loss", _("Loss"))):
        percent = measure == "accuracy"
        figure = growing_curves(
            lines_of(measure, rows, ()),
            epochs=max(len(rows), 1),
            theme=current_theme(),
            title=title,
            x_name=_("Epoch"),
            level=chance(settings) if percent else None,
            level_name=_("guessing: {share}").format(share=format_percent(chance(settings), 0)),
            percent=percent,
        )
        show_chart(
            figure,
            key=f"{key}_{measure}",
            filename=f"lab-{measure}" if percent else "lab-history",
            # One table has both measures.
            columns=None if percent else history_columns(rows),
            alt=alt_text(title, measure, rows, ()),
            provenance=provenance,
        )


def history_columns(rows: Rows) -> list[Column]:
    """The history as a table; the CSV has the codes of `history.csv` by its headings."""
    columns = [Column("epoch", [int(row["epoch"]) for row in rows])]
    for name in HISTORY_COLUMNS[1:]:
        decimals = {"learning_rate": 5, "seconds": 1}.get(name, 3)
        columns.append(Column(name, [float(row[name]) for row in rows], decimals=decimals))
    return columns


def lines_of(measure: str, rows: Rows, progress: Sequence[Progress]) -> list[Growing]:
    """Training, with the steps of the first epoch and the newest of the one that goes on; and the test.

    Args:
        measure: "accuracy" or "loss".
        rows: a row for each complete epoch.
        progress: within epochs; none of a training that is over.
    """
    first = [one for one in progress if one.epoch == 1]
    done = len(rows)
    x = [one.step / one.steps for one in first if one.step < one.steps]
    y = [getattr(one, measure) for one in first if one.step < one.steps]
    texts = [_step_text(one, measure) for one in first if one.step < one.steps]
    for row in rows:
        x.append(row["epoch"])
        y.append(row[measure])
        texts.append(_epoch_text(row["epoch"], _("training"), row[measure], measure))
    newest = progress[-1] if progress else None
    if newest is not None and done and newest.epoch == done + 1 and newest.step < newest.steps:
        x.append(newest.epoch - 1 + newest.step / newest.steps)
        y.append(getattr(newest, measure))
        texts.append(_step_text(newest, measure))
    tested = [row for row in rows if math.isfinite(row[f"val_{measure}"])]
    return [
        Growing(_named(_("training"), y, measure), x, y, texts, training=True),
        Growing(
            _named(_("test"), [row[f"val_{measure}"] for row in tested], measure),
            [row["epoch"] for row in tested],
            [row[f"val_{measure}"] for row in tested],
            [_epoch_text(row["epoch"], _("test"), row[f"val_{measure}"], measure) for row in tested],
        ),
    ]


def _named(name: str, values: Sequence[float], measure: str) -> str:
    return f"{name} {_value(values[-1], measure)}" if values else name


def _value(value: float, measure: str) -> str:
    return format_percent(value, 0) if measure == "accuracy" else format_number(value, 2)


def _epoch_text(epoch: float, name: str, value: float, measure: str) -> str:
    shown = format_percent(value) if measure == "accuracy" else format_number(value, 3)
    return in_plotly(_("epoch {n}, {data}: {value}").format(n=format_number(epoch), data=name, value=shown))


def _step_text(one: Progress, measure: str) -> str:
    return in_plotly(
        _("epoch {epoch}, mean of {n} of {steps} steps: {value}").format(
            epoch=format_number(one.epoch),
            n=format_number(one.step),
            steps=format_number(one.steps),
            value=_value(getattr(one, measure), measure),
        )
    )


def alt_text(title: str, measure: str, rows: Rows, progress: Sequence[Progress]) -> str:
    """What a screen reader says of a chart: its newest values; arguments as for `lines_of`."""
    parts = [title]
    if rows:
        last = rows[-1]
        parts += [
            _epoch_text(last["epoch"], name, last[column], measure)
            for name, column in ((_("training"), measure), (_("test"), f"val_{measure}"))
        ]
    elif progress:
        parts.append(_step_text(progress[-1], measure))
    return "; ".join(parts)

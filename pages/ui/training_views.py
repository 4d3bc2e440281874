"""Blocks of the page Training for one network: facts, curves, layers."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from fer_core.errors import RautError
from fer_core.evaluation import Report, SplitReport, read_report
from fer_core.evaluation.speed import Pace, SpeedReport
from fer_core.plots import Curve, history_curves
from fer_core.store import HISTORY_FILE, NetworkInfo, read_history
from pages.ui.charts import Column, current_theme, show_chart, show_table
from pages.ui.guard import escape_markdown, show_error
from pages.ui.i18n import N_, _, format_number, format_percent, ngettext

Rows = list[dict[str, float]]
NEEDED = ("epoch", "loss", "accuracy", "val_loss", "val_accuracy")


@dataclass(frozen=True)
class Shown:
    """One network with all that was read about it; what could not be read is an error to show in its place.

    `pace` is None where its time was not measured.
    """

    info: NetworkInfo
    history: Rows | RautError | None
    report: Report | RautError | None
    pace: Pace | None = None

    @property
    def training(self) -> dict[str, Any]:
        training = self.info.metadata.get("training")
        return training if isinstance(training, dict) else {}

    @property
    def headline(self) -> SplitReport | None:
        """The split that stands for the network; None where it was not evaluated or cannot be read."""
        return self.report.headline if isinstance(self.report, Report) else None

    @property
    def epochs(self) -> int:
        """Epochs that were run, from the metadata or else from the history."""
        told = self.training.get("epochs")
        return int(told) if told is not None else len(self.history) if isinstance(self.history, list) else 0

    @property
    def planned(self) -> int:
        return int(self.training.get("epochs_planned") or self.epochs)

    @property
    def seconds(self) -> float:
        """That the training took, from the metadata or else from the history; 0 where neither tells."""
        rows = self.history if isinstance(self.history, list) else []
        return float(self.training.get("seconds") or sum(row.get("seconds", 0.0) for row in rows))


def read_network(info: NetworkInfo, speed: SpeedReport | None = None) -> Shown:
    """History and evaluation; a network without one, or with a damaged one, is still shown."""
    history: Rows | RautError | None = None
    report: Report | RautError | None
    try:
        if (info.folder / HISTORY_FILE).exists():
            history = [row for row in read_history(info) if all(math.isfinite(row[key]) for key in NEEDED)]
    except RautError as error:
        history = error
    except KeyError as error:
        history = RautError(N_("The training history has no column “{column}”."), column=error.args[0])
    try:
        report = read_report(info)
    except RautError as error:
        report = error
    return Shown(info, history, report, speed.of(info) if speed is not None else None)


def figure_text(split: SplitReport) -> str:
    """ "67.1 % (PrivateTest, 3,589 images)"."""
    return ngettext("{share} ({split}, {n} image)", "{share} ({split}, {n} images)", split.n).format(
        share=format_percent(split.accuracy), split=split.name, n=format_number(split.n)
    )


def duration_text(seconds: float) -> str:
    """14490 -> "4 h 1 min", 61 -> "1 min 1 s"."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return _("{h} h {min} min").format(h=format_number(hours), min=minutes)
    return _("{min} min {s} s").format(min=minutes, s=rest) if minutes else _("{s} s").format(s=rest)


def facts(shown: Shown) -> None:
    """Accuracy, size, time and epochs, each with what it is."""
    items: list[tuple[str, str]] = []
    headline = shown.headline
    if headline is not None:
        items.append(
            (format_percent(headline.accuracy), _("accuracy ({split}, {n} images)").format(
                split=headline.name, n=format_number(headline.n)))
        )  # fmt: skip
    items.append((format_number(shown.info.parameters), _("parameters")))
    if shown.seconds:
        before = float(shown.training.get("built_on_seconds") or 0.0)
        meaning = _("training time, after {time} for its teachers").format(time=duration_text(before))
        items.append((duration_text(shown.seconds), meaning if before else _("training time")))
    if shown.epochs:
        unfinished = shown.epochs < shown.planned
        text = _("{done} of {planned}") if unfinished else "{done}"
        items.append(
            (text.format(done=format_number(shown.epochs), planned=format_number(shown.planned)), _("epochs"))
        )
    rows = "".join(
        f"<div><dt>{html.escape(value)}</dt><dd>{html.escape(meaning)}</dd></div>" for value, meaning in items
    )
    st.html(f'<dl class="raut-figures raut-figures-small">{rows}</dl>')
    if shown.epochs and shown.epochs < shown.planned:
        st.info(
            _(
                "This network is still on its way: {done} of {planned} epochs. Its figures are those of the "
                "weights so far."
            ).format(done=format_number(shown.epochs), planned=format_number(shown.planned)),
            icon=":material/hourglass_top:",
        )


def curves(shown: Shown, everyone: Sequence[Shown], *, key: str) -> None:
    """Accuracy and loss over the epochs, training against validation, on the same axes for every network."""
    if isinstance(shown.history, RautError):
        show_error(shown.history)
        return
    if not shown.history:
        st.info(_("This network comes without a history of its training."), icon=":material/show_chart:")
        return
    rows = shown.history
    histories = [other.history for other in everyone if isinstance(other.history, list) and other.history]
    last_epoch = max(row["epoch"] for history in histories for row in history)
    choice = str(shown.training.get("choice_split") or _("validation"))
    learnt = str(shown.training.get("split") or _("training"))
    train_name, watched_name = f"{_('Training data')} ({learnt})", f"{_('Validation data')} ({choice})"
    words = {"accuracy": _("Accuracy"), "loss": _("Loss")}
    places = st.columns(2, gap="large") if len(everyone) == 1 else [st.container(), st.container()]
    for place, (measure, title) in zip(places, words.items(), strict=True):
        percent = measure == "accuracy"
        both = [row[name] for history in histories for row in history for name in (measure, f"val_{measure}")]
        with place:
            figure = history_curves(
                [
                    _curve(rows, f"val_{measure}", watched_name, percent, watched=True),
                    _curve(rows, measure, train_name, percent, watched=False),
                ],
                theme=current_theme(),
                title=f"{title} · {_(shown.info.name)}",
                epoch_name=_("Epoch"),
                percent=percent,
                value_range=(0.0, min(1.0, math.ceil(10 * max(both) + 0.5) / 10)) if percent
                else (0.0, 1.08 * max(both)),
                last_epoch=last_epoch,
                kept=_kept(shown),
            )  # fmt: skip
            columns = [
                Column(_("Epoch"), [int(row["epoch"]) for row in rows]),
                Column(train_name, [row[measure] for row in rows], percent, 1 if percent else 3),
                Column(watched_name, [row[f"val_{measure}"] for row in rows], percent, 1 if percent else 3),
                Column(_("Seconds"), [row.get("seconds") for row in rows]),
            ]
            show_chart(
                figure,
                key=f"{key}_{measure}",
                filename=f"{shown.info.id}-{measure}",
                columns=columns,
                alt=_("{measure} of {network} over {n} epochs, from {first} to {last} on {split}").format(
                    measure=title,
                    network=_(shown.info.name),
                    n=len(rows),
                    first=columns[2].shown()[0],
                    last=columns[2].shown()[-1],
                    split=choice,
                ),
            )
    _growing_faces(shown)
    _taught(shown)


def _growing_faces(shown: Shown) -> None:
    """Why the curve of the validation jumps, where a network began with small faces."""
    sizes = shown.info.recipe.get("face_sizes")
    if not sizes or len(sizes) < 2:
        return
    steps = ", ".join(
        _("from epoch {n} on {size}×{size}").format(n=format_number(done + 1), size=size)
        for done, size in sizes
    )
    st.caption(
        _(
            "This network learnt small faces first, because that is faster: {steps} pixels. It was validated "
            "on full faces throughout, so that curve lies low at first and jumps when the faces grow."
        ).format(steps=steps)
    )


def _taught(shown: Shown) -> None:
    """What the curves mean where a network did not learn labels."""
    teachers = shown.info.recipe.get("teachers")
    if not teachers:
        return
    st.caption(
        ngettext(
            "This network learnt what {n} other network says of each changed face (distillation). On training "
            "data its accuracy is how often both name the same expression; on validation data it is how often the "
            "label is named.",
            "This network learnt what {n} other networks say of each changed face, in the mean (distillation). On "
            "training data its accuracy is how often it names the same expression as they do; on validation data it "
            "is how often the label is named.",
            len(teachers),
        ).format(n=format_number(len(teachers)))
    )


def _curve(rows: Rows, column: str, name: str, percent: bool, *, watched: bool) -> Curve:
    values = [row[column] for row in rows]
    write = format_percent if percent else lambda value: format_number(value, 3)
    return Curve(name, [row["epoch"] for row in rows], values, [write(value) for value in values], watched)


def _kept(shown: Shown) -> tuple[float, str] | None:
    """The epoch whose weights are shipped, where that is not simply the last one."""
    best = shown.training.get("best_epoch")
    if best is None or shown.info.recipe.get("keep") == "last":
        return None
    return float(best), _("kept: epoch {n}").format(n=format_number(int(best)))


def layers(shown: Shown, *, key: str) -> None:
    """The network's structure, layer by layer."""
    listed = shown.info.metadata.get("layers")
    if not isinstance(listed, list) or not listed:
        st.info(_("The layers of this network are not listed."), icon=":material/layers:")
        return
    numbers = list(range(1, len(listed) + 1))
    columns = [
        Column(
            _("Layer"),
            [f"{number}. {layer.get('name', '')}" for number, layer in zip(numbers, listed, strict=True)],
        ),
        Column(_("Type"), [str(layer.get("type", "")) for layer in listed]),
        Column(_("Output"), [_shape(layer.get("output_shape")) for layer in listed]),
        Column(_("Parameters"), [int(layer.get("parameters") or 0) for layer in listed]),
    ]
    count = ngettext("{n} layer", "{n} layers", len(listed)).format(n=format_number(len(listed)))
    with st.expander(f"{escape_markdown(_(shown.info.name))}: {count}", icon=":material/layers:"):
        show_table(columns, key=key, filename=f"{shown.info.id}-layers")


def _shape(shape: object) -> str:
    """[None, 48, 48, 32] -> "48 × 48 × 32"."""
    if isinstance(shape, str):
        return shape
    sides = [side for side in shape if side is not None] if isinstance(shape, list | tuple) else []
    return " × ".join(str(side) for side in sides) or "–"

"""A network with all that was read about it, for every view of the page Training, and its facts."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import streamlit as st

from fer_core.errors import RautError
from fer_core.evaluation.repetition import Spread, spread_of
from fer_core.evaluation.report import Report, SplitReport, read_report
from fer_core.evaluation.speed import Pace, SpeedReport
from fer_core.recognition.provenance import Provenance
from fer_core.reports.bundle import network_bundle
from fer_core.store.folder import read_history
from fer_core.store.network import HISTORY_FILE, NetworkInfo
from pages.ui.charts import now_here
from pages.ui.guard import escape_markdown
from pages.ui.i18n import N_, _, format_number, format_percent, ngettext

Rows = list[Mapping[str, float]]
NEEDED = ("epoch", "loss", "accuracy", "val_loss", "val_accuracy")


@dataclass(frozen=True)
class NetworkResults:
    """One network with all that was read about it; what could not be read is an error to show in its place.

    `pace` is None where its time was not measured, `seeds` where only one training of it was.
    """

    info: NetworkInfo
    history: Rows | RautError | None
    report: Report | RautError | None
    pace: Pace | None = None
    seeds: Spread | None = None

    @property
    def headline(self) -> SplitReport | None:
        """The split that stands for the network; None where it was not evaluated or cannot be read."""
        return self.report.headline if isinstance(self.report, Report) else None

    @property
    def epochs(self) -> int:
        """Epochs that were run, from the metadata or else from the history."""
        if self.info.training.epochs is not None:
            return self.info.training.epochs
        return len(self.history) if isinstance(self.history, list) else 0

    @property
    def planned(self) -> int:
        """Epochs that the recipe asks for; those that were run where the metadata does not say it."""
        return self.info.training.epochs_planned or self.epochs

    @property
    def seconds(self) -> float:
        """That the training took, from the metadata or else from the history; 0 where neither tells."""
        rows = self.history if isinstance(self.history, list) else []
        return float(self.info.training.seconds or sum(row.get("seconds", 0.0) for row in rows))


def read_network(info: NetworkInfo, speed: SpeedReport | None = None) -> NetworkResults:
    """History and evaluation; a network without one, or with a damaged one, is still shown."""
    history: Rows | RautError | None = None
    report: Report | RautError | None
    try:
        if (info.folder / HISTORY_FILE).exists():
            history = finite_history(info)
    except RautError as error:
        history = error
    try:
        report = read_report(info)
    except RautError as error:
        report = error
    return NetworkResults(
        info, history, report, speed.of(info) if speed is not None else None, spread_of(info)
    )


def finite_history(info: NetworkInfo, recipe: str | None = None, *, seed: int | None = None) -> Rows:
    """`read_history`, without epochs that have no figure.

    Raises:
        RautError: the history is missing or damaged, or has no such column.
    """
    rows = read_history(info, recipe, seed=seed)
    try:
        return [row for row in rows if all(math.isfinite(row[key]) for key in NEEDED)]
    except KeyError as error:
        raise RautError(N_("The training history has no column “{column}”."), column=error.args[0]) from error


def figure_text(split: SplitReport, share: float | None = None) -> str:
    """ "67.1% (PrivateTest, 3,589 images)": the accuracy, or another share of the split, as Markdown."""
    return ngettext("{share} ({split}, {n} image)", "{share} ({split}, {n} images)", split.n).format(
        share=format_percent(split.accuracy if share is None else share),
        split=escape_markdown(split.name),
        n=format_number(split.n),
    )


def duration_text(seconds: float) -> str:
    """14490 -> "4 h 1 min", 61 -> "1 min 1 s"."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return _("{h} h {min} min").format(h=format_number(hours), min=minutes)
    return _("{min} min {s} s").format(min=minutes, s=rest) if minutes else _("{s} s").format(s=rest)


def facts(results: NetworkResults) -> None:
    """Accuracy, size, time and epochs, each with what it is."""
    items: list[tuple[str, str]] = []
    headline = results.headline
    if headline is not None:
        items.append(
            (format_percent(headline.accuracy), _("accuracy ({split}, {n} images)").format(
                split=headline.name, n=format_number(headline.n)))
        )  # fmt: skip
    items.append((format_number(results.info.parameters), _("parameters")))
    if results.seconds:
        before = results.info.training.built_on_seconds
        meaning = _("training time")
        if before:
            meaning = _("training time, after {time} for the networks it is built on").format(
                time=duration_text(before)
            )
        items.append((duration_text(results.seconds), meaning))
    if results.epochs:
        unfinished = results.epochs < results.planned
        text = _("{done} of {planned}") if unfinished else "{done}"
        items.append(
            (
                text.format(done=format_number(results.epochs), planned=format_number(results.planned)),
                _("epochs"),
            )
        )
    rows = "".join(
        f"<div><dt>{html.escape(value)}</dt><dd>{html.escape(meaning)}</dd></div>" for value, meaning in items
    )
    st.html(f'<dl class="raut-figures raut-figures-small">{rows}</dl>')
    if results.epochs and results.epochs < results.planned:
        st.info(
            _(
                "The training of this network is not finished: {done} of {planned} epochs. Its figures are those "
                "of the weights so far."
            ).format(done=format_number(results.epochs), planned=format_number(results.planned)),
            icon=":material/hourglass_top:",
        )


def trained_on(results: NetworkResults) -> None:
    """The computer, or the computers one after the other, that the time of the training holds for."""
    if not results.seconds:
        return
    if results.info.training.stages:
        parts = [
            (
                _("from epoch {n}, with a new optimizer, on {machine}")
                if stage.new_optimizer
                else _("from epoch {n} on {machine}")
            ).format(n=format_number(stage.from_epoch), machine=escape_markdown(stage.machine))
            for stage in results.info.training.stages
        ]
        text = _("Trained in parts: {parts}.").format(parts="; ".join(parts))
        st.caption(text)
    elif machine := results.info.training.machine:
        st.caption(_("Trained on {machine}.").format(machine=escape_markdown(machine)))


def figures_to_take(results: NetworkResults, *, key: str) -> None:
    """The card of a network and the files that it was made from, in one zip."""
    source = Provenance(now_here(), results.info)
    st.download_button(
        _("Model card and figures (zip)"),
        partial(network_bundle, source),
        file_name=source.file_name(f"{results.info.id}-figures", "zip"),
        mime="application/zip",
        icon=":material/download:",
        key=key,
        on_click="ignore",
        help=_(
            "The card in English with every figure and its confidence interval, the evaluation, the training history, "
            "and how the network was trained. Without its weights."
        ),
    )

"""The chart of the curves with its table and its file."""

from __future__ import annotations

import math
from collections.abc import Sequence

import streamlit as st

from fer_core.plain_text import in_plotly
from fer_core.plots import LearningLine, LearningMark, learning_curves
from fer_core.recognition.provenance import Provenance
from pages.training.curves.seeds import OtherTrainings
from pages.training.curves.series import (
    PERCENT,
    Series,
    best_of,
    data_name,
    kept_epoch,
    letter,
    short_name,
    value_text,
)
from pages.training.curves.settings import MEASURES, CurveSettings
from pages.training.networks import NetworkResults
from pages.ui.charts import Column, csv_button, current_theme, now_here, show_chart, show_table
from pages.ui.i18n import _, format_number


def show_curves(
    drawn: Sequence[Series],
    others: OtherTrainings,
    networks: Sequence[NetworkResults],
    settings: CurveSettings,
    *,
    key: str,
    filename: str,
    title: str = "",
    marked: bool = True,
) -> None:
    """The chart, its PNG, and behind "Table" its numbers and a CSV with a row for each epoch of each network.

    Args:
        drawn: at least one curve.
        others: trainings with other seeds.
        networks: that are shown, by their places.
        settings: how they are drawn.
        key: of the chart, in the session.
        filename: what the downloads hold.
        title: of what was trained, where it is not the networks.
        marked: whether the epoch that ships and the best one are marked.
    """
    measure = _(MEASURES[settings.measure])
    several = len(networks) > 1
    if not title and not several:
        title = _(networks[0].info.name)
    marks = [mark for series in drawn for mark in _marks(series, networks, settings)] if marked else []
    marks += others.marks
    legend = {
        "kept": _("Kept epoch"),
        "best": _("Epoch with the highest accuracy"),
        "final": _("Other seed, final accuracy"),
    }
    if several and settings.of_parts:
        legend |= {
            part: {"validation": _("Validation data"), "training": _("Training data")}[part]
            for part in settings.parts
        }
    if others.bands:
        legend["band"] = _("Range over seeds")
    figure = learning_curves(
        [_line(series, networks, settings) for series in drawn],
        bands=list(others.bands.values()),
        marks=marks,
        legend=legend,
        theme=current_theme(),
        title=in_plotly(f"{measure} · {title}" if title else measure),
        x_name=_("Epoch") if settings.axis == "epoch" else _("Minutes of training"),
        y_name=_("percentage points") if settings.measure == "gap" else "",
        by_epoch=settings.axis == "epoch",
        percent=settings.measure == "accuracy",
        points=settings.measure == "gap",
        log=settings.log,
        value_range=_value_range(drawn, others, settings),
    )
    first, last = drawn[0].raw[0], drawn[0].raw[-1]
    show_chart(
        figure,
        key=key,
        filename=filename,
        columns=None,
        alt=_("{measure} of {networks}, training and validation; {name} from {first} to {last}").format(
            measure=measure,
            networks=title or ", ".join(_(results.info.name) for results in networks),
            name=short_name(drawn[0].place, networks),
            first=value_text(first, settings.measure),
            last=value_text(last, settings.measure),
        ),
    )
    with st.expander(_("Table"), icon=":material/table:"):
        show_table(_table(drawn, others, networks, settings), key=f"{key}_table", filename=None)
        csv_button(
            epochs_for_programs(drawn, others, settings),
            key=f"{key}_csv",
            filename=filename,
            provenance=Provenance(now_here(), None if several else networks[0].info),
        )


def _line(series: Series, networks: Sequence[NetworkResults], settings: CurveSettings) -> LearningLine:
    several = len(networks) > 1
    data = data_name(series.results, series.part) if series.part else _(MEASURES[settings.measure])
    name = short_name(series.place, networks)
    texts = []
    for epoch, raw, value in zip(series.epochs, series.raw, series.values, strict=True):
        text = value_text(raw, settings.measure)
        if series.is_smoothed:
            text = _("{value} (mean {mean})").format(value=text, mean=value_text(value, settings.measure))
        line = f"{name}, {data}: {text}" if several else f"{data}: {text}"
        if settings.axis == "minute":
            line += " · " + _("epoch {n}").format(n=format_number(epoch))
        texts.append(in_plotly(line))
    return LearningLine(
        name=in_plotly(name if several else data),
        x=series.x,
        y=series.values,
        texts=texts,
        place=series.place,
        letter=letter(series.place, networks),
        training=series.part == "training",
        raw=series.raw if series.is_smoothed else None,
        in_legend=not several or series.part in ("", settings.parts[0]),
    )


def _marks(series: Series, networks: Sequence[NetworkResults], settings: CurveSettings) -> list[LearningMark]:
    """The epoch that ships, and the best one where it is another, on the curve of the validation data."""
    if series.part not in ("", settings.parts[0]):
        return []
    kept, best = kept_epoch(series.results), best_of(series.results)
    words = {"kept": _("kept: epoch {n}"), "best": _("highest accuracy: epoch {n}")}
    marks = []
    for kind, epoch in (("best", best if best != kept else None), ("kept", kept)):
        at = None if epoch is None else series.at_epoch(epoch)
        if at is None or (settings.log and series.values[at] <= 0):
            continue
        text = words[kind].format(n=format_number(series.epochs[at]))
        text += f" ({value_text(series.raw[at], settings.measure)})"
        if len(networks) > 1:
            text = f"{short_name(series.place, networks)}, {text}"
        marks.append(LearningMark(kind, series.x[at], series.values[at], in_plotly(text), series.place))
    return marks


def _value_range(
    drawn: Sequence[Series], others: OtherTrainings, settings: CurveSettings
) -> tuple[float, float] | None:
    """Ends of the vertical axis: round percents for shares, zero for what begins there."""
    if settings.log:
        return None
    values = [value for series in drawn for value in series.raw]
    values += [value for area in others.bands.values() for value in (*area.low, *area.high)]
    values += [mark.y for mark in others.marks]
    low, high = min(values), max(values)
    if settings.measure == "accuracy":
        return math.floor(10 * low) / 10, min(1.0, math.ceil(10 * high + 0.3) / 10)
    if settings.measure == "gap":
        room = 0.06 * max(high - min(low, 0.0), 0.01)
        return min(low, 0.0) - room, max(high, 0.0) + room
    return 0.0, 1.06 * high


def _table(
    drawn: Sequence[Series],
    others: OtherTrainings,
    networks: Sequence[NetworkResults],
    settings: CurveSettings,
) -> list[Column]:
    """A row for each epoch, and for each curve its values, their means where it is smoothed, and the range over seeds."""
    epochs = sorted({epoch for series in drawn for epoch in series.epochs})
    columns = [Column(_("Epoch"), epochs)]
    for series in drawn:
        data = data_name(series.results, series.part) if series.part else _(MEASURES[settings.measure])
        name = f"{short_name(series.place, networks)}, {data}" if len(networks) > 1 else data
        if settings.axis == "minute" and series.part in ("", settings.parts[0]):
            minutes = dict(zip(series.epochs, series.x, strict=True))
            heading = _("Minutes of training")
            if len(networks) > 1:
                heading = f"{short_name(series.place, networks)}, {heading}"
            columns.append(Column(heading, [minutes.get(epoch) for epoch in epochs], decimals=1))
        columns.append(_values(name, series.epochs, series.raw, epochs, settings))
        if series.is_smoothed:
            mean = _("{name}, mean of {n} epochs").format(name=name, n=format_number(settings.window))
            columns.append(_values(mean, series.epochs, series.values, epochs, settings))
        known, low, high = _range(series, others)
        if known:
            columns.append(_values(_("{name}, lowest").format(name=name), known, low, epochs, settings))
            columns.append(_values(_("{name}, highest").format(name=name), known, high, epochs, settings))
    return columns


def _range(series: Series, others: OtherTrainings) -> tuple[list[int], Sequence[float], Sequence[float]]:
    """The epochs of a curve that have a range over seeds, the lowest and the highest value of each; all empty without."""
    area = others.bands.get((series.place, series.part))
    if area is None:
        return [], (), ()
    epoch_at = dict(zip(series.x, series.epochs, strict=True))
    return [epoch_at[x] for x in area.x], area.low, area.high


def _values(
    name: str, known: Sequence[int], values: Sequence[float], epochs: Sequence[int], settings: CurveSettings
) -> Column:
    found = dict(zip(known, values, strict=True))
    if settings.measure == "rate":
        return Column(name, [value_text(found[epoch], "rate") if epoch in found else "–" for epoch in epochs])
    percent = settings.measure in PERCENT
    return Column(name, [found.get(epoch) for epoch in epochs], percent, 1 if percent else 3)


def epochs_for_programs(
    drawn: Sequence[Series], others: OtherTrainings, settings: CurveSettings
) -> list[Column]:
    """A row for each epoch of each curve, in codes: for statistics programs."""
    network: list[str] = []
    checksums: list[str] = []
    parts: list[str] = []
    epochs: list[int] = []
    x: list[float] = []
    raw: list[float] = []
    means: list[float] = []
    lowest: list[float | None] = []
    highest: list[float | None] = []
    for series in drawn:
        count = len(series.epochs)
        network += [series.results.info.id] * count
        checksums += [series.results.info.checksum or ""] * count
        parts += [series.part or "both"] * count
        epochs += series.epochs
        x += series.x
        raw += series.raw
        means += series.values
        known, low, high = _range(series, others)
        lowest += [dict(zip(known, low, strict=True)).get(epoch) for epoch in series.epochs]
        highest += [dict(zip(known, high, strict=True)).get(epoch) for epoch in series.epochs]
    columns = [
        Column("curve_of", network),
        Column("curve_of_sha256", checksums),
        Column("data", parts),
        Column("epoch", epochs),
    ]
    if settings.axis == "minute":
        columns.append(Column("minutes", x))
    columns.append(Column(settings.measure, raw))
    if settings.window > 1:
        columns.append(Column(f"{settings.measure}_mean_of_{settings.window}", means))
    if others.bands:
        columns.append(Column(f"{settings.measure}_lowest_over_seeds", lowest))
        columns.append(Column(f"{settings.measure}_highest_over_seeds", highest))
    return columns

"""The curves of a training on the page Training, and what they mean."""

from __future__ import annotations

import math
from collections.abc import Sequence

import streamlit as st

from fer_core.errors import RautError
from fer_core.plain_text import in_plotly
from fer_core.plots import Curve, history_curves
from fer_core.recognition.provenance import Provenance
from fer_core.store.network import NetworkInfo, earlier_history_file
from fer_core.training.recipes.registry import RECIPES
from pages.training.networks import NetworkResults, Rows, finite_history, trained_on
from pages.ui.charts import Column, current_theme, now_here, show_chart
from pages.ui.guard import show_error
from pages.ui.i18n import _, format_number, format_percent, ngettext


def curves(results: NetworkResults, everyone: Sequence[NetworkResults], *, key: str) -> None:
    """Accuracy and loss over the epochs, training against validation, on the same axes for every network."""
    if isinstance(results.history, RautError):
        show_error(results.history)
        return
    if not results.history:
        st.info(_("This network comes without a history of its training."), icon=":material/show_chart:")
        return
    histories = [other.history for other in everyone if isinstance(other.history, list) and other.history]
    places = st.columns(2, gap="large") if len(everyone) == 1 else [st.container(), st.container()]
    for place, measure in zip(places, ("accuracy", "loss"), strict=True):
        with place:
            _curves_of(
                results,
                results.history,
                histories,
                measure,
                _(results.info.name),
                key,
                filename=results.info.id,
                kept=_kept(results),
            )
    if results.info.is_second_head:
        st.caption(
            _(
                "Trained and monitored with the votes of FER+: the right answer is the one with the most votes, "
                "even if fewer than half."
            )
        )
    trained_on(results)
    _growing_faces(results)
    _taught(results)
    _earlier_trainings(results, key)


def _curves_of(
    results: NetworkResults,
    rows: Rows,
    histories: Sequence[Rows],
    measure: str,
    name: str,
    key: str,
    *,
    filename: str,
    kept: tuple[float, str] | None,
) -> None:
    """One chart, with its table.

    Args:
        results: the network.
        rows: of the training that is drawn.
        histories: of all that stand side by side, for axes that compare.
        measure: `accuracy` or `loss`.
        name: of what was trained, for the reader.
        key: of the chart, in the session.
        filename: of the downloads, before the measure.
        kept: the epoch whose weights ship.
    """
    choice = results.info.watched_split or _("validation")
    learnt = results.info.training.split or _("training")
    # What is watched chooses nothing where the last epoch ships: then it is the test that the figures come from.
    watched = _("Test data, monitored") if results.info.recipe.keep == "last" else _("Validation data")
    train_name, watched_name = f"{_('Training data')} ({learnt})", f"{watched} ({choice})"
    title = {"accuracy": _("Accuracy"), "loss": _("Loss")}[measure]
    percent = measure == "accuracy"
    both = [row[column] for history in histories for row in history for column in (measure, f"val_{measure}")]
    figure = history_curves(
        [
            _curve(rows, f"val_{measure}", in_plotly(watched_name), percent, watched=True),
            _curve(rows, measure, in_plotly(train_name), percent, watched=False),
        ],
        theme=current_theme(),
        title=in_plotly(f"{title} · {name}"),
        epoch_name=_("Epoch"),
        percent=percent,
        value_range=(0.0, min(1.0, math.ceil(10 * max(both) + 0.5) / 10)) if percent
        else (0.0, 1.08 * max(both)),
        last_epoch=max(row["epoch"] for history in histories for row in history),
        kept=kept,
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
        filename=f"{filename}-{measure}",
        provenance=Provenance(now_here(), results.info) if filename == results.info.id else None,
        columns=columns,
        alt=_("{measure} of {network} over {n} epochs, from {first} to {last} on {split}").format(
            measure=title,
            network=name,
            n=len(rows),
            first=columns[2].cell_texts()[0],
            last=columns[2].cell_texts()[-1],
            split=choice,
        ),
    )


def _earlier_trainings(results: NetworkResults, key: str) -> None:
    """The curves of the trainings that this one was built on, which are part of what the network cost."""
    names = [name for name in results.info.training.built_on_seeds if _has_history(results.info, name)]
    if not names:
        return
    with st.expander(
        ngettext("The training before this one", "The {n} trainings before this one", len(names)).format(
            n=format_number(len(names))
        ),
        icon=":material/history:",
    ):
        for name in names:
            try:
                rows = finite_history(results.info, name)
            except RautError as error:
                show_error(error)
                continue
            recipe = RECIPES.get(name)
            title = _(recipe.title) if recipe else name
            _curves_of(results, rows, [rows], "accuracy", title, f"{key}_{name}", filename=name, kept=None)


def _has_history(info: NetworkInfo, recipe: str) -> bool:
    return (info.folder / earlier_history_file(recipe)).is_file()


def _growing_faces(results: NetworkResults) -> None:
    """Why the curve of the validation jumps, where a network began with small faces."""
    sizes = results.info.recipe.face_sizes
    if len(sizes) < 2:
        return
    steps = ", ".join(
        _("from epoch {n} on {size}×{size}").format(n=format_number(done + 1), size=size)
        for done, size in sizes
    )
    st.caption(
        _(
            "This network learnt small faces first, because that is faster: {steps} pixels. It was validated "
            "on full-size faces throughout, so the validation curve is low at first and jumps when the face "
            "size grows."
        ).format(steps=steps)
    )


def _taught(results: NetworkResults) -> None:
    """What the curves mean where a network did not learn labels, or is not what they end with."""
    if others := results.info.recipe.averaged_with:
        st.caption(
            ngettext(
                "This training went on from {n} before it. The weights of the network are the mean of both; the "
                "curves are those of the last training alone.",
                "This training went on from {n} before it. The weights of the network are the mean of all of them; "
                "the curves are those of the last training alone.",
                len(others),
            ).format(n=format_number(len(others)))
        )
    teachers = results.info.recipe.teachers
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


def _kept(results: NetworkResults) -> tuple[float, str] | None:
    """The epoch whose weights are shipped, where that is not simply the last one."""
    best = results.info.training.best_epoch
    if best is None or results.info.recipe.keep == "last":
        return None
    return float(best), _("kept: epoch {n}").format(n=format_number(best))

"""Blocks of the page Training for one evaluated split: confusion matrix, figures per class, mistakes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import streamlit as st

from fer_core.datasets.fer2013 import Fer2013
from fer_core.datasets.votes import majority_labels
from fer_core.errors import RautError
from fer_core.evaluation.figures import ClassFigures, Estimate, Figures, figures_of
from fer_core.evaluation.metrics import class_accuracy, row_rates
from fer_core.evaluation.report import SplitReport
from fer_core.labels import FER2013_LABELS, FERPLUS_LABELS
from fer_core.plain_text import in_plotly
from fer_core.plots import SHADES, confusion_heatmap
from fer_core.recognition.provenance import Provenance
from pages.training.networks import NetworkResults, figure_text
from pages.ui.access import is_shared
from pages.ui.blocks import term
from pages.ui.charts import (
    Column,
    csv_button,
    current_theme,
    expression_column,
    expressions_column,
    now_here,
    show_chart,
    show_table,
)
from pages.ui.guard import escape_markdown, show_error
from pages.ui.i18n import _, emotion_name, format_number, format_percent, format_range, ngettext
from pages.ui.picture_grid import PICTURES_A_PAGE, GridPicture, page_bounds, pages_of, picture_grid


def accuracy_line(results: NetworkResults, part: SplitReport) -> None:
    """The accuracy with what it was measured on, how far it can be trusted, and without the duplicates."""
    st.markdown(f"**{_('Accuracy')}: {figure_text(part)}**")
    st.markdown(
        _(
            "95% confidence interval: {range}. It allows for which images are in the test, not for what "
            "another training would give (Wilson's score interval)."
        ).format(range=format_range(*figures_of(part.confusion).accuracy.ends))
    )
    if results.seeds is not None:
        st.markdown(
            _(
                "{n} trainings that began from different random numbers (seeds) gave {range} on {split}."
            ).format(
                n=format_number(results.seeds.trainings),
                range=format_range(results.seeds.lowest, results.seeds.highest),
                split=escape_markdown(results.seeds.split),
            )
        )
    elif results.info.training.seed is not None:
        st.markdown(_("Only one training was measured, so it is not known how far another one would differ."))
    without = part.without_duplicates
    if without is not None and without.n < part.n:
        duplicates = part.n - without.n
        st.markdown(
            ngettext(
                "{duplicates} of these images has an exact duplicate among the training images, so the network "
                "saw its answer in training. Without it: {share} ({n} images).",
                "{duplicates} of these images have an exact duplicate among the training images, so the network "
                "saw their answers in training. Without them: {share} ({n} images).",
                duplicates,
            ).format(
                duplicates=format_number(duplicates),
                share=format_percent(without.accuracy),
                n=format_number(without.n),
            )
        )


def confusion(results: NetworkResults, part: SplitReport, *, as_rates: bool, key: str) -> None:
    """The matrix as counts or as shares of its rows."""
    rates = row_rates(part.confusion)
    names = {code: emotion_name(code) for code in part.labels}
    size = range(len(part.labels))
    texts = [
        [format_percent(rates[i, j], 0).removesuffix("%") if as_rates else format_number(part.confusion[i, j])
         for j in size] for i in size
    ]  # fmt: skip
    hovers = [
        [_("label: {label}<br>answer: {answer}<br>{n} of {of} images ({share})").format(
            label=emotion_name(part.labels[i]), answer=emotion_name(part.labels[j]),
            n=format_number(part.confusion[i, j]), of=format_number(part.confusion[i].sum()),
            share=format_percent(rates[i, j])) for j in size] for i in size
    ]  # fmt: skip
    figure = confusion_heatmap(
        rates,
        texts=texts,
        hovers=hovers,
        codes=part.labels,
        names=names,
        true_name=_("Label"),
        answer_name=_("Answer, in % of the row") if as_rates else _("Answer, number of images"),
        scale_name=_("Shade: share of the row"),
        scale_texts={share: format_percent(share, 0) for share in SHADES},
        theme=current_theme(),
        title=in_plotly(f"{_(results.info.name)} · {part.name}"),
    )
    columns = [expressions_column(_("Label"), part.labels)]
    columns += [
        expression_column(
            code,
            rates[:, j].tolist() if as_rates else part.confusion[:, j].tolist(),
            percent=as_rates,
            decimals=1 if as_rates else 0,
        )
        for j, code in enumerate(part.labels)
    ]
    show_chart(
        figure,
        key=key,
        filename=f"{results.info.id}-{part.name}-confusion",
        provenance=Provenance(now_here(), results.info),
        columns=columns,
        alt=_("Confusion matrix of {split}; the table below has its numbers").format(split=part.name),
    )


def overall_figures(results: NetworkResults, part: SplitReport, *, key: str) -> None:
    """Accuracy and the means over the expressions, each with its interval."""
    figures = figures_of(part.confusion)
    rows: dict[str, Estimate] = {
        _("Accuracy"): figures.accuracy,
        _("Balanced accuracy (macro recall)"): figures.balanced_accuracy,
        _("Macro precision"): figures.macro_precision,
        _("Macro F1"): figures.macro_f1,
    }
    show_table(
        [
            Column(_("Figure"), list(rows)),
            _estimates(_("Value (95% interval)"), list(rows.values())),
            Column(_("Images (n)"), [estimate.n for estimate in rows.values()]),
        ],
        key=key,
        filename=f"{results.info.id}-{part.name}-figures",
        provenance=Provenance(now_here(), results.info),
    )


def figures_per_class(results: NetworkResults, part: SplitReport, *, key: str) -> None:
    """Sensitivity, precision, F1 and specificity of each class with their intervals; the counts behind a click."""
    classes = figures_of(part.confusion).classes
    names = expressions_column(_("Expression"), part.labels)
    shares = [
        Column(_("Images (n)"), [one.n for one in classes]),
        _estimates(_("Sensitivity (recall)"), [one.sensitivity for one in classes]),
        _estimates(_("Precision"), [one.precision for one in classes]),
        _estimates(_("F1"), [one.f1 for one in classes]),
        _estimates(_("Specificity"), [one.specificity for one in classes]),
    ]
    counts = _counts(classes, part)
    show_table([names, *shares], key=key, filename=None)
    csv_button(
        [names, *shares, *counts],
        key=f"{key}_csv",
        filename=f"{results.info.id}-{part.name}-classes",
        provenance=Provenance(now_here(), results.info),
    )
    with st.expander(_("Counts: each expression against all others"), icon=":material/table:"):
        show_table([names, *counts], key=f"{key}_counts", filename=None)


def _counts(classes: Sequence[ClassFigures], part: SplitReport) -> list[Column]:
    return [
        Column("TP", [one.tp for one in classes]),
        Column("TN", [one.tn for one in classes]),
        Column("FP", [one.fp for one in classes]),
        Column("FN", [one.fn for one in classes]),
        Column(
            _("Accuracy, one against all"), class_accuracy(part.confusion).tolist(), percent=True, decimals=1
        ),
    ]


def _estimates(name: str, estimates: Sequence[Estimate]) -> Column:
    return Column(
        name,
        [estimate.value for estimate in estimates],
        percent=True,
        decimals=1,
        intervals=[estimate.ends for estimate in estimates],
    )


def class_words(parts: Sequence[SplitReport]) -> None:
    """What the columns of the tables mean and how the intervals are made; once, below all tables."""
    st.caption(
        _(
            "One expression against all others. TP: has this label and was called so; TN: neither; FP: was "
            "called so but has another label; FN: has this label but was called something else. Accuracy is "
            "(TP + TN) of all: for a rare expression it is high even if none was found."
        )
    )
    st.caption(
        _(
            "Balanced accuracy, macro precision and macro F1 are means over the expressions, each of which counts "
            "alike. In brackets: 95% confidence intervals, from the counts of the confusion matrix. For shares: Wilson "
            "(1927). For F1: that of TP / (TP + FP + FN), carried over. For the means: put together from those of the "
            "expressions (Zou and Donner 2008). They allow for which images are in the test, and not for what another "
            "training would give."
        )
    )
    if any(not estimate.is_defined for part in parts for estimate in _all_estimates(part)):
        st.caption(
            _(
                "– : undefined, because there is no image to divide by; precision, where the expression is never answered."
            )
        )
    with st.container(horizontal=True):
        for name in ("accuracy", "sensitivity", "specificity", "precision", "f1", "confusion_matrix"):
            term(name)


def _all_estimates(part: SplitReport) -> list[Estimate]:
    figures: Figures = figures_of(part.confusion)
    means = [figures.accuracy, figures.balanced_accuracy, figures.macro_precision, figures.macro_f1]
    return means + [
        estimate
        for one in figures.classes
        for estimate in (one.sensitivity, one.specificity, one.precision, one.f1)
    ]


def mistakes(
    results: NetworkResults,
    part: SplitReport,
    dataset: Fer2013 | RautError | None,
    *,
    key: str,
    a_page: int = PICTURES_A_PAGE,
) -> None:
    """The row numbers that were answered wrongly, as pictures where the data is there."""
    count = len(part.misclassified)
    if not count:
        st.success(_("No image of {split} was misclassified.").format(split=escape_markdown(part.name)))
        return
    st.markdown(
        ngettext(
            "{n} of {total} images of {split} was misclassified.",
            "{n} of {total} images of {split} were misclassified.",
            count,
        ).format(n=format_number(count), total=format_number(part.n), split=escape_markdown(part.name))
    )
    columns = [
        Column(_("Row"), [str(row) for row in part.misclassified.tolist()]),
        expressions_column(_("Label"), [part.labels[code] for code in part.true]),
        expressions_column(_("Answer"), [part.labels[code] for code in part.predicted]),
    ]
    page_key = f"{key}_page_{results.info.id}_{part.name}_{a_page}"
    page = min(int(st.session_state.get(page_key, 1)), pages_of(count, a_page))
    here = page_bounds(page, count, a_page)
    usable, why_not = _fitting(dataset, part, results)
    if usable is not None:
        picture_grid(
            [
                GridPicture(
                    usable.images_gray[row],
                    _("row {n}").format(n=row),
                    (_("label: {label}").format(label=columns[1].values[i]),
                     _("answer: {label}").format(label=columns[2].values[i])),
                    codes=(columns[1].codes[i], columns[2].codes[i]),
                )
                for i, row in enumerate(part.misclassified[here].tolist(), start=here.start)
            ]
        )  # fmt: skip
    else:
        show_table(
            [replace(c, values=c.values[here], codes=c.codes[here]) for c in columns],
            key=f"{key}_rows",
            filename=None,
        )
    st.pagination(pages_of(count, a_page), key=page_key)
    if isinstance(why_not, RautError):
        show_error(why_not)
    elif why_not:
        st.caption(why_not)
    st.caption(
        _("Row numbers are those of fer2013.csv, the first picture being row 0.")
        if part_of_table(results)
        else _("Rows are numbered as read from the folders.")
    )
    csv_button(
        columns,
        key=f"{key}_csv",
        filename=f"{results.info.id}-{part.name}-mistakes",
        provenance=Provenance(now_here(), results.info),
    )


def part_of_table(results: NetworkResults) -> bool:
    """Whether the row numbers are those of `fer2013.csv`."""
    return getattr(results.report, "form", "csv") == "csv"


def _fitting(
    dataset: Fer2013 | RautError | None, part: SplitReport, results: NetworkResults
) -> tuple[Fer2013 | None, str | RautError]:
    """The data set if its rows are the ones that were evaluated, else why there are no pictures."""
    if isinstance(dataset, RautError):
        return None, dataset
    if dataset is None and is_shared():
        return None, _("With FER2013 the images are shown here. The person who started Raut can add it.")
    if dataset is None:
        return None, _(
            "With FER2013 on this computer the images are shown here. The page Data set says how to get it."
        )
    rows = part.misclassified
    same_form = dataset.form == getattr(results.report, "form", "csv")
    if same_form and rows.max() < len(dataset):
        seven = part.labels == FER2013_LABELS
        if seven:
            labels = dataset.emotions[rows]
        elif dataset.votes is not None:
            labels = majority_labels(dataset.votes[rows])
        else:
            return dataset, ""  # without FER+ there is nothing to compare, and the table is known by its form
        place = np.array([(FER2013_LABELS if seven else FERPLUS_LABELS).index(code) for code in part.labels])
        if np.array_equal(labels, place[part.true]):
            return dataset, ""
    return None, _("The FER2013 here has other rows than the one that was measured, so no images are shown.")

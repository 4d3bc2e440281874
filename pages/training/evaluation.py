"""Blocks of the page Training for one evaluated split: confusion matrix, figures per class, mistakes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from fer_core.datasets.fer2013 import Fer2013
from fer_core.datasets.votes import majority_labels
from fer_core.errors import RautError
from fer_core.evaluation.metrics import (
    bootstrap_intervals,
    class_accuracy,
    one_vs_rest_counts,
    row_rates,
    sensitivity,
    specificity,
)
from fer_core.evaluation.report import SplitReport
from fer_core.labels import FER2013_LABELS, FERPLUS_LABELS
from fer_core.plain_text import in_plotly
from fer_core.plots import confusion_heatmap
from pages.training.networks import NetworkResults, figure_text
from pages.ui.access import is_shared
from pages.ui.blocks import term
from pages.ui.charts import Column, csv_button, current_theme, show_chart, show_table
from pages.ui.guard import escape_markdown, show_error
from pages.ui.i18n import (
    _,
    emotion_label,
    emotion_name,
    format_number,
    format_percent,
    format_range,
    ngettext,
)
from pages.ui.picture_grid import PICTURES_A_PAGE, GridPicture, page_bounds, pages_of, picture_grid


def accuracy_line(results: NetworkResults, part: SplitReport) -> None:
    """The accuracy with what it was measured on, how far it can be trusted, and without the twins."""
    st.markdown(f"**{_('Accuracy')}: {figure_text(part)}**")
    st.markdown(
        _(
            "95 % confidence interval: {range}. It allows for which images are in the test, not for what "
            "another training would give (percentile bootstrap)."
        ).format(range=format_range(*_accuracy_interval(part.confusion)))
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
        st.markdown(_("Only one training was measured, so nobody knows how far another one would differ."))
    without = part.without_twins
    if without is not None and without.n < part.n:
        twins = part.n - without.n
        st.markdown(
            ngettext(
                "{twins} of these images has an exact twin among the training images, so that the network "
                "has seen the answer. Without it: {share} ({n} images).",
                "{twins} of these images have an exact twin among the training images, so that the network "
                "has seen the answers. Without them: {share} ({n} images).",
                twins,
            ).format(
                twins=format_number(twins), share=format_percent(without.accuracy), n=format_number(without.n)
            )
        )


@st.cache_data(show_spinner=False, max_entries=64)
def _accuracy_interval(confusion: np.ndarray) -> tuple[float, float]:
    low, high = bootstrap_intervals(confusion).accuracy.tolist()
    return low, high


def confusion(results: NetworkResults, part: SplitReport, *, as_rates: bool, key: str) -> None:
    """The matrix as counts or as shares of its rows."""
    rates = row_rates(part.confusion)
    names = {code: emotion_name(code) for code in part.labels}
    size = range(len(part.labels))
    texts = [
        [format_percent(rates[i, j], 0).removesuffix(" %") if as_rates else format_number(part.confusion[i, j])
         for j in size] for i in size
    ]  # fmt: skip
    hovers = [
        [_("true: {true}<br>answer: {answer}<br>{n} of {of} images ({share})").format(
            true=emotion_label(part.labels[i]), answer=emotion_label(part.labels[j]),
            n=format_number(part.confusion[i, j]), of=format_number(part.confusion[i].sum()),
            share=format_percent(rates[i, j])) for j in size] for i in size
    ]  # fmt: skip
    figure = confusion_heatmap(
        rates,
        texts=texts,
        hovers=hovers,
        codes=part.labels,
        names=names,
        true_name=_("True label"),
        answer_name=_("Answer, in % of the row") if as_rates else _("Answer, number of images"),
        theme=current_theme(),
        title=in_plotly(f"{_(results.info.name)} · {part.name}"),
    )
    columns = [Column(_("True label"), [emotion_label(code) for code in part.labels])]
    columns += [
        Column(
            emotion_name(code),
            rates[:, j].tolist() if as_rates else part.confusion[:, j].tolist(),
            as_rates,
            1 if as_rates else 0,
        )
        for j, code in enumerate(part.labels)
    ]
    show_chart(
        figure,
        key=key,
        filename=f"{results.info.id}-{part.name}-confusion",
        columns=columns,
        alt=_("Confusion matrix of {split}; the table below has its numbers").format(split=part.name),
    )


def figures_per_class(results: NetworkResults, part: SplitReport, *, key: str) -> None:
    """TP, TN, FP and FN of each class and what follows from them."""
    counts = one_vs_rest_counts(part.confusion)
    shares = _class_shares(part)
    names = (_("Accuracy"), _("Sensitivity"), _("Specificity"))
    columns = [
        Column(_("Expression"), [emotion_label(code) for code in part.labels]),
        Column(_("Images"), part.confusion.sum(axis=1).tolist()),
        Column("TP", counts.tp.tolist()),
        Column("TN", counts.tn.tolist()),
        Column("FP", counts.fp.tolist()),
        Column("FN", counts.fn.tolist()),
        *(
            Column(name, share.tolist(), percent=True, decimals=1)
            for name, share in zip(names, shares, strict=True)
        ),
    ]
    show_table(columns, key=key, filename=f"{results.info.id}-{part.name}-classes")


def class_words(parts: Sequence[SplitReport]) -> None:
    """What the columns of the table mean; once, below all tables."""
    st.caption(
        _(
            "One expression against all others. TP: shows it and was called so; TN: neither; FP: called so "
            "and does not show it; FN: shows it and was called something else. Accuracy is (TP + TN) of "
            "all: for a rare expression it is high even if none was found."
        )
    )
    if any(np.isnan(share).any() for part in parts for share in _class_shares(part)):
        st.caption(_("– : undefined, because there is no image to divide by."))
    with st.container(horizontal=True):
        for name in ("accuracy", "sensitivity", "specificity", "confusion_matrix"):
            term(name)


def _class_shares(part: SplitReport) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return class_accuracy(part.confusion), sensitivity(part.confusion), specificity(part.confusion)


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
        st.success(_("Not one image of {split} was named wrongly.").format(split=escape_markdown(part.name)))
        return
    st.markdown(
        ngettext(
            "{n} of {total} images of {split} was named wrongly.",
            "{n} of {total} images of {split} were named wrongly.",
            count,
        ).format(n=format_number(count), total=format_number(part.n), split=escape_markdown(part.name))
    )
    columns = [
        Column(_("Row"), [str(row) for row in part.misclassified.tolist()]),
        Column(_("True label"), [emotion_label(part.labels[code]) for code in part.true]),
        Column(_("Answer"), [emotion_label(part.labels[code]) for code in part.predicted]),
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
                    (_("true: {label}").format(label=columns[1].values[i]),
                     _("answer: {label}").format(label=columns[2].values[i])),
                )
                for i, row in enumerate(part.misclassified[here].tolist(), start=here.start)
            ]
        )  # fmt: skip
    else:
        show_table([Column(c.name, c.values[here]) for c in columns], key=f"{key}_rows", filename=None)
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
    csv_button(columns, key=f"{key}_csv", filename=f"{results.info.id}-{part.name}-mistakes")


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

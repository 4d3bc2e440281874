"""The figures of the view "Accuracy" in tables: overall, and for each expression against all others."""

from __future__ import annotations

import math
from collections.abc import Sequence

import streamlit as st

from fer_core.evaluation.figures import Estimate, Figures, figures_of
from fer_core.evaluation.hit_rates import unbiased_hit_rates
from fer_core.evaluation.metrics import class_accuracy
from fer_core.evaluation.report import SplitReport
from fer_core.recognition.provenance import Provenance
from pages.training.networks import NetworkResults
from pages.ui.blocks import term
from pages.ui.charts import Column, csv_button, expressions_column, now_here, show_table
from pages.ui.i18n import _, emotion_name


def figures_per_class(results: NetworkResults, part: SplitReport) -> None:
    """The table of the expressions, what its columns mean, and how the intervals are made."""
    figures = figures_of(part.confusion)
    st.header(_("Metrics by expression"), anchor=False)
    _classes(results, part, figures)
    _words(figures)


def _classes(results: NetworkResults, part: SplitReport, figures: Figures) -> None:
    classes, hits = figures.classes, unbiased_hit_rates(part.confusion)
    unknown = Estimate(math.nan, math.nan, math.nan, part.n)
    names = Column(
        _("Expression"),
        [*(emotion_name(code) for code in part.labels), _("Mean of the expressions")],
        codes=[*part.labels, ""],
    )
    shares = [
        Column(_("Images (n)"), [*(one.n for one in classes), part.n]),
        _estimates(
            _("Sensitivity (recall)"), [*(one.sensitivity for one in classes), figures.balanced_accuracy]
        ),
        _estimates(_("Precision"), [*(one.precision for one in classes), figures.macro_precision]),
        _estimates(_("F1"), [*(one.f1 for one in classes), figures.macro_f1]),
        _estimates(_("Specificity"), [*(one.specificity for one in classes), unknown]),
        _estimates(_("Unbiased hit rate"), [*(one.rate for one in hits), unknown]),
        Column(_("Hit rate by chance"), [*(one.chance for one in hits), None], percent=True, decimals=2),
    ]
    with st.container(key="accuracy_class_table"):
        show_table([names, *shares], key="accuracy_classes", filename=None, total=True)
    csv_button(
        [names, *shares],
        key="accuracy_classes_csv",
        filename=f"{results.info.id}-{part.name}-classes",
        provenance=Provenance(now_here(), results.info),
    )
    counts = [
        expressions_column(_("Expression"), part.labels),
        Column("TP", [one.tp for one in classes]),
        Column("TN", [one.tn for one in classes]),
        Column("FP", [one.fp for one in classes]),
        Column("FN", [one.fn for one in classes]),
        Column(
            _("Accuracy, one against all"), class_accuracy(part.confusion).tolist(), percent=True, decimals=1
        ),
    ]
    with st.expander(_("Counts: each expression against all others"), icon=":material/table:"):
        show_table(
            counts,
            key="accuracy_counts",
            filename=f"{results.info.id}-{part.name}-counts",
            provenance=Provenance(now_here(), results.info),
        )
        st.caption(
            _(
                "One expression against all others. TP: has this label and was called so; TN: neither; FP: was "
                "called so but has another label; FN: has this label but was called something else. Accuracy is "
                "(TP + TN) of all: for a rare expression it is high even if none was found."
            )
        )


def _estimates(name: str, estimates: Sequence[Estimate]) -> Column:
    return Column(
        name,
        [estimate.value for estimate in estimates],
        percent=True,
        decimals=1,
        intervals=[estimate.ends for estimate in estimates],
    )


def _words(figures: Figures) -> None:
    st.caption(
        _(
            "In the mean each expression counts alike; that of sensitivity is the balanced accuracy, the others are "
            "macro precision and macro F1. In brackets: 95% confidence intervals, from the counts of the confusion matrix. For shares: Wilson "
            "(1927). For F1: that of TP / (TP + FP + FN), carried over. For the unbiased hit rate (Wagner 1993): the delta method on "
            "the logit scale. For the means: put together from those of the "
            "expressions (Zou and Donner 2008). They allow for which images are in the test, and not for what another "
            "training would give."
        )
    )
    if any(not estimate.is_defined for estimate in _all_estimates(figures)):
        st.caption(
            _(
                "– : undefined, because there is no image to divide by; precision, where the expression is never answered."
            )
        )
    with st.container(horizontal=True):
        for name in (
            "confusion_matrix", "support", "sensitivity", "precision", "f1", "specificity", "unbiased_hit_rate",
            "balanced_accuracy",
        ):  # fmt: skip
            term(name)


def _all_estimates(figures: Figures) -> list[Estimate]:
    means = [figures.accuracy, figures.balanced_accuracy, figures.macro_precision, figures.macro_f1]
    return means + [
        estimate
        for one in figures.classes
        for estimate in (one.sensitivity, one.specificity, one.precision, one.f1)
    ]

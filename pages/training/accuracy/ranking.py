"""ROC and precision-recall curves of each expression against all others, and the areas under them."""

from __future__ import annotations

import numpy as np
import streamlit as st

from fer_core.evaluation.curves import ClassCurves, curves_of, thinned
from fer_core.evaluation.figures import Estimate
from fer_core.plain_text import in_plotly
from fer_core.plots import ExpressionCurve, expression_curves
from fer_core.recognition.provenance import Provenance
from pages.training.measured import Measured, not_stored_note
from pages.ui.blocks import term
from pages.ui.charts import Column, current_theme, expression_column, now_here, show_chart, show_table
from pages.ui.i18n import _, emotion_name, format_percent, format_probability

_FALSE_POSITIVE_RATES = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0)
_RECALLS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
"""What the tables list the curves at."""


def ranking_curves(measured: Measured) -> None:
    """Both charts with their tables, and the areas; where the probabilities are not stored, why there are none."""
    st.header(_("ROC and precision-recall curves"), anchor=False)
    if measured.answers is None:
        not_stored_note(
            measured.results,
            _("The curves need the probabilities of every image."),
        )
        return
    curves = curves_of(measured.answers)
    st.markdown(
        _(
            "Each expression against all others: an image counts as the expression once its probability reaches a limit, "
            "and the curve shows what happens as the limit falls."
        )
    )
    left, right = st.columns(2, gap="large")
    with left:
        _roc(measured, curves.classes)
    with right:
        _precision_recall(measured, curves.classes)
    _areas(
        measured,
        curves.classes,
        means=(curves.macro_area, curves.macro_average_precision),
    )
    st.caption(
        _(
            "Area under the ROC curve: the probability that of two images, one with this label and one with another, the "
            "network gives the first the higher probability for it; 50% by chance. Average precision: the area under the "
            "precision-recall curve; by chance it is the share of images with this label. In brackets: 95% confidence "
            "intervals, by DeLong et al. (1988) for the first and the infinitesimal jackknife for the second, on the logit "
            "scale. They allow for which images are in the test."
        )
    )
    with st.container(horizontal=True):
        for name in ("roc_curve", "precision_recall_curve", "area_under_curve"):
            term(name)


def _roc(measured: Measured, classes: tuple[ClassCurves, ...]) -> None:
    drawn = [
        ExpressionCurve(
            each.label,
            emotion_name(each.label),
            points[:, 0].tolist(),
            points[:, 1].tolist(),
            [
                _(
                    "{expression}<br>sensitivity: {found}<br>false positive rate: {wrong}<br>from {limit} on"
                ).format(
                    expression=emotion_name(each.label),
                    found=format_percent(found),
                    wrong=format_percent(wrong),
                    limit=_limit(limit),
                )
                for wrong, found, limit in points.tolist()
            ],
        )
        for each in classes
        if len(points := thinned(each.roc))
    ]
    columns = [Column(_("False positive rate"), _FALSE_POSITIVE_RATES, percent=True)]
    columns += [
        expression_column(each.label, _sensitivities(each.roc), percent=True, decimals=1) for each in classes
    ]
    show_chart(
        expression_curves(
            drawn,
            theme=current_theme(),
            title=_("ROC curves"),
            x_name=_("False positive rate (1 − specificity)"),
            y_name=_("Sensitivity (recall)"),
            chance_name=_("chance"),
        ),
        key="accuracy_roc",
        filename=f"{measured.results.info.id}-{measured.part.name}-roc",
        columns=columns,
        alt=_("ROC curves of {network}; the tables below have the numbers").format(
            network=in_plotly(_(measured.results.info.name))
        ),
        provenance=Provenance(now_here(), measured.results.info),
    )


def _precision_recall(measured: Measured, classes: tuple[ClassCurves, ...]) -> None:
    drawn = [
        ExpressionCurve(
            each.label,
            emotion_name(each.label),
            points[:, 0].tolist(),
            points[:, 1].tolist(),
            [
                _("{expression}<br>precision: {right}<br>sensitivity: {found}<br>from {limit} on").format(
                    expression=emotion_name(each.label),
                    right=format_percent(right),
                    found=format_percent(found),
                    limit=_limit(limit),
                )
                for found, right, limit in points.tolist()
            ],
        )
        for each in classes
        if len(points := thinned(each.precision_recall))
    ]
    columns = [Column(_("Sensitivity (recall)"), _RECALLS, percent=True)]
    columns += [
        expression_column(each.label, _precisions(each.precision_recall), percent=True, decimals=1)
        for each in classes
    ]
    show_chart(
        expression_curves(
            drawn,
            theme=current_theme(),
            title=_("Precision-recall curves"),
            x_name=_("Sensitivity (recall)"),
            y_name=_("Precision"),
        ),
        key="accuracy_precision_recall",
        filename=f"{measured.results.info.id}-{measured.part.name}-precision-recall",
        columns=columns,
        alt=_("Precision-recall curves of {network}; the tables below have the numbers").format(
            network=in_plotly(_(measured.results.info.name))
        ),
        provenance=Provenance(now_here(), measured.results.info),
    )


def _areas(measured: Measured, classes: tuple[ClassCurves, ...], *, means: tuple[Estimate, Estimate]) -> None:
    def estimates(name: str, values: list[Estimate]) -> Column:
        return Column(
            name,
            [each.value for each in values],
            percent=True,
            decimals=1,
            intervals=[each.ends for each in values],
        )

    labels = [each.label for each in classes]
    show_table(
        [
            Column(
                _("Expression"),
                [*(emotion_name(code) for code in labels), _("Mean of the expressions")],
                codes=[*labels, ""],
            ),
            Column(_("Images (n)"), [*(each.n for each in classes), measured.part.n]),
            estimates(_("Area under the ROC curve"), [*(each.area for each in classes), means[0]]),
            estimates(_("Average precision"), [*(each.average_precision for each in classes), means[1]]),
            Column(
                _("Average precision by chance"),
                [*(each.chance_precision for each in classes), 1 / len(classes)],
                percent=True,
                decimals=1,
            ),
        ],
        key="accuracy_areas",
        filename=f"{measured.results.info.id}-{measured.part.name}-areas",
        total=True,
        provenance=Provenance(now_here(), measured.results.info),
    )


def _sensitivities(roc: np.ndarray) -> list[float | None]:
    """The highest sensitivity with no more false positives than each of the rates; None of an empty curve."""
    if not len(roc):
        return [None] * len(_FALSE_POSITIVE_RATES)
    places = np.searchsorted(roc[:, 0], _FALSE_POSITIVE_RATES, side="right") - 1
    return [float(each) for each in roc[places, 1]]


def _precisions(curve: np.ndarray) -> list[float | None]:
    """The precision at the first point of each recall; None of an empty curve."""
    if not len(curve):
        return [None] * len(_RECALLS)
    places = np.searchsorted(curve[:, 0], np.asarray(_RECALLS) - 1e-9)
    return [float(each) for each in curve[places, 1]]


def _limit(limit: float) -> str:
    """ "12%"; the first point of a curve, where nothing counts, has none."""
    return format_probability(min(limit, 1.0))

"""How far the reader, other raters and the network agree beyond chance."""

from __future__ import annotations

import math
from collections.abc import Sequence

import streamlit as st

from fer_core.evaluation.agreement import Agreement
from fer_core.evaluation.metrics import row_rates
from fer_core.evaluation.raters import NETWORK, OWN, Group, RatedFace, agreement_of_raters
from fer_core.photos.findings import Ratings
from fer_core.photos.shelf import PhotoShelf
from fer_core.plots import SHADES, confusion_heatmap
from fer_core.recognition.provenance import Provenance
from fer_core.store.network import NetworkInfo
from pages.photos.table_and_gallery import FaceRow
from pages.ui.blocks import term
from pages.ui.charts import (
    Column,
    current_theme,
    expression_column,
    expressions_column,
    show_chart,
    show_table,
)
from pages.ui.guard import escape_markdown
from pages.ui.i18n import _, emotion_name, format_number, format_percent

FEW = 30
"""Below so many faces an interval that holds for large samples is only a hint."""


def agreement_figures(
    shelf: PhotoShelf,
    faces: Sequence[FaceRow],
    ratings: Ratings,
    network: NetworkInfo,
    provenance: Provenance,
) -> None:
    """Percent, Cohen's kappa of each pair, Fleiss' kappa among all, and the confusion with the network."""
    rated = [
        RatedFace(row.key, (row.photo.name, row.face.number), row.face.label)
        for row in faces
        if row.face is not None
    ]
    agreed = agreement_of_raters(rated, ratings, shelf.raters, network.expressions)
    if agreed is None:
        return
    names = {OWN: _("You"), NETWORK: _(network.name)}
    pairs = [
        (names.get(pair.first, pair.first), names.get(pair.second, pair.second), pair.found)
        for pair in agreed.pairs
    ]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(_("Agreement"), anchor=False, width="content")
        term("kappa")
    show_table(
        [
            Column(_("Raters compared"), [f"{first} – {second}" for first, second, _found in pairs]),
            Column(_("Faces"), [found.n for *_names, found in pairs]),
            Column(_("Same label"), [found.share for *_names, found in pairs], percent=True, decimals=1),
            Column(_("Cohen's kappa"), [found.kappa for *_names, found in pairs], decimals=2),
            Column(_("95% interval, from"), [found.interval[0] for *_names, found in pairs], decimals=2),
            Column(_("to"), [found.interval[1] for *_names, found in pairs], decimals=2),
        ],
        key="agreement",
        filename="agreement",
        provenance=provenance,
    )
    if any(0 < found.n < FEW for *_names, found in pairs):
        st.caption(
            _(
                "Fewer than {n} faces: the interval is only a rough hint. Rate more faces before you cite it."
            ).format(n=FEW)
        )
    for group in agreed.groups:
        _among_all(_("All people and the network") if NETWORK in group.raters else _("All people"), group)
    st.caption(
        _(
            "The network counts with its most probable label, also where it is unsure. Faces rated “I cannot "
            "tell” are left out. “–” means that a figure is not defined, for example where all faces got one "
            "label. Where only one of two gave all faces one label, kappa is 0 however often they agree."
        )
    )
    if agreed.with_network.n:
        _confusion(agreed.with_network, network, provenance)


def _among_all(name: str, group: Group) -> None:
    text = _("Fleiss' kappa {kappa} ({raters} raters, {n} faces that all of them rated)").format(
        kappa=format_number(group.kappa, 2), raters=len(group.raters), n=format_number(group.n)
    )
    if not math.isnan(group.interval[0]):
        low, high = (format_number(end, 2) for end in group.interval)
        text += "; " + _("95% interval {low} to {high} (bootstrap)").format(low=low, high=high)
    st.markdown(f"**{escape_markdown(name)}**: {text}")


def _confusion(found: Agreement, network: NetworkInfo, provenance: Provenance) -> None:
    labels, size = network.expressions, range(len(network.expressions))
    rates = row_rates(found.confusion)
    hovers = [
        [
            _("you: {you}<br>network: {network}<br>{n} of {of} faces").format(
                you=emotion_name(labels[i]),
                network=emotion_name(labels[j]),
                n=format_number(found.confusion[i, j]),
                of=format_number(found.confusion[i].sum()),
            )
            for j in size
        ]
        for i in size
    ]
    show_chart(
        confusion_heatmap(
            rates,
            texts=[[format_number(found.confusion[i, j]) for j in size] for i in size],
            hovers=hovers,
            codes=labels,
            names={code: emotion_name(code) for code in labels},
            true_name=_("Your rating"),
            answer_name=_("The network's most probable label, number of faces"),
            scale_name=_("Shade: share of the row"),
            scale_texts={share: format_percent(share, 0) for share in SHADES},
            theme=current_theme(),
            title=_("You and the network"),
        ),
        key="rating_confusion",
        filename="rating-confusion",
        provenance=provenance,
        columns=[
            expressions_column(_("Your rating"), labels),
            *(expression_column(code, found.confusion[:, j].tolist()) for j, code in enumerate(labels)),
        ],
        alt=_("Confusion matrix of your ratings and the network; the table below has its numbers"),
    )

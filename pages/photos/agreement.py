"""How far the reader, other raters and the network agree beyond chance."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from fer_core.evaluation.agreement import Agreement, agreement, fleiss_kappa
from fer_core.evaluation.metrics import row_rates
from fer_core.photos.findings import FaceKey, Ratings
from fer_core.photos.shelf import PhotoShelf
from fer_core.plots import confusion_heatmap
from fer_core.store.network import NetworkInfo
from pages.photos.table_and_gallery import FaceRow
from pages.ui.blocks import term
from pages.ui.charts import Column, current_theme, show_chart, show_table
from pages.ui.guard import escape_markdown
from pages.ui.i18n import _, emotion_label, emotion_name, format_number

FEW = 30
"""Below so many faces an interval that holds for large samples is only a hint."""


def agreement_figures(
    shelf: PhotoShelf, faces: Sequence[FaceRow], ratings: Ratings, network: NetworkInfo
) -> None:
    """Percent, Cohen's kappa of each pair, Fleiss' kappa among all, and the confusion with the network."""
    labels = network.expressions
    me, machine = _("You"), _(network.name)
    people = {me: {key: code for key, code in ratings.items() if code in labels}}
    for name, table in shelf.raters.items():
        people[name] = {
            row.key: table[place]
            for row in faces
            if (place := (row.photo.name, row.key[1])) in table and table[place] in labels
        }
    everyone = {**people, machine: {row.key: row.face.label for row in faces if row.face is not None}}
    pairs = [
        (first, second, _of_pair(everyone[first], everyone[second], labels))
        for place, first in enumerate(everyone)
        for second in list(everyone)[place + 1 :]
    ]
    if not any(found.n for *_names, found in pairs):
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(_("Agreement"), anchor=False, width="content")
        term("kappa")
    show_table(
        [
            Column(_("Who with whom"), [f"{first} – {second}" for first, second, _found in pairs]),
            Column(_("Faces"), [found.n for *_names, found in pairs]),
            Column(_("Same label"), [found.share for *_names, found in pairs], percent=True, decimals=1),
            Column(_("Cohen's kappa"), [found.kappa for *_names, found in pairs], decimals=2),
            Column(_("95 % interval, from"), [found.interval[0] for *_names, found in pairs], decimals=2),
            Column(_("to"), [found.interval[1] for *_names, found in pairs], decimals=2),
        ],
        key="agreement",
        filename="raut-agreement",
    )
    if any(0 < found.n < FEW for *_names, found in pairs):
        st.caption(
            _(
                "Fewer than {n} faces: the interval is only a rough hint. Rate more faces before you cite it."
            ).format(n=FEW)
        )
    if len(people) > 1:
        _among_all(_("All people"), people)
        _among_all(_("All people and the network"), everyone)
    st.caption(
        _(
            "The network counts with its most probable label, also where it is unsure. Faces rated “I cannot "
            "tell” are left out. “–” means that a figure is not defined, for example where all faces got one "
            "label. Where only one of two gave all faces one label, kappa is 0 however often they agree."
        )
    )
    with_network = _of_pair(people[me], everyone[machine], labels)
    if with_network.n:
        _confusion(with_network, network)


def _of_pair(first: dict[FaceKey, str], second: dict[FaceKey, str], labels: Sequence[str]) -> Agreement:
    both = [key for key in first if key in second]
    return agreement([first[key] for key in both], [second[key] for key in both], labels)


def _among_all(name: str, raters: dict[str, dict[FaceKey, str]]) -> None:
    tables = list(raters.values())
    rated = [key for key in tables[0] if all(key in table for table in tables)]
    kappa = fleiss_kappa([[table[key] for table in tables] for key in rated])
    st.markdown(
        "**{name}**: {text}".format(
            name=escape_markdown(name),
            text=_("Fleiss' kappa {kappa} ({raters} raters, {n} faces that all of them rated)").format(
                kappa=format_number(kappa, 2), raters=len(tables), n=format_number(len(rated))
            ),
        )
    )


def _confusion(found: Agreement, network: NetworkInfo) -> None:
    labels, size = network.expressions, range(len(network.expressions))
    rates = row_rates(found.confusion)
    hovers = [
        [
            _("you: {you}<br>network: {network}<br>{n} of {of} faces").format(
                you=emotion_label(labels[i]),
                network=emotion_label(labels[j]),
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
            theme=current_theme(),
            title=_("You and the network"),
        ),
        key="rating_confusion",
        filename="raut-rating-confusion",
        columns=[
            Column(_("Your rating"), [emotion_label(code) for code in labels]),
            *(Column(emotion_name(code), found.confusion[:, j].tolist()) for j, code in enumerate(labels)),
        ],
        alt=_("Confusion matrix of your ratings and the network; the table below has its numbers"),
    )

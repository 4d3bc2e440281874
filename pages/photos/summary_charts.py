"""What many photos come to: how often each expression, mean probabilities, and whether networks agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import streamlit as st

from fer_core.evaluation.agreement import agreement
from fer_core.labels import UNSURE, shares_in_reading_order
from fer_core.plots import class_distribution
from fer_core.recognition.answers import read_faces
from fer_core.recognition.provenance import Provenance
from fer_core.store.network import NetworkInfo
from pages.photos.table_and_gallery import FaceRow
from pages.ui.charts import Column, current_theme, expressions_column, show_chart, show_table
from pages.ui.i18n import _, emotion_name, format_number, format_percent, format_probability
from pages.ui.resources import networks, recognizer

FACES_AT_ONCE = 512


def summary_charts(rows: Sequence[FaceRow], network: NetworkInfo, provenance: Provenance) -> None:
    """Counts of the answers, mean probabilities, and the other networks at a click."""
    faces = [row.face for row in rows if row.face is not None]
    if not faces:
        st.info(_("There is no face to show."), icon=":material/face:")
        return
    tally = Counter(face.answer for face in faces)
    codes = [*network.expressions, *([UNSURE] if any(face.unsure is not None for face in faces) else [])]
    counts = {code: tally[code] for code in codes}
    means = shares_in_reading_order(network.labels, np.mean([face.probabilities for face in faces], axis=0))
    names = {code: emotion_name(code) for code in codes}
    left, right = st.columns(2, gap="large")
    with left:
        shares = {code: format_percent(count / len(faces)) for code, count in counts.items()}
        show_chart(
            class_distribution(
                counts,
                names=names,
                texts={code: format_number(count) for code, count in counts.items()},
                hovers={
                    code: f"{names[code]}: {format_number(counts[code])} ({shares[code]})" for code in codes
                },
                theme=current_theme(),
                title=_("Faces by expression"),
            ),
            key="photos_counts",
            filename="photos-counts",
            provenance=provenance,
            columns=[
                expressions_column(_("Expression resembles"), codes),
                Column(_("Faces"), list(counts.values())),
                Column(
                    _("Share"), [count / len(faces) for count in counts.values()], percent=True, decimals=1
                ),
            ],
            alt=_("Bars: how many faces resemble each expression; the table below has the numbers"),
        )
    with right:
        show_chart(
            class_distribution(
                means,
                names=names,
                texts={code: format_probability(mean) for code, mean in means.items()},
                hovers={
                    code: f"{names[code]}: {format_probability(mean, 1)}" for code, mean in means.items()
                },
                theme=current_theme(),
                title=_("Mean probability over all faces"),
            ),
            key="photos_means",
            filename="photos-mean-probabilities",
            provenance=provenance,
            columns=[
                expressions_column(_("Expression"), list(means)),
                Column(_("Mean probability"), list(means.values()), percent=True, decimals=1),
            ],
            alt=_("Bars: mean probability of each expression; the table below has the numbers"),
        )
    _networks_compared(rows, network, provenance)


def _networks_compared(rows: Sequence[FaceRow], network: NetworkInfo, provenance: Provenance) -> None:
    others = [info for info in networks() if info.labels == network.labels and info.id != network.id]
    faces = [row.face for row in rows if row.face is not None]
    if not others or not st.toggle(
        _("Compare with the other networks"),
        key="photos_other_networks",
        help=_(
            "All networks with the same expressions analyse the same faces. With thousands of faces this "
            "takes some seconds."
        ),
    ):
        return
    own = [face.label for face in faces]
    crops = np.stack([face.crop_gray for face in faces])
    found = []
    with st.spinner(_("The other networks analyse the faces …")):
        for info in others:
            reader = recognizer(info.id)
            labels = [
                prediction.label
                for start in range(0, len(crops), FACES_AT_ONCE)
                for prediction in read_faces(crops[start : start + FACES_AT_ONCE], reader)
            ]
            found.append(agreement(own, labels, network.labels))
    show_table(
        [
            Column(_("{network} and …").format(network=_(network.name)), [_(info.name) for info in others]),
            Column(_("Faces"), [one.n for one in found]),
            Column(_("Same label"), [one.share for one in found], percent=True, decimals=1),
            Column(_("Cohen's kappa"), [one.kappa for one in found], decimals=2),
        ],
        key="photos_networks",
        filename="photos-networks",
        provenance=provenance,
    )
    st.caption(
        _("The most probable label of each face is compared. Networks that agree can still both be wrong.")
    )

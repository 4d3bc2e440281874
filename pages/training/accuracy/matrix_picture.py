"""The matrix as a chart to save as a picture, and its numbers to take home."""

from __future__ import annotations

import streamlit as st

from fer_core.evaluation.report import SplitReport
from fer_core.plain_text import in_plotly
from fer_core.plots import confusion_heatmap
from fer_core.recognition.provenance import Provenance
from pages.training.accuracy.matrix import Shown
from pages.training.networks import NetworkResults
from pages.ui.charts import csv_button, current_theme, now_here, show_chart
from pages.ui.choices import keep_choice
from pages.ui.i18n import _, emotion_name

_KEY = "training_matrix_picture"


def matrix_picture(
    results: NetworkResults, part: SplitReport, shown: Shown, numbers: str, title: str
) -> None:
    """Drawn once it is asked for: the table beside it shows the same.

    Args:
        results: the network.
        part: how it answered a split.
        shown: the matrix.
        numbers: which of `NUMBERS` it shows.
        title: what it is of, for a screen reader.
    """
    keep_choice(_KEY)
    box = st.expander(
        _("Save as a picture or as CSV"), icon=":material/download:", key=_KEY, on_change="rerun"
    )
    if not box.open:
        return
    filename = f"{results.info.id}-{part.name}-confusion" + ("" if numbers == "counts" else f"-{numbers}")
    with box:
        show_chart(
            confusion_heatmap(
                shown.shades,
                texts=shown.texts,
                hovers=[["<br>".join(map(in_plotly, facts)) for facts in row] for row in shown.facts],
                codes=shown.labels,
                names={code: emotion_name(code) for code in shown.labels},
                true_name=_("Label"),
                answer_name=shown.answer_name,
                scale_name=in_plotly(shown.scale_name),
                scale_texts=shown.scale,
                theme=current_theme(),
                title=in_plotly(f"{_(results.info.name)} · {part.name}"),
                largest=shown.largest,
            ),
            key="training_matrix_chart",
            filename=filename,
            columns=None,
            alt=title,
        )
        csv_button(
            shown.columns,
            key="training_matrix_csv",
            filename=filename,
            provenance=Provenance(now_here(), results.info),
        )

"""The curves of a training that goes on, renewed in place; once it is over, `charts` draws them with Plotly."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from fer_core.lab.settings import LabSettings
from pages.lab.training.charts import Rows, alt_text, lines_of
from pages.lab.training.words import chance
from pages.ui.i18n import _, format_number, format_percent

if TYPE_CHECKING:
    from fer_core.lab.task import Progress

_HERE = Path(__file__)


def show_growing(settings: LabSettings, rows: Rows, progress: Sequence[Progress]) -> None:
    """Accuracy and loss so far, with room for the epochs that are to come.

    Args:
        settings: of the training.
        rows: a row for each complete epoch.
        progress: within epochs; see `LabTraining.progress`.
    """
    part = st.components.v2.component(
        "lab_course",
        html='<div class="course"></div>',
        css=_HERE.with_suffix(".css").read_text("utf-8"),
        js=_HERE.with_suffix(".js").read_text("utf-8"),
    )
    level = chance(settings)
    part(
        key="lab_growing",
        data={
            "epochs": settings.epochs,
            "charts": [
                {
                    **_chart("accuracy", _("Accuracy"), rows, progress),
                    "top": 1.0,
                    "ticks": [[share, format_percent(share, 0)] for share in (0.0, 0.5, 1.0)],
                    "level": [level, _("guessing: {share}").format(share=format_percent(level, 0))],
                },
                {**_chart("loss", _("Loss"), rows, progress), **_scale(rows, progress)},
            ],
        },
    )


def _chart(measure: str, title: str, rows: Rows, progress: Sequence[Progress]) -> dict[str, object]:
    return {
        "title": title,
        "alt": alt_text(title, measure, rows, progress),
        "lines": [
            {"name": line.name, "training": line.training, "points": [list(point) for point in zip(line.x, line.y, strict=True)]}
            for line in lines_of(measure, rows, progress)
            if len(line.x)
        ],
    }  # fmt: skip


def _scale(rows: Rows, progress: Sequence[Progress]) -> dict[str, object]:
    """Ends and ticks of the axis of the loss: half of a round number that holds all of it."""
    values = [point for line in lines_of("loss", rows, progress) for point in line.y] or [1.0]
    step = 10.0 ** math.floor(math.log10(max(*values, 0.01)))
    top = next(round_ * step for round_ in (1, 2, 5, 10) if round_ * step >= max(values))
    decimals = max(0, 1 - math.floor(math.log10(top)))
    return {"top": top, "ticks": [[value, format_number(value, decimals)] for value in (0.0, top / 2, top)]}

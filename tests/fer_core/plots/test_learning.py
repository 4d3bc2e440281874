"""Curves of several trainings can be told apart, also on paper and by readers who see few colours."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import plotly.graph_objects as go
import pytest

from fer_core.plots import LOOKS, LearningBand, LearningLine, LearningMark, contrast, learning_curves
from fer_core.plots.learning import MOST_NETWORKS, NETWORK_COLOURS, NETWORK_MARKERS

VALIDATION = LearningLine("validation", [1, 2], [0.25, 0.5], ["25%", "50%"], place=0)
TRAINING = replace(VALIDATION, name="training", y=[0.3, 0.75], texts=["30%", "75%"], training=True)
LEGEND = {"kept": "Kept", "best": "Best", "final": "Final"}


def drawn(*lines: LearningLine, **changes: object) -> go.Figure:
    options: dict = {
        "theme": "light",
        "title": "Accuracy",
        "x_name": "Epoch",
        "percent": True,
        "legend": LEGEND,
    }
    return learning_curves(lines or (VALIDATION, TRAINING), **{**options, **changes})


def test_curves_differ_by_dash_and_marker_and_shares_become_percent() -> None:
    validation, training = drawn().data
    assert (list(validation.y), list(training.y)) == ([25, 50], [30, 75])
    assert validation.line.dash != training.line.dash
    assert validation.marker.symbol != training.marker.symbol
    assert list(validation.customdata) == ["25%", "50%"]
    assert list(drawn(percent=False).data[0].y) == [0.25, 0.5], "losses stay as they are"


def test_one_epoch_is_a_visible_point() -> None:
    figure = drawn(LearningLine("validation", [1], [0.25], ["25%"], place=0))
    assert "markers" in figure.data[0].mode
    low, high = figure.layout.xaxis.range
    assert low < 1 < high


def test_values_before_smoothing_are_faint_behind_and_have_no_hover() -> None:
    raw, smooth = drawn(replace(VALIDATION, raw=[0.2, 0.6])).data
    assert list(raw.y) == [20, 60] and raw.hoverinfo == "skip" and not raw.showlegend
    assert raw.line.width < smooth.line.width and raw.line.color.startswith("rgba(29,27,24")


def test_on_a_logarithmic_axis_what_is_not_above_zero_is_left_out() -> None:
    figure = drawn(replace(VALIDATION, y=[0.0, 0.5], letter="A"), log=True)
    assert list(figure.data[0].y) == [None, 50] and figure.layout.yaxis.type == "log"
    (note,) = figure.layout.annotations
    assert (note.x, note.y) == (2, pytest.approx(np.log10(50)))
    assert not drawn(replace(VALIDATION, y=[0.0, 0.0], letter="A"), log=True).layout.annotations


def test_letters_of_lines_that_end_together_are_moved_apart() -> None:
    lines = [replace(VALIDATION, place=at, letter=letter) for at, letter in enumerate("ABC")]
    ends = drawn(*lines, value_range=(0.0, 1.0)).layout.annotations
    heights = sorted(note.yshift for note in ends)
    assert [note.text for note in ends] == ["<b>A</b>", "<b>B</b>", "<b>C</b>"]
    assert all(after - before >= 14 for before, after in zip(heights, heights[1:], strict=False))
    earlier = replace(lines[1], x=[0.5, 1.0])
    ends = drawn(lines[0], earlier, value_range=(0.0, 1.0)).layout.annotations
    assert [note.yshift for note in ends] == [0, 0], "apart as they are"


def test_marks_and_bands_have_their_meaning_in_the_legend() -> None:
    mark = LearningMark("kept", 2, 0.5, "kept: epoch 2", place=1)
    area = LearningBand([1, 2], [0.2, 0.4], [0.3, 0.6], place=1)
    figure = drawn(marks=[mark], bands=[area], legend={**LEGEND, "band": "Range"})
    low, high = figure.data[0], figure.data[1]
    assert (list(low.y), list(high.y), high.fill) == ([20, 40], [30, 60], "tonexty")
    (kept,) = [
        trace for trace in figure.data if trace.customdata is not None and "kept" in trace.customdata[0]
    ]
    assert (kept.x[0], kept.y[0], kept.marker.color[0]) == (2, 50, NETWORK_COLOURS["light"][1])
    named = {trace.name for trace in figure.data if trace.showlegend}
    assert named == {"validation", "training", "Kept", "Range"}


LIKENESS = {
    "all cones": np.eye(3),
    "no long-wave cones": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                                    [-0.003882, -0.048116, 1.051998]]),
    "no middle-wave cones": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                                      [-0.011820, 0.042940, 0.968881]]),
    "no short-wave cones": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                                     [0.004733, 0.691367, 0.303900]]),
}  # fmt: skip
"""How colours look without one kind of cones, in linear RGB (Machado, Oliveira and Fernandes 2009, severity 1)."""


def lab(colour: str, seen: np.ndarray) -> np.ndarray:
    """CIE L*a*b* of "#RRGGBB"."""
    rgb = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x, y, z = to_xyz @ np.clip(seen @ linear, 0, 1) / [0.9505, 1, 1.089]
    x, y, z = (np.cbrt(part) if part > 0.008856 else 7.787 * part + 16 / 116 for part in (x, y, z))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_eight_networks_can_be_told_apart_by_every_reader(theme: str) -> None:
    colours = NETWORK_COLOURS[theme]
    assert len(set(colours)) == len(set(NETWORK_MARKERS)) == MOST_NETWORKS
    assert colours[0] == LOOKS[theme].ink
    for colour in colours:
        assert contrast(colour, LOOKS[theme].paper) >= 3, colour
    for seen in LIKENESS.values():
        apart = [np.linalg.norm(lab(one, seen) - lab(other, seen)) for one, other in combinations(colours, 2)]
        assert min(apart) >= 30

"""Anchors, counted out by hand on small grids."""

from __future__ import annotations

import numpy as np
import pytest

from fer_core.faces.anchors import anchor_centres
from fer_core.faces.blazeface_networks import MODELS


def test_a_grid_goes_row_by_row_and_repeats_each_cell() -> None:
    centres = anchor_centres(8, (4,), 2)
    assert centres.dtype == np.float32
    assert centres.tolist() == [[2, 2], [2, 2], [6, 2], [6, 2], [2, 6], [2, 6], [6, 6], [6, 6]]


def test_neighbouring_layers_of_one_stride_share_the_cells_and_others_follow() -> None:
    """As single-shot detectors order them: all answers of a cell follow each other, over the layers of its stride."""
    centres = anchor_centres(8, (4, 4, 8), 1)
    assert centres.tolist() == [[2, 2], [2, 2], [6, 2], [6, 2], [2, 6], [2, 6], [6, 6], [6, 6], [4, 4]]


def test_a_stride_that_comes_back_after_another_has_a_grid_of_its_own() -> None:
    centres = anchor_centres(8, (8, 4, 8), 1)
    assert centres.tolist() == [[4, 4], [2, 2], [6, 2], [2, 6], [6, 6], [4, 4]]


@pytest.mark.parametrize(("model", "count"), [("short_range", 896), ("back", 896), ("full_range", 2304)])
def test_the_networks_have_as_many_anchors_as_answers(model: str, count: int) -> None:
    """16 x 16 x 2 + 8 x 8 x 6 for the first two, 48 x 48 for the last."""
    of = MODELS[model]
    assert anchor_centres(of.side, of.strides, of.anchors_a_layer).shape == (count, 2)


def test_no_layer_gives_no_anchor() -> None:
    assert anchor_centres(8, (), 2).shape == (0, 2)


def test_a_stride_that_does_not_divide_the_side_is_refused() -> None:
    with pytest.raises(ValueError, match=r"\[3\]"):
        anchor_centres(8, (3,), 1)

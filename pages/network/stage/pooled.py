"""What one value of a pooled map is made of: the values in its window, number by number."""

from __future__ import annotations

import numpy as np
import streamlit as st

from fer_core.explanation.convolution import Windows, windows
from fer_core.explanation.layers import Layer, Stage
from pages.network.map_pictures import limit_of
from pages.network.seen import Seen
from pages.network.stage.number_cells import cells_html, fitting_decimals
from pages.ui.i18n import _, format_number


def pool_windows(seen: Seen, layer: Layer) -> tuple[Windows, Windows]:
    """Where the windows of a pooling layer lie, downwards and across."""
    high, wide = layer.pool_size or (1, 1)
    rows, columns = seen.values[layer.inputs[0]].shape[:2]
    stride, padding = layer.stride or 1, layer.padding or "valid"
    return windows(rows, high, stride, padding), windows(columns, wide, stride, padding)


def pooled(seen: Seen, stage: Stage, number: int, place: tuple[int, int]) -> None:
    """The window of a value, and what is kept of it.

    Args:
        seen: face and network.
        stage: a pooling.
        number: of its map.
        place: row and column of the value.
    """
    layer = seen.reader.layers[stage.layer]
    down, across = pool_windows(seen, layer)
    high, wide = layer.pool_size or (1, 1)
    top, left = place[0] * down.stride - down.before, place[1] * across.stride - across.before
    taken = seen.values[layer.inputs[0]][..., number]
    window = taken[max(0, top) : top + high, max(0, left) : left + wide]
    result = float(seen.values[layer.index][(*place, number)])
    decimals = fitting_decimals(limit_of(taken), 3)
    st.subheader(_("What this value is made of"), anchor=False)
    largest = layer.pool == "max"
    text = (
        _("The largest of these {n} values stays: {result}. The others are dropped.")
        if largest
        else _("The mean of these {n} values stays: {result}.")
    )
    st.markdown(text.format(n=format_number(window.size), result=format_number(result, decimals)))
    st.html(
        f'<div class="raut-table">{cells_html(window, limit_of(taken), _("Window"), kept=_kept(window) if largest else None, digits=3)}</div>'
    )


def _kept(window: np.ndarray) -> tuple[int, int]:
    row, column = np.unravel_index(int(window.argmax()), window.shape)
    return int(row), int(column)

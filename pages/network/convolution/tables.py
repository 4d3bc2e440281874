"""The step Convolution as tables: the window with its products, the results of the patch, the whole map."""

from __future__ import annotations

import numpy as np
import streamlit as st

from fer_core.explanation.convolution import WorkedWindow, convolve, windows, worked_window
from fer_core.recognition.provenance import Provenance
from pages.network.convolution.chosen import Chosen
from pages.network.convolution.first import FirstConvolution
from pages.network.seen import Seen
from pages.ui.charts import Column, csv_button, now_here, show_table
from pages.ui.i18n import _

_DECIMALS = 4


def tables(seen: Seen, first: FirstConvolution, chosen: Chosen, picture: np.ndarray) -> None:
    """In an expander, for who cannot see the grids, and for a spreadsheet.

    Args:
        seen: face and network.
        first: its first convolution.
        chosen: what is worked out; possible.
        picture: float64 (48, 48, C), what the kernel slides over, with what the reader changed.
    """
    source = Provenance(
        now_here(),
        seen.info,
        settings={"face": seen.face_code, **{k: v for k, v in chosen.texts.items() if v}},
    )
    activation = chosen.activation(first)
    row, column = chosen.place(first, chosen.window)
    found = worked_window(
        picture, chosen.weights, row, column,
        bias=chosen.bias, stride=chosen.stride, padding=chosen.padding, activation=activation,
    )  # fmt: skip
    made = convolve(
        picture, chosen.weights,
        bias=chosen.bias, stride=chosen.stride, padding=chosen.padding, activation=activation,
    )  # fmt: skip
    with st.expander(_("Table"), icon=":material/table:"):
        st.markdown(
            _("**The present window**: row and column in the face, 1 to 48; what lies outside is padding.")
        )
        show_table(
            _products(found, chosen, first, (row, column)), key="convolution_products", filename="convolution",
            provenance=source,
        )  # fmt: skip
        st.markdown(_("**The results of the patch**, by row and column of the map"))
        show_table(
            _results(chosen, first, made),
            key="convolution_results",
            filename="convolution-patch",
            provenance=source,
        )
        st.markdown(_("**The whole map** has {n} numbers.").format(n=made.size))
        rows, columns = np.indices(made.shape)
        csv_button(
            [
                Column(_("Row"), (rows.ravel() + 1).tolist()),
                Column(_("Column"), (columns.ravel() + 1).tolist()),
                Column(_("Value"), made.ravel().tolist()),
            ],
            key="convolution_map", filename="convolution-map", provenance=source,
        )  # fmt: skip


def _products(
    found: WorkedWindow, chosen: Chosen, first: FirstConvolution, place: tuple[int, int]
) -> list[Column]:
    """A line for each product, then sum, bias and result."""
    size, channels = len(chosen.weights), chosen.weights.shape[2]
    stride = int(chosen.stride)
    before = windows(first.planes.shape[0], size, stride, chosen.padding).before
    down, right, channel = (each.ravel() for each in np.indices((size, size, channels)))
    empty = [""] * 3
    names = [
        _("Pixel of channel {n}").format(n=int(each) + 1) if channels > 1 else _("Pixel") for each in channel
    ]
    last = [
        _("Sum of the products"),
        _("Sum with bias"),
        _("After the activation") if chosen.relu else _("Result"),
    ]

    def column(name: str, values: np.ndarray, decimals: int = _DECIMALS) -> Column:
        return Column(name, [*values.ravel().tolist(), None, None, None], decimals=decimals)

    return [
        Column(_("Part"), [*names, *last]),
        column(_("Row"), place[0] * stride - before + down + 1, 0),
        column(_("Column"), place[1] * stride - before + right + 1, 0),
        Column(
            _("Padding"),
            [*(_("yes") if each else _("no") for each in np.repeat(found.is_padding, channels)), *empty],
        ),
        column(_("Patch"), found.window),
        column(_("Kernel"), chosen.weights),
        Column(
            _("Product"),
            [*found.products.ravel().tolist(), found.total, found.with_bias, found.result],
            decimals=_DECIMALS,
        ),
    ]


def _results(chosen: Chosen, first: FirstConvolution, made: np.ndarray) -> list[Column]:
    count = windows(first.patch, len(chosen.weights), chosen.stride, chosen.padding).count
    top, left = chosen.place(first, 0)
    part = made[top : top + count, left : left + count]
    return [
        Column(_("Row"), [str(top + each + 1) for each in range(count)]),
        *(
            Column(_("Column {n}").format(n=left + each + 1), part[:, each].tolist(), decimals=_DECIMALS)
            for each in range(count)
        ),
    ]

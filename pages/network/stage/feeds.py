"""What one value of a map is made of: which maps of the stage before add how much to it, and with which kernels."""

from __future__ import annotations

import html

import numpy as np
import streamlit as st

from fer_core.explanation.layers import Layer, Stage
from fer_core.explanation.worked import contribution_of_inputs, convolve_at, inputs_of, kernels_of
from fer_core.recognition.provenance import Provenance
from pages.network.map_pictures import is_signed, limit_of, shades, url_of
from pages.network.seen import Seen
from pages.network.stage.number_cells import cells_html, fitting_decimals
from pages.network.stage_words import stage_name
from pages.ui.charts import Column, csv_button, now_here
from pages.ui.i18n import _, format_number, ngettext

SHOWN = 8
"""Maps in the table; the file has all of them."""


def feeding_maps(seen: Seen, layer: Layer, number: int, place: tuple[int, int]) -> np.ndarray:
    """What each map of the layer before adds to one value: float64 (in,), in the order of `inputs_of`."""
    return convolve_at(layer, number, *place, seen.values).products.sum(axis=(0, 1))  # (kh, kw, in) -> (in,)


def feeds(seen: Seen, stage: Stage, number: int, place: tuple[int, int]) -> None:
    """The maps that add most to a value of a map, with their kernels.

    Args:
        seen: face and network.
        stage: a convolution.
        number: of its map.
        place: row and column of the value.
    """
    layer = seen.reader.layers[stage.layer]
    worked = convolve_at(layer, number, *place, seen.values)
    here = worked.products.sum(axis=(0, 1))  # (kh, kw, in) -> (in,)
    everywhere = contribution_of_inputs(layer, number, seen.values)
    kernels = kernels_of(layer, number)  # (kh, kw, in)
    maps = inputs_of(layer, number)
    before = stage_name(seen.reader.stages[stage.inputs[0]])
    order = np.argsort(-np.abs(here), kind="stable")
    shown = order[:SHOWN]
    st.subheader(_("What this value is made of"), anchor=False)
    st.markdown(
        ngettext(
            "{n} map of {stage} goes in. It lies under a kernel of its own; the products are added up.",
            "{n} maps of {stage} go in. Each lies under a kernel of its own; all products are added up. What adds most comes first.",
            len(maps),
        ).format(n=format_number(len(maps)), stage=before)
    )
    inputs = seen.values[layer.inputs[0]]
    scale = float(np.abs(here).max()) or 1.0
    strongest = limit_of(kernels[..., shown])
    lines = "".join(
        _line(
            inputs[..., maps[at]], int(maps[at]), kernels[..., at], strongest, float(here[at]), scale,
            float(everywhere[at]),
        )
        for at in shown
    )  # fmt: skip
    rest = order[SHOWN:]
    if len(rest):
        lines += _sum_line(
            _("the other {n} maps together").format(n=format_number(len(rest))),
            float(here[rest].sum()),
            float(everywhere[rest].sum()),
        )
    lines += _sum_line(_("bias"), worked.with_bias - worked.total)
    lines += _sum_line(_("sum"), worked.with_bias, total=True)
    if layer.activation is not None:
        name = "ReLU6" if layer.activation == "relu6" else "ReLU"
        lines += _sum_line(_("after {activation}").format(activation=name), worked.result, total=True)
    head = "".join(
        f'<th scope="col">{html.escape(name)}</th>'
        for name in (_("Map before"), _("Kernel"), _("Adds to this value"), _("Adds to the whole map"))
    )
    st.html(
        f'<div class="raut-table raut-feeds" tabindex="0"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{lines}</tbody></table></div>"
    )
    weights = kernels.reshape(-1, kernels.shape[-1])  # (kh, kw, in) -> (kh * kw, in)
    csv_button(
        [
            Column(_("Map before"), [int(maps[at]) + 1 for at in order]),
            Column(_("Adds to this value"), here[order].tolist()),
            Column(_("Adds to the whole map"), everywhere[order].tolist()),
            *(
                Column(
                    _("kernel, row {y}, column {x}").format(
                        y=cell // kernels.shape[1] + 1, x=cell % kernels.shape[1] + 1
                    ),
                    weights[cell, order].tolist(),
                )
                for cell in range(len(weights))
            ),
        ],
        key="network_feeds_csv",
        filename=f"{stage.name}-map-{number + 1}-inputs-{seen.info.id}",
        provenance=Provenance(
            now_here(),
            seen.info,
            settings={"face": seen.face_code, "row": place[0] + 1, "column": place[1] + 1},
        ),
    )


def _line(
    picture: np.ndarray,
    number: int,
    kernel: np.ndarray,
    limit: float,
    here: float,
    scale: float,
    everywhere: float,
) -> str:
    """One map before: its picture, its kernel, and what both add."""
    name = html.escape(_("Map {n}").format(n=format_number(number + 1)))
    url = url_of(shades(picture, limit_of(picture), signed=is_signed(picture)))
    return (
        f'<tr><th scope="row"><img src="{url}" alt="">{name}</th><td>{cells_html(kernel, limit, _("Kernel"), signed=True, digits=3)}</td>'
        f"<td>{_signed_bar(here / scale)}{html.escape(signed_number(here))}</td>"
        f"<td>{html.escape(signed_number(everywhere))}</td></tr>"
    )


def _signed_bar(share: float) -> str:
    """A bar to the right of the middle for what adds, to the left for what takes away; -1 to 1."""
    left = 50.0 if share >= 0 else 50 + 50 * share
    kind = "adds" if share >= 0 else "takes"
    return f'<span class="bar {kind}" aria-hidden="true"><i style="--left: {left:.1f}%; --width: {50 * abs(share):.1f}%"></i></span>'


def signed_number(value: float) -> str:
    """ "+1.23" or "−1.23"; three decimals, fewer of large ones."""
    text = format_number(abs(value), min(3, fitting_decimals(value) + 1))
    return f"+{text}" if value >= 0 else f"−{text}"


def _sum_line(name: str, here: float, everywhere: float | None = None, *, total: bool = False) -> str:
    last = html.escape("" if everywhere is None else signed_number(everywhere))
    kind = ' class="raut-total"' if total else ""
    return (
        f'<tr{kind}><th scope="row" colspan="2">{html.escape(name)}</th>'
        f"<td>{html.escape(signed_number(here))}</td><td>{last}</td></tr>"
    )

"""All feature maps of a stage, each with its number and how active it is."""

from __future__ import annotations

import numpy as np
import streamlit as st

from fer_core.explanation.layers import Stage
from fer_core.recognition.provenance import Provenance
from pages.network import selection
from pages.network.map_pictures import is_signed, limit_of, shades
from pages.network.seen import Seen
from pages.network.tiles import Tiles, tiles
from pages.ui.address.controls import choose_part
from pages.ui.address.parameters import text_of_address
from pages.ui.charts import Column, now_here, show_table
from pages.ui.i18n import _, format_number

ORDERS = ("activity", "number")


def map_order(values: np.ndarray, order: str) -> np.ndarray:
    """Numbers of the maps from 0 in the order in which they are shown: int64 (K,).

    Args:
        values: float32 (H, W, K).
        order: "activity", the largest mean distance from 0 first, or "number".
    """
    if order == "number":
        return np.arange(values.shape[-1])
    return np.argsort(-np.abs(values).mean(axis=(0, 1)), kind="stable")


def order_control() -> None:
    """The control that changes the order in the address."""
    names = {"activity": _("Most active first"), "number": _("By number")}
    named = text_of_address(selection.ORDER)
    choose_part(
        _("Order of the maps"),
        names,
        named if named in ORDERS else ORDERS[0],
        lambda order: selection.put(**{selection.ORDER: order}),
        key=selection.ORDER,
        hidden=True,
    )


def maps_grid(seen: Seen, stage: Stage, order: np.ndarray) -> None:
    """The maps as small pictures, each as bright as its own largest value.

    Args:
        seen: face and network.
        stage: one with maps.
        order: of their numbers; see `map_order`.
    """
    values = seen.of_stage(stage)
    signed = is_signed(values)
    means = values.mean(axis=(0, 1))
    st.markdown(
        _(
            "Below each map: its number and its mean value. Each map is shown by itself: white is its own largest value. "
            "Choose one to see what it is made of."
        )
    )
    tiles(
        Tiles(
            np.stack([shades(values[..., at], limit_of(values[..., at]), signed=signed) for at in order]),
            [
                _("Map {n}, mean {mean}, largest value {largest}").format(
                    n=format_number(at + 1),
                    mean=format_number(float(means[at]), 2),
                    largest=format_number(float(values[..., at].max()), 2),
                )
                for at in order
            ],
            [f"{format_number(at + 1)}: {format_number(float(means[at]), 2)}" for at in order],
            _("Feature maps of this stage"),
            scrolls=True,
        ),
        key="network_maps",
        on_open=lambda at: selection.show_map(int(order[at])),
    )
    with st.expander(_("All maps as a table"), icon=":material/table:"):
        show_table(
            [
                Column(_("Map"), [format_number(at + 1) for at in order]),
                Column(_("Mean"), means[order].tolist(), decimals=3),
                Column(_("Largest value"), values.max(axis=(0, 1))[order].tolist(), decimals=3),
                Column(
                    _("Values that are 0"),
                    (values == 0).mean(axis=(0, 1))[order].tolist(),
                    percent=True,
                    decimals=0,
                ),
            ],
            key="network_maps_table",
            filename=f"{stage.name}-maps-{seen.info.id}",
            provenance=Provenance(now_here(), seen.info, settings={"face": seen.face_code}),
        )

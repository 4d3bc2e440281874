"""All feature maps of a stage, each with its number and how active it is."""

from __future__ import annotations

import numpy as np

from fer_core.explanation.layers import Stage
from pages.network import selection
from pages.network.map_pictures import is_signed, limit_of, shades
from pages.network.seen import Seen
from pages.network.tiles import Tiles, tiles
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


def maps_grid(seen: Seen, stage: Stage) -> None:
    """The maps as small pictures, each as bright as its own largest value."""
    values = seen.values[stage.layer]
    order = map_order(values, selection.choice_of_address(selection.ORDER, ORDERS, ORDERS[0]))
    signed = is_signed(values)
    means = values.mean(axis=(0, 1))
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
        on_open=lambda at: selection.put(**{selection.MAP: int(order[at])}),
    )

"""What is chosen in the worked pooling: which pooling, map, place and window. All of it stands in the address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from fer_core.explanation.layers import Layer
from fer_core.explanation.network_reader import LayerValues, NetworkReader
from fer_core.explanation.pooling import Pool
from pages.network import selection
from pages.ui.address.parameters import text_of_address

PREFIX: Final = "pool_"
"""Begins the parameters of the address: the step has others."""
NAMES: Final = tuple(name.removeprefix(PREFIX) for name in selection.POOLING)
_WINDOWS: Final = 3
"""Windows along a side of the patch, where the map has room for them."""


@dataclass(frozen=True, eq=False)
class Pooling:
    """One pooling of the network and its maps for the face.

    Attributes:
        before: float32 (H, W, K).
        after: float32 (H', W', K), what the network itself computes.
        size: side of a window.
        stride: values from one window to the next.
        kind: "max" or "average".
    """

    before: np.ndarray
    after: np.ndarray
    size: int
    stride: int
    kind: Pool

    @property
    def patch(self) -> int:
        """Side of the part of a map that is worked out."""
        side = min(self.before.shape[:2])
        count = min(_WINDOWS, (side - self.size) // self.stride + 1)
        return (count - 1) * self.stride + self.size

    @property
    def windows(self) -> int:
        """How many windows the patch has."""
        return ((self.patch - self.size) // self.stride + 1) ** 2


@dataclass(frozen=True, eq=False)
class Chosen:
    """What is worked out.

    Attributes:
        pooling: the one that was chosen.
        stage: its number among the poolings, from 0.
        map: number of the map, from 0.
        top: first row of the patch, a multiple of the stride.
        left: its first column.
        window: which one of the patch, from 0.
        kind: "max" or "average", as the network has it or as the reader tries.
        texts: the parameters of the address that say all of this, those that are as usual included.
        usual: what the address leaves out.
    """

    pooling: Pooling
    stage: int
    map: int
    top: int
    left: int
    window: int
    kind: Pool
    texts: Mapping[str, str]
    usual: Mapping[str, str]

    def values(self, window: int) -> np.ndarray:
        """The numbers of a window: float32 (size, size)."""
        count = round(self.pooling.windows**0.5)
        row = self.top + window // count * self.pooling.stride
        column = self.left + window % count * self.pooling.stride
        size = self.pooling.size
        return np.asarray(self.pooling.before[row : row + size, column : column + size, self.map])


def poolings_of(reader: NetworkReader, values: LayerValues) -> list[Pooling]:
    """The poolings of a network with square windows, in order of computation.

    Args:
        reader: of the network.
        values: of its layers, for the face.
    """
    return [
        Pooling(values[layer.inputs[0]], values[layer.index], layer.pool_size[0], layer.stride, _kind(layer))
        for layer in reader.layers
        if layer.kind == "pooling"
        and layer.padding == "valid"
        and layer.stride is not None
        and layer.pool_size is not None
        and layer.pool_size[0] == layer.pool_size[1]
    ]


def chosen_of_address(poolings: list[Pooling]) -> Chosen:
    """What the address asks for; a sentence for each parameter that cannot be.

    Args:
        poolings: of the network, one or more.
    """
    texts: dict[str, str] = {}
    usual: dict[str, str] = {}

    def read(name: str, standard: str, possible: Literal["number", "kind", "place"], count: int) -> str:
        usual[name] = standard
        text = text_of_address(PREFIX + name) or standard
        fits = {
            "number": re.fullmatch("[0-9]{1,4}", text) and int(text) < count,
            "kind": text in ("max", "average"),
            "place": re.fullmatch("[0-9]{1,3}_[0-9]{1,3}", text)
            and all(int(each) < count for each in text.split("_")),
        }[possible]
        if not fits:
            selection.refuse(PREFIX + name, text, standard)
            text = standard
        texts[name] = text
        return text

    stage = int(read("stage", "0", "number", len(poolings)))
    pooling = poolings[stage]
    before = pooling.before
    number = int(read("map", str(int(before.max(axis=(0, 1)).argmax())), "number", before.shape[2]))
    peak = np.unravel_index(before[..., number].argmax(), before.shape[:2])
    column, row = map(int, read("patch", f"{peak[1]}_{peak[0]}", "place", min(before.shape[:2])).split("_"))
    window = int(read("window", "0", "number", pooling.windows))
    kind: Pool = "max" if read("kind", pooling.kind, "kind", 0) == "max" else "average"

    def start(middle: int, side: int) -> int:
        at = min(max(middle - pooling.patch // 2, 0), side - pooling.patch)
        return at - at % pooling.stride

    return Chosen(
        pooling,
        stage,
        number,
        start(row, before.shape[0]),
        start(column, before.shape[1]),
        window,
        kind,
        texts,
        usual,
    )


def _kind(layer: Layer) -> Pool:
    return "average" if layer.pool == "average" else "max"

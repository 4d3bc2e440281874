"""What is chosen in the step Convolution: kernel, place, stride, padding. All of it stands in the address."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from fer_core.errors import ExplanationError
from fer_core.explanation.convolution import PRESETS, Activation, Padding, windows
from pages.network import selection
from pages.network.convolution.first import FirstConvolution
from pages.ui.address.parameters import text_of_address

OWN: Final = "map"
"""A kernel of the network's: `map7` is that of its map 7, counted from 1 as everywhere on the page."""

_FIRST_KERNEL: Final = next(iter(PRESETS))
_LARGEST_KERNEL: Final = 7
_LARGEST_WEIGHT: Final = 1e6


@dataclass(frozen=True, eq=False)
class Chosen:
    """What is worked out.

    Attributes:
        code: of the kernel: a preset, `map7`, or its numbers in rows, `_` between them.
        weights: float64 (k, k, C); C is 1 with `in_grey`.
        bias: added to each sum.
        x: column of the middle of the patch.
        y: its row.
        stride: as it was given, which may be impossible.
        padding: "same" or "valid".
        window: which one of the patch, from 0.
        in_grey: the picture is grey values 0-255 rather than what the network takes.
        relu: whether the activation is applied.
        texts: the parameters of the address that say all of this, those that are as usual included.
    """

    code: str
    weights: np.ndarray
    bias: float
    x: int
    y: int
    stride: float
    padding: Padding
    window: int
    in_grey: bool
    relu: bool
    texts: Mapping[str, str]

    @property
    def own(self) -> int | None:
        """Position of the network's map whose kernel this is, from 0; None: another kernel."""
        return _position(self.code) if self.code.startswith(OWN) else None

    def picture(self, first: FirstConvolution, face_gray: np.ndarray) -> np.ndarray:
        """What the kernel slides over: (48, 48, C)."""
        return face_gray[..., None].astype(np.float64) if self.in_grey else first.planes.astype(np.float64)

    def activation(self, first: FirstConvolution) -> Activation | None:
        """What follows the sum."""
        if not self.relu:
            return None
        return first.activation if self.own is not None or not self.in_grey else "relu"

    def top_left(self, first: FirstConvolution) -> tuple[int, int]:
        """Row and column of the patch's first pixel: where a window of the whole face begins, too."""
        side, stride = first.planes.shape[0], int(self.stride)

        def start(middle: int) -> int:
            at = min(max(middle - first.patch // 2, 0), side - first.patch)
            return at - at % stride

        return start(self.y), start(self.x)

    def place(self, first: FirstConvolution, window: int) -> tuple[int, int]:
        """Row and column in the map of the whole face of a window of the patch.

        Raises:
            ExplanationError: stride and kernel do not fit the patch.
        """
        count = windows(first.patch, len(self.weights), self.stride, self.padding).count
        top, left = self.top_left(first)
        stride = int(self.stride)
        return top // stride + window // count, left // stride + window % count


def usual(first: FirstConvolution, place: tuple[int, int]) -> dict[str, str]:
    """What holds where the address says nothing.

    Args:
        first: of the network.
        place: column and row of the middle of the patch.
    """
    return {
        "kernel": _FIRST_KERNEL,
        "bias": "",
        "patch": f"{place[0]}_{place[1]}",
        "stride": str(first.stride),
        "padding": first.padding,
        "window": "0",
        "numbers": "network" if first.planes.shape[2] == 1 else "grey",
        "relu": "on",
    }


def at_value(first: FirstConvolution, number: int, row: int, column: int) -> dict[str, str | None]:
    """The parameters that work out one value of a map of the network's, for `selection.go`.

    Args:
        first: of the network.
        number: of its map, from 0.
        row: of the value in the map.
        column: of the value in the map.
    """
    side, stride = first.planes.shape[0], first.stride

    def start(middle: int) -> int:
        at = min(max(middle - first.patch // 2, 0), side - first.patch)
        return at - at % stride

    x, y = (min(place * stride, side - 1) for place in (column, row))
    count = windows(first.patch, first.size, stride, first.padding).count
    down, across = row - start(y) // stride, column - start(x) // stride
    window = min(max(down, 0), count - 1) * count + min(max(across, 0), count - 1)
    usual_otherwise = dict.fromkeys(selection.KERNEL)
    return {**usual_otherwise, "kernel": f"{OWN}{number + 1}", "patch": f"{x}_{y}", "window": str(window)}


def chosen_of_address(first: FirstConvolution, place: tuple[int, int]) -> Chosen:
    """What the address asks for; a sentence for each parameter that cannot be.

    Args:
        first: of the network.
        place: column and row of the middle of the patch where the address names none.
    """
    texts = usual(first, place)
    texts |= {name: text for name in selection.KERNEL if (text := text_of_address(name))}
    side, channels = first.planes.shape[0], first.planes.shape[2]

    def refuse(name: str) -> None:
        """As usual instead, with a sentence."""
        instead = usual(first, place)[name]
        selection.refuse(name, texts[name], instead or "0")
        texts[name] = instead

    weights = _weights(texts["kernel"], first)
    if weights is None:
        refuse("kernel")
        weights = _weights(_FIRST_KERNEL, first)
        assert weights is not None
    own = texts["kernel"].startswith(OWN)
    in_grey = texts["numbers"] == "grey"
    if own or weights.shape[2] < channels or texts["numbers"] not in ("grey", "network"):
        # The network's kernel takes its numbers; one kernel for three channels takes the grey values.
        needed = "network" if own or weights.shape[2] == channels else "grey"
        if text_of_address("numbers") not in ("", needed):
            selection.refuse("numbers", texts["numbers"], needed)
        texts["numbers"], in_grey = needed, needed == "grey"
    if in_grey and weights.shape[2] > 1:
        selection.refuse("numbers", "grey", "network")
        texts["numbers"], in_grey = "network", False
    bias = _number(texts["bias"]) if texts["bias"] else _usual_bias(texts["kernel"], first)
    if bias is None:
        refuse("bias")
        bias = _usual_bias(texts["kernel"], first)
    found = re.fullmatch(r"([0-9]{1,4})_([0-9]{1,4})", texts["patch"])
    if found is None or not all(int(each) < side for each in found.groups()):
        refuse("patch")
        found = re.fullmatch(r"(\d+)_(\d+)", texts["patch"])
        assert found is not None
    stride = _number(texts["stride"])
    if stride is None:
        refuse("stride")
        stride = float(first.stride)
    if texts["padding"] not in ("same", "valid"):
        refuse("padding")
    if texts["relu"] not in ("on", "off"):
        refuse("relu")
    if not re.fullmatch(r"[0-9]{1,3}", texts["window"]):
        refuse("window")
    padding: Padding = "same" if texts["padding"] == "same" else "valid"
    try:
        count = windows(first.patch, len(weights), stride, padding).count
    except ExplanationError:
        count = 0  # the page says why
    if count and int(texts["window"]) >= count**2:
        refuse("window")
    return Chosen(
        code=texts["kernel"],
        weights=weights,
        bias=bias,
        x=int(found[1]),
        y=int(found[2]),
        stride=stride,
        padding=padding,
        window=int(texts["window"]),
        in_grey=in_grey,
        relu=texts["relu"] == "on",
        texts=texts,
    )


def _weights(code: str, first: FirstConvolution) -> np.ndarray | None:
    """float64 (k, k, C) of a kernel's code; None where it is none."""
    channels = first.planes.shape[2]
    if code in PRESETS:
        return PRESETS[code][..., None]
    if re.fullmatch(rf"{OWN}[1-9][0-9]{{0,3}}", code):
        at = _position(code)
        return first.kernels[..., at].astype(np.float64) if at < first.kernels.shape[3] else None
    numbers = [_number(text) for text in code.split("_")]
    if None in numbers:
        return None
    for planes in dict.fromkeys((1, channels)):
        size = math.isqrt(len(numbers) // planes)
        if size**2 * planes == len(numbers) and size <= max(_LARGEST_KERNEL, first.size):
            return np.array(numbers, np.float64).reshape(planes, size, size).transpose(1, 2, 0)
    return None


def _usual_bias(code: str, first: FirstConvolution) -> float:
    return float(first.biases[_position(code)]) if code.startswith(OWN) else 0.0


def _position(code: str) -> int:
    """Of the map that `map7` names, from 0: 6."""
    return int(code[len(OWN) :]) - 1


def _number(text: str) -> float | None:
    """A number as an address has it; None where it is none, or much too large."""
    if not re.fullmatch(r"-?[0-9]*\.?[0-9]+(e-?[0-9]{1,2})?", text) or len(text) > 24:
        return None
    value = float(text)
    return value if abs(value) <= _LARGEST_WEIGHT else None

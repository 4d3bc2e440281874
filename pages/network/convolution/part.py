"""The worked convolution in the browser: what `convolution.js` is given, and what it says.

Each step is computed there, so that it is shown at once. What the reader chooses comes back half a second after the last
change and goes into the address; numbers of the patch that were changed stay in the memory of the session.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import streamlit as st

from fer_core.explanation.convolution import (
    KERNEL_TOO_LARGE,
    PRESETS,
    STRIDE_NOT_WHOLE,
    STRIDE_TOO_LARGE,
)
from pages.network import selection
from pages.network.cells import (
    block,
    float_text,
    part,
    picture,
    put_state,
    said_of,
    shared_data,
    shared_texts,
)
from pages.network.convolution.chosen import Chosen
from pages.network.convolution.first import FirstConvolution
from pages.network.convolution.question import Place
from pages.network.convolution.words import preset_names, texts
from pages.network.seen import Seen
from pages.ui.i18n import _

KEY: Final = "network_convolution"
_TURN_KEY: Final = "network_convolution_turn"
_EDITS_KEY: Final = "network_convolution_edits"
_MOST_EDITS: Final = 3 * 48 * 48
_HERE: Final = Path(__file__).parent
_MARKUP: Final = (
    '<div class="convolution worked"><div class="controls"></div>'
    '<div class="more" hidden></div>'
    '<p class="problem" role="alert"></p>'
    f'<div class="work"><div class="pictures">{picture("face", legend=False)}{picture("made")}{picture("own")}</div>'
    '<div class="numbers-side"><div class="slide" role="group"></div>'
    f'<div class="grids">{block("patch", note=True)}{block("kernel")}{block("products")}{block("result")}</div>'
    '<dl class="steps"></dl><p class="said" role="status"></p></div></div></div>'
)


def convolution_part(
    seen: Seen,
    first: FirstConvolution,
    chosen: Chosen,
    usual: Mapping[str, str],
    *,
    places: Sequence[Place],
    is_open: bool,
) -> None:
    """The face, the patch under the kernel, products, sum and the map of the whole face.

    Args:
        seen: face and network.
        first: its first convolution.
        chosen: by the address.
        usual: what the address leaves out.
        places: that the question is about.
        is_open: whether the map may be seen.
    """

    def state() -> None:
        said = said_of(KEY, seen.key, selection.KERNEL)
        if said is None:
            return
        put_state(said, usual)
        st.session_state[_TURN_KEY] = said["turn"]
        st.session_state[_EDITS_KEY] = (seen.key, said["state"]["numbers"], _edits(said.get("edits"), first))

    own = chosen.own
    size = first.size
    shown = part("convolution", _HERE, _MARKUP)
    shown(
        key=KEY,
        data={
            "key": seen.key,
            "turn": st.session_state.get(_TURN_KEY, 0),
            "state": dict(chosen.texts),
            "side": first.planes.shape[0],
            "patch": first.patch,
            "channels": first.planes.shape[2],
            "planes": float_text(first.planes.transpose(2, 0, 1)),
            "ranges": [list(_range(seen.face_gray, plane)) for plane in first.planes.transpose(2, 0, 1)],
            "grey": base64.b64encode(seen.face_gray.tobytes()).decode(),
            "already_grey": first.takes_grey,
            "presets": {code: weights.ravel().tolist() for code, weights in PRESETS.items()},
            "presetNames": preset_names(),
            "own": {
                # (k, k, C, K) -> (K, C, k, k)
                "kernels": float_text(first.kernels.transpose(3, 2, 0, 1)),
                "biases": first.biases.tolist(),
                "size": size,
                "stride": first.stride,
                "padding": first.padding,
                "activation": first.activation,
            },
            "network": None
            if own is None
            else {"map": own, "side": len(first.maps), "values": float_text(first.maps[..., own])},
            "marks": [{"name": place.mark, "x": place.x, "y": place.y} for place in places],
            "open": is_open,
            "texts": {
                **shared_texts(),
                **texts(),
                "stride_not_whole": _(STRIDE_NOT_WHOLE),
                "stride_too_large": _(STRIDE_TOO_LARGE),
                "kernel_too_large": _(KERNEL_TOO_LARGE),
            },
            **shared_data(),
        },
        on_state_change=state,
    )


def edited_picture(seen: Seen, first: FirstConvolution, chosen: Chosen) -> np.ndarray:
    """What the kernel slides over, with the numbers that the reader changed: float64 (48, 48, C)."""
    made = chosen.picture(first, seen.face_gray)
    key, numbers, edits = st.session_state.get(_EDITS_KEY, ("", "", ()))
    if key == seen.key and numbers == chosen.texts["numbers"]:
        for channel, pixel, value in edits:
            if channel < made.shape[2]:
                made[pixel // made.shape[1], pixel % made.shape[1], channel] = value
    return made


def _edits(said: object, first: FirstConvolution) -> list[tuple[int, int, float]]:
    """Channel, pixel and value of each number that was changed; what a browser may say besides that is left out."""
    pixels, channels = first.planes.shape[0] * first.planes.shape[1], first.planes.shape[2]
    found = []
    for each in (said if isinstance(said, list) else [])[:_MOST_EDITS]:
        if not (isinstance(each, list) and len(each) == 3):
            continue
        channel, pixel, value = each
        if not (isinstance(channel, int) and isinstance(pixel, int) and isinstance(value, int | float)):
            continue
        if 0 <= channel < channels and 0 <= pixel < pixels and math.isfinite(value):
            found.append((channel, pixel, float(value)))
    return found


def _range(face_gray: np.ndarray, plane: np.ndarray) -> tuple[float, float]:
    """What the network takes for black and for white."""
    dark, bright = int(face_gray.argmin()), int(face_gray.argmax())
    grey = face_gray.ravel().astype(np.float64)
    if grey[dark] == grey[bright]:
        return 0.0, 255.0
    values = plane.ravel()
    slope = (float(values[bright]) - float(values[dark])) / (grey[bright] - grey[dark])
    black = float(values[dark]) - slope * grey[dark]
    return black, black + 255 * slope

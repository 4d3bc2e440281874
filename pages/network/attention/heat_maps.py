"""The heat maps of a face, one for each expression, made once for each face and network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from fer_core.explanation.contributions import read_classification
from pages.network.seen import Seen
from pages.ui.resources import grad_cam


@dataclass(frozen=True, eq=False)
class HeatMaps:
    """What speaks for each expression.

    Attributes:
        method: "Grad-CAM" or "HiResCAM".
        heats: code to float32 (48, 48), 0 to 1.
        shares: float64 (H, W, C), what each position of the last maps adds to each score; of a network that looks at
            the mirror image as well, the mean of both, the second turned back. What is above 0 of it is the heat map.
        scores: float64 (C,), the scores that these add up to with the biases, in the same way.
    """

    method: str
    heats: dict[str, np.ndarray]
    shares: np.ndarray
    scores: np.ndarray


@st.cache_resource(show_spinner=False, max_entries=2, scope="session")
def _heat_maps(key: str, _seen: Seen) -> HeatMaps:
    seen = _seen
    cam = grad_cam(seen.info)
    heats = {code: cam.heat(seen.face_gray, code) for code in seen.info.labels}
    faces = [(seen.values, False)]
    if seen.values.mirror_scores is not None:
        mirror = np.ascontiguousarray(seen.face_gray[:, ::-1])
        faces.append((seen.reader.run(mirror), True))
    shares, scores = [], []
    for values, turned in faces:
        taken = read_classification(seen.reader.layers, values, seen.info.name)
        parts = taken.of_positions()
        of_face = parts.values.reshape(*taken.maps.shape[:2], -1)
        shares.append(of_face[:, ::-1] if turned else of_face)
        scores.append(parts.scores)
    return HeatMaps(cam.method, heats, np.mean(shares, axis=0), np.mean(scores, axis=0))


def heat_maps(seen: Seen) -> HeatMaps:
    """The maps of the face of the page.

    Raises:
        NetworkError: the network is built in another way.
    """
    return _heat_maps(seen.key, seen)

"""What every step of the page is about: one face, one network, and what the network computes for this face."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import streamlit as st

from fer_core.explanation.layers import Stage
from fer_core.explanation.network_reader import LayerValues, NetworkReader
from fer_core.recognition.answers import Prediction, read_faces
from fer_core.store.network import NetworkInfo
from pages.ui.resources import network_reader, recognizer


@dataclass(frozen=True, eq=False)
class Seen:
    """A face as a network sees it."""

    face_gray: np.ndarray
    """uint8 (48, 48), 0-255."""
    face_code: str
    """As in the address: `sample:<name>`, `row:<number>`, `photo` or `webcam`."""
    info: NetworkInfo
    reader: NetworkReader
    values: LayerValues
    """Of each layer, for this face as it is (not for its mirror image)."""
    answer: Prediction
    """Of the shipped file, calibrated, as on every other page."""

    @property
    def key(self) -> str:
        """Letters and digits, others for each face and each network: part of the keys of widgets and questions."""
        return hashlib.sha256(self.info.id.encode() + self.face_gray.tobytes()).hexdigest()[:12]

    def of_stage(self, stage: Stage) -> np.ndarray:
        """What a stage holds for this face, float32 (H, W, K) or (D,); of the input the pixels, before any scaling."""
        return self.values[stage.layers[0] if stage.kind == "input" else stage.layer]


@st.cache_resource(show_spinner=False, max_entries=2, scope="session")
def _values(network_id: str, checksum: str, face: bytes, _reader: NetworkReader) -> LayerValues:
    """In memory only, for this session only."""
    side = round(len(face) ** 0.5)
    return _reader.run(np.frombuffer(face, np.uint8).reshape(side, side))


def see(face_gray: np.ndarray, face_code: str, info: NetworkInfo) -> Seen:
    """What the network computes for the face.

    Args:
        face_gray: uint8 (48, 48), 0-255.
        face_code: as in the address.
        info: the network.

    Raises:
        NetworkError: its file is missing or damaged, or built in a way that cannot be read.
    """
    reader = network_reader(info)
    values = _values(info.id, str(info.checksum), face_gray.tobytes(), reader)
    answer = read_faces(face_gray[None], recognizer(info.id))[0]  # (48, 48) -> (1, 48, 48)
    return Seen(face_gray, face_code, info, reader, values, answer)

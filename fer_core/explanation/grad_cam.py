"""Which parts of a face speak for an expression: Grad-CAM (Selvaraju et al. 2017, arXiv:1610.02391).

The last activations that still have places are weighted with the gradient of the expression's score and summed;
what is negative is left out. The score is that before the softmax: a probability's gradient vanishes where the
network is sure. The temperature of a shipped network only scales the score, and so drops out when the map is
brought to 0 to 1.

Grad-CAM takes the mean of the gradient over the places. Behind a mean over the places that is the gradient itself.
Where every place has weights of its own, as in the paper's networks, the mean mixes them up: on faces of FER2013
covering what was hot cost two of those networks hardly more of the probability than covering what was cold, one of
them less (docs/experiments/heat-maps.md). There the gradient of each place is taken: HiResCAM (Draelos and Carin 2020,
arXiv:2011.08891), which is the same thing wherever Grad-CAM is exact.
"""

from __future__ import annotations

import threading

import cv2
import numpy as np

from fer_core.errors import N_, NetworkError
from fer_core.explanation.litert_graph import UnknownGraphError
from fer_core.explanation.litert_head import read_head
from fer_core.faces.images import FACE_SIZE


class GradCam:
    """Heat maps of one network, kept loaded. May be shared by threads: calls wait for each other.

    Args:
        content: the LiteRT file as it ships, (N, 48, 48, 1) grey 0-255 -> (N, C).
        labels: C codes in the order of the outputs.
        name: of the network, for the error.

    Raises:
        NetworkError: the network does not end in dense layers behind activations with places.
    """

    def __init__(self, content: bytes, labels: tuple[str, ...], name: str = "") -> None:
        from ai_edge_litert.interpreter import Interpreter

        try:
            self._head = read_head(content)
        except UnknownGraphError as error:
            raise NetworkError(
                N_("The network “{name}” is not built in a way that Grad-CAM can explain."), name=name
            ) from error
        self.labels = labels
        self._interpreter = Interpreter(model_content=self._head.content, num_threads=1)
        self._interpreter.allocate_tensors()
        self._input = self._interpreter.get_input_details()[0]["index"]
        self._lock = threading.Lock()

    @property
    def method(self) -> str:
        """What the map is called: "Grad-CAM", or "HiResCAM" where both differ."""
        return "HiResCAM" if self._head.flattened else "Grad-CAM"

    def heat(self, face_gray: np.ndarray, label: str) -> np.ndarray:
        """Where the face speaks for that expression.

        Args:
            face_gray: uint8 (48, 48), 0-255.
            label: one of `labels`, not only the one that the network names.

        Returns:
            float32 (48, 48), 0 to 1, the hottest place 1; all 0 where nothing speaks for it. Of a network that
            averages a face with its mirror image: the mean of both maps, the second turned back.

        Raises:
            ValueError: another shape or dtype, or an expression that the network does not know.
        """
        if face_gray.dtype != np.uint8 or face_gray.shape != (FACE_SIZE, FACE_SIZE):
            raise ValueError(f"Expected uint8 (48, 48). Received: {face_gray.dtype} {face_gray.shape}")
        if label not in self.labels:
            raise ValueError(f"Expected one of {self.labels}. Received: {label!r}")
        with self._lock:
            self._interpreter.set_tensor(self._input, face_gray[None, ..., None].astype(np.float32))
            self._interpreter.invoke()
            values = {tensor: self._interpreter.get_tensor(tensor) for tensor in self._head.tensors}
        maps = self._head.contributions(values, self.labels.index(label))  # -> (1 or 2, H, W)
        if len(maps) == 2:  # the second is that of the mirror image
            maps[1] = maps[1, :, ::-1].copy()
        mean = maps.mean(axis=0)
        # Rounding leaves a trace of heat where there is none; brought to 1 it would look like a finding.
        if mean.max() <= 1e-5 * np.abs(mean).max():
            return np.zeros((FACE_SIZE, FACE_SIZE), np.float32)
        heat = cv2.resize(np.maximum(mean, 0), (FACE_SIZE, FACE_SIZE), interpolation=cv2.INTER_LINEAR)
        return np.asarray(heat / heat.max(), np.float32)


def overlay(face_gray: np.ndarray, heat: np.ndarray, side: int) -> np.ndarray:
    """The face in grey with the map in colours over it, the hotter the less of the face shows through.

    Args:
        face_gray: uint8 (48, 48).
        heat: float32 (48, 48), 0 to 1.
        side: of the result, in pixels.

    Returns:
        uint8 RGB (side, side, 3).
    """
    size = (side, side)
    face = cv2.resize(face_gray, size, interpolation=cv2.INTER_NEAREST)[..., None].astype(np.float32)
    smooth = cv2.resize(heat, size, interpolation=cv2.INTER_LINEAR)
    # Cividis: readers who are colour-blind and black-and-white printers see it in the same order.
    colours = cv2.applyColorMap((255 * smooth).astype(np.uint8), cv2.COLORMAP_CIVIDIS)[..., ::-1]
    share = 0.6 * smooth[..., None]
    return ((1 - share) * face + share * colours).round().astype(np.uint8)

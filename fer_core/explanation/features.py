"""Features of a face: what the layer before the classification holds, read from the LiteRT file that answers.

Faces that lie near each other in these features look alike to the network, whatever they are labelled. They say
nothing about who a person is: the network has only learnt to tell expressions apart.
"""

from __future__ import annotations

import threading

import numpy as np

from fer_core.errors import N_, NetworkError
from fer_core.explanation.litert_graph import UnknownGraphError
from fer_core.explanation.litert_head import read_head
from fer_core.faces.images import FACE_SIZE

LARGEST_BATCH = 64  # faces a call; more at once is no faster and only takes memory


class FeatureReader:
    """The features of one network, kept loaded. May be shared by threads: calls wait for each other.

    Args:
        content: the LiteRT file as it ships, (N, 48, 48, 1) grey 0-255 -> (N, C).
        name: of the network, for the error.
        threads: processor threads that one call may use.

    Raises:
        NetworkError: the network does not end in dense layers behind activations with positions.
    """

    def __init__(self, content: bytes, name: str = "", threads: int = 1) -> None:
        from ai_edge_litert.interpreter import Interpreter

        try:
            head = read_head(content)
        except UnknownGraphError as error:
            raise NetworkError(
                N_("The network “{name}” is not built in a way that its features can be read."), name=name
            ) from error
        self._tensor = head.features
        self._interpreter = Interpreter(model_content=head.content, num_threads=threads)
        self._input = self._interpreter.get_input_details()[0]
        self._lock = threading.Lock()
        self._batch = -1  # size that the interpreter's memory is laid out for

    def features(self, faces_gray: np.ndarray) -> np.ndarray:
        """Read the features of cropped faces.

        Args:
            faces_gray: uint8 (N, 48, 48), 0-255; N may be 0.

        Returns:
            float32 (N, D). Of a network that averages a face with its mirror image: the mean of the features of
            both, so that a face and its mirror image have the same.

        Raises:
            ValueError: another shape or dtype; the message says what was received.
        """
        if (
            faces_gray.dtype != np.uint8
            or faces_gray.ndim != 3
            or faces_gray.shape[1:] != (FACE_SIZE, FACE_SIZE)
        ):
            raise ValueError(
                f"Expected faces as uint8 (N, 48, 48). Received: {faces_gray.dtype} {faces_gray.shape}"
            )
        with self._lock:
            parts = [
                self._run(faces_gray[start : start + LARGEST_BATCH])
                for start in range(0, max(1, len(faces_gray)), LARGEST_BATCH)
            ]
        return np.concatenate(parts)[: len(faces_gray)]

    def _run(self, faces_gray: np.ndarray) -> np.ndarray:
        # No face is a batch of one that nobody reads: the width of the features is known only after a run.
        batch = faces_gray if len(faces_gray) else np.zeros((1, FACE_SIZE, FACE_SIZE), np.uint8)
        if len(batch) != self._batch:
            self._interpreter.resize_tensor_input(self._input["index"], (len(batch), FACE_SIZE, FACE_SIZE, 1))
            self._interpreter.allocate_tensors()
            self._batch = len(batch)
        self._interpreter.set_tensor(self._input["index"], batch[..., None].astype(self._input["dtype"]))
        self._interpreter.invoke()
        values = self._interpreter.get_tensor(
            self._tensor
        )  # (N, D), or (2N, D): all faces, then mirror images
        return np.asarray(values.reshape(-1, len(batch), values.shape[-1]).mean(axis=0), np.float32)

"""What a network computes for one face, layer by layer, from its LiteRT file and without TensorFlow.

The file that ships has 8-bit weights, each standing for a number, and LiteRT rounds what goes into a layer to 8 bits
as well. Here the same numbers compute in float32 throughout, so that a convolution that is worked out by hand gives
the number that is shown. `LayerValues.difference` says how far the answer is from that of the shipped file.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fer_core.errors import N_, NetworkError
from fer_core.explanation.layers import Layer, Stage, stages_of
from fer_core.explanation.litert_graph import LitertGraph, UnknownGraphError
from fer_core.explanation.read_layers import read_layers
from fer_core.faces.images import FACE_SIZE


@dataclass(frozen=True, eq=False)
class LayerValues:
    """What each layer of a network holds for one face.

    Attributes:
        arrays: of each layer in their order, float32 (H, W, K) or (D,), behind its activation; read-only. For a
            network that averages a face with its mirror image: those of the face as it is.
        scores: float32 (C,), what the softmax takes.
        mirror_scores: the same for the mirror image; None where the network does not look at it.
        answer: float32 (C,), the probabilities that the network answers with when it computes in float32. With
            p and m the softmax of `scores` and `mirror_scores`, it is softmax(log((p + m) / 2) / T), T being the
            temperature; without mirror image that is softmax(scores / T).
        shipped_answer: float32 (C,), the answer of the file as it ships, with 8-bit weights.
    """

    arrays: tuple[np.ndarray, ...]
    scores: np.ndarray
    mirror_scores: np.ndarray | None
    answer: np.ndarray
    shipped_answer: np.ndarray

    def __getitem__(self, layer: int) -> np.ndarray:
        """The value of the layer with this index."""
        return self.arrays[layer]

    def __len__(self) -> int:
        return len(self.arrays)

    @property
    def difference(self) -> float:
        """The largest difference between a probability in `answer` and in `shipped_answer`."""
        return float(np.abs(self.answer - self.shipped_answer).max())


class NetworkReader:
    """The layers of one network and what they compute, kept loaded. May be shared by threads: calls wait.

    Args:
        content: the LiteRT file as it ships, (N, 48, 48, 1) grey 0-255 -> (N, C).
        labels: C codes in the order of the outputs.
        name: of the network, for the error.

    Attributes:
        labels: as given.
        layers: in order of computation, from the input to the softmax.
        stages: the same in the groups that a reader sees.
        mirror: whether the network averages its answer for a face with that for its mirror image.
        temperature: that divides the scores before the last softmax; 1 where it was not calibrated.

    Raises:
        NetworkError: the network has a part that is not known here.
    """

    def __init__(self, content: bytes, labels: Sequence[str], name: str = "") -> None:
        from ai_edge_litert.interpreter import Interpreter

        try:
            graph = LitertGraph(content)
            read = read_layers(graph)
        except UnknownGraphError as error:
            raise NetworkError(
                N_("The network “{name}” has layers that cannot be shown one by one."), name=name
            ) from error
        self.labels = tuple(labels)
        self.layers: tuple[Layer, ...] = read.layers
        self.stages: tuple[Stage, ...] = stages_of(read.layers)
        self.mirror = read.mirror
        self.temperature = read.temperature
        self._tensors = read.tensors
        in_float = graph.with_outputs(read.tensors[1:], in_float=True)
        self._shipped = Interpreter(model_content=content, num_threads=1)
        self._float = Interpreter(model_content=in_float, num_threads=1)
        for interpreter in (self._shipped, self._float):
            interpreter.allocate_tensors()
        self._lock = threading.Lock()

    def stage(self, name: str) -> Stage | None:
        """The stage of that name; None where the network has none."""
        return next((stage for stage in self.stages if stage.name == name), None)

    @property
    def multiply_accumulates(self) -> int:
        """For one answer, as in the metadata: twice those of the layers where the mirror image goes through, too."""
        return sum(layer.multiply_accumulates for layer in self.layers) * (2 if self.mirror else 1)

    def run(self, face_gray: np.ndarray) -> LayerValues:
        """What every layer holds for a face.

        Args:
            face_gray: uint8 (48, 48), 0-255.

        Raises:
            ValueError: another shape or dtype; the message says what was received.
        """
        if face_gray.dtype != np.uint8 or face_gray.shape != (FACE_SIZE, FACE_SIZE):
            raise ValueError(f"Expected uint8 (48, 48). Received: {face_gray.dtype} {face_gray.shape}")
        batch = face_gray[None, ..., None].astype(np.float32)  # (48, 48) -> (1, 48, 48, 1)
        answers = []
        with self._lock:
            for interpreter in (self._shipped, self._float):
                interpreter.set_tensor(interpreter.get_input_details()[0]["index"], batch)
                interpreter.invoke()
                answers.append(interpreter.get_tensor(interpreter.get_output_details()[0]["index"])[0])
            found = [self._float.get_tensor(tensor) for tensor in self._tensors]
        arrays = []
        for value in found:
            # One row, or two: the face and its mirror image. A copy, so that the other row is not kept.
            array = np.array(value[0], np.float32)
            array.setflags(write=False)
            arrays.append(array)
        scores = self.layers[-1].inputs[0]
        return LayerValues(
            tuple(arrays),
            arrays[scores],
            np.array(found[scores][1], np.float32) if self.mirror else None,
            answers[1],
            answers[0],
        )

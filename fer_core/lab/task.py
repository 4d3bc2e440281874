"""What goes to the process that trains, and what comes back from it: frozen values that can be pickled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from fer_core.errors import N_, RautError, TrainingError
from fer_core.lab.network import End
from fer_core.lab.settings import LabSettings

FACE_SHAPE: Final = (48, 48)
MOST_SHOWN: Final = 100
"""Test faces whose answers are shown while it learns."""

MOST_LEARNT_SHOWN: Final = 12
"""Faces of the newest batch that are named in a `Progress`."""


class LabTaskError(TrainingError):
    """Faces that nothing can be learnt from; the sentence says what is missing."""


@dataclass(frozen=True, eq=False)
class FaceSet:
    """Faces with their classes.

    Attributes:
        faces_gray: uint8 (N, 48, 48), 0-255; N may be 0.
        labels: int64 (N,), positions in the classes.
        origins: int64 (N,), what each face comes from: the burst or photo, or the row of `fer2013.csv`.

    Raises:
        ValueError: another shape or type.
    """

    faces_gray: np.ndarray
    labels: np.ndarray
    origins: np.ndarray

    def __post_init__(self) -> None:
        count = len(self.faces_gray)
        for name, values, shape, kind in (
            ("faces_gray", self.faces_gray, (count, *FACE_SHAPE), np.uint8),
            ("labels", self.labels, (count,), np.int64),
            ("origins", self.origins, (count,), np.int64),
        ):
            if values.shape != shape or values.dtype != kind:
                raise ValueError(
                    f"{name}: expected {np.dtype(kind)} {shape}. Received: {values.dtype} {values.shape}"
                )

    def __len__(self) -> int:
        return len(self.labels)

    def counts(self, classes: int) -> tuple[int, ...]:
        """Faces of each class."""
        return tuple(int(count) for count in np.bincount(self.labels, minlength=classes))


def no_faces() -> FaceSet:
    """A set without faces."""
    return FaceSet(np.zeros((0, *FACE_SHAPE), np.uint8), np.zeros(0, np.int64), np.zeros(0, np.int64))


@dataclass(frozen=True, eq=False)
class TrainingTask:
    """One training, complete.

    Attributes:
        settings: what is trained, and how.
        train: what is learnt from; every class has a face there.
        test: what is measured with, and never learnt from; may be empty.
        frames: faces beside those that are learnt, of the same bursts, for the flattering figure. None for FER2013,
            and where no burst has frames enough.
        shown: positions in `test` whose answers are sent after each epoch.

    Raises:
        LabTaskError: a class has nothing to learn from.
        ValueError: a label that is no class, a position outside the test.
    """

    settings: LabSettings
    train: FaceSet
    test: FaceSet
    frames: FaceSet | None = None
    shown: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        classes = len(self.settings.classes)
        for part in (self.train, self.test, self.frames):
            if part is not None and len(part) and not 0 <= part.labels.min() <= part.labels.max() < classes:
                raise ValueError(f"Expected labels of 0 to {classes - 1}. Received: {set(part.labels)}")
        if len(self.shown) > MOST_SHOWN or not all(0 <= place < len(self.test) for place in self.shown):
            raise ValueError(f"shown: expected up to {MOST_SHOWN} positions in {len(self.test)} faces")
        for name, count in zip(self.settings.classes, self.train.counts(classes), strict=True):
            if not count:
                raise LabTaskError(
                    N_("The class “{name}” has no face to learn from. Add some to it, or take it away."),
                    name=name,
                )


@dataclass(frozen=True, eq=False)
class BuildTask:
    """A LiteRT file of weights that are there, such as those of a file, or of the last epoch before a process died.

    For networks from scratch; `fer_core.lab.head.head_litert` makes the file of a head without this.

    Attributes:
        settings: of the training.
        weights: name to float32 values, as `fer_core.lab.cost.weight_shapes` demands.
        test, frames: faces to measure the file with.

    Raises:
        LabTaskError: the weights are not those of this network.
    """

    settings: LabSettings
    weights: Mapping[str, np.ndarray]
    test: FaceSet | None = None
    frames: FaceSet | None = None

    def __post_init__(self) -> None:
        from fer_core.lab.cost import weight_shapes

        expected = weight_shapes(self.settings.architecture, len(self.settings.classes))
        received = {name: values.shape for name, values in self.weights.items()}
        if self.settings.method != "scratch" or received != expected:
            raise LabTaskError(N_("These weights do not belong to this network. Load another file."))
        if not all(
            values.dtype == np.float32 and np.isfinite(values).all() for values in self.weights.values()
        ):
            raise LabTaskError(N_("These weights hold values that are no numbers. Load another file."))


# --- to the process, besides the tasks -------------------------------------------------------------------


@dataclass(frozen=True)
class Prepare:
    """Load what a training from scratch needs, which takes seconds; answered with `Loaded`."""


@dataclass(frozen=True)
class Stop:
    """End the training after the present step, and keep what there is. Ignored where nothing is trained."""


ToWorker = TrainingTask | BuildTask | Prepare | Stop

# --- from the process ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Loaded:
    """All that the training needs is loaded; it learns from here on."""


@dataclass(frozen=True)
class Progress:
    """How far an epoch is; at most four a second.

    Attributes:
        epoch: that is going on, from 1.
        epochs: in all.
        step: the newest one that is done in this epoch, from 1.
        steps: in an epoch.
        loss, accuracy: means over the steps of this epoch so far, of the faces as they were changed.
        learnt: positions in `TrainingTask.train` of faces in the newest batch, up to 12.
        seconds: since the first step was done, in which TensorFlow compiles the network.
    """

    epoch: int
    epochs: int
    step: int
    steps: int
    loss: float
    accuracy: float
    learnt: tuple[int, ...]
    seconds: float


@dataclass(frozen=True, eq=False)
class EpochDone:
    """An epoch is complete.

    Attributes:
        row: `epoch, loss, accuracy, val_loss, val_accuracy, learning_rate, seconds`, as in `history.csv`; `val_*` are
            of the test faces, NaN where there are none.
        shown_probabilities: float32 (S, C), for `TrainingTask.shown`.
        weights: name to float32 values after this epoch, so that it is kept when the process dies.
    """

    row: Mapping[str, float]
    shown_probabilities: np.ndarray
    weights: Mapping[str, np.ndarray]


@dataclass(frozen=True, eq=False)
class Trained:
    """A training is over, and its network is measured; the attributes are those of `LabNetwork` and `LabFigures`.

    Attributes:
        content: LiteRT file.
        weights: of the kept epoch.
        test_probabilities: float32 (N, C), by the LiteRT file.
        frames_probabilities: likewise; None without such faces.
        history: a row for each epoch.
        kept_epoch: the last one, from 1.
        seconds: of learning.
        machine: on which, in words.
        end: how it ended.
        base: id and SHA-256 of the network whose features a head reads; None for one from scratch.
    """

    content: bytes
    weights: Mapping[str, np.ndarray]
    test_probabilities: np.ndarray
    frames_probabilities: np.ndarray | None
    history: tuple[Mapping[str, float], ...]
    kept_epoch: int
    seconds: float
    machine: str
    end: End
    base: tuple[str, str] | None = None


@dataclass(frozen=True, eq=False)
class Built:
    """What a `BuildTask` gives.

    Attributes:
        content: LiteRT file.
        test_probabilities, frames_probabilities: float32 (N, C), by the LiteRT file; None where the task has no such
            faces.
    """

    content: bytes
    test_probabilities: np.ndarray | None
    frames_probabilities: np.ndarray | None


@dataclass(frozen=True)
class Refused:
    """A task could not be done, or nothing was learnt when it ended.

    Attributes:
        error: a sentence for the reader.
    """

    error: RautError


FromWorker = Loaded | Progress | EpochDone | Trained | Built | Refused

"""A network learnt from random weights with `fer_core.training`, told of step by step, all in memory.

Nothing is written to the disk: weights are kept after each epoch in memory, and the LiteRT file is made there, too.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from fer_core.errors import N_
from fer_core.lab.cost import weight_shapes
from fer_core.lab.litert import measured_answers
from fer_core.lab.network import End
from fer_core.lab.settings import Change, LabSettings
from fer_core.lab.task import (
    MOST_LEARNT_SHOWN,
    BuildTask,
    Built,
    EpochDone,
    FaceSet,
    LabTaskError,
    Loaded,
    Progress,
    Trained,
    TrainingTask,
)
from fer_core.machine import machine_description
from fer_core.networks import build_network
from fer_core.training.augmentation import MODERATE, STRONG, Augmentation
from fer_core.training.batches import AugmentedBatches, LabelledFaces
from fer_core.training.checkpoints import RunState
from fer_core.training.epochs import TrainingLoop, recipe_batches, run_epochs
from fer_core.training.fit import compiled_network, precision_and_seed
from fer_core.training.precision import default_precision
from fer_core.training.recipes.recipe import Recipe

if TYPE_CHECKING:
    import keras

PROGRESS_EVERY_S: Final = 0.25

_AUGMENTATIONS: Final[dict[Change, Augmentation]] = {
    "none": Augmentation(),
    "moderate": MODERATE,
    "strong": STRONG,
}


def load_tensorflow() -> None:
    """Import TensorFlow and Keras, which takes seconds."""
    os.environ["KERAS_BACKEND"] = "tensorflow"  # whatever recipes are trained with here
    import keras  # noqa: F401
    import tensorflow as tf  # noqa: F401


@dataclass(frozen=True)
class LabRecipe(Recipe):
    """A recipe whose classes are those of a class.

    Attributes:
        class_names: in output order.
    """

    class_names: tuple[str, ...] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        """Class codes or names, in output order."""
        return self.class_names


def lab_recipe(settings: LabSettings) -> LabRecipe:
    """The recipe that these settings mean.

    The last epoch is kept: test faces that chose one would flatter the figure that they give afterwards.
    """
    return LabRecipe(
        id="lab",
        title="Lab",
        summary="",
        architecture="blocks",
        options=_options(settings),
        task="fer2013",
        train_split="",
        choice_split="",
        report_splits=(),
        epochs=settings.epochs,
        batch_size=settings.batch_size,
        learning_rate=settings.learning_rate,
        schedule="cosine",
        warmup_epochs=min(1.0, settings.epochs / 10),
        keep="last",
        augmentation=_AUGMENTATIONS[settings.change],
        class_names=settings.classes,
    )


def _options(settings: LabSettings) -> dict[str, Any]:
    """What `fer_core.networks.blocks` takes."""
    options = asdict(settings.architecture)
    options["blocks"] = [(block.channels, block.convolutions) for block in settings.architecture.blocks]
    return options


def learn_from_scratch(
    task: TrainingTask,
    send: Callable[[Loaded | Progress | EpochDone], None],
    ends: Callable[[], End | None] = lambda: None,
    *,
    threads: int = 1,
) -> Trained:
    """Learn a network and measure it.

    The last complete epoch is kept. Where the first one is cut short, that counts as the first epoch, as far as it went.

    Args:
        task: of the method `scratch`.
        send: takes what is told meanwhile.
        ends: asked after each step; anything but None ends the training there.
        threads: of the processor, for measuring; TensorFlow's own are set by its variables.

    Raises:
        LabTaskError: it was ended before the first step, or its numbers overflowed.
    """
    load_tensorflow()
    import tensorflow as tf

    recipe = lab_recipe(task.settings)
    train, test = (LabelledFaces(part.faces_gray, part.labels) for part in (task.train, task.test))
    state = RunState(recipe.as_dict(), task.settings.seed, default_precision(), machine_description())
    batches = recipe_batches(recipe, train, state.seed)
    with precision_and_seed(state):
        model, learning_rate_at = compiled_network(recipe, state, batches.steps)
        observer = TrainingTold(task, model, batches, send, ends)
        send(Loaded())
        if ends() is not None:
            raise LabTaskError(N_("The training was ended before it had learnt anything. Start it again."))
        loop = TrainingLoop(recipe, model, learning_rate_at, Path(), writes=False, observer=observer)
        try:
            run_epochs(loop, train, test, state, recipe.epochs, show_progress=False)
        except (MemoryError, tf.errors.ResourceExhaustedError):
            if not observer.kept:
                raise
            observer.end = "memory"
    built = build(BuildTask(task.settings, observer.kept, task.test, task.frames), threads=threads)
    assert built.test_probabilities is not None
    return Trained(
        content=built.content,
        weights=observer.kept,
        test_probabilities=built.test_probabilities,
        frames_probabilities=built.frames_probabilities,
        history=tuple(state.history),
        kept_epoch=state.epochs_done,
        seconds=sum(row["seconds"] for row in state.history),
        machine=state.machine,
        end=observer.end or "finished",
    )


def build(task: BuildTask, *, threads: int = 1) -> Built:
    """Make the LiteRT file of weights that are there, and measure it where the task has faces."""
    load_tensorflow()
    from fer_core.store.export import litert_bytes_in_memory

    model = build_network("blocks", len(task.settings.classes), portable=True, **_options(task.settings))
    for variable in model.variables:
        if variable.path in task.weights:
            variable.assign(task.weights[variable.path])
    content = litert_bytes_in_memory(model)

    def answers(faces: FaceSet | None) -> np.ndarray | None:
        return None if faces is None else measured_answers(content, faces, threads)

    return Built(content, answers(task.test), answers(task.frames))


class TrainingTold:
    """Tells how far a training is, keeps the weights of the last complete epoch, and ends the training when told to.

    A `fer_core.training.progress.TrainingObserver`.

    Args:
        task: what is learnt.
        model: that learns.
        batches: of the training.
        send: takes what is told.
        ends: asked after each step; anything but None ends the training.

    Attributes:
        kept: name to float32 values of the weights after the last epoch; empty before.
        end: how it was ended; None where it was not.
    """

    def __init__(
        self,
        task: TrainingTask,
        model: keras.Model,
        batches: AugmentedBatches,
        send: Callable[[Loaded | Progress | EpochDone], None],
        ends: Callable[[], End | None],
    ) -> None:
        self._task = task
        self._model = model
        self._batches = batches
        self._send = send
        self._ends = ends
        self._names = weight_shapes(task.settings.architecture, len(task.settings.classes))
        self._shown = task.test.faces_gray[list(task.shown), ..., None].astype(np.float32)
        self._order_of = (-1, np.zeros(0, np.int64))  # epoch, its order
        self._began_s: float | None = None
        self._told_s = -np.inf
        self.kept: dict[str, np.ndarray] = {}
        self.end: End | None = None

    def step_done(self, epoch: int, step: int, figures: Mapping[str, Any]) -> bool:
        """Tell of a step, if it is time to, and say whether to go on."""
        now_s = time.monotonic()
        if self._began_s is None:
            self._began_s = now_s
        if now_s - self._told_s >= PROGRESS_EVERY_S:
            self._told_s = now_s
            loss = float(figures["loss"])
            _check_finite(np.array(loss))
            self._send(
                Progress(
                    epoch + 1,
                    self._task.settings.epochs,
                    step + 1,
                    self._batches.steps,
                    loss,
                    float(figures["accuracy"]),
                    self._learnt(epoch, step),
                    now_s - self._began_s,
                )
            )
        self.end = self._ends()
        return self.end is None

    def epoch_done(self, row: Mapping[str, float]) -> None:
        """Keep the weights and tell of the epoch."""
        weights = {
            variable.path: variable.numpy().astype(np.float32)
            for variable in self._model.variables
            if variable.path in self._names
        }
        _check_finite(*weights.values())
        self.kept = weights
        shown = np.zeros((0, len(self._task.settings.classes)), np.float32)
        if len(self._shown):
            shown = np.asarray(self._model(self._shown, training=False), np.float32)
        self._send(EpochDone(row, shown, self.kept))

    def _learnt(self, epoch: int, step: int) -> tuple[int, ...]:
        if self._order_of[0] != epoch:
            self._order_of = (epoch, self._batches.order(epoch))
        start = step * self._batches.batch_size
        return tuple(
            map(int, self._order_of[1][start : start + min(MOST_LEARNT_SHOWN, self._batches.batch_size)])
        )


def _check_finite(*values: np.ndarray) -> None:
    if not all(np.isfinite(each).all() for each in values):
        raise LabTaskError(
            N_(
                "The network has learnt in steps so large that its numbers overflowed. Lower the learning rate."
            )
        )

"""The epochs of a training: one call of `model.fit` each.

Between two of them the loop validates with averaged weights and writes a checkpoint from which a killed
training goes on as if nothing had happened.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from fer_core.training.backends.cuda_graph import CHECKPOINT_SECONDS, CudaGraphTraining, cuda_graphs_available
from fer_core.training.backends.data_parallel import without_distribution
from fer_core.training.batches import (
    WHOLE_BATCH,
    AugmentedBatches,
    BatchShard,
    LabelledFaces,
    Teacher,
    as_fit_input,
    choice_batches,
    epoch_batches,
    steps_per_epoch,
)
from fer_core.training.checkpoints import BEST_FILE, RunState, save_checkpoint, save_weights
from fer_core.training.history import COMPANION
from fer_core.training.prefetch import EpochPrefetcher
from fer_core.training.progress import TrainingObserver, TrainingProgress, observer_callback
from fer_core.training.recipes.recipe import Recipe

if TYPE_CHECKING:
    import keras

CHOICE_BATCH = 256
"""Faces a step where the epoch is chosen."""


@dataclass(frozen=True)
class TrainingLoop:
    """The settings that all epochs of a training share.

    Attributes:
        recipe: what is trained.
        model: compiled; where the run goes on, with the weights and the optimiser of its checkpoint.
        learning_rate_at: from the step to its learning rate.
        run_dir: folder of the checkpoints.
        shard: the part of each batch that this process computes.
        writes: this process writes the run folder and shows how far the training is.
        teacher: answers for the faces of a step in place of labels and votes, where the recipe has teachers.
        observer: is told of every step and epoch, and may end the training.
    """

    recipe: Recipe
    model: keras.Model
    learning_rate_at: Callable[[int], Any]
    run_dir: Path
    shard: BatchShard = WHOLE_BATCH
    writes: bool = True
    teacher: Teacher | None = None
    observer: TrainingObserver | None = None


def run_epochs(
    loop: TrainingLoop,
    train_faces: LabelledFaces,
    choice_faces: LabelledFaces,
    state: RunState,
    stop_after: int,
    *,
    show_progress: bool,
) -> None:
    """Go on until `stop_after` epochs are complete or the observer ends it; each leaves a row in `state.history`.

    Args:
        loop: network, recipe and folder.
        train_faces, choice_faces: what is learnt, and what picks the epoch.
        state: of the epochs so far; changed in place.
        stop_after: complete epochs in all.
        show_progress: a bar with the time left on standard error.

    Raises:
        TrainingError: the disk is full.
    """
    import keras

    recipe, model = loop.recipe, loop.model
    score = _scorer(loop, choice_faces)
    averages = keras.callbacks.SwapEMAWeights(swap_on_epoch=True) if recipe.average_momentum else None
    steps = steps_per_epoch(len(train_faces.labels), recipe.batch_size)
    progress = TrainingProgress(
        recipe.id, state.epochs_done, stop_after, steps, recipe.batch_size, show_progress and loop.writes
    )
    checkpoint_writer = _CheckpointWriter(loop)
    with progress, _epoch_trainer(loop, train_faces, state.seed, stop_after, progress) as train_epoch:
        for epoch in range(state.epochs_done, stop_after):
            started = time.perf_counter()
            learnt_figures = train_epoch(epoch)
            if model.stop_training and state.history:
                return
            with _averaged_weights(averages, model, epoch):
                scores = score()
                accuracies = [value for name, value in scores.items() if name.endswith("accuracy")]
                accuracy = float(np.mean(accuracies))  # over the heads
                if accuracy > state.best_accuracy or recipe.keep == "last":
                    state.best_epoch, state.best_accuracy = epoch + 1, accuracy
                    checkpoint_writer.keep_best()
            row: dict[str, float] = {"epoch": epoch + 1}
            for prefix, head in _column_and_keras_prefixes(model, recipe):
                row |= {
                    f"{prefix}loss": learnt_figures[f"{head}loss"],
                    f"{prefix}accuracy": learnt_figures[f"{head}accuracy"],
                    f"{prefix}val_loss": scores[f"{head}loss"],
                    f"{prefix}val_accuracy": scores[f"{head}accuracy"],
                }
            row["learning_rate"] = float(loop.learning_rate_at(int(model.optimizer.iterations)))
            row["seconds"] = time.perf_counter() - started
            state.history.append(row)
            checkpoint_writer.epoch_done(state, last=epoch + 1 == stop_after)
            progress.epoch_done(row)
            if loop.observer is not None:
                loop.observer.epoch_done(row)
            if model.stop_training:
                return


class _CheckpointWriter:
    """Writes the best weights and a checkpoint after each epoch.

    Where a step is a CUDA graph, epochs take seconds, and so does writing; then the best weights wait in memory for the
    next checkpoint, so that the folder describes one epoch all the same.
    """

    def __init__(self, loop: TrainingLoop) -> None:
        self._loop = loop
        self._every = CHECKPOINT_SECONDS if cuda_graphs_available() else 0.0
        self._written = time.perf_counter()
        self._best: list[np.ndarray] | None = None

    def keep_best(self) -> None:
        """Keep the present weights of the network as the best so far."""
        if self._loop.writes:
            if self._every:
                self._best = self._loop.model.get_weights()
            else:
                self._write_best()

    def epoch_done(self, state: RunState, *, last: bool) -> None:
        """Write a checkpoint of the epoch that is complete, if it is time for one."""
        if not self._loop.writes or (not last and time.perf_counter() - self._written < self._every):
            return
        model = self._loop.model
        if self._best is not None:
            now = model.get_weights()
            model.set_weights(self._best)
            self._write_best()
            model.set_weights(now)
            self._best = None
        with without_distribution():
            save_checkpoint(self._loop.run_dir, model, state)
        self._written = time.perf_counter()

    def _write_best(self) -> None:
        with without_distribution():
            save_weights(self._loop.run_dir / BEST_FILE, self._loop.model)


@contextmanager
def _epoch_trainer(
    loop: TrainingLoop, train_faces: LabelledFaces, seed: int, stop_after: int, progress: TrainingProgress
) -> Iterator[Callable[[int], dict[str, float]]]:
    """A function that learns one epoch, counted from 0, and gives its figures by the names of Keras."""
    recipe = loop.recipe
    batches_of_epochs = recipe_batches(recipe, train_faces, seed, loop.shard)
    if cuda_graphs_available() and loop.shard == WHOLE_BATCH:
        with EpochPrefetcher(batches_of_epochs, stop_after - 1) as prefetcher:
            cuda_graph_training = CudaGraphTraining(
                loop.model, loop.learning_rate_at, prefetcher, loop.teacher
            )
            yield lambda epoch: cuda_graph_training.epoch(
                epoch, recipe.face_size(epoch), recipe.face_size(epoch + 1), progress.step
            )
        return

    def train_epoch(epoch: int) -> dict[str, float]:
        callbacks = [progress.callback()]
        if loop.observer is not None:
            callbacks.append(observer_callback(loop.observer, epoch))
        return fit_epoch(
            loop.model, recipe, batches_of_epochs, epoch, teacher=loop.teacher, callbacks=callbacks
        )

    yield train_epoch


def recipe_batches(
    recipe: Recipe, train_faces: LabelledFaces, seed: int, shard: BatchShard = WHOLE_BATCH
) -> AugmentedBatches:
    """The batches that a recipe trains on, from this seed."""
    return AugmentedBatches(
        train_faces.faces_gray, train_faces.targets(recipe), recipe.batch_size, recipe.augmentation, seed, recipe.mixing,
        shard,
    )  # fmt: skip


def fit_epoch(
    model: keras.Model,
    recipe: Recipe,
    batches_of_epochs: AugmentedBatches,
    epoch: int,
    *,
    teacher: Teacher | None = None,
    callbacks: Sequence[Any] = (),
) -> dict[str, float]:
    """Train one epoch, counted from 0; its losses and accuracies by the names that Keras gives them."""
    batches = epoch_batches(batches_of_epochs, epoch, face_size=recipe.face_size(epoch), teacher=teacher)
    _reseed_dropout(model, batches_of_epochs.seed, epoch)
    fitted = model.fit(as_fit_input(batches), epochs=1, shuffle=False, verbose=0, callbacks=list(callbacks))
    return {name: float(values[-1]) for name, values in fitted.history.items()}


def _scorer(loop: TrainingLoop, choice_faces: LabelledFaces) -> Callable[[], dict[str, float]]:
    """A function that measures the network, as it is then, on the faces that choose the epoch.

    Each device measures its part of them.
    """
    devices = loop.shard.devices
    count = len(choice_faces.labels)
    targets = choice_faces.targets(loop.recipe)

    def score() -> dict[str, float]:
        if not count:
            return dict.fromkeys(("loss", "accuracy"), float("nan"))
        batches, padded = choice_batches(
            choice_faces.faces_gray,
            targets,
            batch_size=-(-CHOICE_BATCH // devices) * devices,
            shard=loop.shard,
        )
        scores = loop.model.evaluate(as_fit_input(batches), verbose=0, return_dict=True)
        # Keras divides a loss by all faces, also by those that fill up and weigh nothing.
        factor = padded / count
        return {
            name: float(value) * (factor if name.endswith("loss") else 1.0) for name, value in scores.items()
        }

    return score


@contextmanager
def _averaged_weights(averages: Any, model: keras.Model, epoch: int) -> Iterator[None]:
    """Inside, the network carries the moving average of its weights, if the recipe keeps one."""
    if averages is None:
        yield
        return
    averages.set_model(model)
    averages.set_params({"epochs": 0})  # there is no last epoch at which it would overwrite the weights
    averages.on_epoch_end(epoch)  # swaps the averages in
    try:
        yield
    finally:
        averages.on_epoch_begin(epoch)  # and out again


def _column_and_keras_prefixes(model: keras.Model, recipe: Recipe) -> list[tuple[str, str]]:
    """For each head: how its columns in the history begin, and how Keras begins the names of its figures."""
    if not recipe.companion:
        return [("", "")]
    first, second = model.output_names
    return [("", f"{first}_"), (COMPANION, f"{second}_")]


def _reseed_dropout(model: keras.Model, seed: int, epoch: int) -> None:
    """Checkpoints do not carry the state of random layers, so each epoch begins with one of its own."""
    for variable in model.variables:
        if variable.path.endswith("seed_generator_state"):
            variable.assign(np.array([seed, epoch], np.uint32))

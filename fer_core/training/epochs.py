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

from fer_core.training.backends.cuda_graph import CHECKPOINT_SECONDS, RecordedTraining, can_record
from fer_core.training.backends.data_parallel import undistributed
from fer_core.training.batches import (
    WHOLE,
    ChangedFaces,
    LabelledFaces,
    Share,
    Teach,
    choice_batches,
    epoch_batches,
    fed,
    steps_per_epoch,
)
from fer_core.training.checkpoints import BEST_FILE, RunState, save_checkpoint, save_weights
from fer_core.training.history import COMPANION
from fer_core.training.prefetch import EpochsAhead
from fer_core.training.recipes.recipe import Recipe

if TYPE_CHECKING:
    import keras

    from fer_core.training.progress import TrainingProgress

CHOICE_BATCH = 256
"""Faces a step where the epoch is chosen."""


@dataclass(frozen=True)
class Loop:
    """What all epochs of a training share.

    Attributes:
        recipe: what is trained.
        model: compiled; where the run goes on, with the weights and the optimiser of its checkpoint.
        learning_rate_at: from the step to its learning rate.
        run_dir: folder of the checkpoints.
        share: the part of each batch that this process computes.
        writes: this process writes the run folder and shows how far the training is.
        teach: answers for the faces of a step in place of labels and votes, where the recipe has teachers.
    """

    recipe: Recipe
    model: keras.Model
    learning_rate_at: Callable[[int], Any]
    run_dir: Path
    share: Share = WHOLE
    writes: bool = True
    teach: Teach | None = None


def run_epochs(
    loop: Loop,
    learnt: LabelledFaces,
    chosen: LabelledFaces,
    state: RunState,
    stop_after: int,
    *,
    show_progress: bool,
) -> None:
    """Go on until `stop_after` epochs are complete; each one leaves a row in `state.history`.

    Args:
        loop: network, recipe and folder.
        learnt, chosen: what is learnt, and what picks the epoch.
        state: of the epochs so far; changed in place.
        stop_after: complete epochs in all.
        show_progress: a bar with the time left on standard error.

    Raises:
        TrainingError: the disk is full.
    """
    import keras

    from fer_core.training.progress import TrainingProgress

    recipe, model = loop.recipe, loop.model
    score = _scorer(loop, chosen)
    averages = keras.callbacks.SwapEMAWeights(swap_on_epoch=True) if recipe.average_momentum else None
    steps = steps_per_epoch(len(learnt.labels), recipe.batch_size)
    progress = TrainingProgress(
        recipe.id, state.epochs_done, stop_after, steps, recipe.batch_size, show_progress and loop.writes
    )
    kept = _Kept(loop)
    with progress, _learner(loop, learnt, state.seed, stop_after, progress) as learn:
        for epoch in range(state.epochs_done, stop_after):
            started = time.perf_counter()
            figures = learn(epoch)
            with _averaged(averages, model, epoch):
                scores = score()
                accuracies = [value for name, value in scores.items() if name.endswith("accuracy")]
                accuracy = float(np.mean(accuracies))  # over the heads
                if accuracy > state.best_accuracy or recipe.keep == "last":
                    state.best_epoch, state.best_accuracy = epoch + 1, accuracy
                    kept.best()
            row: dict[str, float] = {"epoch": epoch + 1}
            for prefix, head in _prefixes(model, recipe):
                row |= {
                    f"{prefix}loss": figures[f"{head}loss"],
                    f"{prefix}accuracy": figures[f"{head}accuracy"],
                    f"{prefix}val_loss": scores[f"{head}loss"],
                    f"{prefix}val_accuracy": scores[f"{head}accuracy"],
                }
            row["learning_rate"] = float(loop.learning_rate_at(int(model.optimizer.iterations)))
            row["seconds"] = time.perf_counter() - started
            state.history.append(row)
            kept.epoch(state, last=epoch + 1 == stop_after)
            progress.epoch_done(state.history[-1])


class _Kept:
    """What a training writes: its best weights and a checkpoint, after each epoch.

    Where a step is recorded, epochs take seconds, and so does writing; then the best weights wait in memory for the
    next checkpoint, so that the folder describes one epoch all the same.
    """

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._every = CHECKPOINT_SECONDS if can_record() else 0.0
        self._written = time.perf_counter()
        self._best: list[np.ndarray] | None = None

    def best(self) -> None:
        """The weights of the network as they are now are the best so far."""
        if self._loop.writes:
            if self._every:
                self._best = self._loop.model.get_weights()
            else:
                self._write_best()

    def epoch(self, state: RunState, *, last: bool) -> None:
        """An epoch is complete."""
        if not self._loop.writes or (not last and time.perf_counter() - self._written < self._every):
            return
        model = self._loop.model
        if self._best is not None:
            now = model.get_weights()
            model.set_weights(self._best)
            self._write_best()
            model.set_weights(now)
            self._best = None
        with undistributed():
            save_checkpoint(self._loop.run_dir, model, state)
        self._written = time.perf_counter()

    def _write_best(self) -> None:
        with undistributed():
            save_weights(self._loop.run_dir / BEST_FILE, self._loop.model)


@contextmanager
def _learner(
    loop: Loop, learnt: LabelledFaces, seed: int, stop_after: int, progress: TrainingProgress
) -> Iterator[Callable[[int], dict[str, float]]]:
    """A function that learns one epoch, counted from 0, and gives its figures by the names of Keras."""
    recipe = loop.recipe
    changed = changed_faces(recipe, learnt, seed, loop.share)
    if can_record() and loop.share == WHOLE:
        with EpochsAhead(changed, stop_after - 1) as ahead:
            recorded = RecordedTraining(loop.model, loop.learning_rate_at, ahead, loop.teach)
            yield lambda epoch: recorded.epoch(
                epoch, recipe.face_size(epoch), recipe.face_size(epoch + 1), progress.step
            )
        return
    yield lambda epoch: fit_epoch(
        loop.model, recipe, changed, epoch, teach=loop.teach, callbacks=[progress.callback()]
    )


def changed_faces(recipe: Recipe, learnt: LabelledFaces, seed: int, share: Share = WHOLE) -> ChangedFaces:
    """The batches of a recipe."""
    return ChangedFaces(
        learnt.faces_gray, learnt.targets(recipe), recipe.batch_size, recipe.augmentation, seed, recipe.mixing,
        share,
    )  # fmt: skip


def fit_epoch(
    model: keras.Model,
    recipe: Recipe,
    changed: ChangedFaces,
    epoch: int,
    *,
    teach: Teach | None = None,
    callbacks: Sequence[Any] = (),
) -> dict[str, float]:
    """One epoch of learning, `epoch` counted from 0: its losses and accuracies by the names Keras gives them."""
    batches = epoch_batches(changed, epoch, face_size=recipe.face_size(epoch), teach=teach)
    _reseed_dropout(model, changed.seed, epoch)
    fitted = model.fit(fed(batches), epochs=1, shuffle=False, verbose=0, callbacks=list(callbacks))
    return {name: float(values[-1]) for name, values in fitted.history.items()}


def _scorer(loop: Loop, chosen: LabelledFaces) -> Callable[[], dict[str, float]]:
    """A function that measures the network, as it is then, on the faces that choose the epoch.

    Each device measures its part of them.
    """
    devices = loop.share.devices
    count = len(chosen.labels)
    targets = chosen.targets(loop.recipe)

    def score() -> dict[str, float]:
        batches, padded = choice_batches(
            chosen.faces_gray, targets, batch_size=-(-CHOICE_BATCH // devices) * devices, share=loop.share
        )
        scores = loop.model.evaluate(fed(batches), verbose=0, return_dict=True)
        # Keras divides a loss by all faces, also by those that fill up and weigh nothing.
        factor = padded / count
        return {
            name: float(value) * (factor if name.endswith("loss") else 1.0) for name, value in scores.items()
        }

    return score


@contextmanager
def _averaged(averages: Any, model: keras.Model, epoch: int) -> Iterator[None]:
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


def _prefixes(model: keras.Model, recipe: Recipe) -> list[tuple[str, str]]:
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

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

from .batches import (
    WHOLE,
    LabelledFaces,
    Share,
    choice_batches,
    epoch_batches,
    fed,
    steps_per_epoch,
)
from .checkpoints import BEST_FILE, RunState, save_checkpoint, save_weights
from .distributed import undistributed
from .history import COMPANION
from .recipe import Recipe

if TYPE_CHECKING:
    import keras

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
    teach: Callable[[np.ndarray], Sequence[np.ndarray]] | None = None


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

    from .progress import TrainingProgress

    recipe, model = loop.recipe, loop.model
    targets = learnt.targets(recipe)
    score = _scorer(loop, chosen)
    averages = keras.callbacks.SwapEMAWeights(swap_on_epoch=True) if recipe.average_momentum else None
    steps = steps_per_epoch(len(learnt.labels), recipe.batch_size)
    progress = TrainingProgress(
        recipe.id, state.epochs_done, stop_after, steps, recipe.batch_size, show_progress and loop.writes
    )
    with progress:
        for epoch in range(state.epochs_done, stop_after):
            started = time.perf_counter()
            figures = fit_epoch(
                model, recipe, learnt.faces_gray, targets, seed=state.seed, epoch=epoch, share=loop.share,
                teach=loop.teach, callbacks=[progress.callback()],
            )  # fmt: skip
            with _averaged(averages, model, epoch):
                scores = score()
                accuracies = [value for name, value in scores.items() if name.endswith("accuracy")]
                accuracy = float(np.mean(accuracies))  # over the heads
                if accuracy > state.best_accuracy or recipe.keep == "last":
                    state.best_epoch, state.best_accuracy = epoch + 1, accuracy
                    if loop.writes:
                        with undistributed():
                            save_weights(loop.run_dir / BEST_FILE, model)
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
            if loop.writes:
                with undistributed():
                    save_checkpoint(loop.run_dir, model, state)
            progress.epoch_done(state.history[-1])


def fit_epoch(
    model: keras.Model,
    recipe: Recipe,
    faces_gray: np.ndarray,
    targets: Sequence[np.ndarray],
    *,
    seed: int,
    epoch: int,
    share: Share = WHOLE,
    teach: Callable[[np.ndarray], Sequence[np.ndarray]] | None = None,
    callbacks: Sequence[Any] = (),
) -> dict[str, float]:
    """One epoch of learning, `epoch` counted from 0: its losses and accuracies by the names Keras gives them."""
    batches = epoch_batches(
        faces_gray, targets, batch_size=recipe.batch_size, augmentation=recipe.augmentation, seed=seed,
        epoch=epoch, face_size=recipe.face_size(epoch), mixing=recipe.mixing, teach=teach, share=share,
    )  # fmt: skip
    _reseed_dropout(model, seed, epoch)
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

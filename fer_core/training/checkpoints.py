"""Checkpoints of a training: one an epoch, the last two kept, each written whole or not at all.

A run folder holds `checkpoint-0007.keras` (network, optimiser and averaged weights after seven epochs),
`best.weights.h5` (weights of the best epoch so far), `averaged.weights.h5` (their mean with those of other runs,
where the recipe says so, once all epochs are done) and `state.json` (recipe, seed, history). `state.json`
is replaced last, so whenever a training is killed the folder describes the last epoch that is complete.
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fer_core.errors import N_, TrainingError

if TYPE_CHECKING:
    import keras

STATE_FILE = "state.json"
BEST_FILE = "best.weights.h5"
AVERAGED_FILE = "averaged.weights.h5"


@dataclass
class RunState:
    """What a training needs to go on besides the checkpoint itself."""

    recipe: dict[str, Any]
    seed: int
    precision: str
    machine: str = ""
    history: list[dict[str, float]] = field(default_factory=list)
    best_epoch: int = 0
    best_accuracy: float = -1.0
    weights: str | None = None
    built_on: dict[str, str] = field(default_factory=dict)
    """SHA-256 of the weights of each recipe that this one builds on."""

    @property
    def epochs_done(self) -> int:
        """Complete epochs so far."""
        return len(self.history)


def checkpoint_file(run_dir: Path, epoch: int) -> Path:
    """Path of the checkpoint after `epoch` epochs."""
    return run_dir / f"checkpoint-{epoch:04d}.keras"


@contextmanager
def sentences_for_disk_errors(run_dir: Path) -> Iterator[None]:
    """Turn a full or read-only disk into a sentence."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise TrainingError(
                N_("The disk is full, so {folder} could not be written. Free some space and run it again "
                   "with --resume: all complete epochs are kept."),
                folder=run_dir,
            ) from error  # fmt: skip
        raise TrainingError(
            N_("The folder {folder} cannot be written ({reason}). Choose another one with --run-dir."),
            folder=run_dir,
            reason=error.strerror or type(error).__name__,
        ) from error


def write_whole(path: Path, write: Callable[[Path], None]) -> None:
    """Let `write` fill a neighbouring file, then put it in place in one step."""
    # The ending stays: Keras chooses the format by it.
    partial = path.with_name("partial-" + path.name)
    try:
        write(partial)
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def save_checkpoint(run_dir: Path, model: keras.Model, state: RunState) -> None:
    """Store the training after its newest epoch, and forget the checkpoint before the last."""
    epoch = state.epochs_done
    with sentences_for_disk_errors(run_dir):
        write_whole(checkpoint_file(run_dir, epoch), lambda path: model.save(path))
        text = json.dumps(state.__dict__, indent=1)
        write_whole(run_dir / STATE_FILE, lambda path: _write_text(path, text))
        for old in sorted(run_dir.glob("checkpoint-*.keras"))[:-2]:
            old.unlink()


def load_state(run_dir: Path) -> RunState | None:
    """The state of a run, or None where none was begun.

    Raises:
        TrainingError: `state.json` is there but is not one.
    """
    path = run_dir / STATE_FILE
    if not path.exists():
        return None
    try:
        return RunState(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise TrainingError(
            N_("{file} is damaged, so this training cannot go on. Delete {folder} and start again."),
            file=STATE_FILE,
            folder=run_dir,
        ) from error


def load_checkpoint(run_dir: Path, state: RunState, model: keras.Model) -> None:
    """Restore weights, optimiser and averages of the last complete epoch into a compiled `model`.

    Raises:
        TrainingError: the checkpoint is missing or damaged, or belongs to another network.
    """
    import keras

    path = checkpoint_file(run_dir, state.epochs_done)
    try:
        # compile=True builds the optimiser of the file, whose variables are then copied over.
        from fer_core.networks.layers import custom_objects as layer_objects

        from .optimizers import custom_objects as optimizer_objects

        known = {**layer_objects(), **optimizer_objects()}
        stored = keras.saving.load_model(path, custom_objects=known, compile=True)
        model.set_weights(stored.get_weights())
        model.optimizer.build(model.trainable_variables)
        for variable, value in zip(model.optimizer.variables, stored.optimizer.variables, strict=True):
            variable.assign(value)
    except Exception as error:  # Keras raises whatever the broken byte happens to hit
        raise TrainingError(
            N_("The checkpoint {file} cannot be read. Delete it together with {state}, or the whole folder "
               "{folder}, and start again."),
            file=path.name,
            state=STATE_FILE,
            folder=run_dir,
        ) from error  # fmt: skip

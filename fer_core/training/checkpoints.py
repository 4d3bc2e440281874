"""Checkpoints of a training: one an epoch, the last two kept, each written whole or not at all.

A run folder holds `checkpoint-0007.keras` (network, optimiser and averaged weights after seven epochs),
`best.weights.h5` (weights of the best epoch so far), `averaged.weights.h5` (their mean with those of other runs,
where the recipe says so, once all epochs are done) and `state.json` (recipe, seed, history). `state.json`
is replaced last, so whenever a training is killed the folder describes the last epoch that is complete.
"""

from __future__ import annotations

import errno
import io
import json
import logging
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fer_core.errors import N_, TrainingError
from fer_core.files import write_whole
from fer_core.json_files import read_json
from fer_core.networks.layers import fused_batch_normalization
from fer_core.store.facts import Facts, is_of
from fer_core.store.record import read_stage
from fer_core.training.optimizers import convolution_muon

if TYPE_CHECKING:
    import keras

STATE_FILE = "state.json"
BEST_FILE = "best.weights.h5"
AVERAGED_FILE = "averaged.weights.h5"

_log = logging.getLogger(__name__)


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
    stages: list[dict[str, Any]] = field(default_factory=list)
    """{"from_epoch", "machine"} for each machine, in order; [] in a run of before these were kept."""

    @classmethod
    def read(cls, stored: object) -> RunState:
        """The state from what `state.json` holds.

        Raises:
            ValueError: it has no recipe, seed or precision, something that is unknown here, or of another type.
        """
        facts = Facts(stored)
        if unknown := set(facts.stored) - {each.name for each in fields(cls)}:
            raise ValueError(f"unknown: {unknown}")
        recipe, seed, precision = (
            facts.one(key, kind) for key, kind in (("recipe", dict), ("seed", int), ("precision", str))
        )
        if recipe is None or seed is None or precision is None:
            raise ValueError("recipe, seed or precision is missing")
        history = list(facts.several("history", dict))
        for row in history:
            if not all(is_of(value, float | int) for value in row.values()) or "val_accuracy" not in row:
                raise ValueError(f"no figures of an epoch: {row}")
        best_epoch = facts.one("best_epoch", int) or 0
        if not 0 <= best_epoch <= len(history):
            raise ValueError(f"epoch {best_epoch} of {len(history)}")
        stages = list(facts.several("stages", dict))
        for stage in stages:
            read_stage(stage)
        accuracy = facts.one("best_accuracy", float | int)
        return cls(
            recipe=recipe,
            seed=seed,
            precision=precision,
            machine=facts.one("machine", str) or "",
            history=history,
            best_epoch=best_epoch,
            best_accuracy=-1.0 if accuracy is None else accuracy,
            weights=facts.one("weights", str),
            built_on=dict(facts.by_name("built_on", str)),
            stages=stages,
        )

    @property
    def epochs_done(self) -> int:
        """Complete epochs so far."""
        return len(self.history)

    @property
    def machines(self) -> tuple[str, ...]:
        """All that it ran on, in order; one that it came back to is there twice."""
        return tuple(stage["machine"] for stage in self.stages) or (self.machine,)

    def record_machine(self, machine: str) -> None:
        """Record the machine that the next epochs run on."""
        if not self.stages and self.epochs_done and self.machine:
            self.stages.append({"from_epoch": 1, "machine": self.machine})
        if not self.stages or self.stages[-1]["machine"] != machine:
            self.stages.append({"from_epoch": self.epochs_done + 1, "machine": machine})
        self.machine = machine


def checkpoint_file(run_dir: Path, epoch: int) -> Path:
    """Path of the checkpoint after `epoch` epochs."""
    return run_dir / f"checkpoint-{epoch:04d}.keras"


@contextmanager
def disk_errors_as_sentences(run_dir: Path) -> Iterator[None]:
    """Inside, a full or read-only disk raises a `TrainingError` with a remedy."""
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


class _NamedBuffer(io.BytesIO):
    """A buffer in memory that Keras takes for a file of that name, by whose ending it chooses the format.

    On a full disk HDF5 fails with a RuntimeError of its own, and at the next attempt with a crash. So it never
    writes to the disk itself.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._file_name = path.name

    def __str__(self) -> str:
        return self._file_name


def save_weights(path: Path, model: keras.Model) -> None:
    """Store the weights of a network in a file of a run folder, `*.weights.h5`.

    Raises:
        TrainingError: the disk is full, or the folder cannot be written.
    """
    with disk_errors_as_sentences(path.parent):
        content = _NamedBuffer(path)
        model.save_weights(content)
        write_whole(path, content.getbuffer())


def save_checkpoint(run_dir: Path, model: keras.Model, state: RunState) -> None:
    """Store the training after its newest epoch, and delete all checkpoints but the last two."""
    epoch = state.epochs_done
    with disk_errors_as_sentences(run_dir):
        path = checkpoint_file(run_dir, epoch)
        content = _NamedBuffer(path)
        model.save(content)
        write_whole(path, content.getbuffer())
        write_whole(run_dir / STATE_FILE, json.dumps(state.__dict__, indent=1))
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
        return RunState.read(read_json(path, finite=False))
    except (OSError, ValueError) as error:
        raise TrainingError(
            N_("{file} is damaged, so this training cannot go on. Delete {folder} and start again."),
            file=STATE_FILE,
            folder=run_dir,
        ) from error


def fall_back_to_earlier_checkpoint(run_dir: Path, state: RunState) -> None:
    """Take the last epoch out of `state` where its checkpoint is missing or damaged and the one before is not.

    The figures of the best epoch stay, also where it was that one: they are those of the weights in `BEST_FILE`.

    Raises:
        TrainingError: neither can be read.
    """
    newest = checkpoint_file(run_dir, state.epochs_done)
    if _is_intact(newest):
        return
    if not _is_intact(checkpoint_file(run_dir, state.epochs_done - 1)):
        raise _unreadable(newest)
    _log.warning("The checkpoint %s is missing or damaged, so its epoch is trained again.", newest)
    state.history.pop()


def _is_intact(checkpoint: Path) -> bool:
    """Whether all checksums in a checkpoint, which is a zip archive, are right."""
    try:
        with zipfile.ZipFile(checkpoint) as archive:
            return archive.testzip() is None
    except (OSError, EOFError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error):
        return False


def _unreadable(checkpoint: Path) -> TrainingError:
    return TrainingError(
        N_("The checkpoint {file} cannot be read. Delete the whole folder {folder} and start again."),
        file=checkpoint.name,
        folder=checkpoint.parent,
    )


def custom_objects() -> dict[str, Any]:
    """What Keras needs to know to read a checkpoint: the classes of ours that may be in one, by name."""
    return {each.__name__: each for each in (fused_batch_normalization(), convolution_muon())}


def load_checkpoint(run_dir: Path, state: RunState, model: keras.Model) -> None:
    """Restore weights, optimiser and averages of the last complete epoch into a compiled `model`.

    Raises:
        TrainingError: the checkpoint is missing or damaged, or belongs to another network.
    """
    import keras

    path = checkpoint_file(run_dir, state.epochs_done)
    try:
        # compile=True builds the optimiser of the file, whose variables are then copied over.
        stored = keras.saving.load_model(path, custom_objects=custom_objects(), compile=True)
        model.set_weights(stored.get_weights())
        model.optimizer.build(model.trainable_variables)
        for variable, value in zip(model.optimizer.variables, stored.optimizer.variables, strict=True):
            variable.assign(value)
    except (
        OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, RuntimeError, zipfile.BadZipFile, zlib.error,
    ) as error:  # fmt: skip
        raise _unreadable(path) from error

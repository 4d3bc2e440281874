"""Folders that one process at a time may write: those of a training, and of a network that is exported."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from fer_core.errors import N_, TrainingError
from fer_core.locks import InUseError, locked_folder
from fer_core.training.checkpoints import disk_errors_as_sentences


@contextmanager
def only_training_in(run_dir: Path) -> Iterator[None]:
    """Inside, no other training writes this folder, which is there.

    Raises:
        TrainingError: one does already; the folder cannot be written.
    """
    with ExitStack() as stack:
        with disk_errors_as_sentences(run_dir):
            try:
                stack.enter_context(locked_folder(run_dir))
            except InUseError as error:
                raise TrainingError(
                    N_("Another training is going on in {folder}. Wait for its end, or choose another folder with "
                       "--run-dir."),
                    folder=run_dir,
                ) from error  # fmt: skip
        yield


@contextmanager
def only_export_to(folder: Path) -> Iterator[None]:
    """Inside, no other export writes this folder, so that all of its files are of one network; made where missing.

    Raises:
        TrainingError: one does already.
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        try:
            stack.enter_context(locked_folder(folder))
        except InUseError as error:
            raise TrainingError(
                N_("Another export to {folder} is going on. Wait for its end, then try again."), folder=folder
            ) from error
        yield

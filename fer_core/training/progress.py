"""Progress of a training: one bar with the time left and the throughput, one line an epoch."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol

from tqdm import tqdm

if TYPE_CHECKING:
    import keras


class TrainingObserver(Protocol):
    """Sees a training from beside it, and may end it between two steps. Not where a step is a CUDA graph."""

    def step_done(self, epoch: int, step: int, figures: Mapping[str, Any]) -> bool:
        """One more step is done.

        Args:
            epoch, step: counted from 0.
            figures: means over the steps of this epoch, by the names that Keras gives them.

        Returns:
            False to end the training here. An epoch that is not complete then leaves no row, but for the first one,
            which is measured as it is.
        """

    def epoch_done(self, row: Mapping[str, float]) -> None:
        """An epoch has its row in the history; the network has the weights that the row is of."""


def observer_callback(observer: TrainingObserver, epoch: int) -> keras.callbacks.Callback:
    """A callback that tells the observer of the steps of an epoch, counted from 0."""
    import keras

    class Observed(keras.callbacks.Callback):
        def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
            if not observer.step_done(epoch, batch, logs or {}):
                self.model.stop_training = True

    return Observed()


class TrainingProgress:
    """A bar over all steps that are left; also counts faces a second."""

    def __init__(
        self, name: str, epochs_done: int, epochs: int, steps: int, batch_size: int, visible: bool
    ) -> None:
        self._epochs = epochs
        self._steps = steps
        self._batch_size = batch_size
        self._bar = tqdm(
            total=epochs * steps,
            initial=epochs_done * steps,
            desc=name,
            unit="step",
            file=sys.stderr,
            disable=not visible,
            mininterval=2.0,
            smoothing=0.05,
        )

    def __enter__(self) -> TrainingProgress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.close()

    def step(self) -> None:
        """One more step is done."""
        self._bar.update(1)

    def callback(self) -> keras.callbacks.Callback:
        """A callback that moves the bar; one for each call of `fit`."""
        import keras

        step = self.step

        class Steps(keras.callbacks.Callback):
            def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
                step()

        return Steps()

    def epoch_done(self, row: dict[str, float]) -> None:
        """Print the epoch's row above the bar."""
        if self._bar.disable:
            return
        faces_per_second = self._steps * self._batch_size / row["seconds"]
        self._bar.write(
            f"epoch {int(row['epoch'])}/{self._epochs}  loss {row['loss']:.4f}  accuracy {row['accuracy']:.4f}"
            f"  val_loss {row['val_loss']:.4f}  val_accuracy {row['val_accuracy']:.4f}  "
            f"{row['seconds']:.0f} s  {faces_per_second:.0f} faces/s",
            file=sys.stderr,
        )

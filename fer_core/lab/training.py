"""One training of a desk, as a page sees it: whose turn it is, how far it is, and what came of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, Literal

import numpy as np

from fer_core.errors import RautError
from fer_core.lab.network import Answers, End, LabFigures, LabNetwork
from fer_core.lab.settings import LabSettings
from fer_core.lab.task import EpochDone, FaceSet, FromWorker, Progress, Trained, TrainingTask

Phase = Literal["waiting", "loading", "learning", "measuring", "ended"]
"""In the queue; the process loads what it needs; learns; measures and writes the network; over."""

MakeTask = Callable[[], TrainingTask]
"""Gathers the faces when it is a training's turn; its `RautError`s become the training's."""

LEAST_SECONDS: Final = 1.0
"""Before so long no time left is named."""

MOST_PROGRESS: Final = 600
"""Points of a curve that a chart can show; beyond it every second one is left out."""


class LabTraining:
    """One training. Read by pages, and written by the thread that supervises it (`fer_core.lab.supervision`).

    Attributes:
        settings: of it.
        name: of the network that will come of it.
    """

    def __init__(
        self, settings: LabSettings, name: str, network_id: str, position: Callable[[], int] = lambda: 0
    ) -> None:
        self.settings, self.name = settings, name
        self._network_id = network_id
        self._position = position
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._over = threading.Event()
        self._abandoned = False
        self._phase: Phase = "waiting"
        self._task: TrainingTask | None = None
        self._progress: list[Progress] = []
        self._newest: Progress | None = None
        self._every, self._since = 1, 0
        self._rows: list[Mapping[str, float]] = []
        self._shown: list[np.ndarray] = []
        self._weights: Mapping[str, np.ndarray] | None = None
        self._error: RautError | None = None
        self._end: End | None = None
        self._network: LabNetwork | None = None

    # --- for pages ------------------------------------------------------------------------------------

    @property
    def running(self) -> bool:
        """It waits for its turn, or is at work."""
        return not self._over.is_set()

    @property
    def phase(self) -> Phase:
        """What it does just now."""
        return self._phase

    @property
    def position(self) -> int:
        """How many trainings of others are before it; 0: it is its turn, or it is over."""
        return self._position() if self._phase == "waiting" else 0

    @property
    def progress(self) -> list[Progress]:
        """How it went within epochs, in order: at most 600 points and the newest."""
        with self._lock:
            newest = self._newest
            points = list(self._progress)
        return points if newest is None or (points and points[-1] is newest) else [*points, newest]

    @property
    def rows(self) -> list[Mapping[str, float]]:
        """A row for each complete epoch, as in `history.csv`."""
        with self._lock:
            return list(self._rows)

    @property
    def task(self) -> TrainingTask | None:
        """The faces; None before its turn, and once they were forgotten."""
        return self._task

    @property
    def shown_probabilities(self) -> tuple[np.ndarray, ...]:
        """float32 (S, C) each: answers to the test faces that are shown, after the epoch before the newest one and after
        the newest one; fewer before there are so many."""
        with self._lock:
            return tuple(self._shown)

    @property
    def learnt(self) -> tuple[int, ...]:
        """Positions in `task.train` of faces in the newest batch."""
        newest = self._newest
        return newest.learnt if newest is not None else ()

    @property
    def seconds_left(self) -> float | None:
        """About how long it still learns; None while nothing can be said."""
        newest = self._newest
        if newest is None or self._phase != "learning":
            return None
        # The first step, in which TensorFlow compiles, says nothing of the others, and is not in the seconds.
        done = (newest.epoch - 1) * newest.steps + newest.step
        if done < 2 or newest.seconds < LEAST_SECONDS:
            return None
        return newest.seconds / (done - 1) * (newest.epochs * newest.steps - done)

    @property
    def stopping(self) -> bool:
        """Somebody wants it to end, and it has not yet."""
        return self._stop.is_set() and self.running

    @property
    def end(self) -> End | None:
        """How it ended; None while it runs, and where it never began."""
        return self._end

    @property
    def error(self) -> RautError | None:
        """Why it ended otherwise than it should have, and what is kept: a sentence for the reader."""
        return self._error

    @property
    def network(self) -> LabNetwork | None:
        """What came of it; None while it runs, and where nothing did."""
        return self._network

    def stop(self) -> None:
        """Let it end after the present step and keep what there is; one that waits leaves the queue."""
        self._stop.set()

    def wait(self, seconds: float | None = None) -> bool:
        """Until it is over, at most so long; whether it is."""
        return self._over.wait(seconds)

    def abandon(self) -> None:
        """End it at once without a network, and let go of the faces; curves and figures of one that is over stay."""
        with self._lock:
            self._abandoned = True
            self._task = None

    # --- for the thread that supervises it ------------------------------------------------------------

    @property
    def abandoned(self) -> bool:
        """Nobody waits for it any more."""
        return self._abandoned

    @property
    def weights(self) -> Mapping[str, np.ndarray] | None:
        """Of the last complete epoch, while it runs."""
        return self._weights

    def load(self) -> None:
        """It is its turn."""
        self._phase = "loading"

    def begin(self, task: TrainingTask) -> None:
        """These are the faces."""
        with self._lock:
            self._task = None if self._abandoned else task

    def hear(self, message: FromWorker) -> None:
        """What the process says while it learns."""
        if isinstance(message, Progress):
            self._phase = "learning"
            self._note(message)
        elif isinstance(message, EpochDone):
            with self._lock:
                self._rows.append(message.row)
                self._shown = [*self._shown[-1:], message.shown_probabilities]
                self._weights = message.weights
            if self._newest is not None and message.row["epoch"] >= self._newest.epochs:
                self._phase = "measuring"

    def measure(self) -> None:
        """Nothing more is learnt."""
        self._phase = "measuring"

    def keep(self, trained: Trained, task: TrainingTask, now: datetime) -> LabNetwork:
        """Make the network of what the process said at its end."""
        figures = LabFigures(
            history=trained.history,
            test=_answers(task.test, trained.test_probabilities),
            frames=None
            if task.frames is None or trained.frames_probabilities is None
            else _answers(task.frames, trained.frames_probabilities),
            conditions=(),
            learnt=task.train.counts(len(self.settings.classes)),
            kept_epoch=trained.kept_epoch,
            seconds=trained.seconds,
            machine=trained.machine,
            end=trained.end,
        )
        self._network = LabNetwork(
            self._network_id,
            self.name,
            self.settings,
            trained.content,
            trained.weights,
            figures,
            now,
            trained.base,
        )
        return self._network

    def finish(self, end: End | None, error: RautError | None = None) -> None:
        """It is over."""
        self._end, self._error = end, error
        self._weights = None
        self._phase = "ended"
        self._over.set()

    def _note(self, point: Progress) -> None:
        with self._lock:
            self._newest = point
            self._since += 1
            if self._since < self._every:
                return
            self._since = 0
            self._progress.append(point)
            if len(self._progress) > MOST_PROGRESS:
                self._progress = self._progress[1::2]
                self._every *= 2


def _answers(faces: FaceSet, probabilities: np.ndarray) -> Answers:
    return Answers(faces.labels, probabilities, faces.origins)

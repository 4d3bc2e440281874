"""A network of a file becomes one of a desk again: its LiteRT file is built anew here, which takes a process its turn."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from fer_core.errors import N_, RautError, TrainingError
from fer_core.jobs import Job, error_to_keep
from fer_core.lab.file import LoadedNetwork
from fer_core.lab.network import LabNetwork
from fer_core.lab.queue import Queue, Turn
from fer_core.lab.task import Built, Refused
from fer_core.lab.workers import LISTEN_S, Workers


class LoadingError(TrainingError):
    """The network of a file could not be built; the sentence says what to do."""


class LabLoading:
    """One network that is loaded. Read by pages, and written by the thread that sees it through.

    Args:
        loaded: the checked content of the file.
        network_id: that the network gets.
        queue: in which a network from scratch waits for its turn, as a training does.
        workers: give the process that builds its file.
        keep: takes the network.

    Raises:
        QueueFullError: too many wait.
        NetworkError: the file of a head cannot be built.
    """

    def __init__(
        self,
        loaded: LoadedNetwork,
        network_id: str,
        queue: Queue,
        workers: Workers,
        keep: Callable[[LabNetwork], None],
    ) -> None:
        self.name = loaded.name
        self._loaded, self._network_id = loaded, network_id
        self._workers, self._keep = workers, keep
        self._turn: Turn | None = None
        self._abandoned, self._over = threading.Event(), threading.Event()
        self._error: RautError | None = None
        self._network: LabNetwork | None = None
        content = loaded.content
        if content is not None:  # a head, which takes a moment and no process
            self._finish(content)
            return
        self._turn = queue.enter()
        Job(self._work, name="lab loading", lives=lambda: not self._abandoned.is_set())

    @property
    def running(self) -> bool:
        """It waits for its turn, or is being built."""
        return not self._over.is_set()

    @property
    def position(self) -> int:
        """How many trainings of others are before it; 0: it is its turn, or it is over."""
        return 0 if self._turn is None else self._turn.position

    @property
    def error(self) -> RautError | None:
        """Why there is no network: a sentence for the reader; None while it runs, and where there is one."""
        return self._error

    @property
    def network(self) -> LabNetwork | None:
        """The network; None while it runs, and where nothing came of it."""
        return self._network

    def abandon(self) -> None:
        """Nobody waits for it any more."""
        self._abandoned.set()

    def wait(self, seconds: float | None = None) -> bool:
        """Until it is over, at most so long; whether it is."""
        return self._over.wait(seconds)

    def _work(self, job: Job[None]) -> None:
        assert self._turn is not None
        try:
            while self._turn.position and job.should_continue():
                time.sleep(LISTEN_S)
            if job.should_continue():
                self._finish(self._build(job))
        except Exception as error:  # noqa: BLE001 - the page waits for the end, whatever it is
            self._error = error_to_keep(error, _not_built())
        finally:
            self._turn.leave()
            self._over.set()

    def _build(self, job: Job[None]) -> bytes:
        said = self._workers.build(self._loaded.build_task(), job.should_continue)
        if isinstance(said, Built):
            return said.content
        if isinstance(said, Refused):
            raise said.error
        raise _not_built()

    def _finish(self, content: bytes) -> None:
        if not self._abandoned.is_set():
            self._network = self._loaded.network(self._network_id, content)
            self._keep(self._network)
        self._over.set()


def _not_built() -> LoadingError:
    return LoadingError(
        N_("The network of this file could not be built. Close other programs, and load the file again.")
    )

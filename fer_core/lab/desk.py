"""All that one visitor has in the lab, and who may reach it: in the memory of the server, and nowhere else.

A desk belongs to a token that nobody can guess. A browser's tab keeps it, so that a reload finds its desk, and a change of
page does not end a training. A desk that no open page belongs to is erased after 90 seconds, with its faces, its networks
and its training.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Final

from fer_core.errors import N_, TrainingError
from fer_core.lab.bursts import FaceStore
from fer_core.lab.file import read_network_file
from fer_core.lab.loading import LabLoading
from fer_core.lab.network import LabNetwork
from fer_core.lab.queue import Queue
from fer_core.lab.settings import LabSettings
from fer_core.lab.supervision import Bounds, Supervision
from fer_core.lab.training import LabTraining, MakeTask
from fer_core.lab.workers import Workers

MOST_NETWORKS: Final = 8
"""That a desk keeps for comparison."""
MOST_NETWORK_BYTES: Final = 200_000_000
"""Of all networks of a desk together; the paper's smallest takes 24 million, the lab’s small one 2.3 million."""
MOST_DESKS: Final = 120
LENIENCY_S: Final = 90.0
"""A desk without an open page is kept for so long."""
LOOK_EVERY_S: Final = 2.0

Lives = Callable[[], bool]
"""Whether a browser session is still there; asked from another thread."""


class DeskError(TrainingError):
    """Something that a desk cannot do just now; the sentence says what to do."""


class Desk:
    """All of one visitor. Thread-safe.

    Attributes:
        faces: that the visitor recorded or added.
        consented: whether those before the camera said yes to being recorded.

    Args:
        queue: in which a training waits.
        workers: give the process of a training.
        bounds: of time.
    """

    def __init__(self, queue: Queue, workers: Workers, bounds: Bounds | None = None) -> None:
        self.faces = FaceStore()
        self.consented = False
        self._queue, self._workers, self._bounds = queue, workers, bounds or Bounds()
        self._lock = threading.Lock()
        self._networks: list[LabNetwork] = []
        self._training: LabTraining | None = None
        self._loading: LabLoading | None = None
        self._in_use: str | None = None
        self._made = 0
        self._erased = False

    @property
    def networks(self) -> list[LabNetwork]:
        """Those that are kept for comparison, oldest first."""
        with self._lock:
            return list(self._networks)

    @property
    def training(self) -> LabTraining | None:
        """The newest training, waiting, running or over; None before the first."""
        return self._training

    @property
    def in_use(self) -> str | None:
        """Id of the network that is tried; None for the one that ships."""
        return self._in_use

    @property
    def network_in_use(self) -> LabNetwork | None:
        """The network that is tried."""
        return None if self._in_use is None else self.network(self._in_use)

    def network(self, network_id: str) -> LabNetwork | None:
        """The network with that id; None where it is not kept."""
        return next((network for network in self.networks if network.id == network_id), None)

    def new_id(self) -> str:
        """An id for a network that no other of this desk has had; exports tell by it that a class made the network."""
        with self._lock:
            self._made += 1
            return f"lab:{self._made}"

    def add(self, network: LabNetwork) -> None:
        """Keep a network and use it; beyond the bounds the oldest others are let go of. One of the same id is replaced."""
        with self._lock:
            if self._erased:
                return
            places = [place for place, kept in enumerate(self._networks) if kept.id == network.id]
            if places:
                self._networks[places[0]] = network
                return
            self._networks.append(network)
            self._in_use = network.id
            while len(self._networks) > MOST_NETWORKS or (
                len(self._networks) > 1 and sum(map(_bytes_of, self._networks)) > MOST_NETWORK_BYTES
            ):
                del self._networks[0]

    def use(self, network_id: str | None) -> None:
        """Try this network from now on, None for the one that ships; nothing happens where it is not kept."""
        with self._lock:
            if network_id is None or any(network.id == network_id for network in self._networks):
                self._in_use = network_id

    def remove(self, network_id: str) -> None:
        """Let go of a network; the newest of the others is used in its place."""
        with self._lock:
            self._networks = [network for network in self._networks if network.id != network_id]
            if self._in_use == network_id:
                self._in_use = self._networks[-1].id if self._networks else None

    def start(self, make_task: MakeTask, settings: LabSettings, name: str) -> LabTraining:
        """Begin a training, or stand in the queue for it.

        Args:
            make_task: gathers the faces when it is its turn; runs in another thread.
            settings: of the training.
            name: of the network that will come of it.

        Returns:
            The training, which is also `training` from now on.

        Raises:
            DeskError: one of this desk is not over yet.
            QueueFullError: too many wait.
        """
        network_id = self.new_id()
        with self._lock:
            if self._erased:
                raise DeskError(N_("This page was away for too long. Reload it."))
            if self._training is not None and self._training.running:
                raise DeskError(N_("Your last training is not over yet. Stop it first."))
            turn = self._queue.enter()
            training = LabTraining(settings, name, network_id, lambda: turn.position)
            self._training = training
        Supervision(training, turn, self._workers, self.add, self._bounds).start(make_task)
        return training

    @property
    def loading(self) -> LabLoading | None:
        """The network of a file that was loaded last, waiting, being built or over; None before the first."""
        return self._loading

    def load(self, content: bytes) -> LabLoading:
        """Load a network of a file, which joins the kept ones and is used once it is there.

        Args:
            content: of the file, which may hold anything.

        Returns:
            How far it is, which is also `loading` from now on.

        Raises:
            RautError: the file is refused, another one is not loaded yet, or too many wait.
        """
        if self._loading is not None and self._loading.running:
            raise DeskError(N_("Another network is still being loaded. Wait until it is there."))
        loaded = read_network_file(content)
        self._loading = LabLoading(loaded, self.new_id(), self._queue, self._workers, self.add)
        return self._loading

    def erase_faces(self) -> None:
        """Erase all faces of the visitor. A training on them ends at once; networks and figures stay."""
        self.faces.erase()
        training = self._training
        if training is not None and training.settings.way == "own":
            training.abandon()

    def erase(self) -> None:
        """Erase all of it, and end what runs."""
        with self._lock:
            self._erased = True
            training, self._training = self._training, None
            loading, self._loading = self._loading, None
            self._networks, self._in_use = [], None
        self.faces.erase()
        self.consented = False
        if loading is not None:
            loading.abandon()
        if training is not None:
            training.abandon()


def _bytes_of(network: LabNetwork) -> int:
    return len(network.content) + sum(values.nbytes for values in network.weights.values())


class _Entry:
    def __init__(self, desk: Desk, now_s: float) -> None:
        self.desk = desk
        self.sessions: dict[str, Lives] = {}
        self.seen_s = now_s

    def attended(self) -> bool:
        """Whether a session is there; those that are gone are forgotten."""
        self.sessions = {name: lives for name, lives in self.sessions.items() if lives()}
        return bool(self.sessions)


class Desks:
    """The desks of a server, by token. Thread-safe.

    Args:
        workers: give the processes of trainings.
        queue: for the trainings of all desks.
        bounds: of the time of a training.
        leniency_s: for which a desk without a living session is kept.
        clock: seconds that never go back.
    """

    def __init__(
        self,
        workers: Workers,
        queue: Queue | None = None,
        bounds: Bounds | None = None,
        leniency_s: float = LENIENCY_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.workers = workers
        self._queue, self._bounds = queue or Queue(), bounds
        self._leniency_s, self._clock = leniency_s, clock
        self._lock = threading.Lock()
        self._entries: dict[str, _Entry] = {}
        self._keeper: threading.Thread | None = None

    def open(self) -> str:
        """A new desk; its token.

        Raises:
            DeskError: there are too many.
        """
        with self._lock:
            if len(self._entries) >= MOST_DESKS:
                raise DeskError(
                    N_("Too many people are in the lab of this computer. Try again in a few minutes.")
                )
            token = secrets.token_urlsafe(32)
            self._entries[token] = _Entry(Desk(self._queue, self.workers, self._bounds), self._clock())
            if self._keeper is None:
                self._keeper = threading.Thread(target=self._keep, name="lab desks", daemon=True)
                self._keeper.start()
        return token

    def find(self, token: str) -> Desk | None:
        """The desk of a token; None where there is none, or it has been erased."""
        with self._lock:
            entry = self._entries.get(token)
            return None if entry is None else entry.desk

    def attend(self, token: str, session: str, lives: Lives) -> None:
        """A browser session is at this desk, until it is gone or `leave`s."""
        with self._lock:
            entry = self._entries.get(token)
            if entry is not None:
                entry.sessions[session] = lives
                entry.seen_s = self._clock()

    def leave(self, token: str, session: str) -> None:
        """A session goes to another desk; one that nobody else is at is erased at once."""
        with self._lock:
            entry = self._entries.get(token)
            if entry is None:
                return
            entry.sessions.pop(session, None)
            if entry.attended():
                return
            del self._entries[token]
        entry.desk.erase()

    def somebody_is_away(self) -> bool:
        """Whether there is a desk without a living session, whose tab may be loading again just now."""
        with self._lock:
            return not all(entry.attended() for entry in self._entries.values())

    def look(self) -> int:
        """Erase the desks whose sessions are gone for too long; how many are left."""
        with self._lock:
            now_s = self._clock()
            for entry in self._entries.values():
                if entry.attended():
                    entry.seen_s = now_s
            gone = [
                token for token, entry in self._entries.items() if now_s - entry.seen_s >= self._leniency_s
            ]
            erased = [self._entries.pop(token).desk for token in gone]
            left = len(self._entries)
            if not left:
                self._keeper = None
        for desk in erased:
            desk.erase()
        return left

    def _keep(self) -> None:
        while self.look():
            time.sleep(LOOK_EVERY_S)


def _work(connection: Connection) -> None:
    from fer_core.lab.process import run_worker  # only in the process: the server needs none of it

    run_worker(connection)


DESKS: Final = Desks(Workers(_work))
"""Those of this server."""

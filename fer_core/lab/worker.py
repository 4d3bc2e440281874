"""The process in which a training computes: started, spoken with, and ended, whatever it is doing.

TensorFlow is loaded there and never in the server. The process has a lower priority than everything else on the
computer, ends with the server, and gives up before the memory does.
"""

from __future__ import annotations

import atexit
import os
import pickle
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection, Pipe, wait
from pathlib import Path
from typing import Final, Literal

from fer_core.lab.task import FromWorker, ToWorker
from fer_core.machine import resident_mb
from fer_core.processes import WorkerContext, begin_worker

Work = Callable[[Connection], None]
"""Reads `ToWorker` from the connection and answers with `FromWorker`, until the other side closes it. A function of a
module, since the process imports it."""

MOST_THREADS: Final = 4
MOST_MEMORY_MB: Final = 3000
"""Of the process. The largest training that the settings allow takes 2500 in float32 and 1900 in bfloat16."""
LEAST_FREE_SHARE: Final = 0.04
"""Of the computer's memory, that must stay available beside it."""
WATCH_EVERY_S: Final = 0.5
OUT_OF_MEMORY: Final = 77
"""Exit code of a process that gave up because of its memory."""

_NICE = 10
_BELOW_NORMAL = 0x4000  # of Windows


class WorkerEndedError(Exception):
    """The process is gone.

    Attributes:
        why: "memory" where it gave up or was ended because of it; else "died".
    """

    def __init__(self, why: Literal["memory", "died"]) -> None:
        super().__init__(why)
        self.why = why


class Worker:
    """One process. All methods may be called from any thread, but only one may receive.

    Args:
        work: what it does.
    """

    def __init__(self, work: Work) -> None:
        self._connection, far_end = Pipe()
        self._kills_before = _kills_for_memory()
        # Not a daemon of `multiprocessing`, which may start no processes of its own: it ends with its parent anyway.
        self._process = WorkerContext().Process(target=_begin, args=(far_end, work), name="lab", daemon=False)
        self._lock = threading.Lock()
        self._started, self._ended = threading.Event(), threading.Event()
        self._start_failed = False
        # The thread that starts a process counts as its parent, and must live as long.
        threading.Thread(target=self._keep, args=(far_end,), name="lab process", daemon=True).start()
        self._started.wait()
        # Python would wait for it at the end of the server, and it for the server.
        atexit.register(self._kill)

    @property
    def alive(self) -> bool:
        """The process is there."""
        return not self._ended.is_set()

    @property
    def process_id(self) -> int | None:
        """Of the process, as the system counts."""
        return self._process.pid

    def send(self, message: ToWorker) -> None:
        """Give it something to do.

        Raises:
            WorkerEndedError: it is gone.
        """
        try:
            self._connection.send(message)
        except OSError:
            raise self._how_it_ended() from None

    def receive(self, seconds: float) -> FromWorker | None:
        """What it says next; None where it says nothing for so long.

        Raises:
            WorkerEndedError: it is gone, and all that it said before has been received.
        """
        try:
            if not self._connection.poll(seconds):
                return None
            message: FromWorker = self._connection.recv()
            return message
        except (EOFError, OSError, pickle.UnpicklingError):  # the last one: it ended within a message
            raise self._how_it_ended() from None

    def end(self) -> None:
        """End it, whatever it is doing, and return when it is gone."""
        self._kill()
        self._connection.close()

    def _kill(self) -> None:
        with self._lock:  # else its number might be that of another process by now
            if not self._ended.is_set():
                self._process.kill()
        self._ended.wait()

    def _keep(self, far_end: Connection) -> None:
        try:
            self._process.start()
        except Exception:
            self._start_failed = True
            raise
        finally:
            far_end.close()
            if self._start_failed:
                self._ended.set()
            self._started.set()
        wait([self._process.sentinel])
        with self._lock:
            self._process.join()
            self._ended.set()
        atexit.unregister(self._kill)

    def _how_it_ended(self) -> WorkerEndedError:
        self._kill()  # it may have closed its end only
        gave_up = not self._start_failed and self._process.exitcode == OUT_OF_MEMORY
        return WorkerEndedError("memory" if gave_up or _kills_for_memory() > self._kills_before else "died")


def _kills_for_memory() -> int:
    """How many processes Linux has ended because memory ran out, since it started; 0 elsewhere."""
    try:
        lines = Path("/proc/vmstat").read_text("ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("oom_kill ")), 0)


# --- in the process ---------------------------------------------------------------------------------------


def _begin(connection: Connection, work: Work) -> None:
    begin_worker()
    _give_way()
    threads = str(min(MOST_THREADS, os.cpu_count() or 1))
    for variable in ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"):
        os.environ[variable] = threads
    os.environ["CUDA_VISIBLE_DEVICES"] = (
        "-1"  # what a network answers does not depend on the room's computers
    )
    os.environ["KERAS_HOME"] = (
        os.devnull
    )  # where Keras writes its settings, and reads those of other programs
    sys.dont_write_bytecode = True
    _silence_libraries()
    threading.Thread(target=_watch_memory, daemon=True).start()
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):  # nobody waits for it any more
        work(connection)


def _silence_libraries() -> None:
    """Keep what TensorFlow says of itself out of the server's terminal; errors of Python still go there."""
    from tqdm import tqdm

    with suppress(OSError, ValueError, AttributeError):  # a server without a terminal
        sys.stderr = os.fdopen(os.dup(sys.stderr.fileno()), "w", buffering=1, errors="backslashreplace")
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)
        os.close(nowhere)
    # Its own lock is one between processes, of which Python reports each that a process leaves when it is ended.
    tqdm.set_lock(threading.RLock())


def _give_way() -> None:
    """Let live video and everything else on this computer go first, and stay when memory runs out."""
    if sys.platform == "win32":
        import ctypes

        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), _BELOW_NORMAL)
        return
    os.nice(_NICE)
    with suppress(OSError), Path("/proc/self/oom_score_adj").open("w", encoding="ascii") as first_victim:
        first_victim.write("1000")  # Linux only


def _watch_memory() -> None:
    while True:
        if _takes_too_much():
            os._exit(OUT_OF_MEMORY)
        time.sleep(WATCH_EVERY_S)


def _takes_too_much() -> bool:
    """Whether this process takes more memory than it may, or the computer has hardly any left; False if unknown."""
    try:
        import resource
    except ImportError:  # Windows
        return False
    taken_mb = resident_mb()
    if taken_mb is None:  # macOS, which says no more than the most so far
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > MOST_MEMORY_MB * 1e6
    facts = dict(
        line.split(":", 1) for line in Path("/proc/meminfo").read_text("ascii").splitlines() if ":" in line
    )
    free, there = (int(facts[name].split()[0]) for name in ("MemAvailable", "MemTotal"))
    return taken_mb > MOST_MEMORY_MB or free < LEAST_FREE_SHARE * there

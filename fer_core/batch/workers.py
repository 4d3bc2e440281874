"""Who does the work: this process, several on this computer, or a Dask cluster.

Each is a function from paths to results in the same order, and holds only a few photos at a time.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Final

from fer_core.errors import N_, BatchError, ImageError, RautError
from fer_core.processes import WorkerContext, begin_worker

from .work import PhotoRows, Settings, analyze_content, analyze_file, content_of, unreadable

ANSWER_WITHIN_S: Final = 10
"""A scheduler that takes longer than this is not there."""

WAITING_PER_WORKER: Final = 4
"""Photos that wait for each worker: enough to keep it busy, few enough to be forgotten on an interruption."""


MOST_ON_WINDOWS: Final = 61
"""Processes that a pool may have there."""


def in_this_process(paths: Iterable[str], settings: Settings) -> Iterator[PhotoRows]:
    """Analyse one photo after the other, in this process."""
    for path in paths:
        yield analyze_file(path, settings)


def in_processes(paths: Iterable[str], settings: Settings, count: int) -> Iterator[PhotoRows]:
    """Analyse photos on several processes of this computer.

    A photo that ends its process (an error in a decoder, no memory left) becomes a row with the status
    "error"; the others go on.

    Args:
        paths: of the files.
        settings: network and detection.
        count: of the processes; Windows takes 61 of them at most.
    """
    pool = _pool(count)
    waiting: deque[tuple[str, Future[PhotoRows]]] = deque()
    try:
        for path in paths:
            waiting.append((path, _submit_file(pool, path, settings)))
            if len(waiting) < WAITING_PER_WORKER * count:
                continue
            if _process_survived(waiting[0][1]):
                yield waiting.popleft()[1].result()
            else:
                yield from _retry_one_by_one(waiting, settings)
                pool.shutdown(wait=False)
                pool = _pool(count)
        while waiting:
            if _process_survived(waiting[0][1]):
                yield waiting.popleft()[1].result()
            else:
                yield from _retry_one_by_one(waiting, settings)
    except BaseException:  # an interruption most often, and nobody waits for the rest
        pool.stop()
        raise
    finally:
        pool.shutdown(wait=False)


def on_cluster(paths: Iterable[str], settings: Settings, scheduler: str) -> Iterator[PhotoRows]:
    """Analyse photos on the workers of a Dask cluster. The files are read here and sent, so nothing need be shared.

    Args:
        paths: of the files, on this computer.
        settings: network and detection; every worker has Raut of the same version.
        scheduler: address of it, such as `tcp://192.168.1.5:8786`.

    Raises:
        BatchError: Dask is not installed, or nothing answers at that address.
        NetworkError: a worker has another network than this computer.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise BatchError(N_("A cluster needs the package “distributed”. Run: make cluster")) from error
    try:
        client = Client(scheduler, timeout=ANSWER_WITHIN_S, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise BatchError(
            N_(
                "No Dask scheduler answers at {address}. Start one with “dask scheduler”, and workers with "
                "“dask worker”."
            ),
            address=scheduler,
        ) from error
    with client:
        workers = max(1, sum(client.nthreads().values()))
        yield from _run_on_executor(paths, settings, client.get_executor(), WAITING_PER_WORKER * workers)


def _run_on_executor(
    paths: Iterable[str], settings: Settings, executor: Executor, window: int
) -> Iterator[PhotoRows]:
    waiting: deque[Callable[[], PhotoRows]] = deque()
    for path in paths:
        waiting.append(_submit_content(path, settings, executor))
        if len(waiting) >= window:
            yield waiting.popleft()()
    while waiting:
        yield waiting.popleft()()


def _submit_content(path: str, settings: Settings, executor: Executor) -> Callable[[], PhotoRows]:
    """Send the file; what is given back waits for its result."""
    try:
        content = content_of(path)
    except ImageError:
        return lambda: analyze_file(path, settings)  # fails here as well, and says why
    future = executor.submit(analyze_content, content, path, settings)

    def result() -> PhotoRows:
        try:
            return future.result()
        except RautError:
            raise
        except Exception:  # noqa: BLE001 - Dask's own: it gave up after the photo ended several workers
            return _crash_rows(path, settings)

    return result


class _Pool(ProcessPoolExecutor):
    def __init__(self, count: int) -> None:
        self._own_context = WorkerContext()
        super().__init__(count, mp_context=self._own_context, initializer=begin_worker)

    def stop(self) -> None:
        """End also the work that is going on."""
        self.shutdown(wait=False, cancel_futures=True)
        self._own_context.terminate()


def _pool(count: int) -> _Pool:
    try:
        return _Pool(count)
    except ValueError:  # Windows, which cannot wait for more
        return _Pool(min(count, MOST_ON_WINDOWS))


def _submit_file(pool: ProcessPoolExecutor, path: str, settings: Settings) -> Future[PhotoRows]:
    try:
        return pool.submit(analyze_file, path, settings)
    except BrokenProcessPool as error:
        broken: Future[PhotoRows] = Future()
        broken.set_exception(error)
        return broken


def _process_survived(future: Future[PhotoRows]) -> bool:
    """Waits for it; False where its process ended, or another of the same pool did."""
    return not isinstance(future.exception(), BrokenProcessPool)


def _retry_one_by_one(
    waiting: deque[tuple[str, Future[PhotoRows]]], settings: Settings
) -> Iterator[PhotoRows]:
    """After a process ended: which photo did it is not known, so each that waits goes alone."""
    pool = _pool(1)
    try:
        while waiting:
            path, future = waiting.popleft()
            if future.done() and future.exception() is None:
                yield future.result()
                continue
            alone = pool.submit(analyze_file, path, settings)
            if _process_survived(alone):
                yield alone.result()
            else:
                pool.shutdown(wait=False)
                pool = _pool(1)
                yield _crash_rows(path, settings)
    except BaseException:
        pool.stop()
        raise
    finally:
        pool.shutdown(wait=False)


def _crash_rows(path: str, settings: Settings) -> PhotoRows:
    return unreadable(
        path,
        settings,
        ImageError(
            N_("The file {name} stopped the program that read it: it is damaged, or memory ran out."),
            name=path,
        ),
    )

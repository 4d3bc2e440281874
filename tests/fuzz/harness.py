"""Runs a decoder over damaged files in processes of their own, where a crash or a hang ends only one of them."""

from __future__ import annotations

import multiprocessing
import resource
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from .mutations import mutated

LONGEST_S = 5.0
"""Seconds."""


@dataclass
class Outcome:
    """What came of all files."""

    read: int = 0
    refused: int = 0
    bad: list[str] = field(default_factory=list)
    """What must not happen, each with the index that makes it again."""
    slowest_s: float = 0.0
    peak_mb: float = 0.0


def fuzz(
    make_corpus: Callable[[], list[bytes]],
    decode: Callable[[bytes], bool],
    *,
    count: int,
    seed: int,
    longest_s: float = LONGEST_S,
) -> Outcome:
    """Decode `count` damaged files.

    Args:
        make_corpus: gives the whole files.
        decode: True for a file that it reads, False for one that it refuses with a sentence; anything that
            it raises is a fault. Both are functions of a module, since another process imports them.
        count, seed: files 0 to `count` of that seed.
        longest_s: a file that takes longer counts as a hang.
    """
    context = multiprocessing.get_context("spawn")
    outcome = Outcome()
    begin = 0
    while begin < count:
        reader, writer = context.Pipe(duplex=False)
        process = context.Process(
            target=_work, args=(make_corpus, decode, begin, count, seed, longest_s, writer)
        )
        process.start()
        writer.close()
        current, begun = begin, False
        try:
            while True:
                kind, current, value = reader.recv()
                begun = True
                if kind == "tally":
                    read, refused, slowest, peak = value
                    outcome.read += read
                    outcome.refused += refused
                    outcome.slowest_s = max(outcome.slowest_s, slowest)
                    outcome.peak_mb = max(outcome.peak_mb, peak)
                elif kind == "fault":
                    outcome.bad.append(f"file {current}: {value}")
        except EOFError:
            process.join()
        if process.exitcode == 0:
            break
        if not begun:
            raise RuntimeError("the process of the decoder cannot start; standard error says why")
        code = process.exitcode or 0
        what = f"took over {longest_s:g} s" if code == -signal.SIGALRM else f"ended its process ({code})"
        outcome.bad.append(f"file {current}: {what}")
        begin = current + 1
    return outcome


def _work(make_corpus, decode, begin, count, seed, longest_s, writer) -> None:  # type: ignore[no-untyped-def]
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # ends the process, also out of a loop in C
    originals = make_corpus()
    read = refused = 0
    slowest = 0.0
    for index in range(begin, count):
        content = mutated(originals, seed, index)
        writer.send(("at", index, None))
        started = time.perf_counter()
        signal.setitimer(signal.ITIMER_REAL, longest_s)
        try:
            if decode(content):
                read += 1
            else:
                refused += 1
        except BaseException as error:  # noqa: BLE001 - whatever a decoder lets out is what is looked for
            writer.send(("fault", index, f"{type(error).__name__}: {error}"))
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        slowest = max(slowest, time.perf_counter() - started)
        if index % 50 == 49 or index == count - 1:
            writer.send(("tally", index, (read, refused, slowest, _peak_mb())))
            read = refused = 0


def _peak_mb() -> float:
    """The most memory that this process had. Linux's `ru_maxrss` would count that of the process that started it."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024

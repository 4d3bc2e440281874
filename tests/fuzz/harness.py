"""Runs a decoder over damaged files in processes of their own, where a crash or a hang ends only one of them."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from .mutations import Mutate, mutated

LONGEST_S = 5.0
"""Seconds of the processor, so that other work on the computer makes no hang."""
WAITING = 6
"""Times as long by the clock for a decoder that waits, or has others do the work."""
MEMORY_MB = 700.0
"""What the process of the decoder, or one that it starts, may take, libraries included."""

_WATCH_S = 0.02
_ADDRESS_SPACE_MB = 5_000
"""Beyond the memory limit: a process that takes too much is ended long before, and this keeps the computer from harm.

Not less: what fails at this border is an error like any other to the decoder, which makes a sentence of it."""


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
    begin: int = 0,
    mutate: Mutate = mutated,
    longest_s: float = LONGEST_S,
    memory_mb: float = MEMORY_MB,
) -> Outcome:
    """Decode damaged files.

    Args:
        make_corpus: gives the whole files.
        decode: True for a file that it reads, False for one that it refuses with a sentence; anything that
            it raises is a fault. All functions are those of a module, since another process imports them.
        count, seed: so many files of that seed.
        begin: number of the first file.
        mutate: damages one of the whole files.
        longest_s: a file that takes more seconds of the processor, or `WAITING` times that by the clock, is a hang.
        memory_mb: a file with which a process has more memory than that counts as a fault.
    """
    context = multiprocessing.get_context("spawn")
    outcome = Outcome()
    end = begin + count
    while begin < end:
        reader, writer = context.Pipe(duplex=False)
        process = context.Process(
            target=_work,
            args=(make_corpus, decode, mutate, begin, end, seed, longest_s, memory_mb, writer),
        )
        process.start()
        writer.close()
        current, taken_mb = None, 0.0
        try:
            while True:
                while not reader.poll(_WATCH_S):
                    if current is not None and (taken_mb := _largest_mb(process.pid)) > memory_mb:
                        process.kill()
                        break
                current, result = reader.recv()
                if result is not None:
                    read, fault, seconds, peak_mb = result
                    outcome.read += read is True
                    outcome.refused += read is False
                    outcome.slowest_s = max(outcome.slowest_s, seconds)
                    outcome.peak_mb = max(outcome.peak_mb, peak_mb)
                    if fault:
                        outcome.bad.append(f"file {current}: {fault}")
        except EOFError:
            process.join()
        finally:
            with suppress(
                ProcessLookupError
            ):  # what the decoder started, and all of it where this one is ended
                os.killpg(process.pid or 0, signal.SIGKILL)
        if process.exitcode == 0:
            break
        if current is None or process.exitcode == 1:  # whatever a decoder raises does not end its process
            raise RuntimeError("the process of the decoder cannot go on; standard error says why")
        if process.exitcode != _BEGIN_ANEW:
            outcome.peak_mb = max(outcome.peak_mb, taken_mb)
            outcome.bad.append(
                f"file {current}: {_how_it_ended(process.exitcode, taken_mb, memory_mb, longest_s)}"
            )
        begin = current + 1
    return outcome


_BEGIN_ANEW = 3
"""Exit code after a file that took too much memory: what it left behind is not the next file's fault."""


def _how_it_ended(code: int | None, taken_mb: float, memory_mb: float, longest_s: float) -> str:
    if taken_mb > memory_mb:
        return _too_much(taken_mb, memory_mb)
    if code == -signal.SIGPROF:
        return f"took over {longest_s:g} s"
    if code == -signal.SIGALRM:
        return f"was not done after {WAITING * longest_s:g} s"
    return f"ended its process ({code})"


def _too_much(taken_mb: float, memory_mb: float) -> str:
    return f"took {taken_mb:.0f} MB of memory and more, over the limit of {memory_mb:g}"


def _work(
    make_corpus: Callable[[], list[bytes]],
    decode: Callable[[bytes], bool],
    mutate: Mutate,
    begin: int,
    end: int,
    seed: int,
    longest_s: float,
    memory_mb: float,
    writer: Connection,
) -> None:
    os.setpgid(0, 0)
    for limit in (signal.SIGALRM, signal.SIGPROF):  # end the process, also out of a loop in C
        signal.signal(limit, signal.SIG_DFL)
    space = int((_ADDRESS_SPACE_MB + memory_mb) * 2**20)
    resource.setrlimit(resource.RLIMIT_AS, (space, resource.getrlimit(resource.RLIMIT_AS)[1]))
    originals = make_corpus()
    terminal, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    for index in range(begin, end):
        content = mutate(originals, seed, index)
        _forget_peak()
        writer.send((index, None))
        read, fault = None, ""
        started = _processor_s()
        os.dup2(nowhere, 2)  # libraries in C write a line there for each fault of a file
        signal.setitimer(signal.ITIMER_PROF, longest_s)
        signal.setitimer(signal.ITIMER_REAL, WAITING * longest_s)
        try:
            read = decode(content)
        except BaseException as error:  # noqa: BLE001 - whatever a decoder lets out is what is looked for
            fault = f"{type(error).__name__}: {str(error)[:300]}{_where(error)}"
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.setitimer(signal.ITIMER_REAL, 0)
            os.dup2(terminal, 2)
        seconds, peak_mb = _processor_s() - started, _peak_mb()
        if not fault and peak_mb > memory_mb:
            read, fault = None, _too_much(peak_mb, memory_mb)
        writer.send((index, (read, fault, seconds, peak_mb)))
        if peak_mb > memory_mb:
            os._exit(_BEGIN_ANEW)


def _where(error: BaseException) -> str:
    """The last line of the project on the way to an exception."""
    traceback, place = error.__traceback__, ""
    while traceback is not None:
        file = Path(traceback.tb_frame.f_code.co_filename)
        if "fer_core" in file.parts:
            place = f" ({'/'.join(file.parts[file.parts.index('fer_core') :])}:{traceback.tb_lineno})"
        traceback = traceback.tb_next
    return place


def _processor_s() -> float:
    """Seconds that this process has had, with those of the processes that it started and waited for."""
    return sum(os.times()[:4])


def _forget_peak() -> None:
    """From here on the most memory is that of the next file; where the system cannot do it, that of all files."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _peak_mb() -> float:
    """The most memory that this process had. Linux's `ru_maxrss` would count that of the process that started it."""
    peak_mb = _status_mb(os.getpid(), "VmHWM:")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 if peak_mb is None else peak_mb


def _largest_mb(process: int | None) -> float:
    """What this process has now, or one that it started; 0 where the system does not tell."""
    with suppress(OSError, ValueError):
        children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
        return max(
            _status_mb(process, "VmRSS:") or 0.0, *(_largest_mb(int(child)) for child in children), 0.0
        )
    return 0.0


def _status_mb(process: int | None, line: str) -> float | None:
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return None
    return next((int(each.split()[1]) / 1024 for each in lines if each.startswith(line)), None)

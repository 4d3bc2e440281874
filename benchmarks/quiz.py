"""Whether a class plays the quiz without waiting: `python benchmarks/quiz.py --phones 30`.

One projector and so many phones, sessions of a server of their own over Streamlit's protocol, play two faces: first each
phone answers when the one before was counted, then all of them within three seconds. It measures from the press on a phone
to the count on the projector, from Reveal to the last phone that shows it, and how much of the processor the server takes
while all wait. Server and class share two processor cores. Prints a Markdown table; ends with 1 where a wait is too long.
Give it two cores that do nothing else: `taskset -c 0,1`.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil
from served import Served, served_app

from fer_core.machine import processor_name
from tests.e2e.quiz_class import quiz_class

COUNT_S = 1.0
"""An answer must count on the projector by then."""
REVEAL_S = 3.0
"""The last phone must show a reveal by then."""
WITHIN_S = 3.0
"""In which all answer, where they answer together."""


@dataclass(frozen=True)
class Measured:
    """Seconds that people wait, and what the server takes.

    Attributes:
        joined: from the first phone to the last one that is in the room.
        counts: of each answer, from its press to the count.
        together: from the last of many presses to the full count.
        questions: from the press for a face to the last phone that shows it.
        reveals: of each phone, from the press to the reveal.
        waiting_cores: of the server while all wait.
        kilobytes: that a phone was sent in all.
    """

    joined: float
    counts: list[float]
    together: float
    questions: list[float]
    reveals: list[float]
    waiting_cores: float
    kilobytes: float


def seconds_of(server: psutil.Process) -> float:
    """Seconds of processor time that the server took so far."""
    times = server.cpu_times()
    return times.user + times.system


async def play(served: Served, phones: int, waits_s: float) -> Measured:
    """Two faces, from the lobby to the second reveal."""
    server = psutil.Process(served.process_id)
    counts, questions, reveals = [], [], []
    async with quiz_class(served.url, phones, faces="set=samples") as quiz:
        await quiz.start()
        before_s, began_s = seconds_of(server), time.perf_counter()
        await asyncio.sleep(waits_s)
        waiting = (seconds_of(server) - before_s) / (time.perf_counter() - began_s)
        for number, phone in enumerate(quiz.phones, 1):
            counts.append(await quiz.answer(phone, number))
        await quiz.show(0)
        reveals += await quiz.reveal(0)
        questions.append(await quiz.go_on(1))
        together = await quiz.answer_together(WITHIN_S)
        await quiz.show(1)
        reveals += await quiz.reveal(1)
        kilobytes = sum(phone.received_bytes for phone in quiz.phones) / phones / 1000
        return Measured(quiz.joined_s, counts, together, questions, reveals, waiting, kilobytes)


def table(measured: Measured, phones: int) -> str:
    """The measurements as Markdown."""
    rows = [
        ("an answer counts on the projector: median", f"{np.median(measured.counts):.2f} s"),
        ("… the slowest", f"{max(measured.counts):.2f} s"),
        (f"… the last one where all answer within {WITHIN_S:g} s", f"{measured.together:.2f} s"),
        ("a reveal is on half of the phones", f"{np.median(measured.reveals):.2f} s"),
        ("… on the last one", f"{max(measured.reveals):.2f} s"),
        ("the next face is on the last phone", f"{max(measured.questions):.2f} s"),
        (f"all {phones} have joined", f"{measured.joined:.2f} s"),
        ("cores of the server while all wait", f"{measured.waiting_cores:.2f}"),
        ("sent to each phone in two faces", f"{measured.kilobytes:.0f} kB"),
    ]
    return "\n".join(
        ["| what | measured |", "|---|---:|", *(f"| {what} | {value} |" for what, value in rows)]
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--phones", type=int, default=30)
    parser.add_argument("--waits", type=float, default=10.0, help="seconds for which all wait")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, served_app(Path(folder), FER2013_DIR=folder) as served:
        measured = asyncio.run(play(served, arguments.phones, arguments.waits))
    print(f"{processor_name()}, {arguments.phones} phones\n\n{table(measured, arguments.phones)}")
    missed = [
        f"{what}: {seconds:.2f} s, must be {must:g} s"
        for what, seconds, must in (
            ("a count", max(*measured.counts, measured.together), COUNT_S),
            ("a reveal", max(measured.reveals), REVEAL_S),
        )
        if seconds > must
    ]
    print("\n".join(["", *missed]) if missed else "", end="\n" if missed else "")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

"""Whether live video lasts: `python benchmarks/soak.py [--rounds 20] [--every 30] [--warm-up 2]`.

Headless Chromium with a fake camera starts and stops the video all the time, on a server of its own. Prints a
line for each round; ends with 1 if the server's memory grew by 40 MB or more after the rounds that warm it up, if it
has more threads than after the first round, or if its log tells of an exception. Debian's chromium is needed.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
from served import (
    Served,
    browser_with_camera,
    need_a_browser,
    press_start,
    press_stop,
    served_app,
)

from tests.e2e.clips import moving_faces

MUST_GROW_LESS_MB = 40.0
SPARE_THREADS = 2
"""A pool's threads come with the work and stay; a leak is one or more for each round."""
BAD_SIGNS = ("Traceback", "Exception", "ERROR")


@dataclass(frozen=True)
class Sample:
    """The server after a round, its video stopped."""

    at_s: float
    memory_mb: float
    threads: int


def faults(samples: list[Sample], log: str, warm_up: int) -> list[str]:
    """What must hold and does not.

    Args:
        samples: of all rounds, in order.
        log: what the server wrote.
        warm_up: rounds before memory counts.
    """
    found = []
    warm = samples[warm_up:]
    if len(warm) < 2:
        found.append("too few rounds after the warm-up: give it more --rounds")
    elif (grown := warm[-1].memory_mb - warm[0].memory_mb) >= MUST_GROW_LESS_MB:
        found.append(f"memory grew by {grown:.0f} MB, must be below {MUST_GROW_LESS_MB:.0f}")
    if samples and samples[-1].threads > samples[0].threads + SPARE_THREADS:
        found.append(f"{samples[-1].threads} threads, {samples[0].threads} after the first round")
    found += [f"in the log: {line}" for line in log.splitlines() if any(sign in line for sign in BAD_SIGNS)]
    return found


def soak(rounds: int, every_s: float, warm_up: int) -> list[str]:
    """Start and stop so often; prints each round and returns the faults."""
    samples = []
    with tempfile.TemporaryDirectory() as folder, served_app(Path(folder)) as app:
        server = psutil.Process(app.process_id)
        with browser_with_camera(moving_faces(90)) as browser:
            page = browser.new_page(locale="en-US")
            page.goto(f"{app.url}/webcam")
            began = time.monotonic()
            print("| seconds | server MB | threads |\n|---|---|---|")
            for _ in range(rounds):
                try:
                    press_start(page)
                except RuntimeError as error:
                    return [str(error), f"the log's end:\n{_text_of(app)[-3000:]}"]
                page.wait_for_timeout(500 * every_s)
                press_stop(page)
                page.wait_for_timeout(500 * every_s)
                samples.append(
                    Sample(time.monotonic() - began, server.memory_info().rss / 2**20, server.num_threads())
                )
                print(
                    f"| {samples[-1].at_s:.0f} | {samples[-1].memory_mb:.0f} | {samples[-1].threads} |",
                    flush=True,
                )
        return faults(samples, _text_of(app), warm_up)


def _text_of(app: Served) -> str:
    return app.log.read_text(encoding="utf-8", errors="replace")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--every", type=float, default=30, help="seconds from one start to the next")
    parser.add_argument("--warm-up", type=int, default=2, help="rounds before memory counts")
    arguments = parser.parse_args()
    need_a_browser()
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores at the start\n", flush=True)
    found = soak(arguments.rounds, arguments.every, arguments.warm_up)
    for fault in found:
        print(f"\nMISSED: {fault}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

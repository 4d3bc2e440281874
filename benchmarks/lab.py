"""How long a class waits in the lab: `python benchmarks/lab.py`.

Trains what the page Lab begins with, in a process as the page starts one: from Start to the first figures, to the aim
for PublicTest, and to the network that can be tried. Once with a process that is started with the training, and once
with one that was made ready before, as when the page was opened. FER2013 is read from its cache, as in a server that has
run before. Prints a Markdown table; ends with 1 where an aim is missed. Give it two cores that do nothing else:
`taskset -c 0,1`.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass, replace

from fer_core.datasets.load import load_fer2013
from fer_core.lab.desk import DESKS
from fer_core.lab.material import fer2013_task
from fer_core.lab.settings import CLASSES_AT_FIRST, LabSettings
from fer_core.lab.task import TrainingTask
from fer_core.lab.training import LabTraining
from fer_core.labels import FER2013_LABELS
from fer_core.machine import processor_name

FIRST_FIGURES_S, AIM_S, AIM = 15.0, 120.0, 0.75
LOOK_EVERY_S = 0.02
READY_AFTER_S = 30.0


@dataclass(frozen=True)
class Waits:
    """Seconds from Start on; None for what never came."""

    first_figures: float | None
    aim: float | None
    network: float
    epochs: int
    accuracy: float | None


def watch(training: LabTraining, started: float) -> Waits:
    first = aim = None
    while True:
        over = not training.running
        seconds = time.perf_counter() - started
        if first is None and training.progress:
            first = seconds
        if aim is None and any(row["val_accuracy"] >= AIM for row in training.rows):
            aim = seconds
        if over:
            break
        time.sleep(LOOK_EVERY_S)
    if training.network is None:
        raise SystemExit(f"no network: {training.error}")
    figures = training.network.figures
    return Waits(first, aim, seconds, len(figures.history), figures.test.accuracy)


def measure(settings: LabSettings, *, ready: bool) -> Waits:
    token = DESKS.open()
    DESKS.attend(token, "benchmark", lambda: True)
    desk = DESKS.find(token)
    assert desk is not None
    if ready:
        DESKS.workers.prepare()
        time.sleep(READY_AFTER_S)

    def make_task() -> TrainingTask:
        return fer2013_task(settings, load_fer2013())

    started = time.perf_counter()
    waits = watch(desk.start(make_task, settings, "benchmark"), started)
    DESKS.leave(token, "benchmark")
    return waits


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--classes", nargs="+", choices=FER2013_LABELS, default=list(CLASSES_AT_FIRST))
    parser.add_argument("--epochs", type=int, help="in place of the lab's own number")
    arguments = parser.parse_args()
    settings = LabSettings("fer2013", tuple(arguments.classes))
    if arguments.epochs:
        settings = replace(settings, epochs=arguments.epochs)
    load_fer2013()  # makes the cache where there is none
    print(f"{processor_name()}; {', '.join(settings.classes)}; {settings.epochs} epochs\n")
    print(f"| process | first figures | {AIM:.0%} of PublicTest | network | PublicTest at the end |")
    print("|---|---|---|---|---|")
    missed = False
    for name, ready in (("started with the training", False), ("made ready before", True)):
        waits = measure(settings, ready=ready)
        first, aim = (
            "never" if value is None else f"{value:.1f} s" for value in (waits.first_figures, waits.aim)
        )
        accuracy = "none" if waits.accuracy is None else f"{waits.accuracy:.1%}"
        print(f"| {name} | {first} | {aim} | {waits.network:.1f} s | {accuracy} |", flush=True)
        missed |= waits.first_figures is None or waits.first_figures > FIRST_FIGURES_S
        missed |= waits.aim is None or waits.aim > AIM_S
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())

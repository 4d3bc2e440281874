"""Milliseconds for one face, one thread, through LiteRT: all networks in one run, taking turns.

The figure that travels between machines is the ratio to a reference that is measured in the same run: the
paper's smallest network in float32, built on the spot. Its weights are random, because time does not depend
on them (a test makes sure that no value in it is denormal, which some processors compute slowly).
"""

from __future__ import annotations

import json
import os
import platform
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from fer_core.errors import N_, NetworkError
from fer_core.files import write_whole
from fer_core.json_files import read_json
from fer_core.labels import FERPLUS_LABELS
from fer_core.machine import processor_name
from fer_core.places import models_dir
from fer_core.recognition.recognizer import ExpressionRecognizer
from fer_core.store.export import export_network
from fer_core.store.network import NetworkInfo
from fer_core.store.record import NetworkRecord

SPEED_FILE = "speed.json"
"""Beside the networks, in `models/`."""
REFERENCE = "paper-small"
ROUNDS = 200
CALLS_A_ROUND = 5


@dataclass(frozen=True)
class Pace:
    """How fast one network was.

    Attributes:
        ms: median over the rounds, milliseconds for one face.
        quartiles: a quarter of the rounds were below the first, a quarter above the second.
        ratio: `ms` divided by that of the reference.
    """

    ms: float
    quartiles: tuple[float, float]
    ratio: float


@dataclass(frozen=True)
class SpeedReport:
    """What `speed.json` says, checked.

    Attributes:
        date: day of the measurement, UTC, "2026-11-24".
        machine, cores, litert: processor, number of cores, version of LiteRT.
        rounds: in each of which every network had its turn.
        seconds: that all of it took.
        reference_ms: of the paper's smallest network in float32.
        reference_form: "float32".
        reference_parameters: of that network.
        paces: by id, with the checksum of the file that was measured.
    """

    date: str
    machine: str
    cores: int
    litert: str
    rounds: int
    seconds: float
    reference_ms: float
    reference_form: str
    reference_parameters: int
    paces: dict[str, tuple[str, Pace]]

    def of(self, network: NetworkInfo) -> Pace | None:
        """How fast it was; None where it was not measured, or with other weights."""
        checksum, pace = self.paces.get(network.id, (None, None))
        return pace if checksum is not None and checksum == network.checksum else None


def read_speed(folder: Path | None = None) -> SpeedReport | None:
    """The stored measurement; None where there is none.

    Args:
        folder: that holds the networks; `models/` unless named.

    Raises:
        NetworkError: the file is damaged.
    """
    path = (folder or models_dir()) / SPEED_FILE
    if not path.exists():
        return None
    try:
        stored = read_json(path)
        return SpeedReport(
            date=datetime.fromisoformat(stored["measured"]).date().isoformat(),
            machine=str(stored["machine"]),
            cores=int(stored["cores"]),
            litert=str(stored["litert"]),
            rounds=int(stored["rounds"]),
            seconds=float(stored["seconds"]),
            reference_ms=float(stored["reference"]["ms"]),
            reference_form=str(stored["reference"]["form"]),
            reference_parameters=int(stored["reference"]["parameters"]),
            paces={
                name: (str(row["checksum"]), Pace(float(row["ms"]), _pair(row["quartiles"]), float(row["ratio"])))
                for name, row in stored["networks"].items()
            },
        )  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise NetworkError(
            N_("The file {file} with the measured times is damaged. Measure again: python -m fer_core speed"),
            file=SPEED_FILE,
        ) from error


def write_speed(measured: dict[str, Any], folder: Path | None = None) -> Path:
    """Store a measurement in place of the last one, at once or not at all."""
    path = (folder or models_dir()) / SPEED_FILE
    write_whole(path, json.dumps(measured, indent=1, ensure_ascii=False) + "\n")
    return path


def measure_speed(
    networks: Sequence[NetworkInfo],
    *,
    rounds: int = ROUNDS,
    reference: NetworkInfo | None = None,
    progress: Callable[[float], None] | None = None,
) -> tuple[dict[str, Any], list[NetworkError]]:
    """Time all networks and the reference, interleaved.

    Args:
        networks: in any order.
        rounds: in each of which everyone has a turn, in an order that is drawn anew.
        reference: what everything is compared with; built by `reference_network` unless given, which
            imports TensorFlow.
        progress: called with the part that is done, 0 to 1.

    Returns:
        What `speed.json` holds: {"measured" (UTC), "machine", "cores", "system", "litert", "threads",
        "load" (processes that wanted a core before it began; None where the system does not tell),
        "rounds", "calls_a_round", "seconds", "reference": {"architecture", "form", "parameters", "ms",
        "quartiles"}, "networks": {id: {"checksum", "ms", "quartiles", "ratio"}}}; and why networks that
        cannot be run are not in it.
    """
    began = time.monotonic()
    load = _load()
    if reference is None:
        with tempfile.TemporaryDirectory() as folder:
            reference = reference_network(Path(folder))
            runs = {"": _one_face(reference)}
    else:
        runs = {"": _one_face(reference)}
    broken: list[NetworkError] = []
    for network in networks:
        try:
            runs[network.id] = _one_face(network)
        except NetworkError as error:
            broken.append(error)
    times = interleaved_times(runs, rounds, progress=progress)
    slowest = _figures(times.pop(""))
    measured = {
        "measured": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": processor_name(),
        "cores": os.cpu_count() or 1,
        "system": f"{platform.system()} {platform.machine()}",
        "litert": version("ai-edge-litert"),
        "threads": 1,
        "load": load,
        "rounds": rounds,
        "calls_a_round": CALLS_A_ROUND,
        "seconds": round(time.monotonic() - began, 3),  # three rounds take less than a tenth
        "reference": {
            "architecture": REFERENCE,
            "form": "float32",
            "parameters": reference.parameters,
            **slowest,
        },
        "networks": {
            network.id: {
                "checksum": network.checksum,
                **_figures(times[network.id]),
                "ratio": round(float(np.median(times[network.id])) / slowest["ms"], 3),
            }
            for network in networks
            if network.id in times
        },
    }
    return measured, broken


def reference_network(folder: Path) -> NetworkInfo:
    """The paper's smallest network as a float32 LiteRT file in that folder, untrained; imports TensorFlow."""
    import keras

    from fer_core.networks import build_network

    keras.utils.set_random_seed(1)
    model = build_network(REFERENCE, len(FERPLUS_LABELS))
    record = NetworkRecord("ferplus", FERPLUS_LABELS, int(model.count_params()))
    return export_network(model, folder / "reference", record, quantize=False)


def interleaved_times(
    runs: Mapping[str, Callable[[], object]],
    rounds: int,
    *,
    calls: int = CALLS_A_ROUND,
    clock: Callable[[], float] = time.perf_counter,
    progress: Callable[[float], None] | None = None,
) -> dict[str, np.ndarray]:
    """Time functions that take turns, so that what else the machine does falls on all of them alike.

    Args:
        runs: what to time, by name.
        rounds: each with one turn for everyone, in an order that is drawn anew.
        calls: of a turn, after one that is not timed, since it finds the caches full of the others.
        clock: seconds.
        progress: called with the part that is done, 0 to 1.

    Returns:
        name to float64 (rounds,): the median call of each turn, milliseconds.
    """
    order = list(runs)
    times = {name: np.empty(rounds) for name in runs}
    rng = np.random.default_rng(1)
    for turn in range(rounds):
        rng.shuffle(order)
        for name in order:
            run = runs[name]
            run()
            marks = [clock()]
            for _ in range(calls):
                run()
                marks.append(clock())
            times[name][turn] = 1000 * np.median(np.diff(marks))
        if progress:
            progress((turn + 1) / rounds)
    return times


def _one_face(network: NetworkInfo) -> Callable[[], object]:
    """A call as the app makes it for one face; it was made once, so that everything is laid out.

    Raises:
        NetworkError: it cannot be run.
    """
    recognizer = ExpressionRecognizer(network, threads=1)
    face_gray = np.random.default_rng(1).integers(0, 256, (1, 48, 48), dtype=np.uint8)
    try:
        recognizer.predict(face_gray)
    except (RuntimeError, ValueError) as error:
        raise NetworkError(
            N_("The network “{name}” stopped at a face ({reason}). Export it again."),
            name=network.id,
            reason=str(error).splitlines()[0] if str(error) else type(error).__name__,
        ) from error
    return lambda: recognizer.predict(face_gray)


def _figures(times_ms: np.ndarray) -> dict[str, Any]:
    low, middle, high = (round(float(value), 4) for value in np.quantile(times_ms, (0.25, 0.5, 0.75)))
    return {"ms": middle, "quartiles": [low, high]}


def _pair(ends: Sequence[float]) -> tuple[float, float]:
    low, high = ends
    return float(low), float(high)


def _load() -> float | None:
    try:
        return round(os.getloadavg()[0], 2)
    except (AttributeError, OSError):  # Windows
        return None

"""A short training in a process of its own: for JAX, and for one of several processes.

`python job.py '{"run_dir": …, "epochs": [1, 2], "cluster": {…}}'` trains until each number of epochs in turn and
prints the history as JSON, or the sentence with which it ended. With `"predict"` it prints what the network of
that run makes of nine faces instead.
"""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[3]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    for package in ("pandas", "sklearn"):  # Keras loads them where they are there, and needs neither
        sys.modules[package] = None  # type: ignore[assignment]

from fer_core.errors import TrainingError  # noqa: E402
from fer_core.training.backends.rendezvous import Cluster  # noqa: E402
from fer_core.training.batches import LabelledFaces  # noqa: E402
from fer_core.training.fit import best_network, train  # noqa: E402
from fer_core.training.recipes.registry import find_recipe  # noqa: E402
from tests.fer_core.training.small_network import SMALL, small_network_known  # noqa: E402

RECIPE = dataclasses.replace(
    find_recipe("raut-first"), architecture=SMALL, options={}, epochs=2, batch_size=16, warmup_epochs=0.5,
    face_sizes=((0, 24), (1, 48)),
)  # fmt: skip


def uneven_faces(count: int, seed: int) -> LabelledFaces:
    """Stripes at a height that depends on the label, in noise, some faces ten times as bright as others.

    Between two halves of a batch the variance is then off by a hundredth: enough to tell whether they were
    normalised together.
    """
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 7, count)
    faces = rng.integers(0, 120, (count, 48, 48)).astype(np.float64)
    for face, label in zip(faces, labels, strict=True):
        face[4 + 6 * label : 8 + 6 * label] += 130
    faces *= rng.uniform(0.1, 1.0, (count, 1, 1))
    votes = np.eye(8, dtype=np.float32)[labels]
    votes[::4] = 0.0  # every fourth face has none
    return LabelledFaces(faces.astype(np.uint8), labels, votes)


def some_inputs() -> np.ndarray:
    """float32 (9, 48, 48, 1)."""
    return uneven_faces(9, 5).faces_gray[..., None].astype(np.float32)


def start(backend: str, **settings: Any) -> subprocess.Popen[str]:
    """Start such a process."""
    environment = {
        **os.environ,
        "KERAS_BACKEND": backend,
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
        "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
        # Eight steps are over sooner than code that is made fast is compiled.
        "XLA_FLAGS": "--xla_backend_optimization_level=0 --xla_llvm_disable_expensive_passes=true",
    }
    return subprocess.Popen(
        [sys.executable, __file__, json.dumps(settings)], env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def answer(process: subprocess.Popen[str], timeout: float = 600.0) -> Any:
    """What it printed last; a failure shows its traceback."""
    try:
        out, err = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    assert process.returncode == 0, err[-3000:]
    return json.loads(out.splitlines()[-1])


def main(settings: dict[str, Any]) -> None:
    if settings.get("predict"):
        outputs = best_network(RECIPE, Path(settings["run_dir"]))(some_inputs())
        print(json.dumps(np.concatenate([np.asarray(output) for output in outputs], axis=1).tolist()))
        return
    # Odd, so that the last batch does not go evenly into two processes.
    learnt, chosen = uneven_faces(64, 0), uneven_faces(31, 1)
    cluster = Cluster(**settings["cluster"]) if "cluster" in settings else None
    try:
        for epochs in settings["epochs"]:
            state = train(
                RECIPE, learnt, chosen, Path(settings["run_dir"]), epochs=epochs, precision="float32",
                resume=settings.get("resume", False) or epochs != settings["epochs"][0], show_progress=False,
                cluster=cluster,
            )  # fmt: skip
        print(json.dumps(state.history))
    except TrainingError as error:
        print(json.dumps(str(error)))


if __name__ == "__main__":
    with small_network_known():
        main(json.loads(sys.argv[1]))

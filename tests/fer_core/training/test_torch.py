"""Training under PyTorch, where it is installed: what is Raut's own there must be what Keras does.

The recording of a step needs an NVIDIA GPU; all around it is tested without one.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("torch") is None, reason="PyTorch is not among what Raut installs"
)


def told(check: str, folder: Path) -> Any:
    """What `torch_job.py` prints."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(Path(__file__).with_name("torch_job.py")), check, str(folder)],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_the_optimiser_steps_as_keras_would(tmp_path: Path) -> None:
    figures = told("steps", tmp_path)
    assert figures["learnt"] > 1e-3
    assert figures["weights"] < 1e-5
    assert figures["state"] < 1e-5


def test_the_fused_normalisation_is_that_of_keras(tmp_path: Path) -> None:
    figures = told("normalisation", tmp_path)
    assert figures["training"] < 1e-5
    # PyTorch divides the variance by n - 1, which moves its running mean by a thousandth at most here.
    assert figures["statistics"] < 2e-3
    assert figures["after"] < 2e-3


@pytest.mark.parametrize("check", ["trainings", "trainings_at_one_rate"])
def test_the_recorded_loop_learns_as_fit_does(check: str, tmp_path: Path) -> None:
    figures = told(check, tmp_path)
    for ours, keras in zip(figures["recorded"], figures["fit"], strict=True):
        assert ours.keys() == keras.keys()
        for name in ours.keys() - {"seconds"}:
            assert ours[name] == pytest.approx(keras[name], rel=1e-3, abs=1e-4), name
    assert figures["best"][0] == figures["best"][1]
    # Writing waits, but the last epoch is always written, with the best weights of all.
    assert figures["written"] == ["best.weights.h5", "checkpoint-0003.keras", "state.json"]
    assert figures["resumed"]


def test_numbers_of_python_are_made_where_they_are_needed(tmp_path: Path) -> None:
    alike = told("numbers", tmp_path)
    assert len(alike) == 10 and all(alike)

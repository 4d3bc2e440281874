"""What `make` does beyond calling a command."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_a_benchmark_that_misses_its_aim_does_not_keep_the_others_from_running(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    python = tmp_path / "bin" / "python"
    python.write_text("#!/bin/sh\n[ $1 != benchmarks/detection.py ]\n")
    python.chmod(0o755)
    for stamp in (".python", ".runtime", ".tests"):  # as after an installation
        (tmp_path / stamp).touch()
    answer = subprocess.run(
        ["make", "benchmarks", f"VENV={tmp_path}"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    began = [line.removeprefix("== ") for line in answer.stdout.splitlines() if line.startswith("== ")]
    commands = [path for path in (ROOT / "benchmarks").glob("*.py") if "__main__" in path.read_text("utf-8")]
    assert began == sorted(f"benchmarks/{path.name}" for path in commands)
    assert len(began) > 5
    assert answer.returncode != 0

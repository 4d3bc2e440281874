"""What `make` does beyond calling a command."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


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
    assert began == sorted(f"benchmarks/{path.name}" for path in (ROOT / "benchmarks").glob("*.py"))
    assert answer.returncode != 0

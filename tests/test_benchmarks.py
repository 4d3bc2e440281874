"""What benchmarks share, and that each of them starts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[1]
COMMANDS = sorted(
    file for file in (ROOT / "benchmarks").glob("*.py") if "__main__" in file.read_text("utf-8")
)


def test_memory_is_that_of_what_runs_and_nothing_where_it_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    from memory import memory_mb

    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        process = psutil.Process(child.pid)
        assert memory_mb(psutil.Process()) > memory_mb(process) > 0
    assert memory_mb(process) == 0


def test_no_benchmark_changes_where_python_looks_for_modules() -> None:
    for file in (ROOT / "benchmarks").glob("*.py"):
        assert "sys.path" not in file.read_text("utf-8"), file.name


@pytest.mark.parametrize("file", COMMANDS, ids=lambda file: file.name)
def test_every_benchmark_starts(file: Path, tmp_path: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    if not Path(sys.prefix).resolve().is_relative_to(ROOT):  # an environment without this folder in it
        environment["PYTHONPATH"] = str(ROOT)
    answer = subprocess.run(
        [sys.executable, file, "--help"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert answer.returncode == 0 and answer.stdout.startswith("usage: "), answer.stderr

"""What benchmarks share."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[1]


def test_memory_is_that_of_what_runs_and_nothing_where_it_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    from memory import memory_mb

    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        process = psutil.Process(child.pid)
        assert memory_mb(psutil.Process()) > memory_mb(process) > 0
    assert memory_mb(process) == 0

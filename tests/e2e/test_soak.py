"""Fifteen starts and stops in a minute: what `benchmarks/soak.py` does in ten, with shorter rounds."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.e2e.conftest import ROOT

pytestmark = pytest.mark.slow


def test_live_video_lasts_over_many_starts_and_stops(chromium_path: str) -> None:
    # What a start leaves shows with each, so rounds of 4 s are as good as the long ones, and a busy computer, where each
    # takes longer, makes as many.
    done = subprocess.run(
        [sys.executable, "benchmarks/soak.py", "--rounds", "15", "--every", "4", "--warm-up", "5"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]

"""Two minutes of starting and stopping: what `benchmarks/soak.py` does in ten, with shorter rounds."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.e2e.conftest import ROOT

pytestmark = pytest.mark.slow


def test_live_video_lasts_over_many_starts_and_stops(chromium_path: str) -> None:
    # Rounds of 8 s: as many starts in two minutes as the long soak has in seven.
    done = subprocess.run(
        [sys.executable, "benchmarks/soak.py", "--minutes", "2", "--every", "8"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=360,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]

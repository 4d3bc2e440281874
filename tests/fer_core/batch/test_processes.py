"""Processes that look at photos: no more than there are photos, and none outlives the run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import process as pools
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image

from fer_core.batch import run, workers
from fer_core.places import SAMPLE_PHOTO
from fer_core.store.network import NetworkInfo

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def begun(tiny_network: NetworkInfo, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A run over thirty photos in two processes, which has a few behind it."""
    portrait = Image.open(SAMPLE_PHOTO).resize((800, 800))
    (tmp_path / "photos").mkdir()
    for index in range(30):
        portrait.save(tmp_path / "photos" / f"{index:02}.jpg", quality=50 + index)
    part = tmp_path / "faces.csv.part"
    command = [sys.executable, "-m", "fer_core", "predict", str(tmp_path / "photos")]
    command += ["--out", str(tmp_path / "faces.csv"), "--workers", "2"]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as begun:
        while begun.poll() is None and (not part.exists() or part.read_bytes().count(b"\n") < 4):
            time.sleep(0.01)
        yield begun
        begun.kill()


def children_of(parent: int) -> list[int]:
    listed = Path(f"/proc/{parent}/task/{parent}/children").read_text()
    return [int(child) for child in listed.split()]


def is_running(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="this system has no /proc")
@pytest.mark.parametrize(
    "number",
    [signal.SIGKILL, signal.SIGTERM, pytest.param(signal.SIGHUP, marks=pytest.mark.slow)],
    ids=lambda each: each.name,
)
def test_workers_end_with_their_parent_and_what_is_done_is_kept(
    begun: subprocess.Popen[str], tmp_path: Path, number: signal.Signals
) -> None:
    workers_of_run = children_of(begun.pid)
    assert len(workers_of_run) >= 2
    begun.send_signal(number)
    _, told = begun.communicate(timeout=20)
    if number == signal.SIGKILL:
        assert begun.returncode == -number
    else:
        assert begun.returncode == 128 + number
        assert "Stopped. What is done is kept in" in told and "Traceback" not in told
    deadline = time.monotonic() + 10
    while any(map(is_running, workers_of_run)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not any(map(is_running, workers_of_run))
    assert (tmp_path / "faces.csv.part").read_bytes().count(b"\n") >= 4
    assert not (tmp_path / "faces.csv").exists()


def test_windows_gets_at_most_as_many_processes_as_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "sys", SimpleNamespace(platform="win32"))
    with workers._pool(100) as pool:
        assert pool._max_workers == 61


def test_there_are_no_more_processes_than_photos(
    tiny_network: NetworkInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    monkeypatch.setattr(
        workers, "in_processes", lambda _paths, _settings, count: asked.append(count) or iter(())
    )
    for processes in (None, 100, 2):
        run.analyzed([f"{index}.jpg" for index in range(21)], tiny_network, processes=processes)
    run.analyzed(["a.jpg"], tiny_network, processes=100)
    run.analyzed(["a.jpg"] * 20, tiny_network)  # in this process
    assert asked == [21, 21, 2, 1]

"""Of a training nothing is left: no file while it learns, and no process when the server is killed."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import psutil
import pytest

from fer_core.lab.desk import Desks
from fer_core.lab.settings import LabSettings, Method
from fer_core.lab.task import FaceSet, TrainingTask
from fer_core.lab.training import LabTraining
from fer_core.lab.worker import Work
from fer_core.lab.workers import Workers
from fer_core.places import PROJECT_DIR
from tests.fer_core.lab import watched_work

SERVER = """
import sys, time
from fer_core.lab.desk import Desks
from fer_core.lab.workers import Workers
from tests.fer_core.lab import fake_work

workers = Workers(fake_work.work)
desks = Desks(workers)
desk = desks.find(desks.open())
task = fake_work.task_that(fake_work.IGNORES_STOP)
training = desk.start(lambda: task, task.settings, "Ours")
while len(training.rows) < 2:
    time.sleep(0.05)
spare = Workers(fake_work.work)
spare.prepare()
print(workers.taken.process_id, spare.spare.process_id, flush=True)
time.sleep(600)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no such signal")
def test_no_process_is_left_when_the_server_is_killed() -> None:
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER], cwd=PROJECT_DIR, stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        processes = [psutil.Process(int(number)) for number in server.stdout.readline().split()]
        assert len(processes) == 2 and all(process.is_running() for process in processes)
    finally:
        server.kill()
        server.wait()
    gone, left = psutil.wait_procs(processes, timeout=20)
    assert not left


def own_faces(count: int) -> FaceSet:
    noise = np.random.default_rng(0).integers(0, 256, (count, 48, 48), np.uint8)
    return FaceSet(noise, np.arange(count) % 2, np.arange(count))


def train(work: Work, method: Method) -> LabTraining:
    """Own faces, at a desk, until it is over."""
    settings = LabSettings("own", ("smile", "frown"), method=method, epochs=2)
    task = TrainingTask(settings, own_faces(8), own_faces(4), shown=(0,))
    workers = Workers(work)
    desks = Desks(workers)
    token = desks.open()
    desks.attend(token, "page", lambda: True)
    desk = desks.find(token)
    assert desk is not None
    training = desk.start(lambda: task, settings, "Ours")
    assert training.wait(240)
    return training


@pytest.fixture
def empty_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Where programs write that are not asked to: what a library writes without Python is seen there."""
    folders = [tmp_path / name for name in ("home", "temporary", "here")]
    for folder, variable in zip(folders, ("HOME", "TMPDIR", "XDG_CACHE_HOME"), strict=True):
        folder.mkdir()
        monkeypatch.setenv(variable, str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return folders


def test_a_head_is_learnt_without_writing_a_file(empty_folders: list[Path]) -> None:
    training = train(watched_work.work, "head")
    assert (training.end, training.error) == ("finished", None) and training.network is not None
    assert [file for folder in empty_folders for file in folder.rglob("*")] == []


def test_the_watch_notices_a_file(empty_folders: list[Path]) -> None:
    assert train(watched_work.writing_work, "head").end == "died"

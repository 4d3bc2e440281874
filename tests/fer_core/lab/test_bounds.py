"""When the process ends a training by itself; without TensorFlow."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from multiprocessing import Pipe
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fer_core.lab import worker
from fer_core.lab.process import WorkerLimits, ending
from fer_core.lab.scratch import TrainingTold, lab_recipe
from fer_core.lab.settings import LabSettings
from fer_core.lab.task import FaceSet, LabTaskError, Progress, Stop, TrainingTask, no_faces
from fer_core.machine import resident_mb
from fer_core.training.batches import LabelledFaces
from fer_core.training.epochs import recipe_batches

ROOT = Path(__file__).resolve().parents[3]


def test_a_training_ends_at_its_bounds_and_when_it_is_told_to() -> None:
    near, far = Pipe()
    taken_mb = resident_mb()
    assert taken_mb is not None
    wide = WorkerLimits(memory_mb=2 * taken_mb)  # of all that the tests before have loaded
    assert ending(far, wide)() is None
    assert ending(far, replace(wide, seconds=-1))() == "time"
    assert ending(far, replace(wide, memory_mb=taken_mb / 2))() == "memory"
    near.send(Stop())
    assert ending(far, wide)() == "stopped"
    near.close()
    with pytest.raises(EOFError):
        ending(far, wide)()


def test_a_process_that_takes_more_memory_than_it_may_gives_up_and_one_that_does_not_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    taken_mb = resident_mb()
    if taken_mb is None:
        pytest.skip("this system does not say what a process has resident")
    monkeypatch.setattr(worker, "LEAST_FREE_SHARE", 0.0)
    for most_mb, too_much in ((taken_mb / 2, True), (taken_mb * 2, False)):
        monkeypatch.setattr(worker, "MOST_MEMORY_MB", most_mb)
        assert worker._takes_too_much() is too_much
    monkeypatch.setattr(worker, "LEAST_FREE_SHARE", 1.0)
    assert worker._takes_too_much(), "the computer has hardly any left"


def test_a_loss_that_overflowed_ends_a_training_with_what_to_do() -> None:
    faces = FaceSet(np.zeros((20, 48, 48), np.uint8), np.arange(20) % 2, np.arange(20))
    settings = LabSettings("own", ("smile", "frown"), batch_size=8)
    batches = recipe_batches(lab_recipe(settings), LabelledFaces(faces.faces_gray, faces.labels), 1)
    said: list[Any] = []
    told = TrainingTold(TrainingTask(settings, faces, no_faces()), None, batches, said.append, lambda: None)
    assert told.step_done(1, 1, {"loss": 0.5, "accuracy": 0.75})
    order = batches.order(1)
    assert said == [Progress(2, settings.epochs, 2, 2, 0.5, 0.75, tuple(order[8:16]), 0.0)]
    told = TrainingTold(TrainingTask(settings, faces, no_faces()), None, batches, said.append, lambda: None)
    with pytest.raises(LabTaskError, match="Lower the learning rate"):
        told.step_done(0, 0, {"loss": float("nan"), "accuracy": 0.0})


def test_a_server_that_is_stopped_does_not_wait_for_a_process_that_waits_for_work() -> None:
    script = (
        "from fer_core.lab.worker import Worker\nfrom tests.fer_core.lab.fake_work import work\nWorker(work)"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, timeout=60, check=True)

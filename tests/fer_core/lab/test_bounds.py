"""When the process ends a training by itself; without TensorFlow."""

from __future__ import annotations

from multiprocessing import Pipe

import pytest

from fer_core.lab.process import WorkerLimits, ending, resident_mb
from fer_core.lab.task import Stop


def test_a_training_ends_at_its_bounds_and_when_it_is_told_to() -> None:
    near, far = Pipe()
    assert ending(far, WorkerLimits())() is None
    assert ending(far, WorkerLimits(seconds=-1))() == "time"
    assert ending(far, WorkerLimits(memory_mb=resident_mb() - 1))() == "memory"
    near.send(Stop())
    assert ending(far, WorkerLimits())() == "stopped"
    near.close()
    with pytest.raises(EOFError):
        ending(far, WorkerLimits())()


def test_the_resident_memory_is_that_of_this_process() -> None:
    psutil = pytest.importorskip("psutil")
    assert resident_mb() == pytest.approx(psutil.Process().memory_info().rss / 1e6, rel=0.2)

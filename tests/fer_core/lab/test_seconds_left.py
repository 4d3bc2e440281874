"""How long a training still takes, by hand."""

from __future__ import annotations

from fer_core.lab.settings import LabSettings
from fer_core.lab.task import Progress
from fer_core.lab.training import LabTraining


def test_the_time_left_leaves_out_the_first_step_which_compiles() -> None:
    training = LabTraining(LabSettings("own", ("a", "b")), "7b", "1")

    def left(epoch: int, step: int, seconds: float) -> float | None:
        training.hear(Progress(epoch, 4, step, 10, 1.0, 0.5, (), seconds))
        return training.seconds_left

    assert left(1, 1, 0.0) is None
    assert left(1, 3, 0.5) is None
    assert (
        left(1, 6, 2.5) == 17.0
    )  # half a second for each of the five steps after the first, and 34 are left
    assert left(3, 1, 10.0) == 9.5  # twenty steps after the first, and 19 are left

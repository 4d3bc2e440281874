"""The lab's training from scratch loads TensorFlow, which is why this test is here and not in tests/fer_core/lab."""

from __future__ import annotations

from pathlib import Path

from tests.fer_core.lab import watched_work
from tests.fer_core.lab.test_nothing_is_left import empty_folders, train

__all__ = ["empty_folders"]


def test_a_network_is_learnt_from_scratch_without_writing_a_file(empty_folders: list[Path]) -> None:
    training = train(watched_work.work, "scratch")
    assert (training.end, training.error) == ("finished", None) and training.network is not None
    assert [file for folder in empty_folders for file in folder.rglob("*")] == []

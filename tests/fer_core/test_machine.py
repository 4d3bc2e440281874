"""What this process takes of its computer."""

from __future__ import annotations

import psutil
import pytest

from fer_core import machine


def test_the_resident_memory_is_that_of_this_process_and_unknown_where_the_system_does_not_say(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert machine.resident_mb() == pytest.approx(psutil.Process().memory_info().rss / 1e6, rel=0.2)

    def no_such_file(*_arguments: object) -> str:
        raise FileNotFoundError

    monkeypatch.setattr(machine.Path, "read_text", no_such_file)
    assert machine.resident_mb() is None

"""A disk without room, for the tests of what happens then."""

from __future__ import annotations

from pathlib import Path
from typing import IO

import pytest

from fer_core import files

FULL_DISK = Path("/dev/full")

needs_full_disk = pytest.mark.skipif(not FULL_DISK.is_char_device(), reason="this system has no /dev/full")


def fill_disk_at(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """From now on there is no room for what is to take the place of this file."""
    new_file = files._new_file

    def full(new: Path, earlier: Path, mode: int | None) -> IO[bytes]:
        return FULL_DISK.open("wb") if earlier == path.resolve() else new_file(new, earlier, mode)

    monkeypatch.setattr(files, "_new_file", full)

"""A lock is seen by others and ends with its process, however that ends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from fer_core import locks
from fer_core.locks import LOCK_FILE, InUseError, locked_folder, open_locked, remove_locked

ROOT = Path(__file__).resolve().parents[2]

HOLD = """
import sys
from pathlib import Path
from fer_core import locks
from fer_core.locks import locked_folder
with locked_folder(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_another_process_is_kept_out_until_the_first_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == b"held\n"
        with pytest.raises(InUseError), locked_folder(tmp_path):
            pass
        holder.kill()
    assert (tmp_path / LOCK_FILE).exists(), "nobody took it away"
    with locked_folder(tmp_path):
        pass
    assert not any(tmp_path.iterdir())


def test_a_file_that_its_holder_removes_between_opening_and_locking_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    path.write_text("of the holder before")
    lock, waiting = locks._lock, [path]

    def lock_late(number: int, path: Path) -> None:
        if waiting:
            waiting.pop().unlink()
        lock(number, path)

    monkeypatch.setattr(locks, "_lock", lock_late)
    with open_locked(path) as held:
        assert held.read() == b"" and path.read_bytes() == b""
        with pytest.raises(InUseError):
            open_locked(path)
        remove_locked(path, held)
    assert not path.exists()


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "victim").write_text("mine")
    (tmp_path / "link").symlink_to("victim")
    (tmp_path / "lost").symlink_to("nothing")
    for name in ("link", "lost"):
        with pytest.raises(OSError, match="a link"):
            open_locked(tmp_path / name)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "lost", "victim"]

"""Files are written whole or not at all."""

from __future__ import annotations

import errno
import re
from pathlib import Path

import pytest

from fer_core.files import partial_file, write_whole

CORE = Path(__file__).resolve().parents[2] / "fer_core"
FULL_DISK = Path("/dev/full")


def test_text_and_bytes_arrive_as_they_are_and_leave_nothing_beside_them(tmp_path: Path) -> None:
    for content, expected in (("one\ntwo’s\n", "one\ntwo’s\n".encode()), (b"\x00\r\n", b"\x00\r\n")):
        write_whole(tmp_path / "file", content)
        assert (tmp_path / "file").read_bytes() == expected
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.skipif(not FULL_DISK.exists(), reason="this system has no /dev/full")
def test_a_full_disk_leaves_the_earlier_file_and_is_told_by_its_name(tmp_path: Path) -> None:
    file = tmp_path / "file"
    write_whole(file, "earlier")
    partial_file(file).symlink_to(FULL_DISK)
    with pytest.raises(OSError, match="No space left") as caught:
        write_whole(file, "later")
    assert (caught.value.errno, caught.value.filename) == (errno.ENOSPC, str(file))
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("file", "earlier")]


def test_nothing_in_the_core_writes_over_a_file_that_is_there() -> None:
    direct = {
        path.relative_to(CORE).as_posix()
        for path in CORE.rglob("*.py")
        if re.search(r"\.write_(text|bytes)\(", path.read_text(encoding="utf-8"))
    }
    assert direct == {"files.py"}

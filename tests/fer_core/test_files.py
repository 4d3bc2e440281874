"""Files are written whole or not at all."""

from __future__ import annotations

import errno
import os
import re
import stat
import sys
from pathlib import Path

import pytest

from fer_core.files import write_whole
from tests.full_disk import fill_disk_at, needs_full_disk

CORE = Path(__file__).resolve().parents[2] / "fer_core"


def test_text_and_bytes_arrive_as_they_are_and_leave_nothing_beside_them(tmp_path: Path) -> None:
    for content, expected in (("one\ntwo’s\n", "one\ntwo’s\n".encode()), (b"\x00\r\n", b"\x00\r\n")):
        write_whole(tmp_path / "file", content)
        assert (tmp_path / "file").read_bytes() == expected
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@needs_full_disk
def test_a_full_disk_leaves_the_earlier_file_and_is_told_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    write_whole(file, "earlier")
    fill_disk_at(monkeypatch, file)
    with pytest.raises(OSError, match="No space left") as caught:
        write_whole(file, "later")
    assert (caught.value.errno, caught.value.filename) == (errno.ENOSPC, str(file))
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("file", "earlier")]


def test_strangers_files_and_links_beside_it_stay(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("mine")
    for name in ("file.new", "file.part", "partial-file", "file.tmp"):
        (tmp_path / name).symlink_to(victim)
    write_whole(tmp_path / "file", "ours")
    assert victim.read_text() == "mine" and (tmp_path / "file").read_text() == "ours"
    assert all(
        (tmp_path / name).is_symlink() for name in ("file.new", "file.part", "partial-file", "file.tmp")
    )


def test_a_link_stays_and_its_target_is_written(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    link, dangling, circle = (tmp_path / name for name in ("link", "dangling", "circle"))
    link.symlink_to("elsewhere/file")
    (tmp_path / "elsewhere" / "file").write_text("earlier")
    dangling.symlink_to(tmp_path / "elsewhere" / "new")
    circle.symlink_to("circle")
    for path in (link, dangling):
        write_whole(path, "later")
        assert path.is_symlink() and path.read_text() == "later"
    with pytest.raises(OSError, match="symbolic links"):
        write_whole(circle, "later")


@pytest.mark.skipif(sys.platform == "win32", reason="this system has no pipes with names")
def test_what_is_no_file_is_refused_and_stays(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("pipe")  # no device of this computer, which a fault would cost
    for name in ("pipe", "folder", "link"):
        with pytest.raises(OSError, match=rf"(Is a directory|no ordinary file): '.*{name}'"):
            write_whole(tmp_path / name, "content")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "link", "pipe"]


@pytest.mark.skipif(sys.platform == "win32", reason="this system has other permissions")
def test_permissions_are_those_of_any_new_file_or_of_the_one_that_is_replaced(tmp_path: Path) -> None:
    ordinary, ours = tmp_path / "ordinary", tmp_path / "ours"
    ordinary.touch()
    write_whole(ours, "1")
    assert ours.stat().st_mode == ordinary.stat().st_mode
    ours.chmod(0o640)
    write_whole(ours, "2")
    assert stat.S_IMODE(ours.stat().st_mode) == 0o640
    write_whole(ours, "3", mode=0o600)
    assert stat.S_IMODE(ours.stat().st_mode) == 0o600


def test_nothing_in_the_core_writes_over_a_file_that_is_there() -> None:
    direct = {
        path.relative_to(CORE).as_posix()
        for path in CORE.rglob("*.py")
        if re.search(r"\.write_(text|bytes)\(", path.read_text(encoding="utf-8"))
    }
    assert direct == set()

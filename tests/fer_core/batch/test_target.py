"""Where a table goes is checked before the work: no photo and no stranger's file is written over."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections import namedtuple
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from fer_core import cli
from fer_core.batch import run, target
from fer_core.batch.journal import Journal
from fer_core.batch.target import checked_target, table_form
from fer_core.batch.work import Settings
from fer_core.errors import BatchError
from fer_core.places import SAMPLE_PHOTO
from fer_core.recognition.provenance import local_now
from fer_core.store.network import NetworkInfo

OWN_CSV = b"file,face,x,y,width,height,angry,label\r\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.name: os.fsencode(os.readlink(path))
        if path.is_symlink()
        else path.read_bytes()
        if path.is_file()
        else b""
        for path in folder.iterdir()
    }


def test_what_the_shell_makes_of_out_and_a_pattern_destroys_no_photo(
    tiny_network: NetworkInfo, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a.jpg", "b.jpg"):
        shutil.copy(SAMPLE_PHOTO, name)
    before = contents(folder)
    assert cli.main(["predict", "--out", "a.jpg", "b.jpg"]) == 1
    assert "--out names a photo (a.jpg)" in capsys.readouterr().err
    assert contents(folder) == before


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("photo.csv", SAMPLE_PHOTO.read_bytes()),
        ("photo", SAMPLE_PHOTO.read_bytes()),
        ("short.csv", b"\xff\xd8\xff"),
        ("packed.csv", b"PK\x03\x04\x00\x00"),
        ("notes.txt", b"mine\n"),
        ("notes", b"mine\n"),
        ("new.jpg", None),
        ("NEW.JPEG", None),
        ("new.heic", None),
    ],
)
def test_what_is_no_table_is_refused_and_stays(folder: Path, name: str, content: bytes | None) -> None:
    if content is not None:
        Path(name).write_bytes(content)
    before = contents(folder)
    with pytest.raises(BatchError, match=r"is no table|names a photo"):
        checked_target(Path(name), [])
    assert contents(folder) == before


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty", b""),
        ("own", OWN_CSV),
        ("own.txt", b"\xef\xbb\xbf" + OWN_CSV.replace(b",", b";")),
        ("own", b'[\n{"file": "a.jpg"}\n]\n'),
        ("own", b"[]\n"),
        ("own.table", b"PAR1\x15\x04\x15"),
        ("other.csv", b"mine\n"),
        ("other.CSV", "Größe\n".encode("utf-16")),
        ("other.json", b"{}"),
        ("own.parquet", b"PAR1\x00\x00"),
        ("new.csv", None),
        ("new", None),
    ],
)
def test_tables_are_replaced(folder: Path, name: str, content: bytes | None) -> None:
    if content is not None:
        Path(name).write_bytes(content)
    before = contents(folder)
    assert checked_target(Path(name), []) == folder.resolve() / name
    assert contents(folder) == before


def test_an_input_is_refused_under_any_name(folder: Path) -> None:
    Path("faces.csv").write_bytes(OWN_CSV)
    Path("link.csv").symlink_to("faces.csv")
    os.link("faces.csv", "hard.csv")
    for out in ("faces.csv", "link.csv", "hard.csv", "./faces.csv"):
        with pytest.raises(BatchError, match="one of the photos to look at"):
            checked_target(Path(out), ["gone.jpg", "faces.csv"])
    with pytest.raises(BatchError, match="one of the photos to look at"):
        checked_target(Path("neither.csv"), ["./neither.csv"])


@pytest.mark.skipif(sys.platform == "win32", reason="this system has no pipes with names")
def test_folders_devices_and_pipes_are_refused_and_a_link_is_followed(folder: Path) -> None:
    os.mkfifo("pipe")
    Path("folder").mkdir()
    for name, leads_to in (
        ("null.csv", "/dev/null"), ("out.csv", "/dev/fd/1"), ("photo.csv", "a.jpg"), ("lost.csv", "no/a.csv"),
        ("circle.csv", "circle.csv"), ("good.csv", "folder/new.csv"),
    ):  # fmt: skip
        Path(name).symlink_to(leads_to)
    before = contents(folder)
    for out, reason in (
        ("pipe", "no ordinary file"), ("null.csv", "no ordinary file"), ("out.csv", "no ordinary file"),
        ("/dev/fd/1", "no ordinary file"), ("-", "no ordinary file"), ("folder", "is a folder"), ("", "is a folder"),
        ("photo.csv", "names a photo"), ("lost.csv", "No such file"), ("circle.csv", "symbolic links"),
        ("no/faces.csv", "No such file"),
    ):  # fmt: skip
        with pytest.raises(BatchError, match=reason):
            checked_target(Path(out), [])
    assert checked_target(Path("good.csv"), []) == folder.resolve() / "folder" / "new.csv"
    assert contents(folder) == before


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is closed to root")
def test_what_may_not_be_written_is_found_before_the_work(folder: Path) -> None:
    Path("closed").mkdir()
    Path("faces.csv").write_bytes(OWN_CSV)
    Path("faces.csv").chmod(0o444)
    Path("closed").chmod(0o555)
    for out in ("faces.csv", "closed/faces.csv"):
        with pytest.raises(BatchError, match="Permission denied"):
            checked_target(Path(out), [])


def test_a_disk_without_room_is_found_before_the_work(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(target.shutil, "disk_usage", lambda _folder: usage(10**9, 10**9 - 4_000, 4_000))
    assert checked_target(Path("a.csv"), ["1.jpg", "2.jpg"])
    with pytest.raises(BatchError, match="too little room for 3 photos"):
        checked_target(Path("a.csv"), ["1.jpg", "2.jpg", "3.jpg"])


def test_the_ending_decides_the_form(
    tiny_network: NetworkInfo, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = local_now()
    monkeypatch.setattr("fer_core.batch.run.local_now", lambda: now)
    for name in ("a.csv", "a.JSON", "a.parquet", "a"):
        assert cli.main(["predict", str(SAMPLE_PHOTO), "--out", name]) == 0
    assert Path("a.csv").read_text().startswith("file,face,")
    assert Path("a").read_bytes() == Path("a.csv").read_bytes()
    assert len(json.loads(Path("a.JSON").read_text())) == 1
    assert pq.read_table("a.parquet").num_rows == 1
    assert table_form(Path("a.txt"), "json") == "json" and table_form(None, None) == "csv"
    with pytest.raises(BatchError, match="contradict"):
        table_form(Path("a.csv"), "json")
    with pytest.raises(BatchError, match="does not say how the table is written"):
        table_form(Path("a.xlsx"), None)


def test_the_table_goes_where_a_link_leads_and_strangers_files_stay(
    tiny_network: NetworkInfo, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("real.csv").write_text("mine\n")
    Path("link.csv").symlink_to("real.csv")
    for name in ("real.csv.new", "link.csv.part", "partial-real.csv", "link.csv.new"):
        Path(name).write_text("mine")
    before = contents(folder)
    assert cli.main(["predict", str(SAMPLE_PHOTO), "--out", "link.csv"]) == 0
    after = contents(folder)
    before.pop("real.csv")
    assert bytes(after.pop("real.csv")).startswith(b"file,face,")
    assert after == before
    Path("real.csv.part").symlink_to("real.csv.new")
    assert cli.main(["predict", str(SAMPLE_PHOTO), "--out", "real.csv"]) == 1
    assert "holds no unfinished run of Raut" in capsys.readouterr().err
    assert Path("real.csv.new").read_text() == "mine"


def test_two_runs_do_not_write_the_same_table(
    tiny_network: NetworkInfo, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("link.csv").symlink_to("faces.csv")
    with Journal(run.part_of(Path("faces.csv")), Settings.of(tiny_network), resume=False):
        for out in ("faces.csv", "link.csv"):
            assert cli.main(["predict", str(SAMPLE_PHOTO), "--out", out, "--resume"]) == 1
            assert "Another run is writing this table" in capsys.readouterr().err
    assert cli.main(["predict", str(SAMPLE_PHOTO), "--out", "link.csv", "--resume"]) == 0
    assert sorted(path.name for path in folder.iterdir()) == ["faces.csv", "link.csv"]

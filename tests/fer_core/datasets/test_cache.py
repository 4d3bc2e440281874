"""The cache is a shortcut and nothing else: reading never depends on it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from fer_core.datasets import cache
from fer_core.datasets.formats import csv_table
from fer_core.datasets.load import fer2013_signature, load_fer2013
from fer_core.places import PROJECT_DIR

Write = Callable[..., Path]


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Grows by one each time the table itself is read."""
    read: list[Path] = []
    original = csv_table.read_table

    def counted(path: Path, progress: object = None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        read.append(path)
        return original(path)

    monkeypatch.setattr(csv_table, "read_table", counted)
    return read


def test_the_second_reading_comes_from_the_cache_and_is_the_same(
    table: list[str], votes_table: list[str], write: Write, readings: list[Path]
) -> None:
    file = write(table)
    write(votes_table, "fer2013new.csv")
    first, second = load_fer2013(file), load_fer2013(file)
    assert len(readings) == 1
    for name in ("images_gray", "emotions", "usages", "votes", "rows"):
        assert np.array_equal(getattr(first, name), getattr(second, name))
        assert getattr(first, name).dtype == getattr(second, name).dtype
    assert (second.source, second.form) == (file, "csv")
    with pytest.raises(ValueError, match="read-only"):
        second.images_gray[0, 0, 0] = 1


def test_a_changed_table_is_read_anew(table: list[str], write: Write, readings: list[Path]) -> None:
    file = write(table)
    load_fer2013(file)
    assert len(load_fer2013(write(table[:-1]))) == 4
    assert len(readings) == 2


def test_a_table_of_the_same_size_with_a_newer_time_is_read_anew(
    table: list[str], write: Write, readings: list[Path]
) -> None:
    file = write(table)
    load_fer2013(file)
    table[1] = "1" + table[1][1:]
    write(table)
    os.utime(file, ns=(0, file.stat().st_mtime_ns + 1_000_000))
    assert load_fer2013(file).emotions[0] == 1
    assert len(readings) == 2


def test_votes_that_appear_or_go_are_noticed(
    table: list[str], votes_table: list[str], write: Write, readings: list[Path]
) -> None:
    file = write(table)
    assert load_fer2013(file).votes is None
    votes_file = write(votes_table, "fer2013new.csv")
    assert load_fer2013(file).votes is not None
    votes_file.unlink()
    assert load_fer2013(file).votes is None
    assert len(readings) == 3


def test_another_format_version_is_read_anew(
    table: list[str], write: Write, readings: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(table)
    load_fer2013(file)
    monkeypatch.setattr(cache, "FORMAT_VERSION", cache.FORMAT_VERSION + 1)
    load_fer2013(file)
    assert len(readings) == 2


@pytest.mark.parametrize("damage", ["empty", "text", "cut", "flipped", "other"])
def test_a_damaged_cache_is_made_anew(
    table: list[str],
    write: Write,
    cache_dir: Path,
    readings: list[Path],
    images_gray: np.ndarray,
    damage: str,
) -> None:
    file = write(table)
    load_fer2013(file)
    (cached,) = cache_dir.iterdir()
    content = bytearray(cached.read_bytes())
    if damage == "empty":
        content = bytearray()
    elif damage == "text":
        content = bytearray(b"not a cache")
    elif damage == "cut":
        content = content[: len(content) // 2]
    elif damage == "flipped":
        content[content.index(images_gray[2].tobytes()) + 100] ^= 1
    cached.write_bytes(content)
    if damage == "other":
        np.savez(cached.open("wb"), signature=np.array("something else"))

    assert np.array_equal(load_fer2013(file).images_gray, images_gray)
    assert len(readings) == 2
    load_fer2013(file)
    assert len(readings) == 2  # and the new one is good


def test_a_cache_of_the_right_signature_with_wrong_arrays_is_not_believed(
    table: list[str], write: Write, cache_dir: Path, readings: list[Path]
) -> None:
    file = write(table)
    load_fer2013(file)
    (cached,) = cache_dir.iterdir()
    with np.load(cached) as arrays:
        changed = {name: arrays[name] for name in arrays.files}
    changed["emotions"] = changed["emotions"][:-1]
    with cached.open("wb") as stream:
        np.savez(stream, **changed)
    assert len(load_fer2013(file)) == 5
    assert len(readings) == 2


def test_a_cache_that_cannot_be_written_does_not_stop_reading(
    table: list[str], write: Write, tmp_path: Path, readings: list[Path]
) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("a file where the folder should be")
    file = write(table)
    for count in (1, 2):
        assert len(load_fer2013(file, cache_dir=in_the_way)) == 5
        assert len(readings) == count


def test_a_full_disk_leaves_no_half_file_behind(
    table: list[str], write: Write, cache_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_fields: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    assert len(load_fer2013(write(table))) == 5
    assert list(cache_dir.iterdir()) == []


def test_deleting_the_cache_is_safe(
    table: list[str], write: Write, cache_dir: Path, readings: list[Path]
) -> None:
    file = write(table)
    load_fer2013(file)
    for entry in cache_dir.iterdir():
        entry.unlink()
    cache_dir.rmdir()
    assert len(load_fer2013(file)) == 5
    assert len(readings) == 2


def test_two_copies_keep_their_own_cache(
    table: list[str], write: Write, cache_dir: Path, readings: list[Path]
) -> None:
    one, two = write(table, "one/fer2013.csv"), write(table, "two/fer2013.csv")
    for file in (one, two, one, two):
        load_fer2013(file)
    assert len(readings) == 2
    assert len(list(cache_dir.iterdir())) == 2


def test_the_folder_is_the_argument_then_the_variable_then_the_projects(
    tmp_path: Path, cache_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def folder(named: Path | None = None) -> Path:
        return cache.cache_file(named, tmp_path / "fer2013.csv").parent

    assert folder(tmp_path / "named") == tmp_path / "named"
    assert folder() == cache_dir
    monkeypatch.delenv("RAUT_CACHE_DIR")
    assert folder() == PROJECT_DIR / ".cache"


def test_a_picture_that_comes_or_goes_changes_what_a_page_asks_for(tmp_path: Path) -> None:
    for split in ("train", "test"):
        (tmp_path / split / "happy").mkdir(parents=True)
        (tmp_path / split / "happy" / "im0.png").write_bytes(b"x")
    past = 1_700_000_000
    for folder in (tmp_path, tmp_path / "train", tmp_path / "train" / "happy"):
        os.utime(folder, (past, past))  # clocks of file systems tick slowly
    before = fer2013_signature(tmp_path)
    assert fer2013_signature(tmp_path) == before
    (tmp_path / "train" / "happy" / "im1.png").write_bytes(b"x")
    assert fer2013_signature(tmp_path) != before
    before = fer2013_signature(tmp_path)
    (tmp_path / "train" / "sad").mkdir()
    assert fer2013_signature(tmp_path) != before

"""Tests for files that are parsed once for each change."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from fer_core.store.read_only import COARSEST_CLOCK_S, ParsedFiles, ReadOnlyDict, read_only

LONG_AGO = time.time() - 1000


class Parser:
    """Text as a number; remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, path: Path) -> int:
        self.asked.append(path.name)
        return int(path.read_text())


def written(path: Path, text: str, changed: float = LONG_AGO) -> Path:
    path.write_text(text)
    os.utime(path, (changed, changed))
    return path


def test_a_file_is_parsed_once_until_it_changes(tmp_path: Path) -> None:
    parse = Parser()
    files = ParsedFiles(parse)
    file = written(tmp_path / "a", "1")
    assert [files.read(file), files.read(file)] == [1, 1] and len(parse.asked) == 1
    written(file, "2", LONG_AGO + 1)  # as long as before
    assert [files.read(file), files.read(file)] == [2, 2] and len(parse.asked) == 2
    written(file, "33", LONG_AGO + 1)  # at the same time
    assert files.read(file) == 33
    other = written(tmp_path / "b", "44", LONG_AGO + 1)
    os.replace(other, file)  # as long, at the same time
    assert files.read(file) == 44


def test_a_file_that_may_change_within_the_same_tick_is_parsed_again(tmp_path: Path) -> None:
    parse = Parser()
    files = ParsedFiles(parse)
    now = time.time()
    file = written(tmp_path / "a", "1", now)
    assert files.read(file) == 1
    written(file, "2", now)
    assert files.read(file) == 2
    written(file, "2", now - 2 * COARSEST_CLOCK_S)
    assert [files.read(file), files.read(file)] == [2, 2] and len(parse.asked) == 3


def test_what_is_wrong_with_a_file_is_said_each_time_and_not_kept(tmp_path: Path) -> None:
    files = ParsedFiles(Parser())
    file = written(tmp_path / "a", "x")
    for _time in range(2):
        with pytest.raises(ValueError, match="invalid literal"):
            files.read(file)
    assert files.read(written(file, "5")) == 5
    file.unlink()
    with pytest.raises(FileNotFoundError):
        files.read(file)


def test_the_files_that_were_asked_for_last_are_kept(tmp_path: Path) -> None:
    parse = Parser()
    files = ParsedFiles(parse, limit=2)
    a, b, c = (written(tmp_path / name, "1") for name in "abc")
    for file in (a, b, a, c, a, b):
        files.read(file)
    assert parse.asked == ["a", "b", "c", "b"]


def test_several_threads_share_one_reading(tmp_path: Path) -> None:
    asked = []

    def parse(path: Path) -> object:
        asked.append(path)
        time.sleep(0.05)
        return object()

    files = ParsedFiles(parse)
    file = written(tmp_path / "a", "1")
    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(files.read(file))) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(asked) == 1 and len({id(value) for value in found}) == 1


def test_a_read_only_value_refuses_every_change() -> None:
    value = read_only({"a": [{"b": 1}]})
    assert value == {"a": ({"b": 1},)}
    for change in (
        lambda: value.update(a=1), lambda: value.pop("a"), lambda: value.setdefault("c", 1), value.clear,
        value.popitem, lambda: value["a"][0].__setitem__("b", 2), lambda: value.__delitem__("a"),
        lambda: value.__ior__({"c": 1}),
    ):  # fmt: skip
        with pytest.raises(TypeError, match="shared"):
            change()
    assert value == ReadOnlyDict(a=({"b": 1},)) and dict(value) == value

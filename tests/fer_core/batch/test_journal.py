"""A journal that somebody else wrote, or wrote into, is a sentence, and stays as it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fer_core.batch.journal import Journal, key_of
from fer_core.batch.work import Settings, analyze_file
from fer_core.errors import BatchError
from fer_core.places import SAMPLE_PHOTO
from fer_core.store.network import NetworkInfo

Change = Callable[[dict[str, Any]], Any]


@pytest.fixture
def settings(tiny_network: NetworkInfo) -> Settings:
    return Settings.of(tiny_network)


@pytest.fixture
def written(settings: Settings, tmp_path: Path) -> list[bytes]:
    path = tmp_path / "written"
    with Journal(path, settings, resume=False) as journal:
        journal.add(key_of(str(SAMPLE_PHOTO)), analyze_file(str(SAMPLE_PHOTO), settings))
    return path.read_bytes().splitlines(keepends=True)


def row_with(column: str, value: Any) -> Change:
    return lambda line: {**line, "rows": [{**line["rows"][0], column: value}]}


WRONG: dict[str, Change] = {
    "a list": lambda line: [line],
    "a number": lambda line: 7,
    "nothing": lambda line: None,
    "no key": lambda line: {name: value for name, value in line.items() if name != "key"},
    "a short key": lambda line: {**line, "key": line["key"][:2]},
    "a key of lists": lambda line: {**line, "key": [[], 1, 1]},
    "a key of text": lambda line: {**line, "key": ["a", "1", "1"]},
    "of another file": lambda line: {**line, "file": "other.jpg"},
    "rows of text": lambda line: {**line, "rows": "rows"},
    "a row of text": lambda line: {**line, "rows": ["row"]},
    "a row without columns": lambda line: {**line, "rows": [{}]},
    "another label": row_with("bored", 0.5),
    "a list in a cell": row_with("label", []),
    "half a character": row_with("label", "\ud800"),
    "infinity": row_with("x", float("inf")),
    "no number": row_with("happy", float("nan")),
    "a huge number": row_with("width", 10**30),
    "a probability above one": row_with("happy", 1.5),
    "more than half a turn": row_with("turn_degrees", 180.5),
    "a turn in words": row_with("turn_degrees", "47"),
    "of another version": row_with("raut_version", "0.0.1"),
    "an error that is a list": lambda line: {**line, "error": []},
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_line_of_another_shape_is_a_sentence_and_stays(
    settings: Settings, written: list[bytes], tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "faces.csv.part"
    changed = json.dumps(WRONG[kind](json.loads(written[1]))).encode() + b"\n"
    refused(path, written[0] + changed + written[1], settings, "something that Raut did not write")


@pytest.mark.parametrize("line", [b"[" * 100_000 + b"\n", b"9" * 5_000 + b"\n"], ids=["deep", "long"])
def test_what_no_reader_of_json_can_read_is_a_sentence_and_stays(
    settings: Settings, written: list[bytes], tmp_path: Path, line: bytes
) -> None:
    path = tmp_path / "faces.csv.part"
    refused(path, written[0] + line + written[1], settings, "something that Raut did not write")
    refused(path, line + written[1], settings, "holds no unfinished run of Raut")


@pytest.mark.parametrize(
    "content",
    [b"mine", b"mine\n", b"[]\n", b"{}\n", b"7\n", b"\x00" * 9, b"\xff\xd8\xff\xe0\n", b"{" * 70_000],
)
def test_a_file_that_is_no_journal_is_a_sentence_and_stays(
    settings: Settings, tmp_path: Path, content: bytes
) -> None:
    refused(tmp_path / "faces.csv.part", content, settings, "holds no unfinished run of Raut")


def refused(path: Path, content: bytes, settings: Settings, sentence: str) -> None:
    path.write_bytes(content)
    with pytest.raises(BatchError, match=sentence):
        Journal(path, settings, resume=True)
    assert path.read_bytes() == content


def test_a_line_that_is_changed_while_the_run_goes_on_is_a_sentence(
    settings: Settings, written: list[bytes], tmp_path: Path
) -> None:
    path = tmp_path / "faces.csv.part"
    path.write_bytes(b"".join(written))
    with Journal(path, settings, resume=True) as journal:
        for content in (written[0] + b"[]\n", written[0][:9]):
            path.write_bytes(content)
            with pytest.raises(BatchError, match="something that Raut did not write"):
                list(journal.photos([key_of(str(SAMPLE_PHOTO))]))


def test_a_header_that_was_cut_off_begins_anew_and_a_run_without_results_leaves_nothing(
    settings: Settings, written: list[bytes], tmp_path: Path
) -> None:
    path = tmp_path / "faces.csv.part"
    for begun in (b"", written[0][:20]):
        path.write_bytes(begun)
        with Journal(path, settings, resume=False) as journal:
            assert len(journal) == 0 and path.read_bytes() == written[0]
        path.unlink()
    with pytest.raises(KeyboardInterrupt), Journal(path, settings, resume=False):
        raise KeyboardInterrupt
    assert not path.exists()

"""Every fault of a JSON file is one kind of error."""

from __future__ import annotations

import codecs
import os
from pathlib import Path

import pytest

from fer_core import json_files
from fer_core.json_files import parse_json, read_json


@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
def test_json_is_read_with_and_without_a_byte_order_mark(tmp_path: Path, mark: bytes) -> None:
    (tmp_path / "a.json").write_bytes(mark + '{"nama": ["Guswanto Ñ", 1.5, null]}'.encode())
    assert read_json(tmp_path / "a.json") == {"nama": ["Guswanto Ñ", 1.5, None]}


def test_json_in_utf_16_is_read() -> None:
    assert parse_json('{"a": "é"}'.encode("utf-16")) == {"a": "é"}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b'{"a": "\xff"}',
        b"[" * 100_000,
        b"[" * 500 + b"]" * 500,
        b'{"a":' * 500 + b"1" + b"}" * 500,
        b"1e999",
        b'{"a": [NaN]}',
        b"-Infinity",
        b"9" * 5_000,
        b"[18446744073709551616]",
        b'["\\ud800"]',
        b'{"\\ud800": 1}',
    ],
)
def test_every_fault_is_a_value_error(content: bytes) -> None:
    with pytest.raises(ValueError):
        parse_json(content)


def test_numbers_that_are_none_are_read_where_they_may_be_there() -> None:
    loss, bound = parse_json(b"[NaN, 1e999]", finite=False)
    assert loss != loss and bound == float("inf")


def test_a_file_that_is_no_regular_one_or_too_large_is_refused_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    with pytest.raises(OSError):
        read_json(tmp_path / "pipe.json")
    monkeypatch.setattr(json_files, "LARGEST_BYTES", 10)
    (tmp_path / "large.json").write_bytes(b"[1, 2, 3, 4]")
    with pytest.raises(ValueError):
        read_json(tmp_path / "large.json")

"""JSON files as they are found: whatever is wrong with one is one kind of error."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any, Final

from fer_core.folders import FileTooLargeError, read_regular_file

LARGEST_BYTES: Final = 64 * 1024 * 1024
_DEEPEST: Final = 100  # what reads a value goes as deep as it is nested, and Python goes 1,000 deep
_LARGEST_NUMBER: Final = 2**63


def read_json(path: Path, *, finite: bool = True) -> Any:
    """The value that a JSON file holds, in UTF-8 or UTF-16, with or without a byte order mark.

    Args:
        path: of the file.
        finite: refuse numbers that are none, such as the loss of a training that came to nothing.

    Raises:
        OSError: the file is missing, cannot be read, or is no regular file.
        ValueError: as `parse_json`, or it has more than `LARGEST_BYTES`.
    """
    try:
        content = read_regular_file(str(path), LARGEST_BYTES)
    except FileTooLargeError as error:
        raise ValueError(f"{error.size_bytes} bytes") from error
    return parse_json(content, finite=finite)


def parse_json(content: bytes, *, finite: bool = True) -> Any:
    """The value in some JSON, such that every program can work with it.

    Raises:
        ValueError: it is no JSON; it holds a number that is none or has no end (NaN, 1e999) where `finite` asks for
            others, a whole number of more than 64 bits, half of a character, or lists within lists more than 100 deep.
    """
    try:
        value = json.loads(content)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    level = [value]
    for _depth in range(_DEEPEST):
        if not level:
            return value
        level = [inner for outer in level for inner in _checked_content(outer, finite)]
    raise ValueError("nested too deeply")


def _checked_content(value: Any, finite: bool) -> list[Any]:
    """What lies in a list or an object; nothing where it is a value of its own, which is checked."""
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        return [*value, *value.values()]
    if isinstance(value, str):
        value.encode()  # half a character could be neither shown nor written
    elif isinstance(value, float) and finite and not math.isfinite(value):
        raise ValueError(f"a number that is none: {value}")
    elif isinstance(value, int) and abs(value) >= _LARGEST_NUMBER:
        raise ValueError("a whole number that is too large")
    return []

"""Damage to tables and JSON by programs that save them again, by hand, and by an ill-meaning person."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np

CELLS = (
    "", " ", "0", "-1", "1.0", "1,5", "+2", "007", "1e3", "1e999", "nan", "inf", "9" * 5_000, "\u0663", "\u00b2", "\uff11", "=1+1",
    "\uff1d1+1", '"', '""', 'a"b', "\x00", "\ufeff", "\U0001f600", "\u202egpj", "x" * 200_000, "\r", "\n", "'", "'=1", "True",
    "null", "\x1b[31m", "1_0", "\t", "a,b;c", "{name}", "%s",
)  # fmt: skip
_ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "cp437")
_LARGEST = 1_000_000
_DIGITS, _DEEP, _DEEPER, _FAR = "@digits@", "@deep@", "@deeper@", "@far@"
_BEHIND = {
    _DIGITS: "9" * 5_000, _FAR: "1e999", _DEEP: "[" * 500 + "]" * 500, _DEEPER: '{"a":[' * 60_000 + "]}" * 60_000,
}  # fmt: skip
"""What `json.dumps` does not write."""
VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**31, 2**53 + 1, 10**400, 1.5, -0.0, 1e308, float("nan"), float("inf"), "", "x", "0", "NaN",
    "\x00", "\ud800", "\u202e", "\U0001f600", "x" * 100_000, "{name}", "../..", [], {}, [[]], [None], [1, "x"], {"a": 1},
    {"": {}}, [0] * 10_000, _DIGITS, _DEEP, _DEEPER, _FAR,
)  # fmt: skip


def change_table(content: bytes, rng: np.random.Generator) -> bytes:
    """A cell, a row, a column, the separator, the quotes, the ends of lines or the encoding become others."""
    text = content.decode("utf-8-sig", "replace")
    lines = text.splitlines() or [""]
    separator = max(",;\t", key=lines[0].count)
    row = int(rng.integers(len(lines)))
    cells = lines[row].split(separator)
    place = int(rng.integers(len(cells)))
    end = "\n"
    match rng.integers(14):
        case 0 | 1 | 2:
            cells[place] = CELLS[rng.integers(len(CELLS))]
            lines[row] = separator.join(cells)
        case 3:
            del cells[place]
            lines[row] = separator.join(cells)
        case 4:
            cells[place:place] = [cells[place]] * int(rng.choice([1, 3, 500]))
            lines[row] = separator.join(cells)[:500_000]
        case 5:
            lines[row:row] = [lines[row]] * int(
                min(rng.choice([1, 3, 2000]), 1 + 300_000 // (len(lines[row]) + 1))
            )
        case 6:
            del lines[row]
        case 7:
            other = (",", ";", "\t", "|", " ", ", ")[rng.integers(6)]
            lines = [line.replace(separator, other) for line in lines]
        case 8:
            lines = [separator.join(f'"{cell}"' for cell in line.split(separator)) for line in lines]
        case 9:
            end = ("\r", "\r\n", "\n\n", "\u2028", "\x0b", "\r\r\n")[rng.integers(6)]
        case 10:
            lines[:0] = (["sep=;"], ["sep=,"], [""], ["# comment"], ["\ufeff"])[rng.integers(5)]
        case 11:  # columns in another order
            order = rng.permutation(len(lines[0].split(separator)))
            lines = [separator.join(_in_order(line.split(separator), order)) for line in lines]
        case 12:
            lines[row] = lines[row].upper() if rng.random() < 0.5 else lines[row].title()
        case _:
            return _encoded(end.join(lines) + end, rng)
    return (end.join(lines) + (end if rng.random() < 0.8 else "")).encode("utf-8", "replace")


def _in_order(cells: list[str], order: np.ndarray) -> list[str]:
    return [cells[place] if place < len(cells) else "" for place in order]


def _encoded(text: str, rng: np.random.Generator) -> bytes:
    encoding = _ENCODINGS[rng.integers(len(_ENCODINGS))]
    mark = (
        {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"") if rng.random() < 0.5 else b""
    )
    return mark + text.encode(encoding, "replace")


def change_json(content: bytes, rng: np.random.Generator) -> bytes:
    """A value anywhere becomes another one, goes, comes twice or moves; or the text around it changes.

    Also one value in a line each.
    """
    lines = content.splitlines(keepends=True)
    try:
        if len(lines) > 1 and all(line.startswith(b"{") for line in lines[:2]):
            row = int(rng.integers(len(lines)))
            changed = b"".join(
                (*lines[:row], _changed_json(lines[row], rng, None).strip() + b"\n", *lines[row + 1 :])
            )
        else:
            changed = _changed_json(content, rng, int(rng.integers(3)) or None)
    except (ValueError, RecursionError):
        return content
    return changed if len(changed) < _LARGEST else content


def _changed_json(content: bytes, rng: np.random.Generator, indent: int | None) -> bytes:
    value = json.loads(content)
    places = list(_places(value))
    if not places:
        return _written(VALUES[rng.integers(len(VALUES))], indent)
    holder, key = places[rng.integers(len(places))]
    match rng.integers(10):
        case 0 | 1 | 2 | 3 | 4:
            holder[key] = VALUES[rng.integers(len(VALUES))]
        case 5:
            del holder[key]
        case 6:
            other, there = places[rng.integers(len(places))]
            holder[key] = json.loads(json.dumps(other[there]))
        case 7:
            if isinstance(holder, dict):
                holder[str(key) + "x" if rng.random() < 0.5 else str(key).upper()] = holder.pop(key)
            elif len(str(holder[key])) < 200:
                holder.extend([holder[key]] * int(rng.choice([1, 10, 3000])))
        case 8:
            return _written(VALUES[rng.integers(len(VALUES))], indent)
        case _:
            text = _written(value, indent).decode()
            match rng.integers(4):
                case 0:
                    return _encoded(text, rng)
                case 1:
                    text = text.replace("}", ",}", 1)
                case 2:
                    text = re.sub(r'"(\w+)":', r'"\1": 0, "\1":', text, count=1)
                case _:
                    text = (
                        "// words\n"
                        + text
                        + "\n" * int(rng.integers(3))
                        + ("{}" if rng.random() < 0.5 else "")
                    )
            return text.encode()
    return _written(value, indent)


def _places(value: Any, depth: int = 0) -> Any:
    """Each object or array with each of its keys; of long arrays the first few."""
    if depth > 50:
        return
    keys = (
        list(value)
        if isinstance(value, dict)
        else range(min(len(value), 8))
        if isinstance(value, list)
        else ()
    )
    for key in keys:
        yield value, key
        yield from _places(value[key], depth + 1)


def _written(value: Any, indent: int | None) -> bytes:
    text = json.dumps(value, indent=indent)
    for name, raw in _BEHIND.items():
        text = text.replace(f'"{name}"', raw)
    return text.encode("utf-8", "surrogatepass")

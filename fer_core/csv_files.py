"""Tables that people save again: with commas, semicolons or tabs, in UTF-8 or UTF-16, with any line ends."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import IO, Final

_DELIMITERS: Final = (",", ";", "\t")
_LONGEST_NUMBER: Final = 40

_FORMULA_SIGNS: Final = "=+@＝＋－＠﹦﹢﹣﹫\t\r-"
_CELL_BEGINS: Final = r'((?:^|[;\t\r\n])(?:[^\S\t\r\n]|")*)'
_BEFORE_A_FORMULA: Final = re.compile(f"{_CELL_BEGINS}(?='*[{_FORMULA_SIGNS}])")
_DEFUSED: Final = re.compile(f"{_CELL_BEGINS}'(?='*[{_FORMULA_SIGNS}])")

_LONGEST_SHOWN: Final = 200  # characters of a cell in a sentence


class CsvError(ValueError):
    """The content is no table: bytes that are no text, or quotes that do not close."""


def read_csv(content: bytes, columns: Sequence[str]) -> Iterator[list[str]]:
    """Yield the rows of a table: first the names of its columns in small letters, then all others, also empty ones.

    No row is kept, so that a table takes no more memory than its text.

    Args:
        content: of the file, in UTF-8 or UTF-16, with or without a byte order mark.
        columns: names, in small letters, that it should have; by these the delimiter is told.

    Raises:
        CsvError: while the rows are read.
    """
    try:
        text = content.decode(_encoding(content[:8])).lstrip("\ufeff\r\n")
        first = _first_line(text)
        delimiter = separator_line(first)
        if delimiter is not None:
            text = text[len(first) :].lstrip("\r\n")
            first = _first_line(text)
        rows = csv.reader(
            io.StringIO(text, newline=""), delimiter=delimiter or delimiter_of(first, columns), strict=True
        )
        yield from (column_names(row) for row in islice(rows, 1))
        yield from rows
    except (UnicodeDecodeError, csv.Error) as error:
        raise CsvError(str(error)) from error


def utf8_blocks(stream: IO[bytes], block_bytes: int) -> Iterator[tuple[bytes, int]]:
    """Yield the content of a table in pieces, as UTF-8 with line ends that have a line feed.

    Args:
        stream: of UTF-8, which costs nothing, or of UTF-16.
        block_bytes: how much is read at once, at least 8.

    Returns:
        Pairs of a piece, and how many bytes were read for it.
    """
    decoder: codecs.IncrementalDecoder | None = None
    only_returns: bool | None = None  # known once a line has ended
    held = b""
    is_first = True
    while chunk := stream.read(block_bytes):
        size = len(chunk)
        if is_first and (encoding := _encoding(chunk[:8])) != "utf-8":
            decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
        is_first = False
        if decoder is not None:
            chunk = decoder.decode(chunk).encode("utf-8", "replace")
        if only_returns is None:
            chunk, held = held + chunk, b""
            if b"\n" in chunk or b"\r" in chunk[:-1]:
                only_returns = b"\n" not in chunk
            elif chunk.endswith(b"\r"):  # whose line feed may come with the next piece
                chunk, held = chunk[:-1], b"\r"
        yield chunk.replace(b"\r", b"\n") if only_returns else chunk, size


def delimiter_of(first_line: str, columns: Sequence[str]) -> str:
    """Tell the delimiter from the line with the names of the columns.

    Args:
        first_line: of the table.
        columns: names, in small letters, that should be there; of several delimiters the one that gives the most of them.
    """
    return max(
        _DELIMITERS,
        key=lambda each: (
            len(set(columns).intersection(_names(first_line, each))),
            first_line.count(each),
        ),
    )


def separator_line(line: str) -> str | None:
    """The delimiter that a line such as `sep=;` names, by which Excel is told; None for another line."""
    found = re.fullmatch(r'"?sep=([^\w"\r\n])"?[,;\s]*', line, re.IGNORECASE)
    return found[1] if found else None


def column_names(row: Sequence[str]) -> list[str]:
    """The names of columns as they are compared: in small letters, without quotes and spaces around them."""
    return [cell.strip(' "\t\r\n\ufeff').lower() for cell in row]


def whole_number(cell: str) -> int | None:
    """A whole number from 0 to 999,999,999, also as spreadsheets write it (`1.0`, `1,0`); None for anything else.

    Three zeros after a mark may be thousands, and are none.
    """
    if len(cell) > _LONGEST_NUMBER:
        return None
    found = re.fullmatch(r"\+?0*([0-9]{1,9})(?:[.,]0{0,2})?", cell.strip())
    return int(found[1]) if found else None


def harmless_cell(cell: str) -> str:
    """Put an apostrophe into the text wherever a spreadsheet would begin a formula.

    At the beginning, and behind what a spreadsheet may take for the end of a cell: some countries separate
    them with semicolons. Spaces and quotation marks in front do not count, and full-width signs do what narrow
    ones do. `cell_as_it_was` gives the text back.
    """
    return _BEFORE_A_FORMULA.sub(r"\1'", cell)


def cell_as_it_was(cell: str) -> str:
    """Take the apostrophes of `harmless_cell` out; a text that it did not write is left as it is."""
    before = _DEFUSED.sub(r"\1", cell)
    return before if harmless_cell(before) == cell else cell


def excerpt(cell: str) -> str:
    """A cell for a sentence about it: at most 200 characters of it, the last one "…" where there are more."""
    return cell if len(cell) <= _LONGEST_SHOWN else cell[: _LONGEST_SHOWN - 1] + "…"


def _names(line: str, delimiter: str) -> list[str]:
    try:
        return column_names(next(csv.reader([line], delimiter=delimiter), []))
    except csv.Error:
        return []


def _first_line(text: str) -> str:
    end = re.search(r"[\r\n]", text)
    return text[: end.start()] if end else text


def _encoding(head: bytes) -> str:
    """By the mark, else by the zeros beside the first letters: names of columns are ASCII."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = head[0:8:2], head[1:8:2]
    if odd and not any(odd) and all(even):
        return "utf-16-le"
    if odd and not any(even) and all(odd):
        return "utf-16-be"
    return "utf-8"

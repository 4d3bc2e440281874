"""What people say of faces, as a table to take home and to bring back: file, face, rating."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from fer_core.csv_files import CsvError, cell_as_it_was, excerpt, harmless_cell, read_csv, whole_number
from fer_core.errors import N_, RautError
from fer_core.recognition.provenance import Provenance

COLUMNS: Final = ("file", "face", "rating")
"""Those that a table of ratings must have to be read."""
MOST_BYTES: Final = 10 << 20
"""Largest table of ratings: each of its bytes becomes some 25 in memory."""
Ratings = dict[tuple[str, int], str]
"""(name of the file, number of the face) to the code of an expression, or `unsure`."""


class RatingsError(RautError):
    """A table of ratings that cannot be read as one."""


def ratings_csv(ratings: Iterable[tuple[str, int, str]], provenance: Provenance) -> bytes:
    """The table: comma, CRLF, UTF-8 with the mark by which Excel knows it.

    Args:
        ratings: file, face, code.
        provenance: of the numbers of the faces: another search numbers other faces.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    source = provenance.cells()
    writer.writerow((*COLUMNS, *source))
    writer.writerows((harmless_cell(file), face, code, *source.values()) for file, face, code in ratings)
    return text.getvalue().encode("utf-8-sig")


def read_ratings(content: bytes, name: str, words: Mapping[str, str]) -> Ratings:
    """A table of ratings; also with semicolons or tabs, in UTF-16, or with `1.0` for 1, as spreadsheets write it.

    Further columns may be there; rows without a rating are left out.

    Args:
        content: of the file.
        name: of the file, for the sentences.
        words: what may stand for an expression, in small letters, to its code.

    Raises:
        RatingsError: no table, a column is missing, a row is wrong, or two rows contradict each other.
    """
    if len(content) > MOST_BYTES:
        raise RatingsError(
            N_("{name} is too large for a table of ratings. At most {limit} MB are read."),
            name=name,
            limit=MOST_BYTES >> 20,
        )
    table = _rows(content, name)
    header = next(table, [])
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        raise RatingsError(
            N_(
                "{name} lacks a column: {missing}. Its first row must name the columns file, face and rating."
            ),
            name=name,
            missing=", ".join(missing),
        )
    places = [header.index(column) for column in COLUMNS]
    ratings: Ratings = {}
    for number, cells in enumerate(table, start=2):
        file, face, rating = (cells[place].strip() if place < len(cells) else "" for place in places)
        if not rating:
            continue
        code = words.get(rating.casefold())
        if code is None:
            raise RatingsError(
                N_("{name}, row {row}: “{rating}” is no expression. Possible are: {words}."),
                name=name,
                row=number,
                rating=excerpt(rating),
                words=", ".join(dict.fromkeys(words.values())),
            )
        number_of_face = whole_number(face)
        if not file or not number_of_face:
            raise RatingsError(
                N_("{name}, row {row}: a file and the number of a face, from 1, must be there."),
                name=name,
                row=number,
            )
        key = (cell_as_it_was(file), number_of_face)
        if ratings.setdefault(key, code) != code:
            raise RatingsError(
                N_("{name}, row {row}: face {face} of {file} has two different ratings."),
                name=name,
                row=number,
                face=number_of_face,
                file=excerpt(file),
            )
    if not ratings:
        raise RatingsError(N_("{name} holds no rating."), name=name)
    return ratings


def _rows(content: bytes, name: str) -> Iterator[list[str]]:
    try:
        yield from read_csv(content, COLUMNS)
    except CsvError as error:
        raise RatingsError(
            N_("{name} is not a table that Raut can read. Save it as CSV in UTF-8."), name=name
        ) from error

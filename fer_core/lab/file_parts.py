"""What a file of the lab consists of, opened without trust: entries of a zip, and arrays of numbers without pickles."""

from __future__ import annotations

import io
import math
import stat
import zipfile
from collections.abc import Mapping
from typing import Final

import numpy as np

from fer_core.errors import N_, TrainingError
from fer_core.plain_text import printable
from fer_core.zip_files import ENCRYPTED, READ_AT_ONCE, TooManyFilesError, open_zip

LARGEST_MB: Final = 16
"""The paper's smallest network takes 11; the answers that are stored beside it less than one."""
_MOST_ENTRIES: Final = 200
_LONGEST_HEADER: Final = 256
_LONGEST_SHOWN: Final = 60


class LabFileError(TrainingError):
    """A file that is no network of the lab, or none that can be used; the sentence says why and what to do."""


def damaged(part: str) -> LabFileError:
    """The file was not left as Raut wrote it.

    Args:
        part: what does not fit: the name of an entry, or of a value of `lab.json`.
    """
    return LabFileError(
        N_("This file of a network is damaged or was changed ({part}). Choose it as Raut saved it."),
        part=_shown(part),
    )


def entries_of(content: bytes) -> dict[str, bytes]:
    """All entries of a zip that holds its files as they are, not compressed.

    Args:
        content: of the zip.

    Raises:
        LabFileError: it is too large, no zip, damaged, or holds what Raut does not write: entries that are compressed,
            locked, links, folders, or twice there.
    """
    if len(content) > LARGEST_MB * 1_000_000:
        raise LabFileError(
            N_(
                "A file of a network of the lab has at most {most} MB, and this one has more. Choose another one."
            ),
            most=LARGEST_MB,
        )
    try:
        archive = open_zip(content, READ_AT_ONCE)
    except (zipfile.BadZipFile, TooManyFilesError) as error:
        raise LabFileError(
            N_(
                "This file is no network of the lab. Choose one that Raut saved: its name begins with “raut-lab”."
            )
        ) from error
    with archive:
        if len(archive.infolist()) > _MOST_ENTRIES:
            raise damaged(archive.infolist()[_MOST_ENTRIES].filename)
        found: dict[str, bytes] = {}
        for entry in archive.infolist():
            if entry.filename in found or not _is_plain(entry):
                raise damaged(entry.filename)
            found[entry.filename] = _read(archive, entry)
    return found


def _is_plain(entry: zipfile.ZipInfo) -> bool:
    """Whether an entry is a file that is stored as it is; compressed ones may unpack to any size."""
    return (
        entry.compress_type == zipfile.ZIP_STORED
        and entry.file_size == entry.compress_size <= LARGEST_MB * 1_000_000
        and not entry.flag_bits & ENCRYPTED
        and not entry.is_dir()
        and not stat.S_ISLNK(entry.external_attr >> 16)
    )


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    pieces = []
    try:
        with archive.open(entry) as stream:
            while piece := stream.read(READ_AT_ONCE):
                pieces.append(piece)
    except Exception as error:  # a damaged zip shows in a dozen ways
        raise damaged(entry.filename) from error
    return b"".join(pieces)


def array_bytes(values: np.ndarray) -> bytes:
    """An array as a `.npy` file, little-endian."""
    stream = io.BytesIO()
    kind = values.dtype.newbyteorder("<")
    np.lib.format.write_array(stream, np.ascontiguousarray(values, kind), (1, 0), allow_pickle=False)
    return stream.getvalue()


def read_array(
    content: bytes, name: str, kind: type[np.generic], shape: tuple[int | None, ...]
) -> np.ndarray:
    """An array of a `.npy` file, of which the header is read first and nothing is unpickled.

    Args:
        content: of the file.
        name: of the file, for the sentence.
        kind: `np.float32` or `np.int64`; another one is refused.
        shape: that it must have; None stands for any length.

    Returns:
        A copy of the values, which can be written to.

    Raises:
        LabFileError: another type or shape, values that are not all there, or numbers that are none.
    """
    stream = io.BytesIO(content)
    try:
        if np.lib.format.read_magic(stream) != (1, 0):
            raise damaged(name)
        found, by_column, stored = np.lib.format.read_array_header_1_0(
            stream, max_header_size=_LONGEST_HEADER
        )
    except LabFileError:
        raise
    except Exception as error:  # what a header holds is parsed as Python, which fails in a dozen ways
        raise damaged(name) from error
    expected = np.dtype(kind).newbyteorder("<")
    fits = len(found) == len(shape) and all(
        wanted in (None, length) for length, wanted in zip(found, shape, strict=False)
    )
    if stored != expected or by_column or not fits:
        raise _other_shape(name)
    rest = content[stream.tell() :]
    if len(rest) != math.prod(found) * expected.itemsize:
        raise damaged(name)
    values = np.frombuffer(rest, expected).reshape(found).astype(kind)
    if not np.isfinite(values).all():
        raise LabFileError(
            N_("This file of a network holds values that are no numbers ({part}). Choose another file."),
            part=_shown(name),
        )
    return values


def _other_shape(name: str) -> LabFileError:
    return LabFileError(
        N_("The parts of this file of a network do not fit each other ({part}). Choose it as Raut saved it."),
        part=_shown(name),
    )


def refuse_others(entries: Mapping[str, bytes], expected: set[str]) -> None:
    """Refuse a file in which an entry is missing or one too many.

    Raises:
        LabFileError: naming the first one.
    """
    missing, others = sorted(expected - set(entries)), sorted(set(entries) - expected)
    if others:
        raise LabFileError(
            N_(
                "This file of a network holds something that does not belong in it ({part}). Choose it as Raut saved it."
            ),
            part=_shown(others[0]),
        )
    if missing:
        raise LabFileError(
            N_("Something is missing in this file of a network ({part}). Choose it as Raut saved it."),
            part=_shown(missing[0]),
        )


def _shown(part: str) -> str:
    text = printable(part.encode("utf-8", "replace").decode())
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"

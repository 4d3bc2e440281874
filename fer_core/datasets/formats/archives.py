"""The table of FER2013 as a stream of bytes, out of whatever it is packed in.

What a file is, its first bytes say; Kaggle's own tools hand out zip archives that are called `.csv`.
"""

from __future__ import annotations

import gzip
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, cast

from fer_core.errors import N_, DatasetError
from fer_core.folders import is_companion_path

_PREFERRED = ("fer2013.csv", "icml_face_data.csv")
_OTHER_TABLES = ("fer2013new.csv", "train.csv", "test.csv", "example_submission.csv")


@dataclass(frozen=True)
class TableStream:
    """An open table: read it to the end, once."""

    stream: IO[bytes]
    size_bytes: int | None  # unpacked; None where only reading tells
    packed: IO[bytes] | None = None  # around `stream`; only its own end has the check sum


@contextmanager
def open_table(path: Path) -> Iterator[TableStream]:
    """Open the CSV in `path`: plain, or inside a zip, a tar (gzipped or not) or a gzip file.

    Raises:
        DatasetError: the file is empty, cut off, holds no table, or cannot be opened. Also raised for
            damage that shows only while the stream is read, as long as the `with` block is open.
    """
    with ExitStack() as stack:
        try:
            table = _open(path, stack)
            yield table
            while table.packed is not None and table.packed.read(1 << 20):
                pass
        except (zipfile.BadZipFile, gzip.BadGzipFile, tarfile.TarError, zlib.error, EOFError) as error:
            raise DatasetError(
                N_("{file} is damaged or was cut off on the way. Download it again."), file=path.name
            ) from error
        except OSError as error:
            raise DatasetError(
                N_("{file} cannot be read ({reason})."), file=path.name, reason=error.strerror or error
            ) from error


def _open(path: Path, stack: ExitStack) -> TableStream:
    with path.open("rb") as file:
        head = file.read(512)
    if not head:
        raise DatasetError(N_("{file} is empty. Download it again."), file=path.name)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _open_zip(path, stack)
    if head.startswith(b"\x1f\x8b"):
        with gzip.open(path, "rb") as unpacked:
            is_tar = _is_tar(unpacked.read(512))
        if is_tar:
            return _open_tar(path, gzip.open, stack)
        return TableStream(stack.enter_context(_binary(gzip.open(path, "rb"))), None)
    if _is_tar(head):
        return _open_tar(path, open, stack)
    return TableStream(stack.enter_context(path.open("rb")), path.stat().st_size)


def _binary(stream: object) -> IO[bytes]:
    return cast(IO[bytes], stream)  # a GzipFile is one in all but its declared type


def _is_tar(head: bytes) -> bool:
    return head[257:262] == b"ustar"


def _open_zip(path: Path, stack: ExitStack) -> TableStream:
    archive = stack.enter_context(zipfile.ZipFile(path))
    name = _choose(path, (info.filename for info in archive.infolist() if not info.is_dir()))
    try:
        stream = archive.open(name)
    except (RuntimeError, NotImplementedError) as error:  # a password, a method zipfile does not know
        raise DatasetError(
            N_("{file} is packed in a way that Raut cannot open. Unpack it and put fer2013.csv there."),
            file=path.name,
        ) from error
    return TableStream(stack.enter_context(stream), archive.getinfo(name).file_size)


def _open_tar(path: Path, opener: Callable[..., object], stack: ExitStack) -> TableStream:
    # Read as a stream, a tar is unpacked once, front to back. So all names are listed first only if the
    # one that nearly everyone has does not come along.
    names: list[str] = []
    with _binary(opener(path, "rb")) as packed, tarfile.open(fileobj=packed, mode="r|") as listing:
        for member in listing:
            if member.isfile():
                names.append(member.name)
                if PurePosixPath(member.name).name.lower() == _PREFERRED[0]:
                    break
    name = _choose(path, names)
    packed = stack.enter_context(_binary(opener(path, "rb")))
    archive = stack.enter_context(tarfile.open(fileobj=packed, mode="r|"))  # noqa: SIM115
    for member in archive:
        if member.name == name and member.isfile():
            stream = archive.extractfile(member)
            assert stream is not None  # None only for what is not a file
            return TableStream(stack.enter_context(stream), member.size, packed)
    raise EOFError(name)


def _choose(path: Path, names: Iterable[str]) -> str:
    """The member that is FER2013: by name, else the only CSV."""
    tables: dict[str, str] = {}
    for name in names:
        posix = PurePosixPath(name.replace("\\", "/"))
        hidden = is_companion_path(str(posix))
        if posix.suffix.lower() == ".csv" and not hidden and posix.name.lower() not in _OTHER_TABLES:
            tables.setdefault(posix.name.lower(), name)
    for preferred in _PREFERRED:
        if preferred in tables:
            return tables[preferred]
    if not tables:
        raise DatasetError(
            N_(
                "{file} holds no CSV table. If it holds folders of pictures, unpack it; otherwise "
                "download fer2013.csv again."
            ),
            file=path.name,
        )
    if len(tables) > 1:
        raise DatasetError(
            N_("{file} holds several tables, and none is called fer2013.csv. Unpack it and keep that one."),
            file=path.name,
        )
    return next(iter(tables.values()))

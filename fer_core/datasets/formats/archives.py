"""The table of FER2013 as a stream of bytes, out of whatever it is packed in.

What a file is, its first bytes say; Kaggle's own tools hand out zip archives that are called `.csv`.
"""

from __future__ import annotations

import gzip
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Final, Self, cast

from fer_core.errors import N_, DatasetError
from fer_core.folders import is_companion_path

_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others may take any memory at one read
_TIGHTEST: Final = 1032
"""What DEFLATE packs into a byte at most."""
_ABOUT_THE_NEXT: Final = (
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
)
"""What stands in front of a file and says more of it than fits into its header."""
_LONGEST_NAME: Final = 1 << 20
_DAMAGE: Final = (
    zipfile.BadZipFile,
    gzip.BadGzipFile,
    tarfile.TarError,
    zlib.error,
    EOFError,
    RecursionError,  # thousands of long names in a tar, and no file behind them
)

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
        except _DAMAGE as error:
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
    try:
        archive = stack.enter_context(zipfile.ZipFile(path))
    except OSError:
        raise
    except Exception as error:  # BadZipFile, and by whim struct.error, NotImplementedError, ValueError, ...
        raise zipfile.BadZipFile(str(error)) from error
    # Not `is_dir`, which fails on an empty name.
    name = _choose(path, (each.filename for each in archive.infolist() if not each.filename.endswith("/")))
    if archive.getinfo(name).compress_type not in _METHODS:
        raise _packed_otherwise(path)
    try:
        stream = archive.open(name)
    except (RuntimeError, NotImplementedError) as error:  # a password, a flag zipfile does not know
        raise _packed_otherwise(path) from error
    except (struct.error, ValueError, OverflowError) as error:
        raise zipfile.BadZipFile(str(error)) from error
    return TableStream(stack.enter_context(stream), archive.getinfo(name).file_size)


def _packed_otherwise(path: Path) -> DatasetError:
    return DatasetError(
        N_("{file} is packed in a way that Raut cannot open. Unpack it and put fer2013.csv there."),
        file=path.name,
    )


class _Member(tarfile.TarInfo):
    """A file of a tar whose long name is no longer than a name can be: `tarfile` reads it in one piece."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        member = super().frombuf(buf, encoding, errors)
        if member.type in _ABOUT_THE_NEXT and member.size > _LONGEST_NAME:
            raise tarfile.ReadError(f"a name of {member.size} bytes")
        return member


def _members(
    path: Path, opener: Callable[..., object], archive: tarfile.TarFile
) -> Iterator[tarfile.TarInfo]:
    """Yield the files of a tar that is read as a stream.

    `tarfile` looks for the next one wherever a size says, for years beyond the end of the file.

    Raises:
        tarfile.TarError: one is larger than the file can hold.
    """
    longest = path.stat().st_size * (1 if opener is open else _TIGHTEST)
    for member in archive:
        if archive.offset > longest + tarfile.RECORDSIZE:
            raise tarfile.ReadError(f"{member.name} has {member.size} bytes")
        yield member


def _tar(packed: IO[bytes]) -> tarfile.TarFile:
    return tarfile.open(fileobj=packed, mode="r|", tarinfo=_Member)  # reads up to the first file


def _open_tar(path: Path, opener: Callable[..., object], stack: ExitStack) -> TableStream:
    # Read as a stream, a tar is unpacked once, front to back. So all names are listed first only if the
    # one that nearly everyone has does not come along.
    names: list[str] = []
    with _binary(opener(path, "rb")) as packed, _tar(packed) as listing:
        for member in _members(path, opener, listing):
            if member.isfile():
                names.append(member.name)
                if PurePosixPath(member.name).name.lower() == _PREFERRED[0]:
                    break
    name = _choose(path, names)
    packed = stack.enter_context(_binary(opener(path, "rb")))
    archive = stack.enter_context(_tar(packed))
    for member in _members(path, opener, archive):
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

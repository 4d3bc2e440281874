"""Zips in memory: written with the same bytes for the same content, and opened without trust."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from typing import Final

ZIP_BEGINS: Final = (b"PK\x03\x04", b"PK\x05\x06")
READ_AT_ONCE: Final = 256 * 1024
"""Bytes of an entry that are unpacked in one step, so that its size is counted while it is read."""
ENCRYPTED: Final = 0x1
"""Bit of `zipfile.ZipInfo.flag_bits`."""
_BEGIN: Final = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip can hold


class TooManyFilesError(Exception):
    """A zip lists more entries than are looked through."""


class _ZipContent(io.BytesIO):
    """Gives no list of entries beyond a limit: each of its bytes becomes nine in memory.

    Its size is what is read at once, and not what the end of the zip says in one of several places.
    """

    def __init__(self, content: bytes, at_once: int) -> None:
        super().__init__(content)
        self._at_once = at_once

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > self._at_once:
            raise TooManyFilesError
        return super().read(size)


def open_zip(content: bytes, directory_bytes: int) -> zipfile.ZipFile:
    """Open a zip of somebody else.

    Args:
        content: of the file.
        directory_bytes: size of its list of entries at most; no less than `READ_AT_ONCE`.

    Raises:
        TooManyFilesError: the list is longer.
        zipfile.BadZipFile: it is no zip, or a damaged one.
    """
    try:
        return zipfile.ZipFile(_ZipContent(content, directory_bytes))
    except TooManyFilesError:
        raise
    except Exception as error:  # BadZipFile, and by whim struct.error, ValueError, OverflowError, ...
        raise zipfile.BadZipFile(str(error)) from error


def checksums(files: Mapping[str, bytes]) -> bytes:
    """Write a line with the SHA-256 of each file, as `sha256sum -c` reads them."""
    return "".join(
        f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files.items()
    ).encode()


def zipped(files: Mapping[str, bytes], *, compressed: bool = True) -> bytes:
    """Pack files, in their order.

    Args:
        files: name to content.
        compressed: False stores them as they are, so that nobody who opens the zip unpacks more than it has bytes.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as bundle:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _BEGIN)
            entry.compress_type = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
            entry.create_system = 3  # the same bytes on every system
            entry.external_attr = 0o644 << 16
            bundle.writestr(entry, content)
    return packed.getvalue()

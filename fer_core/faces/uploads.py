"""What lies in an uploaded file: one picture, the pages of a TIFF, or the pictures of a zip.

Everything happens in memory: nothing is unpacked to a disk, so a name that leads out of its folder leads
nowhere. What a zip says of itself is not believed: sizes are counted while it is read.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from fer_core.errors import N_, ImageError
from fer_core.faces.limits import LIMITS, MB, Limits
from fer_core.faces.tiff import pages_of_tiff
from fer_core.folders import is_companion_path, is_system_file
from fer_core.plain_text import printable
from fer_core.zip_files import ENCRYPTED, READ_AT_ONCE, ZIP_BEGINS, TooManyFilesError, open_zip

_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others may take any memory at one read
_SMALL: Final = MB  # below it no ratio is asked for: 1,000 bytes of a single colour are no attack
_UTF8: Final = 0x800
_DIRECTORY_BYTES_A_PHOTO: Final = 800  # its entry, that of what macOS puts beside it, and long names


OnLeftOut = Callable[[int], None]
"""Called with a number of files."""


def _untold(_left_out: int) -> None:
    """For those who do not want to know."""


@dataclass(frozen=True)
class UploadedPicture:
    """One picture of an upload, or why there is none.

    Attributes:
        name: for tables and sentences, without anything that leads out of a folder; "scan.tif, page 2".
        content: of its file, as it came; b"" where there is an error.
        page: of a TIFF with several, from 0.
        error: why it is not looked at.
    """

    name: str
    content: bytes
    page: int = 0
    error: ImageError | None = None


def pictures_in(
    name: str,
    content: bytes,
    limits: Limits = LIMITS,
    room: int | None = None,
    on_left_out: OnLeftOut = _untold,
) -> Iterator[UploadedPicture]:
    """Yield the pictures of one upload, in their order; what fails is one of them, with its sentence.

    What a file is, its content says and not its name.

    Args:
        name: of the upload.
        content: of the upload.
        limits: what is looked at.
        room: how many pictures there is still room for; None for `limits.photos`.
        on_left_out: told of a zip how many files were left out that programs put beside photos, such as previews and
            settings. What systems put there, and people never see, is not counted.
    """
    name = clean_name(name)
    room = limits.photos if room is None else room
    if content.startswith(ZIP_BEGINS):
        pictures = _of_zip(name, content, limits, on_left_out)
    else:
        pictures = pages_of(name, content, limits)
    for number, picture in enumerate(pictures):
        if number == room:
            yield UploadedPicture(
                name,
                b"",
                error=ImageError(
                    N_(
                        "There are more pictures than Raut takes at once ({name}): the limit is {limit}, and "
                        "the rest was left out. For more, use the command line."
                    ),
                    name=name,
                    limit=limits.photos,
                ),
            )
            return
        yield picture


def clean_name(name: str) -> str:
    """Clean a name for display: with its folders, but only its last part where it leads out of them.

    Composed characters (NFC), as macOS does not write them; without control characters, also those that
    turn the direction of writing round.
    """
    parts = [part.strip() for part in printable(name.replace("\\", "/")).split("/")]
    outside = ".." in parts or parts[0] == "" or bool(re.fullmatch(r"[A-Za-z]:", parts[0]))
    parts = [part for part in parts if part not in ("", ".", "..")]
    if outside:
        parts = parts[-1:]
    return "/".join(parts) or "?"


def pages_of(name: str, content: bytes, limits: Limits = LIMITS) -> Iterator[UploadedPicture]:
    """Yield the pages of a TIFF with several, each with a name of its own; every other file as it is.

    Pages are numbered as they count: reduced copies and masks are none. An animation is one photo, and so is a
    file that cannot be read: `decode_image` says why.

    Args:
        name: of the file, given back as it is.
        content: of the file.
        limits: of which `file_mb`, `pages` and `pages_megapixels` are read here.
    """
    pages = pages_of_tiff(content, limits.pages + 1) if len(content) <= limits.file_mb * MB else []
    if len(pages) <= 1:
        yield UploadedPicture(name, content)
        return
    pixels_left = limits.pages_megapixels * 1_000_000
    for number, page in enumerate(pages[: limits.pages]):
        if page.pixels <= limits.megapixels * 1_000_000:  # one that is larger is not decoded
            pixels_left -= page.pixels
        if pixels_left < 0:
            yield _failed(
                name,
                N_(
                    "The pages of this TIFF have more than {limit} megapixels in all ({name}). What comes from page "
                    "{page} on was left out; split the file."
                ),
                limit=limits.pages_megapixels,
                page=number + 1,
            )
            return
        yield UploadedPicture(f"{name}, page {number + 1}", content, number)
    if len(pages) > limits.pages:
        yield _failed(
            name,
            N_("This TIFF has more pages than Raut takes ({name}): the limit is {limit}. Split it."),
            limit=limits.pages,
        )


def _of_zip(name: str, content: bytes, limits: Limits, on_left_out: OnLeftOut) -> Iterator[UploadedPicture]:
    try:
        archive = open_zip(content, max(MB, _DIRECTORY_BYTES_A_PHOTO * limits.photos))
    except TooManyFilesError:
        yield _failed(
            name,
            N_(
                "This zip holds more files than Raut looks through ({name}). Make several smaller ones of it."
            ),
        )
        return
    except zipfile.BadZipFile:
        yield _failed(name, N_("This zip is damaged or cut short ({name}). Pack or download it again."))
        return
    entries = list(_looked_at(archive.infolist(), on_left_out))
    if not archive.infolist():
        yield _failed(name, N_("This zip is empty ({name})."))
    elif not entries:
        yield _failed(
            name,
            N_(
                "This zip holds no photo, only what programs put beside photos ({name}). Pack the photos again."
            ),
        )
    if any(entry.flag_bits & ENCRYPTED for _name, entry in entries):
        yield _failed(
            name,
            N_(
                "This zip is locked with a password ({name}). Unpack it, and drop the pictures themselves here."
            ),
        )
    bytes_left = limits.unpacked_mb * MB
    for written_name, entry in entries:
        if entry.flag_bits & ENCRYPTED:
            continue
        entry_name = clean_name(written_name)
        unpacked, size = _unpacked(archive, entry, entry_name, limits, bytes_left)
        bytes_left -= size
        if bytes_left < 0:
            yield _failed(
                name,
                N_(
                    "This zip unpacks to more than {limit} MB ({name}), and the rest was left out. Make several "
                    "smaller ones of it."
                ),
                limit=limits.unpacked_mb,
            )
            return
        if isinstance(unpacked, ImageError):
            yield UploadedPicture(entry_name, b"", error=unpacked)
        elif unpacked.startswith(ZIP_BEGINS):
            yield _failed(
                entry_name,
                N_("This is a zip within a zip ({name}). Unpack the outer one, and drop what is in it here."),
            )
        else:
            yield from pages_of(entry_name, unpacked, limits)


def _unpacked(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, limits: Limits, bytes_left: int
) -> tuple[bytes | ImageError, int]:
    """Content of an entry, or why there is none, and how many bytes were unpacked for it.

    Reading ends once there are more than `left` bytes. There is no content where an entry is too large by
    itself, packed too tightly to be a picture, or damaged.
    """
    if entry.compress_type not in _METHODS:
        refused = ImageError(
            N_("This file is packed in a way that Raut does not open ({name}). Make an ordinary zip."),
            name=name,
        )
        return refused, 0
    pieces: list[bytes] = []
    size = 0
    try:
        with archive.open(entry) as stream:
            while piece := stream.read(READ_AT_ONCE):
                size += len(piece)
                if size > _SMALL and size > limits.zip_ratio * entry.compress_size:
                    refused = ImageError(
                        N_(
                            "This file is packed so tightly that it cannot be a photo ({name}). It was left out."
                        ),
                        name=name,
                    )
                    return refused, size
                if size > limits.file_mb * MB:
                    refused = ImageError(
                        N_("This file in the zip is too large ({name}). Use pictures of at most {limit} MB."),
                        name=name,
                        limit=limits.file_mb,
                    )
                    return refused, size
                if size > bytes_left:
                    return b"", size
                pieces.append(piece)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
        refused = ImageError(
            N_("This file is damaged in the zip ({name}). Pack it again, or try another one."), name=name
        )
        return refused, size
    return b"".join(pieces), size


def _name_of(entry: zipfile.ZipInfo) -> str:
    """Names are UTF-8 where the entry says so; many programs write it and do not say so."""
    if not entry.flag_bits & _UTF8:
        try:
            return entry.filename.encode("cp437").decode("utf-8")
        except UnicodeError:
            pass
    return entry.filename


def _looked_at(
    entries: Iterable[zipfile.ZipInfo], on_left_out: OnLeftOut
) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    """Without folders, and without what systems and programs put beside the pictures."""
    left_out = 0
    for entry in entries:
        name = _name_of(entry).replace("\\", "/")
        if name.endswith("/") or is_system_file(name):
            continue
        if is_companion_path(name):
            left_out += 1
            continue
        yield name, entry
    on_left_out(left_out)


def _failed(name: str, template: str, **fields: object) -> UploadedPicture:
    return UploadedPicture(name, b"", error=ImageError(template, name=name, **fields))

"""Where a table goes: checked before any work, so that no photo is written over and no hour is lost."""

from __future__ import annotations

import os
import re
import shutil
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from fer_core.errors import N_, BatchError
from fer_core.files import check_folder, written_file
from fer_core.folders import PICTURE_ENDINGS

from .journal import disk_errors

FORM_OF_ENDING: Final = {".csv": "csv", ".json": "json", ".parquet": "parquet"}
"""The form of a table by the ending of its file, in small letters."""

ROOM_A_PHOTO: Final = 2_000
"""Bytes that must be free for each photo: its line in the journal, and its rows in the table."""

_LOOKED_AT: Final = 65_536
_OWN_TABLE: Final = re.compile(
    rb"""(?:\xef\xbb\xbf)? (?: "?file"?[,;\t]"?face"?[,;\t] | \[\s*\{"file":\s | \[\]\s*$ | PAR1 )""",
    re.VERBOSE,
)
_PICTURE: Final = (b"\xff\xd8\xff", b"GIF8")  # the others hold what no text holds near their beginning
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_NO_TEXT: Final = re.compile(rb"[\x00-\x08\x0e-\x19\x1b-\x1f]")  # \x1a ended files on old systems


def table_form(out: Path | None, requested: str | None) -> str:
    """The form of the table: the requested one, else that of the file's ending.

    Args:
        out: the file; None for standard output.
        requested: "csv", "json", "parquet", or None.

    Returns:
        One of these; "csv" where neither says anything.

    Raises:
        BatchError: request and ending contradict each other, or the ending says nothing that Raut knows.
    """
    ending = "" if out is None else out.suffix
    by_ending = FORM_OF_ENDING.get(ending.lower())
    if requested and by_ending and requested != by_ending:
        raise BatchError(
            N_("The ending of {file} and --format {form} contradict each other. Leave --format out, or name another "
               "file."),
            file=out,
            form=requested,
        )  # fmt: skip
    if ending and not (requested or by_ending or ending.lower() in PICTURE_ENDINGS):
        raise BatchError(
            N_("The ending of {file} does not say how the table is written. Use .csv, .json or .parquet, or say it: "
               "--format csv"),
            file=out,
        )  # fmt: skip
    return requested or by_ending or "csv"


def checked_target(out: Path, inputs: Iterable[str]) -> Path:
    """The file that the table becomes: `out`, or what it links to.

    Args:
        out: as it was named.
        inputs: the photos that are looked at.

    Raises:
        BatchError: it is a photo, an input, or another thing that is no table; it cannot be written; or the disk
            has no room.
    """
    inputs = list(inputs)
    with disk_errors(out):
        if out.name == "-" or _is_standard_stream(out) or _is_special(out):
            raise BatchError(
                N_("{file} is no ordinary file. Name one, or leave --out away, and the table goes to standard "
                   "output."),
                file=out,
            )  # fmt: skip
        if out.is_dir():
            raise BatchError(N_("{file} is a folder. Name a file in it: --out faces.csv"), file=out)
        file = written_file(out)
        if {file.suffix.lower(), out.suffix.lower()} & set(PICTURE_ENDINGS):
            raise BatchError(
                N_("--out names a photo ({file}), which the table would destroy. Name a file for the table: --out "
                   "faces.csv"),
                file=out,
            )  # fmt: skip
        if _is_among(file, inputs):
            raise BatchError(
                N_("--out names {file}, which is one of the photos to look at. Name another file: --out faces.csv"),
                file=out,
            )  # fmt: skip
        if file.exists():
            _check_replaceable(file, out)
        check_folder(file)
        disk = shutil.disk_usage(file.parent)
        if 0 < disk.total and disk.free < ROOM_A_PHOTO * len(inputs):
            raise BatchError(
                N_("The disk of {file} has too little room for {count} photos. Free some space, or name a file on "
                   "another disk."),
                file=out,
                count=len(inputs),
            )  # fmt: skip
    return file


def _check_replaceable(file: Path, out: Path) -> None:
    """Make sure that the file, which is there, is a table and may be written.

    Raises:
        BatchError: it is no table.
        OSError: it must not be written.
    """
    with file.open("r+b") as stream:  # refused where it is read-only, which replacing it would not be
        begin = stream.read(_LOOKED_AT)
    if not begin or _OWN_TABLE.match(begin):
        return
    is_text = begin.startswith(_UTF16) or not (_NO_TEXT.search(begin) or begin.startswith(_PICTURE))
    if not is_text or FORM_OF_ENDING.get(file.suffix.lower()) is None:
        raise BatchError(
            N_("{file} is there and is no table. Name another file, or delete it first."), file=out
        )


def _is_among(file: Path, inputs: list[str]) -> bool:
    """Whether the file is one of the inputs, under this or another name."""
    try:
        own = os.stat(file)
    except FileNotFoundError:
        return str(file) in {os.path.realpath(path) for path in inputs if os.path.basename(path) == file.name}
    for path in inputs:
        try:
            if os.path.samestat(os.stat(path), own):
                return True
        except OSError:  # it becomes a row that says so
            continue
    return False


def _is_special(path: Path) -> bool:
    """Whether it leads to a device, a pipe or a socket."""
    try:
        mode = os.stat(path).st_mode
    except OSError:  # whoever writes it says why
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _is_standard_stream(path: Path) -> bool:
    """Whether it is one of the names of an open file, such as /dev/stdout, or a link to one."""
    for _ in range(40):  # as many as the system follows
        folder = os.path.realpath(path.parent)
        if re.fullmatch(r"/dev/fd|/proc/\d+(/task/\d+)?/fd", folder):
            return True
        if not path.is_symlink():
            return False
        path = Path(folder, os.readlink(path))
    return False

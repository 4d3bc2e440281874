"""What is done so far, in a file beside the one to come, so that an interrupted run can go on.

One line of JSON for each photo. The last line of a run that was killed may be incomplete; it is left out, and
its photo is analysed again. While a run is going on its journal is locked. A file that is no journal, or holds what
Raut does not write, is left as it is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from errno import EINVAL, EISDIR, ELOOP, ENXIO
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from fer_core import __version__
from fer_core.errors import N_, BatchError
from fer_core.locks import InUseError, open_locked, remove_locked
from fer_core.photos.table import photo_columns
from fer_core.recognition.table import VERSION_COLUMN
from fer_core.store.folder import find_network

from .work import PhotoRows, Settings

Key = tuple[str, int, int]
"""Name, size in bytes and time of change in nanoseconds: a file that was changed since is another one."""

LONGEST_HEADER: Final = 65_536
"""Bytes of the first line; what is longer is another file."""
LONGEST_LINE: Final = 64_000_000
"""Bytes of the line of a photo, of which one with hundreds of pages and faces fills a hundredth."""


def key_of(path: str) -> Key:
    """Return the key of a file, with -1 for size and time of one that is not there."""
    try:
        file_stat = Path(path).stat()
    except OSError:
        return path, -1, -1
    return path, file_stat.st_size, file_stat.st_mtime_ns


class Journal:
    """Open for one run; close it with `with`.

    Args:
        path: of the journal.
        settings: network, detection and version of Raut of this run.
        resume: go on with what is there.

    Raises:
        BatchError: a journal is there and `resume` is not asked for, or it is of another network, another
            search or another version of Raut, or is none; another run has it open; the disk is full or the folder is not there.
        NetworkError: the network of an earlier run is not here.
    """

    def __init__(self, path: Path, settings: Settings, *, resume: bool) -> None:
        self.path = path
        self._offsets: dict[Key, int] = {}
        self._network = settings.network
        header = asdict(settings)
        del header["threads"]
        with disk_errors(path):
            try:
                self._file = open_locked(path)
            except InUseError as error:
                raise BatchError(
                    N_("Another run is writing this table and keeps its results in {file}. Wait for its end, or name "
                       "another file: --out faces2.csv"),
                    file=path,
                ) from error  # fmt: skip
            except OSError as error:
                if error.errno in (
                    EISDIR,
                    EINVAL,
                    ELOOP,
                    ENXIO,
                ):  # a folder, a device or a pipe, a link, a socket
                    raise self._no_journal() from error
                raise
        try:
            self._read_earlier_run(header, resume)
            if self._file.tell() == 0:
                self._append(header)
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None and not self._offsets and not self._file.closed:
            self.delete()  # nothing is lost, and the same command need not ask about it
        self._file.close()

    def __contains__(self, key: Key) -> bool:
        return key in self._offsets

    def __len__(self) -> int:
        return len(self._offsets)

    def add(self, key: Key, photo: PhotoRows) -> None:
        """Store the result of a file; it is in the file when this returns.

        Raises:
            BatchError: the disk is full.
        """
        offset = self._append({"key": key, **photo.as_dict()})
        self._offsets[key] = offset

    def photos(self, keys: Iterable[Key]) -> Iterator[PhotoRows]:
        """Yield the stored results of those files, in the order of the keys.

        Raises:
            BatchError: something else has been written into the journal meanwhile.
            KeyError: a file is not in the journal.
        """
        for key in keys:
            self._file.seek(self._offsets[key])
            try:
                _, photo = self._entry(self._file.readline(LONGEST_LINE))
            except ValueError as error:
                raise self._not_written_by_raut() from error
            yield photo

    def delete(self) -> None:
        """Close and remove the journal, once its content is in the table."""
        remove_locked(self.path, self._file)

    def _append(self, line: dict[str, Any]) -> int:
        with disk_errors(self.path):
            offset = self._file.seek(0, 2)
            # In ASCII: a file name need not be text, and JSON writes what UTF-8 cannot.
            self._file.write(json.dumps(line).encode() + b"\n")
            self._file.flush()
        return offset

    def _read_earlier_run(self, header: dict[str, Any], resume: bool) -> None:
        """Leave the file where the next line goes; at 0 where it holds no run yet."""
        header_line = self._file.readline(LONGEST_HEADER)
        if not header_line.endswith(b"\n"):
            if not (json.dumps(header).encode() + b"\n").startswith(
                header_line
            ):  # not the beginning of this one
                raise self._no_journal()
            self._file.seek(0)
            self._file.truncate()
            return
        earlier = _object_in(header_line)
        if earlier is None or not earlier.keys() >= {"network", "checksum"}:
            raise self._no_journal()
        if not resume:
            raise BatchError(
                N_(
                    "{file} holds the beginning of an earlier run. Add --resume to go on with it, or delete it."
                ),
                file=self.path,
            )
        if earlier != json.loads(json.dumps(header)):
            raise BatchError(
                N_(
                    "{file} was begun with another network, another face detector or search, or another version of Raut. "
                    "Use the same ones, or delete the file to begin anew."
                ),
                file=self.path,
            )
        offset = len(header_line)
        while (line := self._file.readline(LONGEST_LINE)).endswith(b"\n"):
            try:
                key, _ = self._entry(line)
            except ValueError:  # where the power went
                break
            self._offsets[key] = offset
            offset += len(line)
        if len(line) == LONGEST_LINE:
            raise self._not_written_by_raut()
        self._file.seek(offset)
        self._file.truncate()

    @cached_property
    def _columns(self) -> Mapping[str, Callable[[Any], bool]]:
        """What may stand in each column of a row."""
        labels = find_network(self._network).labels
        kinds = dict.fromkeys(photo_columns(labels), _is_text)
        kinds |= dict.fromkeys(("face", "x", "y", "width", "height"), _is_count)
        kinds["turn_degrees"] = _is_angle
        return kinds | dict.fromkeys(labels, _is_probability)

    def _entry(self, line: bytes) -> tuple[Key, PhotoRows]:
        """The key and the result that a line holds.

        Raises:
            BatchError: another program wrote it.
            ValueError: it is no JSON; nobody wrote it to its end.
        """
        try:
            match json.loads(line):
                case {
                    "key": [str(path), int(size), int(changed)],
                    "file": str(name),
                    "rows": [*rows],
                    "error": str() | None as error,
                } if path == name and all(self._is_row(row) for row in rows):
                    return (path, size, changed), PhotoRows(name, rows, error)
        except (json.JSONDecodeError, UnicodeDecodeError):
            raise
        except (ValueError, RecursionError):  # a number of thousands of digits, lists in lists in lists
            pass
        raise self._not_written_by_raut()

    def _is_row(self, row: Any) -> bool:
        return (
            isinstance(row, dict)
            and row.keys() == self._columns.keys()
            and all(fits(row[column]) for column, fits in self._columns.items())
            and row[VERSION_COLUMN] == __version__
        )

    def _no_journal(self) -> BatchError:
        return BatchError(
            N_("{file} is there and holds no unfinished run of Raut, which would be kept under that name. Move it away, "
               "or name another file with --out."),
            file=self.path,
        )  # fmt: skip

    def _not_written_by_raut(self) -> BatchError:
        return BatchError(
            N_("{file} holds something that Raut did not write, so this run cannot go on. Delete it to begin anew, or "
               "name another file with --out."),
            file=self.path,
        )  # fmt: skip


def _object_in(line: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _is_text(cell: Any) -> bool:
    try:
        return isinstance(cell, str) and cell.encode() is not None
    except UnicodeEncodeError:  # half a character, which no table can hold
        return False


def _is_count(cell: Any) -> bool:
    return cell == "" or (type(cell) is int and abs(cell) < 2**31)


def _is_probability(cell: Any) -> bool:
    return cell == "" or (type(cell) in (int, float) and 0 <= cell <= 1)


def _is_angle(cell: Any) -> bool:
    return cell == "" or (type(cell) in (int, float) and -180 <= cell <= 180)


@contextmanager
def disk_errors(path: Path | str) -> Iterator[None]:
    """Inside, what the disk refuses becomes a sentence."""
    try:
        yield
    except BrokenPipeError:  # no disk, but a reader who has seen enough
        raise
    except OSError as error:
        raise BatchError(
            N_("{file} cannot be written ({reason}). Check the folder and the space left on the disk."),
            file=path,
            reason=error.strerror or type(error).__name__,
        ) from error

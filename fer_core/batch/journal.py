"""What is done so far, in a file beside the one to come, so that an interrupted run can go on.

One line of JSON for each photo. The last line of a run that was killed may be incomplete; it is left out, and
its photo is analysed again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from fer_core.errors import N_, BatchError

from .work import PhotoRows, Settings

Key = tuple[str, int, int]
"""Name, size in bytes and time of change in nanoseconds: a file that was changed since is another one."""


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
        BatchError: a journal is there and `resume` is not asked for, or it is of another network or another version
            of Raut; the disk is full or the folder is not there.
    """

    def __init__(self, path: Path, settings: Settings, *, resume: bool) -> None:
        self.path = path
        self._offsets: dict[Key, int] = {}
        header = asdict(settings)
        del header["threads"]
        with disk_errors(path):
            exists = path.exists()
            self._file: IO[bytes] = path.open("r+b" if exists else "w+b")
        try:
            if exists:
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
            KeyError: a file is not in the journal.
        """
        for key in keys:
            self._file.seek(self._offsets[key])
            line = json.loads(self._file.readline())
            yield PhotoRows(line["file"], line["rows"], line["error"])

    def delete(self) -> None:
        """Close and remove the journal, once its content is in the table."""
        self._file.close()
        self.path.unlink(missing_ok=True)

    def _append(self, line: dict[str, Any]) -> int:
        with disk_errors(self.path):
            offset = self._file.seek(0, 2)
            # In ASCII: a file name need not be text, and JSON writes what UTF-8 cannot.
            self._file.write(json.dumps(line).encode() + b"\n")
            self._file.flush()
        return offset

    def _read_earlier_run(self, header: dict[str, Any], resume: bool) -> None:
        header_line = self._file.readline()
        if header_line.endswith(b"\n"):
            if not resume:
                raise BatchError(
                    N_(
                        "{file} holds the beginning of an earlier run. Add --resume to go on with it, or delete it."
                    ),
                    file=self.path,
                )
            if _read(header_line) != json.loads(json.dumps(header)):
                raise BatchError(
                    N_(
                        "{file} was begun with another network or another version of Raut. Use the same one, "
                        "or delete the file to begin anew."
                    ),
                    file=self.path,
                )
        offset = len(header_line) if header_line.endswith(b"\n") else 0
        self._file.seek(offset)
        while (line := self._file.readline()).endswith(b"\n"):
            content = _read(line)
            if content is None:
                break
            name, size, changed = content["key"]
            self._offsets[name, size, changed] = offset
            offset += len(line)
        self._file.seek(offset)
        self._file.truncate()


def _read(line: bytes) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        return None


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

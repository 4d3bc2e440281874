"""A run over many photos: who does it, where it is kept, what becomes of it."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from fer_core.errors import N_, BatchError, visible
from fer_core.faces.search import FaceSearch, photo_search
from fer_core.files import replaced_whole
from fer_core.recognition.provenance import local_now, search_provenance
from fer_core.store.network import NetworkInfo
from fer_core.streams import discard_unwritten_output, output_is_closed

from . import workers
from .journal import Journal, disk_errors, key_of
from .tables import write_parquet, write_text
from .target import checked_target
from .work import PhotoRows, Settings

FEW = 20
"""Up to this many photos other processes would take longer to start than to work."""

ResultCallback = Callable[[PhotoRows], None]
"""Called with every result, in order: for a progress bar and for what could not be read."""


def analyzed(
    paths: Sequence[str],
    network: NetworkInfo,
    *,
    search: FaceSearch | None = None,
    processes: int | None = None,
    scheduler: str | None = None,
) -> Iterator[PhotoRows]:
    """Analyse the files and yield their results in the order of the paths.

    Args:
        paths: of the files.
        network: that reads the faces.
        search: how faces are looked for; None for `photo_search()`.
        processes: on this computer, at most one a photo; None for one a core, where there are more than a few photos.
        scheduler: address of a Dask cluster that does it instead.

    Raises:
        BatchError, NetworkError: the cluster or the network cannot be used.
    """
    cores = os.cpu_count() or 1
    count = processes if processes is not None else cores if len(paths) > FEW else 1
    if scheduler is not None:
        return workers.on_cluster(paths, Settings.of(network, search=search), scheduler)
    if count > 1 and paths:
        return workers.in_processes(paths, Settings.of(network, search=search), min(count, len(paths)))
    return workers.in_this_process(
        paths, Settings.of(network, threads=1 if processes else cores, search=search)
    )


def print_table(
    paths: Sequence[str],
    network: NetworkInfo,
    form: str,
    on_result: ResultCallback,
    *,
    search: FaceSearch | None = None,
    processes: int | None = None,
    scheduler: str | None = None,
    stream: TextIO | None = None,
) -> None:
    """Write the table to standard output, row by row as the results come.

    Args:
        paths, network, search, processes, scheduler: those of `analyzed`.
        form: "csv" or "json".
        on_result: called with every result.
        stream: where to, instead of standard output.

    Raises:
        BatchError: as `analyzed`; standard output is closed, or the disk to which it goes is full.
    """
    if stream is None and output_is_closed():
        raise BatchError(N_("Standard output is closed. Name a file to write to: --out faces.csv"))
    photos = analyzed(paths, network, search=search, processes=processes, scheduler=scheduler)
    out = stream or _StandardOutput()
    provenance = search_provenance(local_now(), network, search or photo_search())
    reported = (_reported(photo, on_result) for photo in photos)
    write_text(reported, network.labels, out, form, provenance)
    out.flush()


def write_table(
    paths: Sequence[str],
    network: NetworkInfo,
    form: str,
    out: Path,
    on_result: ResultCallback,
    *,
    resume: bool = False,
    search: FaceSearch | None = None,
    processes: int | None = None,
    scheduler: str | None = None,
) -> None:
    """Write the table to a file, which is there when all photos are done; until then `<out>.part` keeps them.

    Args:
        paths, network, search, processes, scheduler: those of `analyzed`.
        form: "csv", "json" or "parquet".
        out: the file; an older table is replaced.
        on_result: called with every result, also with those of an earlier run.
        resume: go on with a run that was interrupted.

    Raises:
        BatchError: `out` is refused (see `checked_target`); another run is writing it; a run that was interrupted
            is there and `resume` is not asked for; it is of another network, another search or another version of Raut;
            the disk is full.
    """
    file = checked_target(out, paths)
    keys = [key_of(path) for path in paths]
    provenance = search_provenance(local_now(), network, search or photo_search())
    with Journal(part_of(file), Settings.of(network, search=search), resume=resume) as journal:
        for photo in journal.photos(key for key in keys if key in journal):
            on_result(photo)
        missing = list(dict.fromkeys(key for key in keys if key not in journal))
        photos = analyzed(
            [key[0] for key in missing], network, search=search, processes=processes, scheduler=scheduler
        )
        for key, photo in zip(missing, photos, strict=True):
            journal.add(key, photo)
            on_result(photo)
        with disk_errors(out), replaced_whole(file) as stream:
            if form == "parquet":
                write_parquet(journal.photos(keys), network.labels, stream, provenance)
            else:
                with io.TextIOWrapper(stream, encoding="utf-8", newline="") as text:
                    write_text(journal.photos(keys), network.labels, text, form, provenance)
        journal.delete()


class _StandardOutput:
    """The same bytes on every system, and a sentence where they cannot be written.

    A terminal gets no control characters: a file's name could clear it, or pretend to be what Raut says.

    Only what is written is under `disk_errors`: the work that goes on meanwhile has errors of its own.
    """

    def __init__(self) -> None:
        self._stream = sys.stdout
        # Windows would write its own line ends behind those of the table, in an encoding without most scripts.
        if isinstance(self._stream, io.TextIOWrapper):  # else somebody has put another in its place
            self._stream.reconfigure(encoding="utf-8", newline="")
        self._is_terminal = self._stream.isatty()

    def write(self, text: str) -> None:
        with self._disk_errors():
            self._stream.write(visible(text, keep="\r\n") if self._is_terminal else text)

    def flush(self) -> None:
        with self._disk_errors():
            self._stream.flush()

    @contextmanager
    def _disk_errors(self) -> Iterator[None]:
        try:
            with disk_errors("standard output"):
                yield
        except BatchError:
            discard_unwritten_output(self._stream)
            raise


def part_of(out: Path) -> Path:
    """Return the path of the journal that keeps an unfinished run of that table, beside the file of a link."""
    file = Path(os.path.realpath(out))
    return file.with_name(file.name + ".part")


def _reported(photo: PhotoRows, on_result: ResultCallback) -> PhotoRows:
    on_result(photo)
    return photo

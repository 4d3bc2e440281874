"""One photo as a piece of work that another process, or another machine, can do."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from fer_core import __version__
from fer_core.errors import N_, BatchError, ImageError, NetworkError
from fer_core.faces.detection import FaceDetector
from fer_core.faces.images import MAX_BYTES, too_large
from fer_core.faces.search import FaceSearch, photo_search
from fer_core.faces.uploads import pages_of
from fer_core.folders import FileTooLargeError, read_regular_file
from fer_core.photos.analysis import PhotoResult, analyze_photo
from fer_core.photos.table import result_rows
from fer_core.recognition.recognizer import ExpressionRecognizer
from fer_core.recognition.table import Row
from fer_core.store.folder import find_network
from fer_core.store.network import NetworkInfo

if TYPE_CHECKING:
    from typing import Any


@dataclass(frozen=True)
class Settings:
    """The settings with which photos are analysed, the same on every process and machine.

    Attributes:
        network: id of it.
        checksum: of its weights, so that a machine with others refuses instead of answering differently.
        search: how faces are looked for.
        threads: of one recognition.
        raut_version: of Raut where the run was ordered, so that no table holds rows of several.
    """

    network: str
    checksum: str
    search: FaceSearch
    threads: int = 1
    raut_version: str = __version__

    @classmethod
    def of(cls, info: NetworkInfo, *, threads: int = 1, search: FaceSearch | None = None) -> Settings:
        """Make the settings for a network of this computer and a search; None for `photo_search()`."""
        return cls(info.id, str(info.checksum), search or photo_search(), threads)


@dataclass(frozen=True)
class PhotoRows:
    """The rows that the analysis of one file gave, without its pixels.

    Attributes:
        file: its name as it was given.
        rows: those of `result_rows`; of a TIFF with several pages those of each, "scan.tif, page 2" by name.
        error: English, where it could not be read: a line for the file, or for each of its pages that could not.
    """

    file: str
    rows: list[Row]
    error: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the fields as plain values, ready for JSON."""
        return {"file": self.file, "rows": self.rows, "error": self.error}


def analyze_file(path: str, settings: Settings) -> PhotoRows:
    """Read a file and analyse it; one that cannot be opened is a row with the status "error".

    Raises:
        NetworkError: the network is not here, is damaged, or has other weights.
        BatchError: another version of Raut ordered the work.
    """
    try:
        content = content_of(path)
    except ImageError as error:
        return unreadable(path, settings, error)
    return analyze_content(content, path, settings)


def content_of(path: str) -> bytes:
    """Read the content of a file.

    Raises:
        ImageError: it cannot be opened, is no regular file, or is larger than what is looked at.
    """
    try:
        return read_regular_file(path, MAX_BYTES)
    except FileTooLargeError as error:
        raise too_large(path, error.size_bytes) from error
    except OSError as error:
        raise ImageError(
            N_("The file {name} cannot be opened ({reason}). Check its name and that you may read it."),
            name=path,
            reason=error.strerror or type(error).__name__,
        ) from error


def analyze_content(content: bytes, name: str, settings: Settings) -> PhotoRows:
    """Analyse the content of a file: a picture, or each page of a TIFF.

    Raises:
        NetworkError, BatchError: as for `analyze_file`.
    """
    detector, recognizer = _tools(settings)
    labels = tuple(recognizer.labels)
    rows: list[Row] = []
    errors: list[str] = []
    # One after the other: the pixels of a page go before the next.
    for picture in pages_of(_as_text(name), content):
        if picture.error is None:
            result = analyze_photo(picture.content, picture.name, detector, recognizer, picture.page)
        else:
            result = PhotoResult.unread(picture.name, labels, picture.error)
        rows += result_rows([result])
        if result.error is not None:
            errors.append(str(result.error))
    return PhotoRows(name, rows, "\n".join(errors) or None)


def unreadable(name: str, settings: Settings, error: ImageError) -> PhotoRows:
    """Make the row, with the status "error", of a file that gave nothing to analyse."""
    labels = find_network(settings.network).labels
    result = PhotoResult.unread(_as_text(name), labels, error)
    return PhotoRows(name, result_rows([result]), str(error))


def _as_text(name: str) -> str:
    """With a question mark for each byte of a file name that is no UTF-8: no table could hold it."""
    return name.encode("utf-8", "replace").decode()


@lru_cache(maxsize=2)
def _tools(settings: Settings) -> tuple[FaceDetector, ExpressionRecognizer]:
    """Opened once in each process; both may be shared by its threads."""
    if settings.raut_version != __version__:
        raise BatchError(
            N_(
                "Raut is of version {here} here, and of version {ordered} on the computer that gave the order. Use "
                "the same version of Raut on all of them."
            ),
            here=__version__,
            ordered=settings.raut_version,
        )
    info = find_network(settings.network)
    if str(info.checksum) != settings.checksum:
        raise NetworkError(
            N_(
                "The network “{name}” has other weights here than on the computer that gave the order. Use the "
                "same version of Raut on all of them."
            ),
            name=info.id,
        )
    return FaceDetector(settings.search), ExpressionRecognizer(info, threads=settings.threads)

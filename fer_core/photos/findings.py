"""Photos and what was found in them, as values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from fer_core.errors import ImageError, RautError
from fer_core.faces.search import FaceSearch
from fer_core.photos.analysis import PhotoResult
from fer_core.photos.samples import Sample
from fer_core.recognition.recognizer import LitertRecognizer

MANY = 50
"""From so many photos on they leave the uploader, and less is kept of each."""


@dataclass(frozen=True)
class Photo:
    """One picture as it came."""

    name: str
    content: bytes | None
    """Of the file; None once it was let go, or where there never was a picture."""
    digest: str | None
    """Of the content, and of the page where the file has several; None where there never was a picture."""
    sample: Sample | None = None
    """Which of the pictures that come with Raut; None for the reader's own."""
    page: int = 0
    error: ImageError | None = None
    """Why there was nothing to look at from the start."""

    @property
    def identity(self) -> str:
        """What tells it from pictures with other content: its digest, or why there is no picture."""
        return str(self.error) if self.digest is None else self.digest

    @property
    def key(self) -> PhotoKey:
        """What tells it from all others on a shelf."""
        return self.name, self.identity


@dataclass(frozen=True)
class FacePicture:
    """A face in colour with what is around it."""

    jpeg: bytes
    """Longest side at most 192 pixels."""
    small_url: str
    """The same at most 56 pixels, as the address of an image."""


@dataclass(frozen=True, eq=False)
class Finding:
    """What came of a photo, with a small picture of it instead of the whole one."""

    result: PhotoResult
    """Without its image."""
    picture_jpeg: bytes = b""
    """The photo the right way up, at the size of the page, without marks."""
    scale: float = 1.0
    """Pixels of the small picture for one pixel of the photo."""
    face_pictures: tuple[FacePicture, ...] = ()
    """One for each face of the result, in their order."""

    @property
    def error(self) -> RautError | None:
        """Why there is nothing to show."""
        return self.result.error


Findings = Sequence[tuple[Photo, Finding]]
PhotoKey = tuple[str, str]
"""Name and identity of a photo."""

FindingKey = tuple[str, str, str, FaceSearch]
"""Those of the `PhotoKey`, then those of the `AnalysisKey`."""

FaceKey = tuple[str, int]
"""Identity of the photo, number of the face."""

RaterTable = dict[tuple[str, int], str]
"""What another person said of (file, face)."""

Ratings = dict[FaceKey, str]
"""What a person said of a face: the code of an expression, or `unsure`."""


class AnalysisKey(NamedTuple):
    """What a photo was analysed with."""

    network: str
    """Id and checksum of its weights."""
    search: FaceSearch
    """How faces were looked for."""


def analysis_key(recognizer: LitertRecognizer, search: FaceSearch) -> AnalysisKey:
    """The key of what this network finds with that search."""
    network = recognizer.network
    return AnalysisKey(f"{network.id} {network.checksum}", search)

"""Photos and what was found in them, as values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fer_core.errors import ImageError
from fer_core.photos.analysis import PhotoResult
from fer_core.recognition.recognizer import ExpressionRecognizer
from fer_core.store.network import weights_checksum

MANY = 50
"""From so many photos on they leave the uploader, and less is kept of each."""


@dataclass(frozen=True)
class Photo:
    """One picture as it came."""

    name: str
    content: bytes
    """Of the file; b"" once it was let go, or where there never was a picture."""
    digest: str
    """Of the content, and of the page where the file has several."""
    is_sample: bool = False
    page: int = 0
    error: ImageError | None = None
    """Why there was nothing to look at from the start."""

    @property
    def key(self) -> tuple[str, str]:
        return self.name, self.digest


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

    result: PhotoResult | None
    """Without its image; None when something failed that nobody expected."""
    error: Exception | None
    """Why there is nothing to show; a `RautError` for a file that cannot be read."""
    picture_jpeg: bytes = b""
    """The photo the right way up, at the size of the page, without marks."""
    scale: float = 1.0
    """Pixels of the small picture for one pixel of the photo."""
    face_pictures: tuple[FacePicture, ...] = ()
    """One for each face of the result, in their order."""


Findings = Sequence[tuple[Photo, Finding]]
FindingKey = tuple[str, str, str, str]  # name, digest, network, effort
FaceKey = tuple[str, int]
"""Digest of the photo, number of the face."""

RaterTable = dict[tuple[str, int], str]
"""What another person said of (file, face)."""

Ratings = dict[FaceKey, str]
"""What a person said of a face: the code of an expression, or `unsure`."""


def which(recognizer: ExpressionRecognizer, effort: str) -> tuple[str, str]:
    """Part of a finding's key: the network with its weights, and the search."""
    network = recognizer.network
    return f"{network.id} {weights_checksum(network)}", effort

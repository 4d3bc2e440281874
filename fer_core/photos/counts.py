"""How many photos and faces there are, counted in one way for the page and for everything that people take home."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fer_core.photos.analysis import PhotoResult


@dataclass(frozen=True)
class PhotoCounts:
    """Photos and faces of an analysis; `with_faces + without_faces == read`, `found + drawn - struck == faces`."""

    files: int
    """All files and pages that were given."""
    unread: int
    """Those of them that could not be read: they are neither photos with faces nor photos without."""
    with_faces: int
    """Photos in which a face is left."""
    faces: int
    """Faces that count."""
    drawn: int
    """Faces that a person drew."""
    struck: int
    """Faces that a person struck out, found or drawn."""
    photos_corrected: int
    """Photos in which a person drew a face or struck one out."""

    @property
    def read(self) -> int:
        """Photos that were looked at."""
        return self.files - self.unread

    @property
    def without_faces(self) -> int:
        """Photos that were looked at and in which no face is left."""
        return self.read - self.with_faces

    @property
    def found(self) -> int:
        """Faces that the search found, those that were struck out among them."""
        return self.faces + self.struck - self.drawn


def count_photos(results: Iterable[PhotoResult]) -> PhotoCounts:
    """Count photos and faces.

    Args:
        results: as a person corrected them; one for each file or page.
    """
    listed = list(results)
    drawn = [sum(face.by_hand for face in (*result.faces, *result.struck)) for result in listed]
    return PhotoCounts(
        files=len(listed),
        unread=sum(result.status == "error" for result in listed),
        with_faces=sum(bool(result.faces) for result in listed),
        faces=sum(len(result.faces) for result in listed),
        drawn=sum(drawn),
        struck=sum(len(result.struck) for result in listed),
        photos_corrected=sum(
            bool(by_hand or result.struck) for by_hand, result in zip(drawn, listed, strict=True)
        ),
    )

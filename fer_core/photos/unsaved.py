"""What a person did to the photos by hand and has in no file yet: it would be lost with the page."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field

from fer_core.faces.search import FaceSearch
from fer_core.photos.corrections import Corrections
from fer_core.photos.findings import Ratings


@dataclass(frozen=True)
class Unsaved:
    """How much of it there is."""

    ratings: int = 0
    """Faces that were rated, or rated differently, since."""
    corrections: int = 0
    """Faces that were struck out, taken back or drawn since."""

    def __bool__(self) -> bool:
        return self.ratings + self.corrections > 0


@dataclass
class Saved:
    """What is in a file that was downloaded, or read."""

    ratings_of: dict[FaceSearch, Ratings] = field(default_factory=dict)
    """By search, as `PhotoShelf.ratings_of`."""
    corrections: dict[tuple[str, FaceSearch], Corrections] = field(default_factory=dict)
    """As `PhotoShelf.corrections`."""

    def keep_ratings(self, ratings: Ratings, search: FaceSearch) -> None:
        """These are in a file now."""
        self.ratings_of[search] = self.ratings_of.get(search, {}) | ratings

    def keep_corrections(
        self, corrections: Mapping[tuple[str, FaceSearch], Corrections], search: FaceSearch
    ) -> None:
        """Those of that search are in a file now."""
        self.corrections |= {key: those for key, those in corrections.items() if key[1] == search}

    def missing(
        self,
        ratings_of: Mapping[FaceSearch, Ratings],
        corrections: Mapping[tuple[str, FaceSearch], Corrections],
        identities: Container[str],
    ) -> Unsaved:
        """What is in no file as it is now, whatever search it belongs to.

        Args:
            ratings_of: as `PhotoShelf.ratings_of`.
            corrections: as `PhotoShelf.corrections`.
            identities: of the photos to look at.
        """
        return Unsaved(
            ratings=sum(
                key[0] in identities and self.ratings_of.get(search, {}).get(key) != code
                for search, ratings in ratings_of.items()
                for key, code in ratings.items()
            ),
            corrections=sum(
                _differences(those, self.corrections.get(key, Corrections()))
                for key, those in corrections.items()
                if key[0] in identities
            ),
        )


def _differences(one: Corrections, other: Corrections) -> int:
    return len(one.struck ^ other.struck) + len(set(one.drawn) ^ set(other.drawn))

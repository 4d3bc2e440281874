"""What a report is about: photos with their faces, the settings, what people said of the faces."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from fer_core import __version__
from fer_core.evaluation.agreement import Agreement, agreement
from fer_core.faces.search import DetectionSettings
from fer_core.labels import UNSURE
from fer_core.photos.analysis import PhotoFace, PhotoResult
from fer_core.photos.table import result_rows
from fer_core.recognition.table import VERSION_COLUMN, Row, result_columns
from fer_core.store.network import NetworkInfo, weights_checksum

PACKAGES: Final = (
    "ai-edge-litert",
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


@dataclass(frozen=True)
class Settings:
    """The settings that it takes to make the same results again."""

    network: NetworkInfo
    effort: str
    """Key of `fer_core.faces.search.EFFORTS`."""
    detection: DetectionSettings
    versions: Mapping[str, str]
    """Name of each package (and of Python) to its version."""
    date: str
    """Date of the analysis, as 2026-11-24: set by the caller, so that the same input makes the same file."""
    raut_version: str = __version__
    """Version of Raut that made the analysis."""

    def as_dict(self) -> dict[str, object]:
        """Return the settings as plain values with English codes, ready for JSON."""
        return {
            "date": self.date,
            VERSION_COLUMN: self.raut_version,
            "network": {
                "id": self.network.id,
                "name": self.network.name,
                "task": self.network.task,
                "labels": list(self.network.labels),
                "parameters": self.network.parameters,
                "file": self.network.file.name,
                "sha256": weights_checksum(self.network),
            },
            "detection": {"effort": self.effort, **vars(self.detection)},
            "versions": dict(self.versions),
        }


@dataclass(frozen=True, eq=False)
class Analysis:
    """An analysis to report: the photos with their faces, the settings, and the ratings of a person."""

    photos: tuple[ReportedPhoto, ...]
    settings: Settings
    ratings: Mapping[tuple[str, int], str] = field(default_factory=dict)
    """(key of the photo, number of the face) to the code of an expression, or `unsure`."""

    @property
    def labels(self) -> tuple[str, ...]:
        """The codes of the network's expressions, in its order."""
        return self.settings.network.labels

    @property
    def results(self) -> list[PhotoResult]:
        """The results of the photos, in their order."""
        return [photo.result for photo in self.photos]

    def faces(self) -> Iterable[tuple[ReportedPhoto, PhotoFace]]:
        """Yield every face with its photo, in the order of the photos."""
        return ((photo, face) for photo in self.photos for face in photo.result.faces)

    def rating(self, photo: ReportedPhoto, face: PhotoFace) -> str | None:
        """Return the code that the reader gave the face; None for a face without a rating."""
        return self.ratings.get((photo.key, face.number))

    def agreement(self) -> Agreement | None:
        """Measure how far reader and network agree on the faces that were rated; None without any.

        The network counts with its most probable expression. Faces of which the reader said that they cannot
        tell are left out: the network has no such label.
        """
        pairs = [
            (rating, face.label)
            for photo, face in self.faces()
            if (rating := self.rating(photo, face)) not in (None, UNSURE)
        ]
        if not pairs:
            return None
        return agreement([str(first) for first, _ in pairs], [second for _, second in pairs], self.labels)

    def columns(self) -> tuple[str, ...]:
        """Return the names of the columns of `rows`, in their order."""
        *leading, status, version = result_columns(self.labels)
        rated = ("rating",) if self.ratings else ()
        return (
            "photo",
            leading[0],
            "sha256",
            "page",
            *leading[1:],
            "answer",
            "prediction_set",
            *rated,
            status,
            "problem",
            version,
        )

    def rows(self) -> list[dict[str, Value]]:
        """Return `result_rows` with the further columns that a table for people and a record for research need.

        Returns:
            One row for each face, and one for a photo without: the keys of `columns`; None where there is
            nothing to say. Codes of a set are joined by spaces, the most probable first.
        """
        rows: list[dict[str, Value]] = []
        for number, photo in enumerate(self.photos, start=1):
            photo_rows: list[Row] = result_rows([photo.result])
            for index, row in enumerate(photo_rows):
                face = photo.result.faces[index] if photo.result.faces else None
                further_cells: dict[str, Value] = {
                    "photo": number,
                    "sha256": photo.sha256,
                    "page": photo.page,
                    "answer": face.answer if face else None,
                    "prediction_set": " ".join(face.prediction_set) if face and face.prediction_set else None,
                    "rating": self.rating(photo, face) if face else None,
                    "problem": str(photo.error) if photo.error else None,
                }
                cells = {key: None if value == "" else value for key, value in (row | further_cells).items()}
                rows.append({column: cells[column] for column in self.columns()})
        return rows


def package_versions() -> dict[str, str]:
    """Return the versions of Python and of those of `PACKAGES` that are installed here."""
    versions = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue
    return versions

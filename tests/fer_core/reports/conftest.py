"""Analyses to report: made up, with every kind of photo and names that try to break things."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from fer_core.cards.words import Words
from fer_core.errors import N_, ImageError
from fer_core.faces.search import photo_search
from fer_core.photos.analysis import PhotoFace, PhotoResult
from fer_core.recognition.answers import Prediction
from fer_core.reports.analysis import Analysis, ReportedPhoto, Settings
from fer_core.store.folder import find_network
from fer_core.store.network import NetworkInfo

NAMES = ("=HYPERLINK(\"http://x\")&cmd|' /C calc'!A0.jpg", "صورة وجه.png", "团体 😀 照片.webp", "<b>&\"'.jpg")
MADE = datetime(2026, 11, 24, 14, 5, 9, tzinfo=UTC)
MakeAnalysis = Callable[..., Analysis]


def percent(share: float, decimals: int = 1) -> str:
    return f"{100 * share:.{decimals}f}%"


ENGLISH = Words(
    language="en",
    text=lambda text: text,
    number=lambda value, decimals=0: f"{value:,.{decimals}f}",
    percent=percent,
    probability=percent,
    either=" or ".join,
    problem=str,
    date=lambda made: f"{made.day} {made:%B %Y}",
    time=lambda made: f"{made:%H:%M}",
)


@pytest.fixture(scope="session")
def network() -> NetworkInfo:
    """The default network as it ships."""
    return find_network("raut")


def face(number: int, labels: tuple[str, ...], winner: str, set_size: int, **found: Any) -> PhotoFace:
    """A face with more of `winner` than of anything else; `found` says how it was found."""
    place = labels.index(winner)
    shares = np.full(len(labels), 0.3 / (len(labels) - 1), np.float32)
    shares[place] = 0.7
    codes = (winner, *(label for label in labels if label != winner))[:set_size]
    box = np.array([10 * number, 20, 10 * number + 50, 75], np.int32)
    crop = np.full((48, 48), 40 * number + place, np.uint8)
    return PhotoFace(number, box, Prediction(shares, winner, 0.7, codes), crop, **found)


@pytest.fixture
def make_analysis(network: NetworkInfo) -> MakeAnalysis:
    """`make_analysis(rated=True)`: two faces, one face, none, and a file that cannot be read.

    Where BlazeFace takes part, it alone found the second face of the first photo, tilted by 47 degrees.
    """

    def make(
        *, photos: bool = True, faces: bool = True, rated: bool = False, detector: str = "haar"
    ) -> Analysis:
        labels = network.labels
        error = ImageError(N_("This file is empty ({name}). Copy or download it again."), name=NAMES[3])
        points = np.arange(12, dtype=np.float32).reshape(6, 2) + np.float32(0.25)
        tilted = (
            {"found_by": "haar"}
            if detector == "haar"
            else {"found_by": "blazeface", "turn_degrees": -46.94, "points_xy": points}
        )
        found = (
            (face(1, labels, "happy", 1, found_by=detector), face(2, labels, "sad", 4, **tilted)),
            (face(1, labels, "fear", 2, found_by=detector),),
            (),
        )
        results = [
            PhotoResult(
                name, None, those if faces else (), labels, "ok" if those and faces else "no_face", None, 5.0
            )
            for name, those in zip(NAMES, found, strict=False)
        ]
        results.append(PhotoResult(NAMES[3], None, (), labels, "error", error, 1.0))
        reported = tuple(
            ReportedPhoto(result, f"{number:064x}", f"key{number}", error=result.error)
            for number, result in enumerate(results)
        )
        ratings = {("key0", 1): "happy", ("key0", 2): "angry", ("key1", 1): "unsure"} if rated else {}
        settings = Settings(
            network, photo_search(detector=detector), {"python": "3.11.2", "numpy": "2.4.6"}, MADE
        )
        return Analysis(reported if photos else (), settings, ratings)

    return make

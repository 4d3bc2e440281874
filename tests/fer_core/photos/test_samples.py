"""The pictures that come with Raut: each a small file with one face, and what the default networks answer."""

from __future__ import annotations

import pytest

from fer_core.faces.detection import FaceDetector
from fer_core.faces.search import photo_search
from fer_core.labels import EXPRESSIONS
from fer_core.photos.analysis import analyze_photo
from fer_core.photos.samples import DRAWINGS, PORTRAIT, Sample
from fer_core.places import ASSETS_DIR, PROJECT_DIR
from fer_core.recognition.recognizer import ExpressionRecognizer
from fer_core.store.folder import read_network

NETWORKS = ("raut", "raut-plus")
OTHER_ANSWERS: dict[tuple[str, str], str] = {}
"""Network and drawing to the answer, where it is not what the drawing is meant to show."""


@pytest.fixture(scope="module", params=NETWORKS)
def recognizer(request: pytest.FixtureRequest) -> ExpressionRecognizer:
    return ExpressionRecognizer(read_network(PROJECT_DIR / "models" / request.param))


def test_there_is_a_drawing_for_each_expression_in_the_order_in_which_people_read_them() -> None:
    assert tuple(sample.expression for sample in DRAWINGS) == EXPRESSIONS
    assert not PORTRAIT.is_drawing


@pytest.mark.parametrize("sample", (PORTRAIT, *DRAWINGS), ids=lambda sample: sample.path.stem)
def test_a_sample_is_small_and_its_source_is_named(sample: Sample) -> None:
    assert sample.path.stat().st_size < 60_000 or not sample.is_drawing
    sources = (ASSETS_DIR / "SOURCES.md").read_text(encoding="utf-8")
    assert ("samples/drawing-*.png" if sample.is_drawing else f"samples/{sample.path.name}") in sources


@pytest.mark.parametrize("sample", DRAWINGS, ids=lambda sample: sample.expression)
def test_a_drawing_has_one_face_with_the_expected_answer(
    sample: Sample, recognizer: ExpressionRecognizer
) -> None:
    result = analyze_photo(
        sample.path.read_bytes(), sample.path.name, FaceDetector(photo_search()), recognizer
    )
    (face,) = result.faces
    network = recognizer.network.id
    if sample.expression in recognizer.labels or (network, sample.expression) in OTHER_ANSWERS:
        assert face.answer == OTHER_ANSWERS.get((network, str(sample.expression)), sample.expression)

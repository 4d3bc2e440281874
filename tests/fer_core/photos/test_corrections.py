"""Faces struck out and drawn by hand: numbers stay, results are of the same network."""

from __future__ import annotations

import numpy as np
import pytest

from fer_core.faces.detection import HaarFaceDetector
from fer_core.photos.analysis import analyze_photo
from fer_core.photos.corrections import Corrections, corrected, drawn_face
from fer_core.photos.table import result_rows
from fer_core.places import SAMPLE_PHOTO
from fer_core.recognition.table import result_columns
from tests.recognizers import ThreeLabelRecognizer

RECOGNIZER = ThreeLabelRecognizer()
RESULT = analyze_photo(SAMPLE_PHOTO.read_bytes(), "a.jpg", HaarFaceDetector(), RECOGNIZER)
GRAY = np.random.default_rng(4).integers(0, 256, (200, 300), dtype=np.uint8)


def numbers(corrections: Corrections) -> list[tuple[int, bool]]:
    faces = corrected(RESULT, corrections, RECOGNIZER).faces
    return [(face.number, face.by_hand) for face in faces]


def test_a_drawn_face_is_numbered_behind_those_found_and_marked() -> None:
    assert numbers(Corrections().draw(drawn_face(GRAY, (10, 20, 60, 70), 0.0))) == [(1, False), (2, True)]


def test_a_struck_face_leaves_its_number_free_and_can_be_taken_back() -> None:
    two = Corrections().draw(drawn_face(GRAY, (10, 20, 60, 70), 0.0))
    assert numbers(two.strike(1)) == [(2, True)]
    assert numbers(two.strike(1).restore(1)) == [(1, False), (2, True)]
    assert numbers(two.strike(2).draw(two.drawn[0])) == [(1, False), (3, True)]


def test_with_all_faces_struck_out_the_photo_is_one_without_a_face() -> None:
    result = corrected(RESULT, Corrections().strike(1), RECOGNIZER)
    assert (result.status, result.faces) == ("no_face", ())


def test_rows_of_a_drawn_face_have_the_same_columns() -> None:
    drawn = Corrections().draw(drawn_face(GRAY, (10, 20, 60, 70), 0.0))
    rows = result_rows([corrected(RESULT, drawn, RECOGNIZER)])
    assert [tuple(row) for row in rows] == [result_columns(RESULT.labels)] * 2
    assert (rows[1]["x"], rows[1]["width"]) == (10, 50)


def test_a_rectangle_may_be_drawn_from_any_corner_and_over_the_edge() -> None:
    assert drawn_face(GRAY, (350, 250, 250, 150), 0.0).box_xyxy.tolist() == [250, 150, 300, 200]


def test_a_rectangle_outside_of_the_photo_is_refused() -> None:
    with pytest.raises(ValueError, match="inside 300x200"):
        drawn_face(GRAY, (310, 10, 350, 60), 0.0)

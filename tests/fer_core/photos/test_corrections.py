"""Faces struck out and drawn by hand: numbers stay, results are of the same network."""

from __future__ import annotations

import numpy as np
import pytest

from fer_core.errors import ImageError
from fer_core.faces.detection import FaceDetector
from fer_core.photos.analysis import PhotoResult, analyze_photo
from fer_core.photos.corrections import Corrections, corrected, drawn_face
from fer_core.photos.counts import count_photos
from fer_core.photos.table import photo_columns, result_rows
from fer_core.places import SAMPLE_PHOTO
from tests.recognizers import ThreeLabelRecognizer

RECOGNIZER = ThreeLabelRecognizer()
RESULT = analyze_photo(SAMPLE_PHOTO.read_bytes(), "a.jpg", FaceDetector(), RECOGNIZER)
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
    rows = result_rows([result])
    assert [(row["face"], row["status"]) for row in rows] == [("", "no_face"), (1, "struck")]
    assert rows[1]["label"] == RESULT.faces[0].label


def test_a_struck_face_stays_in_the_table_with_its_figures_and_its_status() -> None:
    two = Corrections().draw(drawn_face(GRAY, (10, 20, 60, 70), 0.0)).strike(1)
    struck, drawn = result_rows([corrected(RESULT, two, RECOGNIZER)])
    (as_found,) = result_rows([RESULT])
    assert struck == {**as_found, "status": "struck"}
    assert (drawn["face"], drawn["status"], drawn["found_by"]) == (2, "ok", "hand")


def test_faces_and_photos_are_counted_as_they_were_corrected_and_unread_files_are_no_photos() -> None:
    hand = drawn_face(GRAY, (10, 20, 60, 70), 0.0)
    unread = PhotoResult.unread("bad.jpg", RESULT.labels, ImageError("no picture"))
    results = [
        RESULT,
        corrected(RESULT, Corrections().strike(1), RECOGNIZER),
        corrected(RESULT, Corrections().draw(hand).draw(hand).strike(3), RECOGNIZER),
        unread,
    ]
    counts = count_photos(results)
    assert (counts.files, counts.unread, counts.read) == (4, 1, 3)
    assert (counts.with_faces, counts.without_faces) == (2, 1)
    assert (counts.found, counts.drawn, counts.struck, counts.faces) == (3, 2, 2, 3)
    assert counts.photos_corrected == 2
    assert count_photos([]).files == count_photos([]).found == 0


def test_rows_of_a_drawn_face_have_the_same_columns() -> None:
    drawn = Corrections().draw(drawn_face(GRAY, (10, 20, 60, 70), 0.0))
    rows = result_rows([corrected(RESULT, drawn, RECOGNIZER)])
    assert [tuple(row) for row in rows] == [photo_columns(RESULT.labels)] * 2
    assert [row["found_by"] for row in rows] == ["haar", "hand"]
    assert (rows[1]["x"], rows[1]["width"]) == (10, 50)


def test_a_rectangle_may_be_drawn_from_any_corner_and_over_the_edge() -> None:
    assert drawn_face(GRAY, (350, 250, 250, 150), 0.0).box_xyxy.tolist() == [250, 150, 300, 200]


def test_a_rectangle_outside_of_the_photo_is_refused() -> None:
    with pytest.raises(ValueError, match="inside 300x200"):
        drawn_face(GRAY, (310, 10, 350, 60), 0.0)

"""Faces struck out and drawn by hand: numbers stay, results are of the same network."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from fer_core.errors import ImageError
from fer_core.faces.detection import FaceDetector
from fer_core.faces.images import decode_image, square_crop, to_gray
from fer_core.faces.search import FaceSearch
from fer_core.faces.upright import upright_crop
from fer_core.photos.analysis import PhotoResult, analyze_photo
from fer_core.photos.corrections import Corrections, corrected, drawn_face
from fer_core.photos.counts import count_photos
from fer_core.photos.table import photo_columns, result_rows
from fer_core.places import SAMPLE_PHOTO
from tests.recognizers import ThreeLabelRecognizer

RECOGNIZER = ThreeLabelRecognizer()
RESULT = analyze_photo(SAMPLE_PHOTO.read_bytes(), "a.jpg", FaceDetector(), RECOGNIZER)
HAAR = FaceDetector(FaceSearch("haar"))
GRAY = np.random.default_rng(4).integers(0, 256, (200, 300), dtype=np.uint8)


def numbers(corrections: Corrections) -> list[tuple[int, bool]]:
    faces = corrected(RESULT, corrections, RECOGNIZER).faces
    return [(face.number, face.by_hand) for face in faces]


def test_a_drawn_face_is_numbered_behind_those_found_and_marked() -> None:
    assert numbers(Corrections().draw(drawn_face(GRAY, (10, 20, 60, 70), HAAR))) == [(1, False), (2, True)]


def test_a_struck_face_leaves_its_number_free_and_can_be_taken_back() -> None:
    two = Corrections().draw(drawn_face(GRAY, (10, 20, 60, 70), HAAR))
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
    two = Corrections().draw(drawn_face(GRAY, (10, 20, 60, 70), HAAR)).strike(1)
    struck, drawn = result_rows([corrected(RESULT, two, RECOGNIZER)])
    (as_found,) = result_rows([RESULT])
    assert struck == {**as_found, "status": "struck"}
    assert (drawn["face"], drawn["status"], drawn["found_by"]) == (2, "ok", "hand")


def test_faces_and_photos_are_counted_as_they_were_corrected_and_unread_files_are_no_photos() -> None:
    hand = drawn_face(GRAY, (10, 20, 60, 70), HAAR)
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
    drawn = Corrections().draw(drawn_face(GRAY, (10, 20, 60, 70), HAAR))
    rows = result_rows([corrected(RESULT, drawn, RECOGNIZER)])
    assert [tuple(row) for row in rows] == [photo_columns(RESULT.labels)] * 2
    assert [row["found_by"] for row in rows] == ["haar", "hand"]
    assert (rows[1]["x"], rows[1]["width"]) == (10, 50)


def test_a_rectangle_may_be_drawn_from_any_corner_and_over_the_edge() -> None:
    assert drawn_face(GRAY, (350, 250, 250, 150), HAAR).box_xyxy.tolist() == [250, 150, 300, 200]


def test_a_rectangle_outside_of_the_photo_is_refused() -> None:
    with pytest.raises(ValueError, match="inside 300x200"):
        drawn_face(GRAY, (310, 10, 350, 60), HAAR)


def tilted_portrait(degrees: float) -> np.ndarray:
    portrait_rgb = decode_image(SAMPLE_PHOTO.read_bytes(), "a.jpg")
    turn = cv2.getRotationMatrix2D((225.0, 114.0), degrees, 1)
    turn[:, 2] += (31, 142)  # the face to the picture's middle
    return cv2.warpAffine(portrait_rgb, turn, (512, 512), borderMode=cv2.BORDER_REPLICATE)


def test_a_drawn_face_that_is_tilted_is_turned_upright_and_its_box_stays_as_it_was_drawn() -> None:
    tilted_rgb = tilted_portrait(45)
    gray = to_gray(tilted_rgb)
    face = drawn_face(gray, (200, 200, 312, 310), FaceDetector(FaceSearch("blazeface")), tilted_rgb)
    assert face.box_xyxy.tolist() == [200, 200, 312, 310]
    assert face.points_xy is not None
    assert face.turn_degrees == pytest.approx(-45, abs=8)
    np.testing.assert_array_equal(face.crop_gray, upright_crop(gray, face.box_xyxy, face.turn_degrees))


def test_a_drawn_face_that_is_upright_is_cut_out_as_it_is() -> None:
    portrait_rgb = tilted_portrait(0)
    gray = to_gray(portrait_rgb)
    face = drawn_face(gray, (205, 205, 307, 307), FaceDetector(FaceSearch("both")), portrait_rgb)
    assert face.points_xy is not None
    assert face.turn_degrees == 0
    np.testing.assert_array_equal(face.crop_gray, square_crop(gray, face.box_xyxy))


@pytest.mark.parametrize("corners", [(10, 350, 130, 470), (160, 120, 500, 460)])
def test_a_drawn_box_takes_no_points_of_a_face_beside_it_or_of_another_size(corners: tuple[int, ...]) -> None:
    portrait_rgb = tilted_portrait(0)
    face = drawn_face(to_gray(portrait_rgb), corners, FaceDetector(FaceSearch("blazeface")), portrait_rgb)  # type: ignore[arg-type]
    assert (face.points_xy, face.turn_degrees) == (None, 0.0)


def test_without_blazeface_a_drawn_face_is_cut_out_as_it_is() -> None:
    gray = to_gray(tilted_portrait(45))
    face = drawn_face(gray, (200, 200, 312, 310), HAAR)
    assert (face.points_xy, face.turn_degrees) == (None, 0.0)
    np.testing.assert_array_equal(face.crop_gray, square_crop(gray, face.box_xyxy))

"""Tilted faces are found, turned upright in one resampling, and recognised."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from fer_core.faces.detection import FaceDetector
from fer_core.faces.images import square_crop, to_gray
from fer_core.faces.search import photo_search
from fer_core.faces.upright import roll_degrees, upright_crop
from fer_core.recognition.recognizer import ExpressionRecognizer
from fer_core.store.folder import find_network

FRONT = np.array([[30, 40], [70, 40], [50, 60], [50, 80], [10, 45], [90, 45]], np.float32)
FACE_XYXY = np.array([177, 66, 273, 162])  # in the portrait


def test_the_tilt_is_that_of_the_line_between_the_eyes() -> None:
    lower_left_eye = FRONT.copy()
    lower_left_eye[1] = (70, 80)
    higher_left_eye = FRONT.copy()
    higher_left_eye[1] = (70, 0)
    upside_down = FRONT[[1, 0, 2, 3, 5, 4]]
    nowhere = np.full((6, 2), np.nan)
    rolls = roll_degrees(np.stack([FRONT, lower_left_eye, higher_left_eye, upside_down, nowhere]))
    np.testing.assert_allclose(rolls[:3], (0, 45, -45))
    assert abs(rolls[3]) == 180
    assert np.isnan(rolls[4])
    assert roll_degrees(np.empty((0, 6, 2))).shape == (0,)


def test_without_a_turn_the_crop_is_that_of_a_face_left_as_it_is(astronaut_gray: np.ndarray) -> None:
    left = square_crop(astronaut_gray, FACE_XYXY).astype(int)
    assert np.abs(upright_crop(astronaut_gray, FACE_XYXY, 0.0) - left).mean() < 1.5


@pytest.mark.parametrize("degrees", [-60, -45, 30, 45, 90, 180])
def test_turned_upright_it_is_the_face_as_it_was(astronaut_gray: np.ndarray, degrees: float) -> None:
    upright = square_crop(astronaut_gray, FACE_XYXY).astype(int)
    turn = cv2.getRotationMatrix2D((225 - 0.5, 114 - 0.5), -degrees, 1)
    tilted = cv2.warpAffine(astronaut_gray, turn, (512, 512), borderMode=cv2.BORDER_REPLICATE)
    again = upright_crop(tilted, FACE_XYXY, degrees)
    assert np.abs(again - upright).mean() < 3
    assert np.abs(square_crop(tilted, FACE_XYXY) - upright).mean() > 20


@pytest.mark.parametrize(
    ("part", "box"),
    [
        (np.s_[:, 200:], (0, 66, 73, 162)),
        (np.s_[:, :250], (177, 66, 250, 162)),
        (np.s_[90:], (177, 0, 273, 72)),
        (np.s_[:140], (177, 66, 273, 140)),
    ],
)
def test_the_middle_of_a_box_that_the_border_cuts_stays_that_of_the_face(
    astronaut_gray: np.ndarray, part: tuple[slice, ...], box: tuple[int, ...]
) -> None:
    cut = np.ascontiguousarray(astronaut_gray[part])
    whole = upright_crop(astronaut_gray, FACE_XYXY, 30.0)[18:30, 18:30].astype(int)
    assert np.abs(upright_crop(cut, np.array(box), 30.0)[18:30, 18:30] - whole).mean() < 1


@pytest.mark.parametrize("detector", ["blazeface", "both"])
@pytest.mark.parametrize("degrees", [45, -45])
def test_the_portrait_tilted_by_45_degrees_is_found_and_called_happy(
    astronaut_rgb: np.ndarray, detector: str, degrees: float
) -> None:
    turn = cv2.getRotationMatrix2D((225, 114), degrees, 1)
    turn[:, 2] += (31, 142)  # the face to the picture's middle
    tilted = cv2.warpAffine(astronaut_rgb, turn, (512, 512), borderMode=cv2.BORDER_REPLICATE)
    faces = FaceDetector(photo_search("normal", detector))
    gray = to_gray(tilted)
    found = faces.detect(gray, tilted)
    middles = (found.boxes_xyxy[:, :2] + found.boxes_xyxy[:, 2:]) / 2
    (there,) = np.flatnonzero((np.abs(middles - 256) < 12).all(axis=1))
    assert abs(faces.turns_degrees(found.points_xy)[there] + degrees) < 8
    crop = faces.crops(gray, found)[there : there + 1]
    for name in ("raut", "raut-plus"):
        network = ExpressionRecognizer(find_network(name))
        assert network.labels[int(network.predict(crop)[0].argmax())] == "happy", name

"""A tilted face is looked at again with the picture turned upright; others stay as they were."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from fer_core.faces.blazeface import BlazeFaceDetector
from fer_core.faces.second_look import look_again_upright
from fer_core.faces.suppression import no_candidates
from fer_core.faces.upright import from_turned_square, roll_degrees, turned_square

DETECTOR = BlazeFaceDetector()


def tilted(portrait_rgb: np.ndarray, degrees: float) -> tuple[np.ndarray, np.ndarray]:
    turn = cv2.getRotationMatrix2D((225, 114), degrees, 1)
    turn[:, 2] += (31, 142)  # the face to the picture's middle
    return cv2.warpAffine(portrait_rgb, turn, (512, 512), borderMode=cv2.BORDER_REPLICATE), turn


@pytest.mark.parametrize("degrees", [60, 45, -45])
def test_a_tilted_face_is_seen_as_the_same_face_is_upright(astronaut_rgb: np.ndarray, degrees: float) -> None:
    picture_rgb, turn = tilted(astronaut_rgb, degrees)
    upright = DETECTOR.detect(astronaut_rgb)[np.array([0])]
    first = DETECTOR.detect(picture_rgb)[np.array([0])]
    second = look_again_upright(first, picture_rgb, DETECTOR, 20.0)
    there = upright.points_xy[0] @ turn[:, :2].T + turn[:, 2]
    assert np.linalg.norm(second.points_xy[0] - there, axis=1).mean() < 4
    assert np.ptp(second.boxes_xyxy[0, ::2]) == pytest.approx(np.ptp(upright.boxes_xyxy[0, ::2]), rel=0.05)
    assert roll_degrees(second.points_xy)[0] == pytest.approx(
        roll_degrees(upright.points_xy)[0] - degrees, abs=3
    )
    np.testing.assert_array_equal(second.scores, first.scores)


def test_an_upright_face_is_not_looked_at_again(astronaut_rgb: np.ndarray) -> None:
    found = DETECTOR.detect(astronaut_rgb)
    again = look_again_upright(found, astronaut_rgb, DETECTOR, 20.0)
    np.testing.assert_array_equal(again.boxes_xyxy, found.boxes_xyxy)
    np.testing.assert_array_equal(again.points_xy, found.points_xy)


def test_what_the_second_look_does_not_find_stays_as_it_was(astronaut_rgb: np.ndarray) -> None:
    found = DETECTOR.detect(tilted(astronaut_rgb, 45)[0])
    nothing = np.full((512, 512, 3), 127, np.uint8)
    again = look_again_upright(found, nothing, DETECTOR, 20.0)
    np.testing.assert_array_equal(again.boxes_xyxy, found.boxes_xyxy)
    assert len(look_again_upright(no_candidates(), nothing, DETECTOR, 20.0)) == 0


def test_places_of_a_turned_square_lie_where_it_was_cut_out() -> None:
    picture = np.zeros((200, 200), np.uint8)
    picture[60, 120] = 255
    square = turned_square(picture, np.array([100.0, 80.0]), 128.0, 30.0, 128)
    y, x = (float(place) + 0.5 for place in np.unravel_index(int(square.argmax()), square.shape))
    there = from_turned_square(np.array([x, y]), np.array([100.0, 80.0]), 128.0, 30.0, 128)
    np.testing.assert_allclose(there, (120.5, 60.5), atol=0.8)

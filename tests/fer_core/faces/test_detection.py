"""The detectors as one: the cascade, BlazeFace, or both."""

from __future__ import annotations

import cv2
import numpy as np

from fer_core.faces.detection import FaceDetector
from fer_core.faces.images import square_crop
from fer_core.faces.search import FaceSearch, HaarSettings


def test_no_face_gives_no_crop() -> None:
    image_gray = np.full((480, 640), 127, np.uint8)
    detector = FaceDetector()
    assert detector.crops(image_gray, detector.detect(image_gray)).shape == (0, 48, 48)


def test_crops_are_the_squares_of_the_boxes_in_their_order(astronaut_gray: np.ndarray) -> None:
    detector = FaceDetector(FaceSearch("haar", haar=HaarSettings(margin=0.1)))
    pair = np.hstack([astronaut_gray, cv2.flip(astronaut_gray, 1)])
    found = detector.detect(pair)
    crops = detector.crops(pair, found)
    assert crops.shape == (2, 48, 48)
    assert crops.dtype == np.uint8
    for crop, box in zip(crops, found.boxes_xyxy, strict=True):
        np.testing.assert_array_equal(crop, square_crop(pair, box, 0.1))

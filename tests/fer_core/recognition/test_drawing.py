"""What is drawn at a face: colours, contrast, place, and that it is cheap."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from fer_core.labels import EMOTIONS, UNSURE
from fer_core.recognition import drawing
from fer_core.recognition.drawing import FaceDrawer, FaceMark, contrast, text_colour


def frame(height: int = 480, width: int = 640, level: int = 120) -> np.ndarray:
    return np.full((height, width, 3), level, np.uint8)


def mark(
    box: tuple[int, int, int, int], code: str = "happy", number: int = 1, text: str = "Happy 73%"
) -> FaceMark:
    return FaceMark(np.array(box), number, text, code)


def rgb(code: str) -> tuple[int, int, int]:
    colour = EMOTIONS[code].colour
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def changed_rect(before: np.ndarray, after: np.ndarray) -> tuple[int, int, int, int]:
    rows, columns = np.nonzero((before != after).any(axis=2))
    return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1


@pytest.mark.parametrize("code", [code for code in EMOTIONS if code != UNSURE])
def test_text_stands_out_from_its_plate(code: str) -> None:
    assert contrast(text_colour(rgb(code)), rgb(code)) >= 4.5


def test_contrast_worked_out_by_hand() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)
    assert contrast((9, 99, 199), (9, 99, 199)) == 1


@pytest.mark.parametrize(("channels", "step"), [("rgb", 1), ("bgr", -1)])
@pytest.mark.parametrize("code", [code for code in EMOTIONS if code != UNSURE])
def test_the_box_has_the_colour_of_the_expression_in_either_order(
    code: str, channels: str, step: int
) -> None:
    picture = FaceDrawer().draw(frame(), [mark((200, 200, 300, 300), code)], channels=channels)
    assert tuple(picture[250, 200][::step]) == rgb(code)
    assert tuple(picture[250, 299][::step]) == rgb(code)
    plate = picture[160:198, 200:320].reshape(-1, 3)[:, ::step]
    assert (plate == rgb(code)).all(axis=1).mean() > 0.3, "the plate is filled with it too"


def test_unsure_is_an_outline_without_colour() -> None:
    picture = FaceDrawer().draw(frame(), [mark((200, 200, 300, 300), UNSURE, text="Unsure")])
    assert picture[250, 200].tolist() == [255, 255, 255]
    for code in EMOTIONS:
        if code != UNSURE:
            assert not (picture.reshape(-1, 3) == rgb(code)).all(axis=1).any()


@pytest.mark.parametrize(("height", "line"), [(480, 2), (960, 4), (2160, 9)])
def test_the_line_is_two_pixels_for_480_of_height(height: int, line: int) -> None:
    width = height * 4 // 3
    box = (width // 3, height // 2, width // 2, height * 3 // 4)
    picture = FaceDrawer().draw(frame(height, width), [mark(box)], channels="rgb")
    row = picture[height * 5 // 8, : (box[0] + box[2]) // 2]
    assert (row == rgb("happy")).all(axis=1).sum() == line


def test_the_picture_is_drawn_on_in_place_and_a_read_only_one_is_copied() -> None:
    picture = frame()
    assert FaceDrawer().draw(picture, [mark((200, 200, 300, 300))]) is picture
    locked = frame()
    locked.flags.writeable = False
    drawn = FaceDrawer().draw(locked, [mark((200, 200, 300, 300))])
    assert drawn is not locked
    assert (locked == 120).all()
    assert (drawn != 120).any()


def test_no_face_leaves_the_picture_as_it_is() -> None:
    assert (FaceDrawer().draw(frame(), []) == 120).all()


@pytest.mark.parametrize(
    "box", [(0, 0, 60, 60), (580, 0, 640, 60), (0, 420, 60, 480), (580, 420, 640, 480), (0, 0, 640, 480)]
)
def test_the_plate_stays_inside_the_picture(box: tuple[int, int, int, int]) -> None:
    before = frame()
    after = FaceDrawer().draw(before.copy(), [mark(box, "sad", text="Sedih 73%")], channels="rgb")
    filled = (after == rgb("sad")).all(axis=2)
    assert filled.sum() > 1500, "the whole plate can be seen"


def test_a_box_outside_the_picture_and_a_tiny_picture_do_no_harm() -> None:
    FaceDrawer().draw(
        frame(), [mark((-50, -50, 20, 20)), mark((630, 470, 700, 500)), mark((900, 900, 950, 950))]
    )
    for height, width in ((1, 1), (10, 300), (48, 48)):
        assert FaceDrawer().draw(frame(height, width), [mark((0, 0, 1, 1))]).shape == (height, width, 3)


def test_a_plate_that_would_cover_a_neighbour_shrinks_to_number_and_sign() -> None:
    alone = frame()
    FaceDrawer().draw(alone, [mark((200, 200, 240, 240))])
    left, _, right, _ = changed_rect(frame(), alone)
    full_width = right - left
    both = frame()
    FaceDrawer().draw(both, [mark((200, 200, 240, 240)), mark((290, 190, 330, 230), number=2)])
    first_only = both[170:198, 190:285]  # the plate of the first face, up to the box of the second
    assert full_width > 60
    assert (first_only[:, -8:] == 120).all(), "the text is gone"
    assert (first_only != 120).any(), "number and sign are there"


def test_in_a_crowd_all_plates_get_smaller_before_one_loses_its_text() -> None:
    """At full size the first plate would reach into the second's; at a smaller one both fit."""
    alone = frame()
    FaceDrawer().draw(alone, [mark((200, 200, 240, 240))])
    left, top, right, _ = changed_rect(frame(), alone)
    both = frame()
    step = round((right - left) * 0.8)
    second = (200 + step, 200, 240 + step, 240)
    FaceDrawer().draw(both, [mark((200, 200, 240, 240)), mark(second, number=2)])
    left_both, top_both, right_both, _ = changed_rect(frame(), both)
    assert top_both > top, "lower plates"
    plate_width = right_both - left_both - step
    assert 0.6 * (right - left) < plate_width < 0.8 * (right - left), "the text is still there, smaller"


def test_numbers_signs_and_languages_make_different_plates() -> None:
    variants = [
        drawing._plate(1, "Happy 73%", "happy", 20),
        drawing._plate(2, "Happy 73%", "happy", 20),
        drawing._plate(1, "Senang 73%", "happy", 20),
        drawing._plate(1, "Happy 73%", "neutral", 20),
    ]
    assert len({(plate.shape, plate.tobytes()) for plate in variants}) == 4


def test_every_expression_has_its_sign_on_the_plate_in_the_colour_of_the_text() -> None:
    for code in EMOTIONS:
        with_sign = drawing._plate(1, "", code, 20)
        left = drawing._plate(1, "", code, 20, False).shape[1]
        sign = with_sign[3:-3, left + 3 : -3, :3].reshape(-1, 3)

        ink, fill = drawing.text_colour(drawing._fill(code)), drawing._fill(code)
        assert (sign == ink).all(axis=1).any() and (sign == fill).all(axis=1).any()


def test_accents_and_a_long_name_are_drawn() -> None:
    assert drawing._plate(12, "Überrascht (très) 73%", "surprise", 20).shape[1] > 200
    assert drawing._plate(1, "é", "sad", 40).tobytes() != drawing._plate(1, "e", "sad", 40).tobytes()


def test_a_face_whose_plate_is_kept_costs_under_a_millisecond() -> None:
    drawer, picture = FaceDrawer(), frame()
    marks = [mark((200, 200, 300, 300))]
    drawer.draw(picture, marks)
    times = []
    for _ in range(50):
        start = time.thread_time()  # what else the computer does at the time is not counted
        drawer.draw(picture, marks)
        times.append(time.thread_time() - start)
    assert float(np.median(times)) < 1e-3


def test_threads_draw_what_one_thread_draws() -> None:
    drawing._plate.cache_clear()
    drawer = FaceDrawer()

    def draw(index: int) -> bytes:
        marks = [mark((200, 200, 300, 300), text=f"Happy {index % 7}%", number=index % 3)]
        return drawer.draw(frame(), marks).tobytes()

    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(draw, range(64)))
    assert together == [draw(index) for index in range(64)]


@pytest.mark.parametrize(
    "bad", [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 3)), np.zeros((4, 4, 4), np.uint8)]
)
def test_another_shape_or_dtype_is_refused(bad: np.ndarray) -> None:
    with pytest.raises(ValueError, match="Received"):
        FaceDrawer().draw(bad, [])


def test_a_face_that_is_not_named_has_its_number_and_nothing_else() -> None:
    assert drawing._plate(2, "", UNSURE, 20, False).shape == (30, 30, 4)
    assert drawing._plate(2, "", UNSURE, 20).shape[1] > 30


def test_text_for_ten_metres_is_that_much_larger() -> None:
    def plate_height(scale: float) -> int:
        before = frame()
        after = FaceDrawer().draw(before.copy(), [mark((200, 200, 300, 300))], text_scale=scale)
        _left, top, _right, bottom = changed_rect(before, after)
        return bottom - top - 100

    assert plate_height(drawing.TEN_METRES) / plate_height(1.0) == pytest.approx(drawing.TEN_METRES, rel=0.12)

from __future__ import annotations

import dataclasses
import itertools
import logging
import threading
import weakref

import numpy as np
import pytest

from fer_core.errors import N_, NetworkError, RautError
from fer_core.faces.quality import TooFarAway
from fer_core.faces.search import DETECTORS, FaceSearch, live_search
from fer_core.labels import EMOTIONS, FER2013_LABELS, FERPLUS_LABELS
from fer_core.live import session as live_session
from fer_core.live.drawing import draw_result
from fer_core.live.session import LatestResult, LiveSession, LiveSettings
from fer_core.recognition.captions import Captions
from fer_core.recognition.drawing import FaceDrawer
from fer_core.recognition.frames import READ_A_FRAME, READ_EVERY_S, LiveAnalyzer, LiveResult
from fer_core.store.network import NetworkInfo
from tests.e2e.clips import background_bgr, moving_faces
from tests.e2e.turning_clips import turning_face
from tests.network_records import network_of
from tests.recognizers import DoubtingRecognizer, FixedRecognizer, FlickeringRecognizer, RecordingRecognizer

CAPTIONS = Captions({code: code.title() for code in EMOTIONS}, tuple(f"{p}%" for p in range(101)))


def network(name: str) -> NetworkInfo:
    return network_of(name, default=True)


def settings(name: str = "a", search: FaceSearch | None = None) -> LiveSettings:
    return LiveSettings(network(name), search or live_search(), CAPTIONS)


def frames(count: int, faces: int = 1) -> list[np.ndarray]:
    return [frame.frame_bgr for frame in moving_faces(count, faces=faces, face=80)]


# --- one frame -----------------------------------------------------------------------------------------


def test_each_face_gets_its_probabilities_and_the_most_probable_label() -> None:
    analyzer = LiveAnalyzer(RecordingRecognizer())
    result = [analyzer.analyze(frame) for frame in frames(3, faces=3)][-1]
    assert [face.number for face in result.faces] == [1, 2, 3]
    assert {face.label for face in result.faces} == {"happy"}
    assert result.faces[0].probability == pytest.approx(0.8)
    assert result.labels == FER2013_LABELS
    assert result.frame_size == (640, 480)
    assert result.detection_ms > 0
    assert result.recognition_ms > 0


def test_all_new_faces_of_a_frame_go_through_the_network_at_once() -> None:
    recorder = RecordingRecognizer()
    analyzer = LiveAnalyzer(recorder)
    for number, frame in enumerate(frames(3, faces=3)):
        analyzer.analyze(frame, number / 30)
    assert recorder.batches[0].shape == (3, 48, 48)
    assert recorder.batches[0].dtype == np.uint8


def test_a_face_is_read_at_most_so_often_however_many_frames_a_camera_gives() -> None:
    recorder = RecordingRecognizer()
    analyzer = LiveAnalyzer(recorder)
    clip = frames(40)
    for number, frame in enumerate(clip):
        analyzer.analyze(frame, number / 60)
    seconds = len(clip) / 60
    assert 0.5 * seconds / READ_EVERY_S <= len(recorder.batches) <= seconds / READ_EVERY_S + 1


@pytest.mark.parametrize("detector", ["blazeface", "both"])
def test_known_faces_wait_one_frame_while_the_frame_is_scanned_and_never_two(detector: str) -> None:
    recorder = RecordingRecognizer()
    analyzer = LiveAnalyzer(recorder, live_search("thorough", detector))  # scans of many parts
    read = []
    scanned = []
    for number, frame in enumerate(moving_faces(40, faces=3, face=80)):
        before = len(recorder.batches)
        scanned.append(analyzer.analyze(frame.frame_bgr, number / 30).scanned)
        read.append(len(recorder.batches) > before)
    starts = [at for at in range(2, 40) if scanned[at] and not scanned[at - 1]]
    assert starts and not any(read[at] for at in starts)
    assert all(one or next_one for one, next_one in zip(read[2:], read[3:], strict=False))


def test_with_many_faces_they_take_turns_and_each_has_an_answer() -> None:
    recorder = RecordingRecognizer()
    analyzer = LiveAnalyzer(recorder)
    clip = [frame.frame_bgr for frame in moving_faces(12, faces=5, face=56)]
    results = [analyzer.analyze(frame, number / 30) for number, frame in enumerate(clip)]
    assert [len(result.faces) for result in results[3:]] == [5] * 9
    assert all(len(batch) <= READ_A_FRAME for batch in recorder.batches[3:])
    assert {face.label for result in results for face in result.faces} == {"happy"}


def test_the_network_sees_the_face_and_not_the_wall() -> None:
    recorder = RecordingRecognizer()
    analyzer = LiveAnalyzer(recorder)
    for frame in frames(2):
        analyzer.analyze(frame)
    wall = background_bgr(640, 480)
    assert recorder.batches[0].std() > 2 * wall.std()


def test_a_tilted_face_goes_upright_through_the_network_and_says_so() -> None:
    seen = {}
    for detector in ("haar", "blazeface"):
        recorder = RecordingRecognizer()
        analyzer = LiveAnalyzer(recorder, live_search(detector=detector))
        for number, frame in enumerate(itertools.islice(turning_face(), 70)):
            result = analyzer.analyze(frame.frame_bgr, number / 30)
            if number == 20:
                (upright,) = result.faces
        seen[detector] = recorder.batches[2][0], recorder.batches[-1][-1], upright, result.faces
    front, tilted, before, (after,) = seen["blazeface"]
    assert (before.found_by, before.turn_degrees) == ("blazeface", 0.0)
    assert after.found_by == "blazeface" and after.turn_degrees == pytest.approx(45, abs=6)
    assert after.points_xy is not None and after.points_xy.shape == (6, 2)
    assert np.corrcoef(front.ravel(), tilted.ravel())[0, 1] > 0.5
    assert seen["haar"][2].points_xy is None and seen["haar"][2].found_by == "haar"
    assert seen["haar"][3] == (), "the cascade has lost it"


def test_a_frame_without_a_face_is_a_result_and_asks_no_network() -> None:
    recorder = RecordingRecognizer()
    result = LiveAnalyzer(recorder).analyze(background_bgr(640, 480))
    assert result.faces == ()
    assert result.labels == FER2013_LABELS
    assert recorder.batches == []


@pytest.mark.parametrize(
    "frame", [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 3)), np.zeros((0, 4, 3), np.uint8)]
)
def test_a_frame_of_another_shape_or_dtype_is_refused(frame: np.ndarray) -> None:
    with pytest.raises(ValueError, match="Received"):
        LiveAnalyzer(RecordingRecognizer()).analyze(frame)


# --- sets and "unsure" ---------------------------------------------------------------------------------


def test_a_live_face_carries_its_set_and_whether_it_is_unsure() -> None:
    analyzer = LiveAnalyzer(DoubtingRecognizer())
    (face,) = [analyzer.analyze(frame) for frame in frames(3)][-1].faces
    assert face.prediction_set == ("sad", "fear", "angry")
    assert face.unsure is True
    assert (face.answer, face.label) == ("unsure", "sad")


def test_without_calibration_a_live_face_has_no_set() -> None:
    analyzer = LiveAnalyzer(RecordingRecognizer())
    (face,) = [analyzer.analyze(frame) for frame in frames(3)][-1].faces
    assert face.prediction_set is None
    assert face.unsure is None
    assert face.answer == "happy"


def test_unsure_does_not_come_and_go_with_every_frame() -> None:
    analyzer = LiveAnalyzer(FlickeringRecognizer())
    results = [analyzer.analyze(frame, number / 30) for number, frame in enumerate(frames(40))]
    answers = [face.answer for result in results for face in result.faces]
    assert len(answers) > 30
    assert sum(before != after for before, after in zip(answers, answers[1:], strict=False)) <= 1


def test_answers_do_not_freeze_while_one_face_is_out_of_sight() -> None:
    """The frame is then scanned all the time, and the faces that stay are still read."""
    recorder = RecordingRecognizer()
    analyzer = LiveAnalyzer(recorder)
    clip = frames(50, faces=2)
    for frame in clip[24:]:
        frame[:, :320] = background_bgr(640, 480)[:, :320]
    for number, frame in enumerate(clip[:24]):
        analyzer.analyze(frame, number / 30)
    before = len(recorder.batches)
    results = [analyzer.analyze(frame, (24 + number) / 30) for number, frame in enumerate(clip[24:])]
    assert any(result.scanned for result in results[-8:])
    assert len(recorder.batches) - before >= 8


@pytest.mark.parametrize("detector", DETECTORS)
def test_what_is_shown_is_smoothed_by_the_time_of_the_frames(detector: str) -> None:
    """The last frame comes late, and is read although it is searched, too."""
    recorder = RecordingRecognizer()
    analyzer = LiveAnalyzer(recorder, live_search(detector=detector))
    clip = frames(5)
    for number, frame in enumerate(clip[:4]):
        analyzer.analyze(frame, number / 30)
    recorder.predict = lambda faces_gray: np.tile(  # type: ignore[method-assign]
        np.array([1, 0, 0, 0, 0, 0, 0], np.float32), (len(faces_gray), 1)
    )
    (face,) = analyzer.analyze(clip[4], 3 / 30 + READ_EVERY_S).faces
    assert face.label == "happy"
    assert 0.5 < face.probability < 0.8
    (face,) = analyzer.analyze(clip[4], 3 / 30 + READ_EVERY_S + 0.4).faces
    assert face.label == "angry"


def test_an_unsure_face_is_drawn_without_colour_and_without_a_probability() -> None:
    session, _opened = session_with(DoubtingRecognizer())
    drawn = [session.process(frame.copy()) for frame in frames(3)][-1]
    result = session.latest.get()
    assert result is not None
    assert CAPTIONS.face_text(result.faces[0]) == "Unsure"
    x1, y1, _x2, y2 = result.faces[0].box_xyxy
    assert drawn[(y1 + y2) // 2, x1].tolist() == [255, 255, 255]
    sad_bgr = (0xB2, 0x72, 0x00)
    assert not (drawn == sad_bgr).all(axis=2).any()


# --- captions ------------------------------------------------------------------------------------------


def test_a_caption_names_the_expression_and_rounds_its_probability() -> None:
    assert CAPTIONS.text("happy", 0.731) == "Happy 73%"
    assert CAPTIONS.text("happy", 0.0) == "Happy 0%"
    assert CAPTIONS.text("happy", np.float32(1.0)) == "Happy 100%"


def test_captions_need_a_text_for_each_per_cent() -> None:
    with pytest.raises(ValueError, match="101"):
        Captions({}, ("1%",))


# --- the slot ------------------------------------------------------------------------------------------


def some_result(size: int) -> LiveResult:
    return LiveResult((), FER2013_LABELS, (size, size), True, 1.0, 0.0)


def test_the_slot_keeps_the_newest_result_only() -> None:
    slot = LatestResult()
    assert slot.get() is None
    slot.put(some_result(1))
    newest = some_result(2)
    slot.put(newest)
    assert slot.get() is newest
    assert slot.get() is newest  # reading does not empty it: a page may read twice between two frames
    assert slot.count == 2
    slot.clear()
    assert slot.get() is None


# --- a session -----------------------------------------------------------------------------------------


def session_with(*recorders: FixedRecognizer) -> tuple[LiveSession, list[str]]:
    """A session that opens these, one after the other, and the ids of the networks it asked for."""
    opened: list[str] = []
    left = iter(recorders)

    def make(info: NetworkInfo) -> FixedRecognizer:
        opened.append(info.id)
        return next(left)

    return LiveSession(settings(), make), opened


def test_a_processed_frame_shows_the_face_and_fills_the_slot() -> None:
    session, _opened = session_with(RecordingRecognizer())
    clip = frames(3)
    drawn = [session.process(frame.copy()) for frame in clip]
    result = session.latest.get()
    assert result is not None
    assert [face.label for face in result.faces] == ["happy"]
    assert session.error is None
    changed = np.argwhere((drawn[-1] != clip[-1]).any(axis=2))
    x1, _top, _right, y2 = result.faces[0].box_xyxy
    assert abs(changed[:, 1].min() - x1) <= 5  # columns: from the box's left line ...
    assert changed[:, 0].max() <= y2 + 5  # ... rows: down to its lower one
    assert (drawn[0] == clip[0]).all()  # in the first frame no face is sure yet


def right_face_first(session: LiveSession) -> tuple[LiveResult | None, list[np.ndarray]]:
    """Two faces, the left one some frames later, so that numbers are not those from left to right.

    Returns:
        The last result, and the frames with both faces.
    """
    both = frames(24, faces=2)
    only_right = [frame.copy() for frame in both]
    for frame in only_right:
        frame[:, :320] = background_bgr(640, 480)[:, :320]
    for frame in [*only_right[:4], *both[4:]]:
        session.process(frame.copy())
    return session.latest.get(), both


def test_a_change_of_the_network_keeps_the_numbers_of_the_faces(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = itertools.count()  # 30 frames a second, whatever this computer needs for one
    monkeypatch.setattr("fer_core.recognition.frames.time.monotonic", lambda: next(clock) / 30)
    session, _opened = session_with(RecordingRecognizer(), RecordingRecognizer(FERPLUS_LABELS))
    before, both = right_face_first(session)
    session.configure(settings("b"))
    session.process(both[-1].copy())
    after = session.latest.get()
    assert before is not None and after is not None
    assert [face.number for face in after.faces] == [face.number for face in before.faces] == [1, 2]
    assert before.faces[0].box_xyxy[0] > before.faces[1].box_xyxy[0]
    np.testing.assert_allclose(after.faces[0].box_xyxy, before.faces[0].box_xyxy, atol=6)


def test_another_network_is_used_from_the_next_frame_on() -> None:
    first, second = RecordingRecognizer(), RecordingRecognizer(FERPLUS_LABELS)
    session, opened = session_with(first, second)
    clip = frames(6)
    for frame in clip[:3]:
        session.process(frame)
    session.configure(settings("b"))
    for frame in clip[3:]:
        session.process(frame)
    result = session.latest.get()
    assert opened == ["a", "b"]
    assert result is not None
    assert result.labels == FERPLUS_LABELS


def test_another_effort_keeps_numbers_answers_and_network(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = itertools.count()  # 30 frames a second, whatever this computer needs for one
    monkeypatch.setattr("fer_core.recognition.frames.time.monotonic", lambda: next(clock) / 30)
    recorder = RecordingRecognizer()
    session, opened = session_with(recorder)
    before, both = right_face_first(session)
    read = sum(len(batch) for batch in recorder.batches)
    session.configure(settings(search=live_search("thorough")))
    session.process(both[-1].copy())
    after = session.latest.get()
    assert before is not None and after is not None
    assert [face.number for face in after.faces] == [face.number for face in before.faces] == [1, 2]
    assert before.faces[0].box_xyxy[0] > before.faces[1].box_xyxy[0]
    np.testing.assert_allclose(after.faces[0].box_xyxy, before.faces[0].box_xyxy, atol=6)
    assert after.scanned, "the new effort is used at once"
    assert sum(len(batch) for batch in recorder.batches) - read <= READ_A_FRAME, "answers are kept, too"
    assert opened == ["a"]


def test_a_recogniser_that_raises_does_not_end_the_video(caplog: pytest.LogCaptureFixture) -> None:
    session, _opened = session_with(RecordingRecognizer(error=RuntimeError("broken")))
    clip = frames(8)
    with caplog.at_level(logging.ERROR):
        drawn = [session.process(frame.copy()) for frame in clip]
    assert all((after == before).all() for after, before in zip(drawn, clip, strict=True))
    assert isinstance(session.error, RautError)
    assert "broken" not in str(session.error)  # a sentence for the viewer; the log has the rest
    assert caplog.records[0].exc_info
    assert session.latest.get() is None
    assert len(caplog.records) == 1  # not one for each frame


def test_the_error_is_gone_once_frames_go_through_again() -> None:
    recorder = RecordingRecognizer(error=RuntimeError("broken"))
    session, _opened = session_with(recorder)
    for frame in frames(3):
        session.process(frame)
    recorder.error = None
    for frame in frames(2):
        session.process(frame)
    assert session.error is None
    assert session.latest.get() is not None


def test_a_network_that_cannot_be_opened_is_tried_once_and_shown() -> None:
    tries: list[str] = []

    def refuse(info: NetworkInfo) -> FixedRecognizer:
        tries.append(info.id)
        raise NetworkError(N_("The file of the network {name} is damaged."), name=info.id)

    session = LiveSession(settings(), refuse)
    for frame in frames(5):
        session.process(frame)
    assert tries == ["a"]
    assert isinstance(session.error, NetworkError)
    session.configure(settings("b"))
    session.process(frames(1)[0])
    assert tries == ["a", "b"]


@pytest.mark.parametrize("error", [NetworkError(N_("Damaged.")), RuntimeError("broken")])
def test_a_network_that_cannot_be_opened_keeps_no_frame(error: Exception) -> None:
    def refuse(info: NetworkInfo) -> FixedRecognizer:
        raise error

    session = LiveSession(settings(), refuse)
    session.process(frames(1)[0])  # the log keeps the first one
    kept = []
    for frame in frames(3):
        kept.append(weakref.ref(frame))
        session.process(frame)
    del frame
    assert session.error is not None
    assert [reference() for reference in kept] == [None] * 3


def test_closing_frees_the_network_and_a_further_frame_opens_it_anew() -> None:
    session, opened = session_with(RecordingRecognizer(), RecordingRecognizer())
    session.process(frames(1)[0])
    session.close()
    assert session.latest.get() is None
    session.process(frames(1)[0])
    assert opened == ["a", "a"]


def test_memory_goes_back_to_the_system_while_the_video_runs_and_when_it_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given_back: list[int] = []
    session, _opened = session_with(RecordingRecognizer())
    monkeypatch.setattr(live_session, "GIVE_BACK_EVERY", 3)
    monkeypatch.setattr(live_session, "release_free_memory", lambda: given_back.append(session.latest.count))
    for frame in frames(7):
        session.process(frame)
    assert given_back == [3, 6]
    session.close()
    assert given_back == [3, 6, 7]


@pytest.mark.parametrize("shape", [(1, 1, 3), (120, 160, 3), (720, 1280, 3), (480, 641, 3)])
def test_frames_of_any_size_go_through_one_session(shape: tuple[int, int, int]) -> None:
    session, _opened = session_with(RecordingRecognizer())
    session.process(frames(1)[0])
    drawn = session.process(np.full(shape, 128, np.uint8))
    assert drawn.shape == shape
    assert session.error is None


def test_threads_may_share_a_session() -> None:
    session, opened = session_with(RecordingRecognizer())
    clip = frames(6)
    errors: list[Exception | None] = []

    def feed() -> None:
        for frame in clip:
            session.process(frame.copy())
            errors.append(session.error)

    threads = [threading.Thread(target=feed) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == [None] * 24
    assert opened == ["a"]
    assert session.latest.count == 24


# --- what a session leaves, and a frame to keep --------------------------------------------------------


def test_a_session_is_recorded_until_the_next_one_begins() -> None:
    session, _opened = session_with(RecordingRecognizer(), RecordingRecognizer())
    for frame in frames(4):
        session.process(frame)
    assert {row.answer for row in session.record.rows()} == {"happy"}
    session.close()
    before = session.record.rows()
    assert before, "the record outlasts the video"
    session.process(background_bgr(640, 480))
    assert session.record.rows() == []


def test_a_frozen_frame_is_what_the_camera_gave_and_not_what_was_drawn() -> None:
    session, _opened = session_with(RecordingRecognizer())
    clip = frames(6)
    for frame in clip[:5]:
        session.process(frame.copy())
    taken: list[np.ndarray | None] = []
    asking = threading.Thread(target=lambda: taken.append(session.freeze(5.0)))
    asking.start()
    while asking.is_alive():
        shown = session.process(clip[5].copy())
    assert (shown != clip[5]).any(), "something is drawn into what is shown"
    assert taken[0] is not None
    np.testing.assert_array_equal(taken[0], clip[5])


def test_the_frame_of_before_the_question_is_not_frozen() -> None:
    session, _opened = session_with(RecordingRecognizer())
    old, new = frames(2)
    session.process(old.copy())
    taken: list[np.ndarray | None] = []
    asking = threading.Thread(target=lambda: taken.append(session.freeze(5.0)))
    asking.start()
    asking.join(0.2)
    assert asking.is_alive(), "it waits, although there is a frame"
    session.process(new.copy())
    asking.join()
    assert taken[0] is not None
    np.testing.assert_array_equal(taken[0], new)


def test_several_may_wait_for_the_same_frame_and_nothing_is_copied() -> None:
    slot = LatestResult()
    taken: list[np.ndarray | None] = []
    asking = [threading.Thread(target=lambda: taken.append(slot.next_frame(5.0))) for _number in range(3)]
    for thread in asking:
        thread.start()
    frame = background_bgr(64, 48)
    while any(thread.is_alive() for thread in asking):
        slot.put(some_result(1), frame)
        for thread in asking:
            thread.join(0.01)
    assert len(taken) == 3
    assert all(one is frame for one in taken)


def test_without_a_camera_there_is_nothing_to_freeze() -> None:
    session, _opened = session_with(RecordingRecognizer())
    assert session.freeze(0.01) is None


# --- as the viewer sees it -----------------------------------------------------------------------------


def test_a_mirror_turns_the_picture_and_neither_the_text_nor_what_is_told() -> None:
    mirror, _opened = session_with(RecordingRecognizer())
    mirror.configure(dataclasses.replace(settings(), mirrored=True))
    # Left of the middle of the frame, so that a box at the wrong place would show; still, so that nothing differs by chance.
    clip = [next(moving_faces(1, face=80, noise=0)).frame_bgr[:, 180:]] * 4
    for frame in clip:
        turned = mirror.process(frame.copy())
    held = mirror.latest.with_frame()
    assert held is not None
    (face,) = held[0].faces
    assert face.box_xyxy[2] < clip[-1].shape[1] / 2, "what is told is of the camera's own picture"
    shown = draw_result(FaceDrawer(), clip[-1].copy(), held[0], CAPTIONS)
    np.testing.assert_array_equal(held[1], clip[-1])
    x1, y1, x2, y2 = face.box_xyxy
    inside = slice(y1 + 3, y2 - 3), slice(x1 + 3, x2 - 3)
    np.testing.assert_array_equal(shown[inside], turned[:, ::-1][inside])
    drawn = (turned != clip[-1][:, ::-1]).any(axis=2)[y1 + 9 : y2 - 9]  # the sides of the box
    columns = np.flatnonzero(drawn.any(axis=0))
    width = clip[-1].shape[1]
    assert (columns[0], columns[-1]) == (width - x2 - 2, width - x1 + 1)
    plate = (shown != clip[-1])[: y1 - 2]
    assert plate.any() and not (turned[: y1 - 2] == shown[: y1 - 2][:, ::-1]).all(), "text is not mirrored"


def test_a_face_below_the_usable_size_is_boxed_and_not_named() -> None:
    session, _opened = session_with(RecordingRecognizer())
    session._too_far = TooFarAway(limit_px=100)
    for frame in frames(4):
        session.process(frame)
    result = session.latest.get()
    assert result is not None
    (face,) = result.faces
    assert face.too_small
    assert face.answer == "unsure"
    assert {row.answer for row in session.record.rows()} == {"unsure"}


def test_other_smoothing_is_used_at_once_and_faces_keep_their_numbers() -> None:
    session, opened = session_with(RecordingRecognizer(), RecordingRecognizer())
    for frame in frames(3):
        session.process(frame)
    analyzer = session._analyzer
    session.configure(dataclasses.replace(settings(), smoothing_s=0.6))
    session.process(frames(1)[0])
    assert session._analyzer is analyzer
    assert analyzer._steady._time_constant_s == 0.6
    assert len(opened) == 1

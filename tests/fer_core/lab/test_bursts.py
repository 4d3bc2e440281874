"""Own faces in memory: bursts and their bounds, classes, threads, and that erased faces are really gone."""

from __future__ import annotations

import gc
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from fer_core.errors import RautError
from fer_core.lab import bursts as bursts_module
from fer_core.lab.burst import LONGEST_BURST_S
from fer_core.lab.bursts import FaceStore
from fer_core.lab.settings import MOST_CLASSES, LabSettingsError


class Clock:
    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def face(value: int = 0) -> np.ndarray:
    return np.full((48, 48), value % 256, np.uint8)


def store_of(*classes: str) -> FaceStore:
    store = FaceStore()
    for name in classes:
        store.add_class(name)
    return store


def recorded(store: FaceStore, name: str, count: int, condition: str | None = None) -> int:
    number = store.start(name, condition)
    for n in range(count):
        assert store.add(face(n), 5 + n / 10)
    assert store.stop() == number
    return number


def test_a_burst_holds_what_was_recorded_between_start_and_stop() -> None:
    store = store_of("smile", "frown")
    assert not store.add(face(9), 1.0)
    number = store.start("frown")
    given = face(1)
    assert store.add(given, 7.0) and store.add(face(2), 7.1)
    given[:] = 77  # the frame's memory is used again
    assert store.stop() == number
    assert not store.add(face(9), 7.3)
    [burst] = store.bursts
    assert (burst.id, burst.class_name, burst.kind, burst.condition) == (number, "frown", "burst", None)
    assert burst.faces_gray.shape == (2, 48, 48) and burst.faces_gray[:, 0, 0].tolist() == [1, 2]
    assert burst.times_s == pytest.approx([0, 0.1])
    assert burst.begun.tzinfo is not None
    with pytest.raises(ValueError, match="read-only"):
        burst.faces_gray[0] = 0


@pytest.mark.parametrize("frames_a_second", [7, 12, 25, 30, 60])
def test_at_most_ten_faces_a_second_are_kept(frames_a_second: int) -> None:
    store = store_of("smile")
    store.start("smile")
    kept = sum(store.add(face(), 3 + n / frames_a_second) for n in range(4 * frames_a_second))
    assert kept == 4 * min(frames_a_second, 10)


def test_a_recording_ends_by_the_time_of_its_frames_and_by_the_clock() -> None:
    store = FaceStore(clock := Clock())
    store.add_class("smile")
    store.start("smile")
    kept = sum(store.add(face(), n / 10) for n in range(1000))
    assert kept == LONGEST_BURST_S * 10 and store.recording is None and store.bursts[0].n == kept
    store.start("smile")
    assert store.recording is not None and store.recording.seconds_left == LONGEST_BURST_S
    clock.now_s += LONGEST_BURST_S  # nobody stood before the camera
    assert not store.add(face(), 2000.0)
    assert store.recording is None and len(store.bursts) == 1


def test_a_recording_without_a_face_leaves_nothing() -> None:
    store = store_of("smile")
    store.start("smile")
    assert store.stop() is None and store.bursts == ()


def test_a_recording_shows_what_it_has_and_starting_another_ends_it() -> None:
    store = store_of("smile", "frown")
    first = store.start("smile", " lamp  off ")
    store.add(face(), 1.0)
    running = store.recording
    assert running is not None
    assert (running.id, running.class_name, running.condition, running.faces) == (
        first,
        "smile",
        "lamp off",
        1,
    )
    assert [burst.n for burst in store.bursts] == [1]
    second = store.start("frown")
    assert second != first and store.recording is not None and store.recording.id == second
    assert [burst.id for burst in store.bursts] == [first]


def test_faces_are_bounded_and_the_refusal_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bursts_module, "MOST_FACES", 5)
    store = store_of("smile")
    first = recorded(store, "smile", 3)
    store.add_photo("smile", face())
    store.start("smile")
    assert store.add(face(), 1.0) and store.recording is None  # the fifth ended it
    for adds in (lambda: store.start("smile"), lambda: store.add_photo("smile", face())):
        with pytest.raises(LabSettingsError, match="at most 5 faces"):
            adds()
    store.remove_burst(first)
    store.add_photo("smile", face())


def test_classes_are_added_renamed_and_removed_with_their_faces() -> None:
    store = store_of("smile")
    assert store.add_class("  raised   brows ") == "raised brows"
    recorded(store, "smile", 2)
    store.add_photo("raised brows", face())
    store.start("smile")
    store.add(face(), 50.0)
    assert store.rename_class("smile", "Smile") == "Smile"
    store.stop()
    assert store.classes == ("Smile", "raised brows")
    assert [(c.name, c.bursts, c.photos, c.faces) for c in store.counts] == [
        ("Smile", 2, 0, 3),
        ("raised brows", 0, 1, 1),
    ]
    store.start("Smile")
    store.remove_class("Smile")
    assert store.recording is None and store.classes == ("raised brows",)
    assert [burst.class_name for burst in store.bursts] == ["raised brows"]


@pytest.mark.parametrize("name", ["", " \t", "SMILE", "x" * 41])
def test_a_name_that_no_class_can_have_is_refused_and_nothing_changes(name: str) -> None:
    store = store_of("smile", "frown")
    with pytest.raises(RautError):
        store.add_class(name)
    with pytest.raises(RautError):
        store.rename_class("frown", name)
    assert store.classes == ("smile", "frown")


def test_classes_are_bounded_and_unknown_ones_are_refused() -> None:
    store = store_of(*(f"class {n}" for n in range(MOST_CLASSES)))
    with pytest.raises(LabSettingsError, match="at most 10"):
        store.add_class("one more")
    for asks in (
        lambda: store.start("other"),
        lambda: store.add_photo("other", face()),
        lambda: store.rename_class("other", "new"),
    ):
        with pytest.raises(LabSettingsError, match="no class “other”"):
            asks()
    with pytest.raises(LabSettingsError, match="1 to 40 characters"):
        store.start("class 1", "  ")


def test_faces_of_a_condition_are_told_apart() -> None:
    store = store_of("smile")
    recorded(store, "smile", 2)
    recorded(store, "smile", 3, "cap")
    recorded(store, "smile", 3, "lamp off")
    recorded(store, "smile", 3, "cap")
    assert store.conditions == ("cap", "lamp off")
    assert store.counts[0].faces == 2 and len(store.thumbnails("smile", 9)) == 2


def test_thumbnails_are_spread_over_the_faces_of_a_class() -> None:
    store = store_of("smile", "frown")
    recorded(store, "smile", 9)
    store.add_photo("frown", face(200))
    store.add_photo("smile", face(100))
    assert store.thumbnails("smile", 4)[:, 0, 0].tolist() == [0, 3, 6, 100]
    assert store.thumbnails("smile", 1).shape == (1, 48, 48)
    assert len(store.thumbnails("smile", 50)) == 10
    assert store.thumbnails("smile", 0).shape == store.thumbnails("none", 5).shape == (0, 48, 48)


@pytest.mark.parametrize("wrong", [np.zeros((48, 48), np.float32), np.zeros((1, 48, 48), np.uint8)])
def test_what_is_no_face_is_refused(wrong: np.ndarray) -> None:
    store = store_of("smile")
    store.start("smile")
    for adds in (lambda: store.add(wrong, 1.0), lambda: store.add_photo("smile", wrong)):
        with pytest.raises(ValueError, match="Received"):
            adds()
    with pytest.raises(ValueError, match="seconds"):
        store.add(face(), float("nan"))


def _arrays_of(store: FaceStore) -> list[weakref.ref[np.ndarray]]:
    """To every face that the store holds: of finished bursts and photos, and of the burst that grows."""
    kept = [weakref.ref(burst.faces_gray) for burst in store._bursts]
    assert store._running is not None
    return kept + [weakref.ref(each) for each in store._running._faces]


@pytest.mark.parametrize("how", ["erase", "keep_classes", "remove_class", "remove_burst"])
def test_erased_faces_are_really_gone(how: str) -> None:
    store = store_of("smile")
    recorded(store, "smile", 3)
    store.add_photo("smile", face(4))
    running = store.start("smile")
    store.add(face(5), 20.0)
    assert len(store.bursts) == 3 and len(store.thumbnails("smile", 5)) and store.counts
    found = _arrays_of(store)
    assert len(found) == 3 and all(each() is not None for each in found)
    if how == "remove_class":
        store.remove_class("smile")
    elif how == "remove_burst":
        for burst in store.bursts:
            store.remove_burst(burst.id)
        del burst
    else:
        store.erase(keep_classes=how == "keep_classes")
    gc.collect()
    assert [each() for each in found] == [None] * 3
    assert store.bursts == () and store.recording is None and not store.add(face(), 21.0)
    assert store.classes == (("smile",) if how in ("keep_classes", "remove_burst") else ())
    if not store.classes:
        store.add_class("smile")
    assert store.start("smile") > running  # a number is never given twice


def test_frames_of_one_thread_and_readers_of_others_do_not_disturb_each_other() -> None:
    store = store_of("a", "b")
    done = threading.Event()

    def video() -> None:
        time_s = 0.0
        while not done.is_set():
            time_s += 0.1
            store.add(face(), time_s)

    def page() -> None:
        for n in range(150):
            store.start("a" if n % 2 else "b", "cap" if n % 5 == 0 else None)
            for burst in store.bursts:
                assert burst.n == len(burst.times_s) > 0
            assert sum(count.faces for count in store.counts) <= bursts_module.MOST_FACES
            store.thumbnails("a", 4)
            store.stop()
            if n % 20 == 19:
                store.erase(keep_classes=True)

    with ThreadPoolExecutor(3) as threads:
        frames = threads.submit(video)
        pages = [threads.submit(page) for _ in range(2)]
        try:
            for each in pages:
                each.result(60)
        finally:
            done.set()
        frames.result(10)
    numbers = [burst.id for burst in store.bursts]
    assert len(set(numbers)) == len(numbers)

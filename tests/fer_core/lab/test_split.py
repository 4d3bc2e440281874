"""Own faces are split by burst: worked out by hand, and for any bursts frames of one are never on both sides."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from fer_core.lab.burst import Burst
from fer_core.lab.bursts import FaceStore
from fer_core.lab.settings import LabSettings
from fer_core.lab.split import FEWEST_FACES, check_faces, held_back, own_task, split_faces
from fer_core.lab.task import FaceSet, LabTaskError

CLASSES = ("smile", "frown", "brows")
few = examples(max_examples=60, deadline=None)


def store_of(*bursts: tuple[str, int, str | None]) -> FaceStore:
    """Bursts of (class, faces, condition), of one face a photo; each face holds its burst and its frame."""
    store = FaceStore()
    for name in CLASSES:
        store.add_class(name)
    for number, (name, count, condition) in enumerate(bursts, 1):
        faces = np.zeros((count, 48, 48), np.uint8)
        faces[:, 0, 0], faces[:, 0, 1] = number, np.arange(count)
        if count == 1:
            assert store.add_photo(name, faces[0], condition) == number
            continue
        assert store.start(name, condition) == number
        for frame, face in enumerate(faces):
            assert store.add(face, frame / 10)
        store.stop()
    return store


def settings(seed: int = 1, classes: tuple[str, ...] = CLASSES) -> LabSettings:
    return LabSettings("own", classes, method="head", seed=seed)


def contents(faces: FaceSet | None) -> list[tuple[int, int]]:
    """Burst and frame of each face, as it holds them."""
    return [] if faces is None else [(int(face[0, 0]), int(face[0, 1])) for face in faces.faces_gray]


BY_HAND = store_of(
    ("smile", 10, None),  # 1
    ("smile", 10, None),  # 2
    ("smile", 10, None),  # 3
    ("smile", 10, None),  # 4
    ("smile", 9, "cap"),  # 5
    ("frown", 4, None),  # 6
    ("frown", 1, None),  # 7: a photo
    ("brows", 7, None),  # 8
    ("brows", 6, "cap"),  # 9
)


@pytest.mark.parametrize("seed", range(8))
def test_a_set_that_was_worked_out_by_hand(seed: int) -> None:
    # smile: 40 faces, so that 10 are to be tested: exactly one of four bursts, whichever comes first.
    # frown: 5 faces, 1.25 to be tested: the photo (0.25 away), not the burst of 4 (2.75 away).
    # brows: one burst, which cannot be tested. Those with a cap are in no part.
    split = split_faces(BY_HAND, seed)
    [smile] = [number for number in split.tested if number <= 4]
    assert split.tested == (smile, 7)
    assert split.learnt == tuple(sorted({1, 2, 3, 4, 6, 8} - {smile}))
    assert split.untested == ("brows",)
    task = own_task(settings(seed), BY_HAND)
    assert contents(task.test) == [(smile, frame) for frame in range(10)] + [(7, 0)]
    # Of ten frames the third and the eighth are held back, of seven the third, of four none.
    learnt_smiles = [number for number in (1, 2, 3, 4) if number != smile]
    assert contents(task.frames) == [(n, f) for n in learnt_smiles for f in (2, 7)] + [(8, 2)]
    assert contents(task.train) == (
        [(n, f) for n in learnt_smiles for f in (0, 1, 3, 4, 5, 6, 8, 9)]
        + [(6, f) for f in range(4)]
        + [(8, f) for f in (0, 1, 3, 4, 5, 6)]
    )
    assert task.train.labels.tolist() == [0] * 24 + [1] * 4 + [2] * 6
    assert task.train.origins.tolist() == [number for number, _frame in contents(task.train)]
    assert [contents(task.test)[place] for place in task.shown] == [
        *((smile, frame) for frame in (0, 3, 6, 9)),
        (7, 0),
    ]


def test_the_seed_decides_which_burst_is_tested() -> None:
    assert {split_faces(BY_HAND, seed).tested[0] for seed in range(40)} == {1, 2, 3, 4}


@pytest.mark.parametrize(
    ("counts", "tested"),
    [
        ((50, 50), 50),  # one has to be learnt
        ((150, 10), 10),  # 10 is nearer to 40 than 150 is
        ((5, 5, 5, 5, 5, 5, 5, 5), 10),
        ((1,) * 20, 5),  # photos
    ],
)
def test_about_a_quarter_of_the_faces_is_tested(counts: tuple[int, ...], tested: int) -> None:
    store = store_of(*(("smile", count, None) for count in counts))
    sizes = {burst.id: burst.n for burst in store.bursts}
    found = {sum(sizes[number] for number in split_faces(store, seed).tested) for seed in range(20)}
    assert found == {tested}


@st.composite
def stores(draw: st.DrawFn) -> FaceStore:
    bursts = draw(
        st.lists(
            st.tuples(
                st.sampled_from(CLASSES),
                st.integers(1, 23),
                st.sampled_from([None, None, None, "cap", "lamp off"]),
            ),
            max_size=14,
        )
    )
    enough = [(name, 3, None) for name in CLASSES] + [(name, 2, None) for name in CLASSES]
    order = draw(st.permutations([*bursts, *enough]))
    return store_of(*order)


@few
@given(stores(), st.integers(0, 2**32 - 1))
def test_frames_of_one_burst_are_never_on_both_sides(store: FaceStore, seed: int) -> None:
    task = own_task(settings(seed), store)
    parts = [contents(part) for part in (task.train, task.frames, task.test)]
    all_faces = sorted(each for part in parts for each in part)
    plain = [burst for burst in store.bursts if burst.condition is None]
    # Each face without a condition is in exactly one part, and none with one is in any.
    assert all_faces == [(burst.id, frame) for burst in plain for frame in range(burst.n)]
    assert not set(task.test.origins) & set(task.train.origins)
    assert task.frames is None or set(task.frames.origins) <= set(task.train.origins)
    assert set(task.test.origins) == set(split_faces(store, seed).tested)
    by_id = {burst.id: burst for burst in plain}
    for part in (task.train, task.test):
        assert [CLASSES[label] for label in part.labels] == [
            by_id[origin].class_name for origin in part.origins
        ]
    again = own_task(settings(seed), store)
    assert [contents(part) for part in (again.train, again.frames, again.test)] == parts
    assert again.shown == task.shown and len(set(task.shown)) == len(task.shown)


@few
@given(stores(), st.integers(0, 2**32 - 1))
def test_each_class_with_a_second_burst_is_tested_and_learnt(store: FaceStore, seed: int) -> None:
    split = split_faces(store, seed)
    assert split.untested == ()
    for name in CLASSES:
        sizes = {b.id: b.n for b in store.bursts if b.class_name == name and b.condition is None}
        tested = [number for number in sizes if number in split.tested]
        assert 0 < len(tested) < len(sizes)
        faces, target = sum(sizes[number] for number in tested), sum(sizes.values()) / 4
        # Never further from a quarter than half of the largest burst, but where one has to be held out.
        assert abs(faces - target) <= max(sizes.values()) / 2 or len(tested) == 1


@few
@given(st.integers(1, 150))
def test_frames_that_are_held_back_lie_between_learnt_ones(count: int) -> None:
    burst = Burst(
        1,
        "smile",
        "burst",
        None,
        np.zeros((count, 48, 48), np.uint8),
        np.arange(count) / 10,
        datetime.now(UTC),
    )
    places = np.flatnonzero(held_back(burst))
    assert len(places) == (0 if count < 5 else (count + 2) // 5)
    learnt = set(range(count)) - set(places.tolist())
    assert all(place - 1 in learnt for place in places) and len(learnt) >= 0.7 * count


def test_a_class_without_a_second_burst_is_named_and_learnt_nevertheless() -> None:
    store = store_of(("smile", 8, None), ("frown", 8, None), ("brows", 8, None))
    assert split_faces(store, 1).untested == CLASSES
    task = own_task(settings(), store)
    assert len(task.test) == 0 and task.shown == () and task.frames is not None
    assert task.train.counts(3) == (6, 6, 6)


def test_photos_alone_have_no_frames() -> None:
    store = store_of(*((name, 1, None) for name in CLASSES for _photo in range(8)))
    task = own_task(settings(), store)
    assert task.frames is None and task.test.counts(3) == (2, 2, 2)


def test_a_burst_of_which_most_frames_come_late_is_not_cut_while_it_is_recorded() -> None:
    store = store_of(("smile", 8, None), ("frown", 8, None), ("frown", 8, None), ("smile", 8, None))
    store.remove_class("brows")
    number = store.start("smile")
    for frame in range(6):
        store.add(np.full((48, 48), 99, np.uint8), frame / 10)
    task = own_task(settings(classes=store.classes), store)
    origins = np.concatenate([task.train.origins, task.test.origins, task.frames.origins])  # type: ignore[union-attr]
    assert (origins == number).sum() == 6
    assert not set(task.train.origins) & set(task.test.origins)


def test_too_few_classes_or_faces_are_told_with_what_to_do() -> None:
    store = store_of(("smile", 8, None), ("frown", 1, None), ("frown", 9, "cap"))
    with pytest.raises(LabTaskError, match=r"“frown” has too few faces \(1\).*5 or more"):
        check_faces(store)
    with pytest.raises(LabTaskError, match="“frown”"):
        own_task(settings(), store)
    store.remove_class("frown")
    store.remove_class("brows")
    with pytest.raises(LabTaskError, match="at least 2. Add another class"):
        check_faces(store)
    store.add_class("frown")
    for _photo in range(FEWEST_FACES):
        store.add_photo("frown", np.zeros((48, 48), np.uint8))
    check_faces(store)

"""Which own faces are learnt from and which are held out for the test: by burst, and for comparison by frame.

Frames of one burst are nearly the same picture. A test with frames whose neighbours were learnt asks whether a network
knows a picture again, not whether it tells the classes apart: its figure flatters. So whole bursts and photos are held
out for the test. Of the bursts that are learnt from, some frames are held back, so that one training gives both figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from fer_core.errors import N_
from fer_core.lab.burst import Burst
from fer_core.lab.bursts import FaceStore
from fer_core.lab.settings import FEWEST_CLASSES, LabSettings
from fer_core.lab.task import FaceSet, LabTaskError, TrainingTask, no_faces

TEST_SHARE: Final = 0.25
"""Of the faces of a class, about."""
FRAME_STEP: Final = 5
"""Of so many frames that follow one another in a burst that is learnt from, one is held back."""
FEWEST_FACES: Final = 5
"""Of a class, to learn at all."""
SHOWN_PER_CLASS: Final = 4
"""Test faces of each class whose answers are shown while it learns."""


@dataclass(frozen=True)
class OwnSplit:
    """What becomes of each burst and photo; those of a condition are in neither part.

    Attributes:
        learnt: ids of bursts and photos that are learnt from, in order.
        tested: ids of those that are held out whole.
        untested: classes without a second burst or photo, which cannot be tested: what there is of them is learnt.
    """

    learnt: tuple[int, ...]
    tested: tuple[int, ...]
    untested: tuple[str, ...]


def split_faces(store: FaceStore, seed: int) -> OwnSplit:
    """Choose the bursts and photos that are held out for the test.

    Of each class with two or more of them at least one is held out and at least one is learnt from; those that are
    held out have about a quarter of the faces of the class.

    Args:
        store: all its classes; bursts of a condition are left out.
        seed: the same one gives the same choice for the same bursts.
    """
    return _split(store.bursts, store.classes, seed)


def held_back(burst: Burst) -> np.ndarray:
    """Which frames of a burst that is learnt from are held back, for the flattering figure.

    They lie between frames that are learnt, a tenth of a second away, on purpose: that is what a test by frame
    measures. Of a burst with fewer than five frames, and of a photo, none is held back.

    Returns:
        bool (N,).
    """
    places = np.arange(burst.n)
    return np.asarray((burst.n >= FRAME_STEP) & (places % FRAME_STEP == FRAME_STEP // 2))


def check_faces(store: FaceStore) -> None:
    """Whether a training with all classes can begin.

    Raises:
        LabTaskError: there are too few classes, or too few faces of one.
    """
    _check(store.bursts, store.classes)


def own_task(settings: LabSettings, store: FaceStore) -> TrainingTask:
    """The training that these settings mean with the faces that there are now.

    Args:
        settings: of the way `own`. The seed chooses what is held out for the test.
        store: with the classes of the settings.

    Returns:
        Faces of bursts and photos to learn from; those of others to test with, none where no class has a second one;
        and the frames that were held back, None where no burst is long enough. The test faces that are shown are
        spread over those of each class.

    Raises:
        LabTaskError: there are too few faces of a class.
    """
    bursts = store.bursts  # once: the video goes on recording
    _check(bursts, settings.classes)
    split = _split(bursts, settings.classes, settings.seed)
    learnt = [burst for burst in bursts if burst.id in split.learnt]
    test = face_set((burst for burst in bursts if burst.id in split.tested), settings.classes)
    frames = face_set(learnt, settings.classes, [held_back(burst) for burst in learnt])
    shown = [
        places[
            np.unique(np.linspace(0, len(places) - 1, min(len(places), SHOWN_PER_CLASS)).round().astype(int))
        ]
        for places in (np.flatnonzero(test.labels == label) for label in range(len(settings.classes)))
        if len(places)
    ]
    return TrainingTask(
        settings=settings,
        train=face_set(learnt, settings.classes, [~held_back(burst) for burst in learnt]),
        test=test,
        frames=frames if len(frames) else None,
        shown=tuple(int(place) for places in shown for place in places),
    )


def face_set(
    bursts: Iterable[Burst], classes: Sequence[str], chosen: Sequence[np.ndarray] | None = None
) -> FaceSet:
    """Faces of bursts one after the other, each with its class and burst.

    Args:
        bursts: of these classes.
        classes: names, in the order of the labels.
        chosen: of each burst the frames that are taken, bool (N,); all by default.
    """
    bursts = list(bursts)
    if not bursts:
        return no_faces()
    taken = chosen if chosen is not None else [np.ones(burst.n, bool) for burst in bursts]
    counts = [int(each.sum()) for each in taken]
    return FaceSet(
        np.concatenate([burst.faces_gray[each] for burst, each in zip(bursts, taken, strict=True)]),
        np.repeat([classes.index(burst.class_name) for burst in bursts], counts).astype(np.int64),
        np.repeat([burst.id for burst in bursts], counts).astype(np.int64),
    )


def _of_class(bursts: Iterable[Burst], name: str) -> list[Burst]:
    return [burst for burst in bursts if burst.class_name == name and burst.condition is None]


def _check(bursts: Sequence[Burst], classes: Sequence[str]) -> None:
    if len(classes) < FEWEST_CLASSES:
        raise LabTaskError(
            N_("A network tells classes apart, so it needs at least {least}. Add another class."),
            least=FEWEST_CLASSES,
        )
    for name in classes:
        count = sum(burst.n for burst in _of_class(bursts, name))
        if count < FEWEST_FACES:
            raise LabTaskError(
                N_(
                    "The class “{name}” has too few faces ({count}). Record it or add photos until it has {least} or more."
                ),
                name=name,
                count=count,
                least=FEWEST_FACES,
            )


def _split(bursts: Sequence[Burst], classes: Sequence[str], seed: int) -> OwnSplit:
    learnt: list[int] = []
    tested: list[int] = []
    untested: list[str] = []
    for name in classes:
        of_class = _of_class(bursts, name)
        held_out = _held_out(of_class, seed) if len(of_class) > 1 else set()
        if len(of_class) == 1:
            untested.append(name)
        for burst in of_class:
            (tested if burst.id in held_out else learnt).append(burst.id)
    return OwnSplit(tuple(sorted(learnt)), tuple(sorted(tested)), tuple(untested))


def _held_out(bursts: list[Burst], seed: int) -> set[int]:
    """Of two or more bursts those, in random order, that bring their faces nearer to the share of the test."""
    rng = np.random.default_rng([seed, bursts[0].id])
    order = [bursts[place] for place in rng.permutation(len(bursts))]
    target = TEST_SHARE * sum(burst.n for burst in bursts)
    chosen: set[int] = set()
    faces = 0
    for burst in order:
        if abs(faces + burst.n - target) < abs(faces - target):
            chosen.add(burst.id)
            faces += burst.n
    return chosen or {min(order, key=lambda burst: burst.n).id}

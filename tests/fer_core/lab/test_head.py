"""A head is learnt in NumPy: observed, ended, repeatable, and the same in its file as in its weights."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np
import pytest

from fer_core.errors import RautError
from fer_core.lab.head import BIAS, KERNEL, SoftmaxRegression, head_base, learn_head
from fer_core.lab.network import End
from fer_core.lab.settings import LabSettings
from fer_core.lab.task import EpochDone, FaceSet, Loaded, Progress, TrainingTask
from fer_core.training.history import COLUMNS


def patterned(count: int, seed: int) -> FaceSet:
    """Three kinds of pictures that no network takes for each other: dark above, dark on the left, a bright disk."""
    rng = np.random.default_rng(seed)
    down, across = np.mgrid[:48, :48]
    kinds = [down < 24, across < 24, np.hypot(down - 24, across - 24) > 14]
    labels = np.arange(count, dtype=np.int64) % 3
    noise = rng.normal(0, 25, (count, 48, 48))
    pictures = np.where(np.stack(kinds)[labels], 60, 190) + noise
    return FaceSet(pictures.clip(0, 255).astype(np.uint8), labels, np.arange(count, dtype=np.int64))


def task(epochs: int = 8, test: int = 12, frames: int | None = 6, **settings: object) -> TrainingTask:
    given = LabSettings(
        "own",
        ("above", "left", "disk"),
        method="head",
        epochs=epochs,
        batch_size=8,
        learning_rate=0.01,
        **settings,  # type: ignore[arg-type]
    )
    return TrainingTask(
        given,
        patterned(30, 1),
        patterned(test, 2),
        None if frames is None else patterned(frames, 3),
        shown=tuple(range(min(4, test))),
    )


def test_a_head_is_learnt_and_its_file_answers_as_it_was_measured() -> None:
    told: list[Loaded | Progress | EpochDone] = []
    given = task()
    trained = learn_head(given, told.append)
    assert isinstance(told[0], Loaded) and isinstance(told[1], Progress)
    assert told[1].epoch == told[1].step == 1 and told[1].steps == 4 and len(told[1].learnt) == 8
    epochs = [each for each in told if isinstance(each, EpochDone)]
    assert [dict(each.row) for each in epochs] == list(trained.history) and len(epochs) == 8
    assert all(tuple(row) == COLUMNS for row in trained.history)
    assert trained.history[-1]["loss"] < 0.5 * trained.history[0]["loss"]
    assert trained.history[-1]["val_accuracy"] == 1.0
    assert (trained.kept_epoch, trained.end) == (8, "finished")
    base = head_base()
    assert trained.base == (base.id, base.checksum)
    np.testing.assert_array_equal(epochs[-1].shown_probabilities, trained.test_probabilities[:4])
    from tests.fer_core.lab.test_head_litert import answers

    np.testing.assert_allclose(
        answers(trained.content, given.test.faces_gray), trained.test_probabilities, atol=1e-5
    )
    assert given.frames is not None and trained.frames_probabilities is not None
    np.testing.assert_allclose(
        answers(trained.content, given.frames.faces_gray), trained.frames_probabilities, atol=1e-5
    )
    assert base.litert(epochs[-1].weights) == trained.content


def test_the_same_seed_gives_the_same_head_and_another_one_another() -> None:
    kernels = [learn_head(task(3, seed=seed), lambda _told: None).weights[KERNEL] for seed in (1, 1, 2)]
    np.testing.assert_array_equal(kernels[0], kernels[1])
    assert (kernels[0] != kernels[2]).any()


@pytest.mark.parametrize("end", ["stopped", "time"])
def test_an_end_keeps_the_complete_epochs(end: End) -> None:
    told: list[Loaded | Progress | EpochDone] = []

    def ends() -> End | None:
        return end if sum(isinstance(each, EpochDone) for each in told) == 3 else None

    trained = learn_head(task(50), told.append, ends)
    assert (trained.end, trained.kept_epoch, len(trained.history)) == (end, 3, 3)


def test_an_end_before_an_epoch_is_complete_is_told() -> None:
    asked = iter([None, None, None, "stopped", "stopped", "stopped"])
    for ends in (lambda: "stopped", lambda: next(asked)):
        given: Callable[[], End | None] = ends  # type: ignore[assignment]
        with pytest.raises(RautError, match="before it had learnt anything"):
            learn_head(task(), lambda _told: None, given)


def test_without_test_faces_it_learns_and_measures_nothing() -> None:
    trained = learn_head(task(2, test=0, frames=None), lambda _told: None)
    assert trained.test_probabilities.shape == (0, 3) and trained.frames_probabilities is None
    assert np.isnan(trained.history[-1]["val_loss"]) and np.isnan(trained.history[-1]["val_accuracy"])
    assert trained.history[-1]["accuracy"] > 0.5


def test_waits_that_let_people_watch_do_not_count() -> None:
    began = time.monotonic()
    trained = learn_head(task(4), lambda _told: None, epoch_s=0.2)
    assert time.monotonic() - began > 0.8
    assert sum(row["seconds"] for row in trained.history) < 0.4


def test_a_step_is_that_of_adam_on_standardised_features() -> None:
    """Two faces, one step, worked out: inputs are -1 and 1, so the gradient of the kernel is (±0.5) before L2."""
    settings = LabSettings("own", ("a", "b"), method="head", batch_size=2, learning_rate=0.1)
    head = SoftmaxRegression(np.array([[10.0], [14.0]], np.float32), np.array([0, 1]), settings)
    [(batch, loss, accuracy)] = head.epoch()
    assert sorted(batch) == [0, 1] and loss == pytest.approx(np.log(2)) and accuracy == 0.5
    # Adam's first step is the learning rate against the sign of the gradient: -0.1 and 0.1 for inputs of spread 1,
    # which is 2 in the features, around their mean 12.
    weights = head.weights()
    np.testing.assert_allclose(weights[KERNEL], [[-0.05, 0.05]], atol=1e-6)
    np.testing.assert_allclose(weights[BIAS], [0.6, -0.6], atol=1e-5)
    np.testing.assert_allclose(
        head.probabilities(np.array([[14.0]], np.float32)), [[0.450166, 0.549834]], atol=1e-5
    )


def test_a_feature_that_never_moves_says_nothing() -> None:
    features = np.array([[1, 5], [2, 5], [3, 5], [4, 5]], np.float32)
    settings = LabSettings("own", ("a", "b"), method="head", batch_size=4, learning_rate=0.1)
    head = SoftmaxRegression(features, np.array([0, 0, 1, 1]), settings)
    for _epoch in range(20):
        list(head.epoch())
    weights = head.weights()
    assert np.abs(weights[KERNEL][0]).min() > 0.3 and (weights[KERNEL][1] == 0).all()


def test_l2_holds_the_weights_small() -> None:
    rng = np.random.default_rng(1)
    features = rng.normal(0, 1, (40, 5)).astype(np.float32)
    labels = (features[:, 0] > 0).astype(np.int64)
    settings = LabSettings("own", ("a", "b"), method="head", batch_size=40, learning_rate=0.05)
    sizes = []
    for l2 in (0.0, 0.1):
        head = SoftmaxRegression(features, labels, settings, l2)
        for _epoch in range(300):
            list(head.epoch())
        sizes.append(float(np.abs(head.weights()[KERNEL]).max()))
    assert sizes[1] < 0.4 * sizes[0]


def test_many_faces_take_seconds() -> None:
    """1,000 faces: their features are read once, and an epoch is some matrix products."""
    features = np.random.default_rng(2).normal(0, 1, (1000, 384)).astype(np.float32)
    settings = LabSettings("own", ("a", "b", "c"), method="head")
    head = SoftmaxRegression(features, np.arange(1000) % 3, settings)
    began = time.process_time()
    for _epoch in range(10):
        list(head.epoch())
    assert time.process_time() - began < 3


def test_learning_a_head_imports_no_tensorflow() -> None:
    code = "import sys, fer_core.lab.head; sys.exit('tensorflow' in sys.modules or 'keras' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0

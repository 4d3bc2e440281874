"""A network of the lab is measured with faces, and with those that were recorded to break it."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

import numpy as np
import pytest

from fer_core.lab.bursts import FaceStore
from fer_core.lab.head import learn_head
from fer_core.lab.measure import OriginFigure, condition, measure, origin_figures
from fer_core.lab.network import Answers, LabFigures, LabNetwork
from fer_core.lab.settings import LabSettings
from fer_core.lab.split import own_task
from fer_core.lab.task import LabTaskError, no_faces

CLASSES = ("above", "left")


def pattern(name: str, seed: int, *, lying: bool = False) -> np.ndarray:
    """uint8 (48, 48): dark above or dark on the left, with noise."""
    down, across = np.mgrid[:48, :48]
    dark = (down < 24) if name == "above" else (across < 24)
    picture = np.where(dark, 50, 200) + np.random.default_rng(seed).normal(0, 20, (48, 48))
    face = picture.clip(0, 255).astype(np.uint8)
    return np.ascontiguousarray(face.T) if lying else face


def record(store: FaceStore, name: str, seed: int, what: str | None = None, *, lying: bool = False) -> int:
    number = store.start(name, what)
    for frame in range(10):
        store.add(pattern(name, 100 * seed + frame, lying=lying), frame / 10)
    store.stop()
    return number


@cache
def learnt() -> tuple[LabNetwork, FaceStore]:
    store = FaceStore()
    for name in CLASSES:
        store.add_class(name)
        for seed in range(4):
            record(store, name, seed)
    settings = LabSettings("own", CLASSES, method="head", epochs=15, learning_rate=0.01, batch_size=16)
    task = own_task(settings, store)
    trained = learn_head(task, lambda _told: None)
    figures = LabFigures(
        trained.history,
        Answers(task.test.labels, trained.test_probabilities, task.test.origins),
        None,
        (),
        task.train.counts(2),
        trained.kept_epoch,
        trained.seconds,
        trained.machine,
        trained.end,
    )
    network = LabNetwork("1", "ours", settings, trained.content, trained.weights, figures, datetime.now(UTC))
    return network, store


def test_the_file_gives_the_figures_of_its_training() -> None:
    network, store = learnt()
    task = own_task(network.settings, store)
    answers = measure(network.content, task.test)
    np.testing.assert_allclose(answers.probabilities, network.figures.test.probabilities, atol=1e-5)
    assert answers.accuracy == 1.0 and answers.n == len(task.test)
    assert [figure.origin for figure in origin_figures(answers)] == sorted(set(task.test.origins))


def test_no_face_is_measured_as_none() -> None:
    answers = measure(learnt()[0].content, no_faces())
    assert answers.n == 0 and answers.accuracy is None and origin_figures(answers) == ()


def test_what_breaks_a_network_stands_beside_its_figures() -> None:
    network, store = learnt()
    numbers = [record(store, "above", 7, "lying down", lying=True), record(store, "left", 8, "lying down")]
    record(store, "left", 9, "cap")
    broken = condition(network, store, "lying down")
    [found] = broken.figures.conditions
    assert found.name == "lying down" and found.answers.n == 20
    assert origin_figures(found.answers) == (
        OriginFigure(numbers[0], 0, 10, 0),
        OriginFigure(numbers[1], 1, 10, 10),
    )
    assert broken.figures.test is network.figures.test and network.figures.conditions == ()
    both = condition(broken, store, "cap")
    assert [each.name for each in both.figures.conditions] == ["lying down", "cap"]
    # Measured once more, it stands there once, with what was recorded since.
    record(store, "above", 10, "lying down")
    again = condition(both, store, "lying down")
    assert [(each.name, each.answers.n) for each in again.figures.conditions] == [
        ("cap", 10),
        ("lying down", 30),
    ]
    for number in [burst.id for burst in store.bursts if burst.condition is not None]:
        store.remove_burst(number)


def test_a_condition_without_a_burst_of_a_known_class_is_told() -> None:
    network, store = learnt()
    store.add_class("other")
    record(store, "other", 11, "cap")
    for name in ("cap", "lamp off"):
        with pytest.raises(LabTaskError, match=f"no test burst “{name}”"):
            condition(network, store, name)
    store.remove_class("other")

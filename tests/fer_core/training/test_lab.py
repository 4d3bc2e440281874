"""Trainings of the class lab: a very small network on faces that it can tell apart."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Callable
from multiprocessing import Pipe
from typing import Any, NoReturn

import numpy as np
import pytest

from fer_core.explanation.grad_cam import GradCam
from fer_core.lab.cost import weight_shapes
from fer_core.lab.file import network_file, read_network_file
from fer_core.lab.litert import measured_answers
from fer_core.lab.network import End
from fer_core.lab.process import run_worker
from fer_core.lab.recognizer import LabRecognizer
from fer_core.lab.scratch import build, learn_from_scratch
from fer_core.lab.settings import Architecture, Block, LabSettings
from fer_core.lab.task import (
    BuildTask,
    Built,
    EpochDone,
    FaceSet,
    LabTaskError,
    Loaded,
    Prepare,
    Progress,
    Refused,
    Stop,
    Trained,
    TrainingTask,
    no_faces,
)
from fer_core.processes import WorkerContext, begin_worker
from fer_core.training.history import COLUMNS
from tests.lab_networks import own_network, weights_of

CLASSES = ("smile", "frown", "eyebrows")
SETTINGS = LabSettings(
    "own",
    CLASSES,
    architecture=Architecture((Block(8), Block(8)), ending="flatten"),
    epochs=4,
    batch_size=16,
    learning_rate=0.01,
    change="none",
)


def striped_faces(count: int, seed: int) -> FaceSet:
    """Bright stripes at a height that depends on the class, in noise."""
    rng = np.random.default_rng(seed)
    labels = np.arange(count) % len(CLASSES)
    faces = rng.integers(0, 120, (count, 48, 48)).astype(np.uint8)
    for face, label in zip(faces, labels, strict=True):
        face[8 + 12 * label : 16 + 12 * label] += 130
    return FaceSet(faces, labels, np.arange(count))


TASK = TrainingTask(SETTINGS, striped_faces(96, 0), striped_faces(60, 1), striped_faces(12, 2), (0, 4, 8))


def learn(ends: Callable[[list[Any]], End | None] = lambda said: None) -> tuple[Trained, list[Any]]:
    said: list[Any] = []
    return learn_from_scratch(TASK, said.append, lambda: ends(said)), said


@pytest.fixture
def no_temporary_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks for one fails."""

    def refuse(*arguments: object, **settings: object) -> NoReturn:
        raise AssertionError("a temporary file or folder was asked for")

    for name in ("mkdtemp", "mkstemp", "NamedTemporaryFile", "TemporaryFile", "TemporaryDirectory"):
        monkeypatch.setattr(tempfile, name, refuse)


def test_a_training_learns_tells_of_it_and_leaves_a_measured_network(no_temporary_files: None) -> None:
    trained, said = learn()
    assert isinstance(said[0], Loaded)
    first = next(message for message in said if isinstance(message, Progress))
    assert (first.epoch, first.epochs, first.step, first.steps) == (1, 4, 1, 6)
    assert len(first.learnt) == 12 == len(set(first.learnt)) and max(first.learnt) < 96
    epochs = [message for message in said if isinstance(message, EpochDone)]
    assert [set(each.row) for each in epochs] == [set(COLUMNS)] * 4
    assert all(each.shown_probabilities.shape == (3, 3) for each in epochs)
    assert trained.end == "finished" and trained.kept_epoch == 4 and len(trained.history) == 4

    right = trained.test_probabilities.argmax(axis=1) == TASK.test.labels
    assert right.mean() > 0.9
    assert right.mean() == pytest.approx(
        trained.history[-1]["val_accuracy"], abs=0.02
    )  # which is in bfloat16
    np.testing.assert_allclose(trained.test_probabilities.sum(axis=1), 1.0, atol=1e-5)
    assert trained.frames_probabilities is not None and trained.frames_probabilities.shape == (12, 3)

    # A file keeps weights and settings only, and the network is built anew from them.
    again = build(BuildTask(SETTINGS, trained.weights, TASK.test))
    assert again.test_probabilities is not None and again.frames_probabilities is None
    np.testing.assert_allclose(again.test_probabilities, trained.test_probabilities, atol=1e-4)
    np.testing.assert_allclose(
        measured_answers(trained.content, TASK.test), trained.test_probabilities, atol=1e-6
    )


def test_stopped_within_an_epoch_the_one_before_is_kept() -> None:
    def ends(said: list[Any]) -> End | None:
        return "stopped" if sum(isinstance(message, EpochDone) for message in said) == 2 else None

    trained, said = learn(ends)
    epochs = [message for message in said if isinstance(message, EpochDone)]
    assert (trained.end, trained.kept_epoch, len(trained.history), len(epochs)) == ("stopped", 2, 2, 2)
    assert all(np.array_equal(trained.weights[name], values) for name, values in epochs[-1].weights.items())


def test_a_first_epoch_that_is_cut_short_is_kept_as_it_is() -> None:
    trained, said = learn(lambda said: "time" if any(isinstance(each, Progress) for each in said) else None)
    assert (trained.end, trained.kept_epoch, len(trained.history)) == ("time", 1, 1)
    assert np.isfinite(trained.history[0]["val_accuracy"])
    with pytest.raises(LabTaskError, match="before it had learnt"):
        learn(lambda said: "stopped")


def test_without_test_faces_nothing_is_measured() -> None:
    task = TrainingTask(SETTINGS, TASK.train, no_faces())
    said: list[Any] = []
    trained = learn_from_scratch(task, said.append, lambda: "stopped" if len(said) > 1 else None)
    assert np.isnan(trained.history[0]["val_accuracy"])
    assert trained.test_probabilities.shape == (0, 3) and trained.frames_probabilities is None


@pytest.mark.parametrize(
    ("architecture", "method"),
    [
        (Architecture((Block(4), Block(4, 2)), dropout=0.2), "Grad-CAM"),
        (Architecture((Block(4), Block(4)), "flatten", (8, 6), normalised=False, dropout=0), "HiResCAM"),
    ],
    ids=["mean", "flatten and dense layers"],
)
def test_a_network_from_a_file_is_built_anew_reads_faces_as_before_and_has_maps(
    architecture: Architecture, method: str
) -> None:
    own = own_network(CLASSES)
    settings = dataclasses.replace(own.settings, architecture=architecture)
    network = dataclasses.replace(own, settings=settings, weights=weights_of(settings))
    before = build(BuildTask(settings, network.weights)).content
    loaded = read_network_file(network_file(network))
    again = loaded.network("2", build(loaded.build_task()).content)
    faces = TASK.test.faces_gray[:6]
    answers = LabRecognizer(again).predict(faces)
    assert np.allclose(answers, measured_answers(before, FaceSet(faces, np.zeros(6, np.int64), np.arange(6))))
    assert np.ptp(answers, axis=0).max() > 1e-4, "it looks at the faces"
    cam = GradCam(again.content, again.labels, again.name)
    maps = np.stack([cam.heat(faces[0], label) for label in again.labels])
    assert cam.method == method
    assert maps.shape == (3, 48, 48) and maps.max() == 1 and not np.array_equal(*maps[:2])


def begin(connection: Any) -> None:
    begin_worker()
    run_worker(connection)


def test_the_process_answers_to_each_task_and_ends_with_its_connection() -> None:
    near, far = Pipe()
    process = WorkerContext().Process(target=begin, args=(far,))
    process.start()
    far.close()
    try:
        near.send(Stop())  # nothing is trained: it is ignored
        near.send(Prepare())
        assert near.poll(120) and isinstance(near.recv(), Loaded)
        shapes = weight_shapes(SETTINGS.architecture, 3)
        near.send(
            BuildTask(
                SETTINGS, {name: np.zeros(shape, np.float32) for name, shape in shapes.items()}, TASK.test
            )
        )
        assert near.poll(60)
        built = near.recv()
        assert isinstance(built, Built) and built.test_probabilities is not None
        np.testing.assert_allclose(built.test_probabilities, 1 / 3, atol=1e-6)
        near.send(TASK)
        near.send(Stop())
        while not isinstance(message := near.recv(), Trained | Refused):
            pass
        assert isinstance(message, Refused) and "learnt" in str(message.error)
    finally:
        near.close()
    process.join(20)
    assert process.exitcode is not None

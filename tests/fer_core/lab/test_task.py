"""What goes to the process that trains, where it comes from, and what a network of blocks costs; without TensorFlow."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest

from fer_core.datasets.fer2013 import Fer2013
from fer_core.errors import DatasetError
from fer_core.lab.cost import parameters_and_macs, weight_shapes
from fer_core.lab.material import fer2013_task
from fer_core.lab.settings import PAPER_SMALL, SMALL, Architecture, Block, LabSettings
from fer_core.lab.task import BuildTask, FaceSet, LabTaskError, Progress, Refused, TrainingTask, no_faces

CLASSES = ("happy", "surprise", "neutral")  # codes 3, 5, 6 of FER2013
SETTINGS = LabSettings("fer2013", CLASSES, per_class=10)


def faces(labels: list[int]) -> FaceSet:
    count = len(labels)
    pictures = np.random.default_rng(count).integers(0, 256, (count, 48, 48), dtype=np.uint8)
    return FaceSet(pictures, np.array(labels, np.int64), np.arange(count, dtype=np.int64))


def fer2013(each: int = 14) -> Fer2013:
    """Of each usage `each` pictures of each class, in turns; row numbers begin at 1000."""
    count = 3 * 7 * each
    return Fer2013(
        images_gray=np.random.default_rng(0).integers(0, 256, (count, 48, 48), dtype=np.uint8),
        emotions=np.tile(np.arange(7, dtype=np.int8), 3 * each),
        usages=np.repeat(np.arange(3, dtype=np.int8), 7 * each),
        votes=None,
        rows=np.arange(1000, 1000 + count, dtype=np.int64),
        source=Path("fer2013.csv"),
        form="csv",
    )


def test_faces_of_another_type_or_shape_are_refused() -> None:
    good = faces([0, 1])
    with pytest.raises(ValueError, match="faces_gray"):
        FaceSet(good.faces_gray.astype(np.float32), good.labels, good.origins)
    with pytest.raises(ValueError, match="labels"):
        FaceSet(good.faces_gray, good.labels[:1], good.origins)
    with pytest.raises(ValueError, match="origins"):
        FaceSet(good.faces_gray, good.labels, good.origins.astype(np.int32))
    assert good.counts(3) == (1, 1, 0) and len(no_faces()) == 0


def test_a_class_without_faces_is_refused_with_its_name() -> None:
    with pytest.raises(LabTaskError, match="neutral"):
        TrainingTask(SETTINGS, faces([0, 1, 1]), no_faces())
    with pytest.raises(ValueError, match="labels"):
        TrainingTask(SETTINGS, faces([0, 1, 2]), faces([3]))
    with pytest.raises(ValueError, match="shown"):
        TrainingTask(SETTINGS, faces([0, 1, 2]), faces([2]), shown=(1,))


def test_tasks_and_messages_come_through_a_pipe() -> None:
    task = TrainingTask(SETTINGS, faces([0, 1, 2]), faces([2]), shown=(0,))
    copy = pickle.loads(pickle.dumps(task))
    assert copy.settings == task.settings and np.array_equal(copy.train.faces_gray, task.train.faces_gray)
    progress = Progress(1, 2, 3, 4, 0.5, 0.25, (7, 8), 1.5)
    assert pickle.loads(pickle.dumps(progress)) == progress
    refused = Refused(LabTaskError("The class “{name}” has no face.", name="smile"))
    assert str(pickle.loads(pickle.dumps(refused)).error) == "The class “smile” has no face."


def test_fer2013_gives_training_to_learn_and_public_test_to_measure() -> None:
    dataset = fer2013()
    task = fer2013_task(SETTINGS, dataset)
    assert task.train.counts(3) == (10, 10, 10) and task.test.counts(3) == (14, 14, 14)
    assert task.frames is None
    codes = np.array([3, 5, 6])
    for part, usage in ((task.train, 0), (task.test, 1)):
        rows = part.origins - 1000
        assert (dataset.usages[rows] == usage).all()
        assert np.array_equal(dataset.emotions[rows], codes[part.labels])
        assert np.array_equal(dataset.images_gray[rows], part.faces_gray)
        assert len(set(rows)) == len(rows)
    assert [int(task.test.labels[place]) for place in task.shown] == [0] * 4 + [1] * 4 + [2] * 4


def test_the_seed_chooses_the_pictures_and_few_ones_are_all_taken() -> None:
    dataset = fer2013()
    one, again, other = (
        fer2013_task(LabSettings("fer2013", CLASSES, per_class=10, seed=seed), dataset).train.origins
        for seed in (1, 1, 2)
    )
    assert np.array_equal(one, again) and not np.array_equal(one, other)
    assert fer2013_task(LabSettings("fer2013", CLASSES, per_class=4000), dataset).train.counts(3) == (14,) * 3


def test_folders_that_do_not_tell_the_test_sets_apart_are_refused() -> None:
    dataset = fer2013()
    folders = Fer2013(
        dataset.images_gray, dataset.emotions, np.where(dataset.usages, 3, 0).astype(np.int8), None, dataset.rows,
        Path("folders"), "folders",
    )  # fmt: skip
    with pytest.raises(DatasetError, match="PublicTest"):
        fer2013_task(SETTINGS, folders)


def test_costs_of_a_network_worked_out_by_hand() -> None:
    architecture = Architecture((Block(4, 2), Block(8)), "flatten", (10,), normalised=False, dropout=0.5)
    cost = parameters_and_macs(architecture, 3)
    assert [(layer.name, layer.output_shape, layer.parameters, layer.macs) for layer in cost.layers] == [
        ("face_gray", (48, 48, 1), 0, 0),
        ("block1_conv1", (48, 48, 4), 9 * 4 + 4, 48 * 48 * 36),
        ("block1_conv2", (48, 48, 4), 9 * 16 + 4, 48 * 48 * 144),
        ("block1_pool", (24, 24, 4), 0, 0),
        ("block2_conv1", (24, 24, 8), 9 * 32 + 8, 24 * 24 * 288),
        ("block2_pool", (12, 12, 8), 0, 0),
        ("flatten", (1152,), 0, 0),
        ("dense1", (10,), 11530, 11520),
        ("dropout", (10,), 0, 0),
        ("expression", (3,), 33, 30),
    ]
    assert cost.parameters == 40 + 148 + 296 + 11530 + 33
    assert parameters_and_macs(PAPER_SMALL, 8).parameters == 2_679_592  # as the paper's layers add up to
    normalised = weight_shapes(SMALL, 3)
    assert normalised["block3_norm1/moving_variance"] == (64,) and "block1_conv1/bias" not in normalised


def test_weights_of_another_network_are_refused() -> None:
    right = {name: np.zeros(shape, np.float32) for name, shape in weight_shapes(SMALL, 3).items()}
    BuildTask(SETTINGS, right)
    for wrong in (
        right | {"expression/bias": np.zeros(4, np.float32)},
        right | {"more": np.zeros(1, np.float32)},
        {name: values for name, values in right.items() if name != "expression/bias"},
        right | {"expression/bias": np.full(3, np.nan, np.float32)},
        right | {"expression/bias": np.zeros(3, np.float64)},
    ):
        with pytest.raises(LabTaskError, match="Load another file"):
            BuildTask(SETTINGS, wrong)

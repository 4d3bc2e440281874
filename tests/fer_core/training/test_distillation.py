"""Networks that learn from others: short real trainings, and what a mixture of faces is."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import numpy as np
import pytest

from fer_core.errors import TrainingError
from fer_core.training.augmentation import Augmentation
from fer_core.training.backends.rendezvous import Cluster
from fer_core.training.batches import AugmentedBatches, LabelledFaces, epoch_batches, mixup
from fer_core.training.checkpoints import AVERAGED_FILE, BEST_FILE
from fer_core.training.distillation import TeacherEnsemble
from fer_core.training.fit import best_network, train
from fer_core.training.prerequisites import trained_network
from fer_core.training.recipes.recipe import Recipe
from fer_core.training.recipes.registry import RECIPES, find_recipe, prerequisites_of

from .small_network import SMALL
from .test_training import striped_faces

TEACHER = dataclasses.replace(
    find_recipe("raut-compact"), id="teacher", architecture=SMALL, options={}, epochs=8, batch_size=16,
    warmup_epochs=0.5, average_momentum=0.0, augmentation=Augmentation(), learning_rate=3e-3,
)  # fmt: skip
OTHER = dataclasses.replace(TEACHER, id="other", epochs=1)
PUPIL = dataclasses.replace(
    TEACHER, id="pupil", epochs=2, teachers=("teacher",), begin_with=(("teacher", 1.0),)
)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a trained teacher, and another one that has learnt little."""
    folder = tmp_path_factory.mktemp("runs")
    learn(TEACHER, folder, striped_faces(224))
    learn(OTHER, folder, striped_faces(32), seed=2)
    return folder


@pytest.fixture(autouse=True)
def recipes(monkeypatch: pytest.MonkeyPatch) -> None:
    for recipe in (TEACHER, OTHER, PUPIL):
        monkeypatch.setitem(RECIPES, recipe.id, recipe)


def learn(recipe: Recipe, runs: Path, faces: LabelledFaces, to: Path | None = None, **settings: object):
    return train(
        recipe, faces, striped_faces(48, seed=1), to or runs / recipe.id, precision="float32", show_progress=False,
        runs=runs, **settings,
    )  # fmt: skip


def test_a_pupil_learns_what_its_teacher_says_and_not_the_labels(runs: Path, tmp_path: Path) -> None:
    faces = striped_faces(224)
    wrong = dataclasses.replace(faces, labels=(faces.labels + 1) % 7)
    fresh = dataclasses.replace(PUPIL, begin_with=(), epochs=8)
    state = learn(fresh, runs, wrong, tmp_path / "fresh")
    assert state.best_accuracy > 0.5  # chance is 0.14, and what the labels say is never right
    assert set(state.built_on) == {"teacher"}


def test_a_training_begins_with_the_mean_of_the_weights_that_its_recipe_names(
    runs: Path, tmp_path: Path
) -> None:
    # With a rate of nothing the first epoch must leave what it began with, but for the normalisation.
    still = dataclasses.replace(
        PUPIL, teachers=(), learning_rate=0.0, schedule="constant", weight_decay=0.0,
        begin_with=(("teacher", 0.75), ("other", 0.25)),
    )  # fmt: skip
    state = learn(still, runs, striped_faces(32), tmp_path / "still", epochs=1)
    assert set(state.built_on) == {"teacher", "other"}
    teacher, other = (trained_network(below, runs / below.id / BEST_FILE) for below in (TEACHER, OTHER))
    after = best_network(still, tmp_path / "still")
    for one, two, now in zip(
        teacher.trainable_variables, other.trainable_variables, after.trainable_variables, strict=True
    ):
        np.testing.assert_allclose(0.75 * one.numpy() + 0.25 * two.numpy(), now.numpy(), rtol=1e-5, atol=1e-7)


def test_what_is_trained_in_the_end_is_the_mean_with_the_networks_that_the_recipe_names(
    runs: Path, tmp_path: Path
) -> None:
    recipe = dataclasses.replace(PUPIL, teachers=(), averaged_with=("teacher", "other"))
    learn(recipe, runs, striped_faces(32), tmp_path / "soup", epochs=1)
    with pytest.raises(TrainingError, match="no trained network"):  # half a chain is not what was asked for
        best_network(recipe, tmp_path / "soup")
    learn(recipe, runs, striped_faces(32), tmp_path / "soup", resume=True)
    files = [tmp_path / "soup", runs / "teacher", runs / "other"]
    parts = [trained_network(TEACHER, file / BEST_FILE).get_weights() for file in files]
    for *three, mean in zip(*parts, best_network(recipe, tmp_path / "soup").get_weights(), strict=True):
        np.testing.assert_allclose(np.mean(three, axis=0), mean, rtol=1e-4, atol=1e-6)
    # Killed after the last epoch and before the mean was written: going on writes it.
    (tmp_path / "soup" / AVERAGED_FILE).unlink()
    learn(recipe, runs, striped_faces(32), tmp_path / "soup", resume=True)
    assert (tmp_path / "soup" / AVERAGED_FILE).is_file()


def test_a_chain_of_trainings_is_told_in_their_order() -> None:
    assert [recipe.id for recipe in prerequisites_of(find_recipe("raut-averaged"))] == [
        "raut-first",
        "raut-mixed",
    ]
    assert [recipe.id for recipe in prerequisites_of(find_recipe("raut-distilled"))] == [
        "raut-first", "raut-votes",
    ]  # fmt: skip
    assert prerequisites_of(find_recipe("raut")) == ()
    assert prerequisites_of(find_recipe("raut-compact")) == ()


def test_the_answer_of_several_teachers_is_their_mean(runs: Path) -> None:
    import keras

    inputs = striped_faces(5).faces_gray[..., None].astype(np.float32)
    first = trained_network(TEACHER, runs / "teacher" / BEST_FILE)
    second = keras.models.clone_model(first)  # other weights
    (mean,) = TeacherEnsemble([first, second])(inputs)
    np.testing.assert_allclose(
        mean, (first.predict(inputs, verbose=0) + second.predict(inputs, verbose=0)) / 2, atol=1e-6
    )


def test_without_its_teachers_a_recipe_says_what_to_train_first(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="train teacher"):
        learn(PUPIL, tmp_path, striped_faces(32))
    assert not (tmp_path / "pupil").exists()


def test_a_teacher_that_is_damaged_not_complete_or_of_an_earlier_recipe_is_refused(
    runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    learn(TEACHER, tmp_path, striped_faces(32), epochs=1)
    with pytest.raises(TrainingError, match=r"holds 1 of 8 epochs.*train teacher --resume"):
        learn(PUPIL, tmp_path, striped_faces(32))
    shutil.rmtree(tmp_path / "teacher")
    shutil.copytree(runs / "teacher", tmp_path / "teacher")
    (tmp_path / "teacher" / BEST_FILE).write_bytes(b"half a file")
    with pytest.raises(TrainingError, match="does not hold a trained network"):
        learn(PUPIL, tmp_path, striped_faces(32))
    monkeypatch.setitem(RECIPES, "teacher", dataclasses.replace(TEACHER, batch_size=8))
    with pytest.raises(TrainingError, match=r"has changed \(in: batch_size\)"):
        learn(PUPIL, runs, striped_faces(32), tmp_path / "pupil")


def test_a_run_does_not_go_on_with_other_teachers(runs: Path, tmp_path: Path) -> None:
    learn(PUPIL, runs, striped_faces(32), tmp_path / "pupil", epochs=1)
    others = tmp_path / "others"
    learn(TEACHER, others, striped_faces(32))
    with pytest.raises(TrainingError, match="other weights of teacher"):
        learn(PUPIL, others, striped_faces(32), tmp_path / "pupil", resume=True)
    assert learn(PUPIL, runs, striped_faces(32), tmp_path / "pupil", resume=True).epochs_done == 2


def test_several_processes_are_refused(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fer_core.training.fit.require_jax", lambda: None)
    with pytest.raises(TrainingError, match="Leave out --processes"):
        learn(PUPIL, runs, striped_faces(32), cluster=Cluster(2, 0, "localhost:29500"))


def test_a_mixture_is_two_faces_and_two_targets_in_one_ratio() -> None:
    inputs = np.arange(8, dtype=np.float32).reshape(8, 1, 1, 1) * np.ones((1, 2, 2, 1), np.float32)
    target = np.eye(8, dtype=np.float32)
    unlabelled = target.copy()
    unlabelled[6] = 0.0
    blended, (hard, holey) = mixup(inputs, [target, unlabelled], 0.5, np.random.default_rng(3))
    np.testing.assert_array_equal(blended[4:], inputs[4:])  # half of the batch stays as it is
    np.testing.assert_array_equal(hard[4:], target[4:])
    # Each face shows its number, so that a mixture shows the mean of its targets' numbers.
    np.testing.assert_allclose(blended[:, 0, 0, 0], hard @ np.arange(8), rtol=1e-5)
    assert ((hard[:4] > 0).sum(axis=1) == 2).any()
    missing = (hard[:4, 6] > 0)[:, None]
    np.testing.assert_array_equal(holey[:4], np.where(missing, 0.0, hard[:4]))


def test_teachers_are_asked_about_the_faces_that_the_pupil_gets() -> None:
    faces = striped_faces(32)
    seen = []

    def teacher(inputs: np.ndarray) -> list[np.ndarray]:
        seen.append(inputs.copy())
        return [np.full((len(inputs), 7), 1 / 7, np.float32)]

    changed = AugmentedBatches(
        faces.faces_gray, [np.eye(7, dtype=np.float32)[faces.labels]], 16,
        Augmentation(flip=True, shift_pixels=3), seed=1, mixing=0.5,
    )  # fmt: skip
    batches = epoch_batches(changed, 0, face_size=24, teacher=teacher)
    inputs, targets = batches[0]
    assert inputs.shape == (16, 24, 24, 1) and len(seen) == 1
    np.testing.assert_array_equal(inputs, seen[0])
    np.testing.assert_allclose(targets, 1 / 7)

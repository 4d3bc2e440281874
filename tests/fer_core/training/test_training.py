"""Short real trainings of a small network on pictures that a small network can tell apart."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from fer_core.errors import TrainingError
from fer_core.locks import locked_folder
from fer_core.machine import machine_description, names_a_gpu
from fer_core.store import folder as store
from fer_core.training import precision
from fer_core.training.augmentation import Augmentation
from fer_core.training.batches import (
    AugmentedBatches,
    LabelledFaces,
    as_fit_input,
    epoch_batches,
    resize_faces,
)
from fer_core.training.checkpoints import (
    BEST_FILE,
    STATE_FILE,
    RunState,
    checkpoint_file,
    custom_objects,
    load_state,
    save_weights,
)
from fer_core.training.fit import best_network, train
from fer_core.training.history import COLUMNS, history_csv
from fer_core.training.recipes.recipe import Recipe, changed_fields
from fer_core.training.recipes.registry import RECIPES, find_recipe
from fer_core.training.shipping import export_run
from tests.full_disk import fill_disk_at, needs_full_disk

from .small_network import SMALL, build_small_network

ROOT = Path(__file__).resolve().parents[3]
# Two epochs of warm-up would be most of such a short training.
SHORT = dataclasses.replace(
    find_recipe("raut-compact"), architecture=SMALL, options={}, epochs=3, batch_size=16, warmup_epochs=0.5
)  # fmt: skip
# At every step of it the learning rate is another one.
LONG = dataclasses.replace(SHORT, epochs=600, warmup_epochs=300)


def striped_faces(count: int, seed: int = 0) -> LabelledFaces:
    """Bright stripes at a height that depends on the label, in noise."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 7, count)
    faces = rng.integers(0, 120, (count, 48, 48)).astype(np.uint8)
    for face, label in zip(faces, labels, strict=True):
        face[4 + 6 * label : 8 + 6 * label] += 130
    return LabelledFaces(faces, labels)


def run(recipe: Recipe, run_dir: Path, *, count: int = 96, **settings: object) -> RunState:
    return train(
        recipe, striped_faces(count), striped_faces(48, seed=1), run_dir, show_progress=False,
        **{"precision": "float32", **settings},
    )  # fmt: skip


@pytest.fixture(scope="module")
def whole_run(small_network: None, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, RunState]:
    """`SHORT`, trained to its end in one go; the folder is not to be changed."""
    folder = tmp_path_factory.mktemp("whole")
    return folder, run(SHORT, folder)


@pytest.fixture(scope="module")
def first_epoch(small_network: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`SHORT`, trained for one epoch; `one_epoch_run` gives each test a copy."""
    folder = tmp_path_factory.mktemp("first-epoch")
    run(SHORT, folder, epochs=1)
    return folder


@pytest.fixture
def one_epoch_run(first_epoch: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(first_epoch, tmp_path / "run"))


def test_a_resumed_training_goes_on_as_if_it_had_not_stopped(
    whole_run: tuple[Path, RunState], one_epoch_run: Path
) -> None:
    whole = whole_run[1]
    parts = run(SHORT, one_epoch_run, resume=True)
    assert [row["epoch"] for row in parts.history] == [1, 2, 3]
    for ours, theirs in zip(parts.history, whole.history, strict=True):
        assert ours["learning_rate"] == pytest.approx(theirs["learning_rate"], rel=1e-6)
        # Sums run in another order from run to run on several cores.
        assert ours["loss"] == pytest.approx(theirs["loss"], rel=0.02)
        assert ours["val_loss"] == pytest.approx(theirs["val_loss"], rel=0.05)
    assert parts.history[-1]["learning_rate"] == pytest.approx(0.0, abs=1e-6)  # the cosine has ended


def test_a_killed_training_resumes_at_its_last_complete_epoch(tmp_path: Path) -> None:
    program = (
        "import sys; sys.path[:0] = [sys.argv[2]]\n"
        "from pathlib import Path\n"
        "from tests.fer_core.training.small_network import small_network_known\n"
        "from tests.fer_core.training.test_training import LONG, run\n"
        "with small_network_known():\n"
        "    run(LONG, Path(sys.argv[1]))\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path), str(ROOT)], stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 120
    while not (tmp_path / STATE_FILE).exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    state = load_state(tmp_path)
    assert state is not None and 1 <= state.epochs_done < 600
    resumed = run(LONG, tmp_path, epochs=state.epochs_done + 2, resume=True)
    assert resumed.history[: state.epochs_done] == state.history
    assert len(resumed.history) == state.epochs_done + 2
    # The warm-up goes on where it was: it rises evenly, and would begin anew with another optimiser.
    expected = [LONG.learning_rate * row["epoch"] / LONG.warmup_epochs for row in resumed.history]
    assert [row["learning_rate"] for row in resumed.history] == pytest.approx(expected, rel=1e-4)


def test_training_learns_and_the_best_weights_give_the_accuracy_that_was_recorded(tmp_path: Path) -> None:
    learner = dataclasses.replace(
        SHORT, epochs=8, average_momentum=0.0, augmentation=type(SHORT.augmentation)(), learning_rate=3e-3
    )
    state = run(learner, tmp_path, count=224)
    chosen = striped_faces(48, seed=1)
    probabilities = np.asarray(
        best_network(learner, tmp_path)(chosen.faces_gray[..., None].astype(np.float32))
    )
    accuracy = float((probabilities.argmax(axis=1) == chosen.labels).mean())
    assert accuracy == pytest.approx(state.best_accuracy, abs=1 / 48)
    assert state.best_accuracy > 0.5  # chance is 0.14
    assert state.best_accuracy == max(row["val_accuracy"] for row in state.history)


def test_raw_weights_are_not_replaced_by_their_averages_between_epochs(tmp_path: Path) -> None:
    import keras

    run(dataclasses.replace(SHORT, average_momentum=0.9), tmp_path, epochs=2)
    model = keras.saving.load_model(checkpoint_file(tmp_path, 2), custom_objects=custom_objects())
    averages = {v.path: np.asarray(v) for v in model.optimizer.variables if "average" in v.path}
    kernel = np.asarray(model.trainable_variables[0])
    same_shape = [value for value in averages.values() if value.shape == kernel.shape]
    assert same_shape and all(np.abs(value - kernel).max() > 1e-6 for value in same_shape)


def test_a_run_that_is_there_is_not_overwritten(one_epoch_run: Path) -> None:
    with pytest.raises(TrainingError, match="--resume"):
        run(SHORT, one_epoch_run)


def test_a_run_of_another_recipe_is_refused_with_what_differs(one_epoch_run: Path) -> None:
    with pytest.raises(TrainingError, match="learning_rate"):
        run(dataclasses.replace(SHORT, learning_rate=0.5), one_epoch_run, resume=True)
    renamed = dataclasses.replace(SHORT, title="Another name")
    assert run(renamed, one_epoch_run, epochs=1, resume=True).epochs_done == 1


@pytest.mark.parametrize("setting", [{"seed": 2}, {"precision": "mixed_bfloat16"}, {"weights": "imagenet"}])
def test_a_run_of_another_setting_is_refused_and_its_own_need_not_be_named(
    setting: dict[str, object], tmp_path: Path
) -> None:
    state = RunState(SHORT.as_dict(), 5, "float32", history=[{"epoch": 1.0, "val_accuracy": 0.5}])
    (tmp_path / STATE_FILE).write_text(json.dumps(state.__dict__))
    own = {"precision": "float32", "epochs": 1, "resume": True}  # as many as there are: nothing is trained
    with pytest.raises(TrainingError, match=f"another --{next(iter(setting))} "):
        run(SHORT, tmp_path, **{**own, **setting})
    assert run(SHORT, tmp_path, **{**own, "precision": None}).seed == 5
    assert run(SHORT, tmp_path, **own, seed=5, weights="random").seed == 5


def test_a_damaged_checkpoint_gives_way_to_the_one_before_it(tmp_path: Path) -> None:
    before = run(SHORT, tmp_path, epochs=2).history
    content = bytearray(checkpoint_file(tmp_path, 2).read_bytes())
    content[len(content) // 2] ^= 255
    checkpoint_file(tmp_path, 2).write_bytes(content)
    resumed = run(SHORT, tmp_path, resume=True)
    assert [row["epoch"] for row in resumed.history] == [1, 2, 3]
    assert resumed.history[0] == before[0]
    for name in ("loss", "learning_rate"):
        assert resumed.history[1][name] == pytest.approx(before[1][name], rel=0.02)
    assert resumed.history[2]["learning_rate"] == pytest.approx(0.0, abs=1e-6)
    checkpoint_file(tmp_path, 3).unlink()  # whoever is through needs none
    assert run(SHORT, tmp_path, resume=True).epochs_done == 3


def test_weights_without_a_state_are_not_exported_but_give_a_sentence(
    one_epoch_run: Path, tmp_path: Path
) -> None:
    (one_epoch_run / STATE_FILE).unlink()
    with pytest.raises(TrainingError, match="holds no trained network"):
        export_run(SHORT, one_epoch_run, tmp_path / "models", None, quantize=False)


def test_a_broken_checkpoint_and_a_broken_state_give_sentences(one_epoch_run: Path) -> None:
    checkpoint_file(one_epoch_run, 1).write_bytes(b"half a file")
    with pytest.raises(TrainingError, match=r"checkpoint-0001\.keras cannot be read"):
        run(SHORT, one_epoch_run, resume=True)
    state = json.loads((one_epoch_run / STATE_FILE).read_text())
    damaged: list[object] = [
        [state], {**state, "seed": "1"}, {**state, "history": [{"epoch": "1"}]}, {**state, "history": 5},
        {**state, "stages": [{}]}, {**state, "best_epoch": 7}, {**state, "built_on": [1]}, {**state, "more": 1},
        {"seed": 1},
    ]  # fmt: skip
    for text in ("{", "[" * 100_000, *map(json.dumps, damaged)):
        (one_epoch_run / STATE_FILE).write_text(text)
        with pytest.raises(TrainingError, match=r"state\.json is damaged"):
            run(SHORT, one_epoch_run, resume=True)


@needs_full_disk
def test_a_full_disk_gives_a_sentence_whichever_file_meets_it_and_keeps_the_last_epoch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = dataclasses.replace(SHORT, keep="last")  # weights are written after every epoch
    run(recipe, tmp_path, epochs=1)
    for file in (tmp_path / BEST_FILE, checkpoint_file(tmp_path, 2), tmp_path / STATE_FILE):
        with monkeypatch.context() as patched:
            fill_disk_at(patched, file)
            with pytest.raises(TrainingError, match="disk is full"):
                run(recipe, tmp_path, resume=True)
    assert run(recipe, tmp_path, epochs=2, resume=True).epochs_done == 2


def test_weights_meet_the_end_of_the_disk_as_a_sentence_and_not_as_an_error_of_hdf5(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    model = build_small_network(7)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(
        resource.RLIMIT_FSIZE, (20_000, hard)
    )  # bytes a file: HDF5 would fail in the middle of it
    try:
        with pytest.raises(TrainingError, match="cannot be written"):
            save_weights(tmp_path / BEST_FILE, model)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not any(tmp_path.iterdir())


def test_two_trainings_in_one_folder_are_refused_and_the_folder_is_free_afterwards(
    one_epoch_run: Path,
) -> None:
    before = sorted(one_epoch_run.iterdir())
    with locked_folder(one_epoch_run), pytest.raises(TrainingError, match="Another training is going on"):
        run(SHORT, one_epoch_run, resume=True)
    assert run(SHORT, one_epoch_run, epochs=1, resume=True).epochs_done == 1
    assert sorted(one_epoch_run.iterdir()) == before


def test_two_exports_to_one_network_are_refused(one_epoch_run: Path, tmp_path: Path) -> None:
    folder = tmp_path / "models" / SHORT.id
    folder.mkdir(parents=True)
    with locked_folder(folder), pytest.raises(TrainingError, match="Another export to"):
        export_run(SHORT, one_epoch_run, tmp_path / "models", None, quantize=False)
    assert not any(folder.iterdir())


def test_only_two_checkpoints_stay_and_no_partial_file(whole_run: tuple[Path, RunState]) -> None:
    folder = whole_run[0]
    names = sorted(path.name for path in folder.iterdir())
    assert names == [BEST_FILE, "checkpoint-0002.keras", "checkpoint-0003.keras", STATE_FILE]
    assert json.loads((folder / STATE_FILE).read_text())["recipe"]["id"] == "raut-compact"


def test_weights_before_the_first_epoch_are_asked_for_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="python -m fer_core train raut-compact"):
        best_network(SHORT, tmp_path)


def test_batches_depend_on_seed_and_epoch_alone() -> None:
    faces = striped_faces(40)
    targets = np.eye(7, dtype=np.float32)[faces.labels]

    def first_batch(seed: int, epoch: int) -> np.ndarray:
        batches = epoch_batches(
            AugmentedBatches(faces.faces_gray, [targets], 16, SHORT.augmentation, seed), epoch
        )
        assert len(batches) == 2
        return batches[0][0]

    np.testing.assert_array_equal(first_batch(1, 0), first_batch(1, 0))
    assert (first_batch(1, 0) != first_batch(1, 1)).any()
    assert (first_batch(1, 0) != first_batch(2, 0)).any()


def test_tensorflow_is_fed_the_same_batches_in_their_order_and_without_tuning_which_would_be_waited_for() -> (
    None
):
    faces = with_votes(striped_faces(40))
    targets = [np.eye(7, dtype=np.float32)[faces.labels], faces.votes]
    changed = AugmentedBatches(faces.faces_gray, targets, 16, SHORT.augmentation, seed=1)
    batches = epoch_batches(changed, 0, face_size=24)
    dataset = as_fit_input(batches)
    assert dataset.options().autotune.enabled is False
    fed_ones = list(dataset.as_numpy_iterator())
    assert len(fed_ones) == len(batches) == dataset.cardinality() == 2
    for index, (inputs, chosen, weights) in enumerate(fed_ones):
        ours, our_targets, our_weights = batches[index]
        np.testing.assert_array_equal(inputs, ours)
        for head in range(2):
            np.testing.assert_array_equal(chosen[head], our_targets[head])
            np.testing.assert_array_equal(weights[head], our_weights[head])


def test_small_faces_are_means_of_large_ones_and_unlabelled_faces_weigh_nothing() -> None:
    faces = striped_faces(4)
    votes = np.eye(8, dtype=np.float32)[[0, 1, 2, 3]]
    votes[2] = 0.0
    targets = [np.eye(7, dtype=np.float32)[faces.labels], votes]
    batches = epoch_batches(
        AugmentedBatches(faces.faces_gray, targets, 4, Augmentation(), seed=1), 0, face_size=24
    )
    inputs, targets, weights = batches[0]
    assert inputs.shape == (4, 24, 24, 1)
    assert [target.shape for target in targets] == [(4, 7), (4, 8)]
    assert weights[0].tolist() == [1.0] * 4
    assert weights[1].tolist() == targets[1].sum(axis=1).tolist()
    assert sorted(weights[1]) == [0.0, 1.0, 1.0, 1.0]
    halves = resize_faces(faces.faces_gray, 24)
    assert halves[0, 0, 0] == pytest.approx(faces.faces_gray[0, :2, :2].mean(), abs=1)
    assert resize_faces(faces.faces_gray, 48) is faces.faces_gray


def with_votes(faces: LabelledFaces) -> LabelledFaces:
    """The label as votes of FER+, every fourth face without any."""
    votes = np.eye(8, dtype=np.float32)[faces.labels]
    votes[::4] = 0.0
    return dataclasses.replace(faces, votes=votes)


TWO_HEADS = dataclasses.replace(
    find_recipe("raut-first"), architecture=SMALL, options={}, epochs=3, batch_size=16, warmup_epochs=0.5,
    face_sizes=((0, 24), (1, 48)),
)  # fmt: skip


def run_two_heads(run_dir: Path, epochs: int, resume: bool = False) -> RunState:
    return train(
        TWO_HEADS, with_votes(striped_faces(64)), with_votes(striped_faces(32, seed=1)), run_dir,
        epochs=epochs, precision="float32", resume=resume, show_progress=False,
    )  # fmt: skip


@pytest.mark.slow
def test_two_heads_learn_on_one_trunk_resume_and_leave_a_history_each(tmp_path: Path) -> None:
    run_two_heads(tmp_path, 1)
    state = run_two_heads(tmp_path, 3, resume=True)
    assert state.epochs_done == 3
    for row in state.history:
        assert {"accuracy", "companion_accuracy", "companion_val_loss", "val_loss"} <= set(row)
        assert all(np.isfinite(value) for value in row.values())
    assert state.history[-1]["companion_loss"] < state.history[0]["companion_loss"]
    best = max((row["val_accuracy"] + row["companion_val_accuracy"]) / 2 for row in state.history)
    assert state.best_accuracy == pytest.approx(best)
    model = best_network(TWO_HEADS, tmp_path)
    assert [tuple(output.shape) for output in model.outputs] == [(None, 7), (None, 8)]
    first, second = history_csv(state.history), history_csv(state.history, companion=True)
    assert first != second and first.splitlines()[0] == second.splitlines()[0]


def test_a_second_head_without_votes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no votes"):
        train(TWO_HEADS, striped_faces(32), striped_faces(32), tmp_path, show_progress=False)
    with pytest.raises(ValueError, match=r"votes: expected \(32, 8\)"):
        dataclasses.replace(striped_faces(32), votes=np.zeros((32, 7), np.float32))


def test_muon_makes_the_update_of_a_kernel_orthogonal() -> None:
    import keras

    from fer_core.training.optimizers import convolution_muon

    rng = np.random.default_rng(0)
    kernel = keras.Variable(np.zeros((3, 3, 4, 8), np.float32))
    offset = keras.Variable(np.zeros(8, np.float32))
    optimizer = convolution_muon()(learning_rate=0.1, weight_decay=0.0, adam_weight_decay=0.0)
    # One direction a thousand times as steep as the others: Muon goes equally far in all.
    gradient = rng.normal(size=(36, 8)).astype(np.float32) * np.array([1000.0] + [1.0] * 7, np.float32)
    optimizer.apply([gradient.reshape(3, 3, 4, 8), np.ones(8, np.float32)], [kernel, offset])
    singular = np.linalg.svd(np.asarray(kernel).reshape(36, 8), compute_uv=False)
    expected = 0.1 * 0.2 * np.sqrt(36)
    assert singular.max() < 1.3 * expected
    assert singular.min() > 0.3 * expected
    np.testing.assert_allclose(np.asarray(offset), -0.1, rtol=1e-3)  # AdamW's first step


def test_muon_multiplies_in_float32_where_jax_would_round_on_a_gpu() -> None:
    # In a process of its own, because Keras has one backend in each.
    script = """
import jax, numpy as np
from fer_core.training.optimizers import convolution_muon
iteration = jax.make_jaxpr(convolution_muon()(0.1).nearest_orthogonal)(np.ones((9, 4), np.float32))
products = [step for step in iteration.eqns if step.primitive.name == "dot_general"]
print(len(products), {str(precision) for step in products for precision in step.params["precision"]})
"""
    told = subprocess.run(
        [sys.executable, "-c", script], env={**os.environ, "KERAS_BACKEND": "jax"}, cwd=ROOT,
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert told.split(maxsplit=1)[1].strip() == "{'HIGHEST'}"
    assert int(told.split()[0]) > 10


def test_a_gpu_is_named_with_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    import jax
    import keras

    devices = [
        SimpleNamespace(platform="gpu", device_kind="NVIDIA H100 80GB HBM3"),
        SimpleNamespace(platform="cpu"),
    ]
    monkeypatch.setattr(jax, "local_devices", lambda: devices)
    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
    assert " cores, NVIDIA H100 80GB HBM3, " in machine_description() and names_a_gpu(machine_description())
    monkeypatch.setattr(jax, "local_devices", lambda: devices[1:])
    assert not names_a_gpu(machine_description())


def test_history_survives_its_csv(exported_models: Path, tmp_path: Path) -> None:
    row = {
        "epoch": 1.0, "loss": 1.25, "accuracy": 0.5, "val_loss": 1.5, "val_accuracy": 0.25,
        "learning_rate": 1e-5, "seconds": 61.5,
    }  # fmt: skip
    text = history_csv([row])
    assert text.splitlines()[0] == ",".join(COLUMNS)
    network = dataclasses.replace(store.read_network(exported_models / "tiny"), folder=tmp_path)
    (tmp_path / store.HISTORY_FILE).write_text(text)
    assert store.read_history(network) == [row]


def test_faces_and_labels_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="Received"):
        LabelledFaces(np.zeros((2, 48, 48), np.float32), np.zeros(2, int))
    with pytest.raises(ValueError, match="2 faces, but 3 labels"):
        LabelledFaces(np.zeros((2, 48, 48), np.uint8), np.zeros(3, int))


def test_recipes_name_architectures_and_splits_that_exist() -> None:
    from fer_core.datasets.splits import SPLIT_NAMES
    from fer_core.networks import ARCHITECTURES

    for recipe in RECIPES.values():
        assert recipe.architecture in ARCHITECTURES
        assert recipe.train_split in SPLIT_NAMES
        for head in range(len(recipe.heads)):
            made = recipe.network(head)
            assert {made.choice_split, *made.report_splits} <= set(SPLIT_NAMES)
        assert recipe.face_size(recipe.epochs - 1) == 48  # what every shipped network takes
        for name in recipe.builds_on:  # answers and weights fit only the same outputs
            assert (RECIPES[name].architecture, RECIPES[name].heads) == (recipe.architecture, recipe.heads)
    assert sum(recipe.default for recipe in RECIPES.values()) == 1
    with pytest.raises(TrainingError, match="raut-compact"):
        find_recipe("nothing")


def test_the_papers_recipe_is_the_papers_protocol() -> None:
    paper = find_recipe("paper-small")
    assert (paper.epochs, paper.learning_rate, paper.optimizer, len(paper.labels)) == (50, 1e-5, "adam", 8)
    assert (paper.train_split, paper.choice_split, paper.augmentation.active) == (
        "PaperTrain",
        "PaperTest",
        False,
    )


@pytest.mark.parametrize("name", ["paper-small", "paper-large", "paper-four-conv"])
def test_the_smallest_change_to_the_papers_protocol_is_the_learning_rate(name: str) -> None:
    plain, faster = find_recipe(name), find_recipe(f"{name}-rate")
    assert changed_fields(plain.as_dict(), faster) == ["id", "learning_rate"]
    assert faster.learning_rate == pytest.approx(10 * plain.learning_rate)


def test_a_tuned_recipe_changes_nothing_of_the_papers_network_but_dropout() -> None:
    from fer_core.networks import build_network

    for name in ("paper-small", "paper-large", "paper-four-conv"):
        plain, tuned, seven = (find_recipe(name + ending) for ending in ("", "-tuned", "-table1"))
        assert plain.options == {} and set(tuned.options) == {"pool_dropout", "dense_dropout"}
        assert (tuned.train_split, tuned.choice_split, tuned.keep) == ("PaperTrain", "PaperTest", "last")
        assert (seven.task, seven.train_split, seven.choice_split) == ("fer2013", "Table1Train", "Table1Test")
        assert (seven.learning_rate, seven.epochs) == (1e-5, 50)
    tuned = find_recipe("paper-small-tuned")
    with_dropout, without = (build_network("paper-small", 8, **options) for options in (tuned.options, {}))
    assert with_dropout.count_params() == without.count_params() == 2_679_592
    kinds = [type(layer).__name__ for layer in with_dropout.layers]
    assert kinds.count("Dropout") == 5
    assert [kind for kind in kinds if kind != "Dropout"] == [type(layer).__name__ for layer in without.layers]


def test_precision_is_one_that_keras_knows() -> None:
    assert precision.default_precision() in ("float32", "mixed_bfloat16")


def test_beside_a_gpu_precision_is_what_did_not_crash_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    flags = tmp_path / "cpuinfo"
    flags.write_text("flags : avx512_bf16")
    monkeypatch.setattr(precision, "Path", lambda name: flags if name == "/proc/cpuinfo" else Path(name))
    monkeypatch.setattr(precision, "GPU_FILES", (str(tmp_path / "nvidiactl"),))
    assert precision.default_precision() == "mixed_bfloat16"
    (tmp_path / "nvidiactl").touch()
    assert precision.default_precision() == "float32"


def test_a_run_notes_each_machine_that_it_went_on_with() -> None:
    state = RunState(SHORT.as_dict(), 1, "float32")
    state.record_machine("a mill")
    state.history += [{"epoch": 1.0}, {"epoch": 2.0}]
    state.record_machine("a mill")
    assert state.stages == [{"from_epoch": 1, "machine": "a mill"}]
    state.record_machine("a loom")
    assert state.stages[1:] == [{"from_epoch": 3, "machine": "a loom"}] and state.machine == "a loom"
    of_before = RunState(
        SHORT.as_dict(), 1, "float32", machine="a mill", history=[{"epoch": 1.0, "val_accuracy": 0.5}]
    )
    of_before.record_machine("a loom")
    assert [stage["machine"] for stage in of_before.stages] == ["a mill", "a loom"]

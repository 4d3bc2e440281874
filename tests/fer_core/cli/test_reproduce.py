"""A shipped network is trained again, and the command says whether its figure comes out."""

from __future__ import annotations

import dataclasses
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from fer_core import cli
from fer_core.cli import reproduce
from fer_core.datasets.load import load_fer2013
from fer_core.errors import TrainingError
from fer_core.evaluation.repetition import (
    REPETITIONS_FILE,
    Repetition,
    Spread,
    read_repetitions,
    record_repetition,
    seeds_with_history,
    shipped_training,
    spread,
    spread_of,
)
from fer_core.machine import machine_description
from fer_core.places import PROJECT_DIR, runs_dir
from fer_core.recognition.provenance import Provenance, local_now
from fer_core.reports.bundle import network_bundle
from fer_core.store.folder import find_network, read_history, read_network
from fer_core.store.network import NetworkInfo
from fer_core.training.checkpoints import STATE_FILE, load_state
from fer_core.training.history import history_csv
from fer_core.training.recipes.recipe import Companion, Recipe
from fer_core.training.recipes.registry import RECIPES, find_recipe
from tests.fer_core.training.small_network import small_form, small_network_known
from tests.network_records import with_facts

ONE = Repetition(1, "PublicTest", 0.70, 36, 60.0, "float32", "a machine")


def test_a_spread_needs_two_seeds_on_one_split() -> None:
    two = dataclasses.replace(ONE, seed=2, accuracy=0.68)
    assert spread([]) is None
    assert spread([ONE, None]) is None
    assert spread([ONE, dataclasses.replace(ONE, accuracy=0.6)]) is None  # the same seed twice
    assert spread([ONE, dataclasses.replace(two, split="PaperTest")]) is None
    again = dataclasses.replace(ONE, accuracy=0.9)
    assert spread([ONE, two, again]) == Spread(2, "PublicTest", lowest=0.68, highest=0.70)  # as it ships
    assert spread([ONE, two]) == Spread(2, "PublicTest", lowest=0.68, highest=0.70)


def fits(known: Spread, accuracy: float, least: float = 0.0) -> bool:
    low, high = known.expected(least)
    return low <= accuracy <= high


def test_another_training_fits_within_one_width_beyond_what_was_seen() -> None:
    known = Spread(2, "PublicTest", lowest=0.68, highest=0.70)
    assert [fits(known, accuracy) for accuracy in (0.655, 0.665, 0.69, 0.715, 0.725)] == [
        False, True, True, True, False,
    ]  # fmt: skip


def test_two_seeds_of_the_same_figure_do_not_refuse_every_other() -> None:
    known = Spread(2, "PublicTest", lowest=0.81, highest=0.81)
    assert not fits(known, 0.812)
    assert fits(known, 0.812, least=0.004) and not fits(known, 0.815, least=0.004)


def test_a_repetition_is_kept_once_for_each_seed(own_network: NetworkInfo) -> None:
    assert read_repetitions(own_network) == ()
    second = dataclasses.replace(ONE, seed=2)
    record_repetition(own_network, second)
    record_repetition(own_network, dataclasses.replace(ONE, seed=3, accuracy=0.66))
    record_repetition(own_network, dataclasses.replace(second, accuracy=0.71))
    assert [(row.seed, row.accuracy) for row in read_repetitions(own_network)] == [(2, 0.71), (3, 0.66)]


def test_the_epochs_of_a_repetition_are_kept_as_long_as_it_is(own_network: NetworkInfo) -> None:
    rows = [
        {"epoch": 1.0, "loss": 1.5, "accuracy": 0.4, "val_loss": 1.4, "val_accuracy": 0.5, "learning_rate": 1e-3,
         "seconds": 9.0},
        {"epoch": 2.0, "loss": 1.0, "accuracy": 0.6, "val_loss": 1.2, "val_accuracy": 0.7, "learning_rate": 1e-4,
         "seconds": 8.0},
    ]  # fmt: skip
    second, third = dataclasses.replace(ONE, seed=2), dataclasses.replace(ONE, seed=3)
    record_repetition(own_network, second, history_csv(rows))
    record_repetition(own_network, third)
    assert seeds_with_history(own_network) == (2,)
    assert [dict(row) for row in read_history(own_network, seed=2)] == rows
    with zipfile.ZipFile(io.BytesIO(network_bundle(Provenance(local_now(), own_network)))) as bundle:
        assert bundle.read("history-seed2.csv").decode() == history_csv(rows)
    record_repetition(own_network, second)  # measured anew by somebody who has no history of it
    assert seeds_with_history(own_network) == ()
    record_repetition(own_network, second, history_csv(rows))
    another = with_training(own_network, {**find_recipe("raut-compact").as_dict(), "batch_size": 7})
    assert seeds_with_history(another) == (), "the curve of another recipe"
    record_repetition(another, third)
    assert not list(own_network.folder.glob("history-seed*.csv"))


@pytest.mark.parametrize("wrong", [{"seed": [2]}, {"accuracy": "0.7"}, {"machine": None}, {"epochs": {}}])
def test_a_repetition_of_the_wrong_shape_is_none(own_network: NetworkInfo, wrong: dict[str, object]) -> None:
    record_repetition(own_network, dataclasses.replace(ONE, seed=2))
    file = own_network.folder / "repetitions.json"
    (row,) = json.loads(file.read_text())
    file.write_text(json.dumps([{**row, **wrong}]))
    assert read_repetitions(own_network) == ()


def with_training(network: NetworkInfo, recipe: dict[str, object], **training: object) -> NetworkInfo:
    return with_facts(network, training={"recipe": recipe, "epochs": 36, **training})


def test_repetitions_of_another_recipe_do_not_count_and_go_with_the_next(own_network: NetworkInfo) -> None:
    recipe: dict[str, object] = json.loads(json.dumps(find_recipe("raut-compact").as_dict()))
    earlier = with_training(own_network, recipe)
    record_repetition(earlier, dataclasses.replace(ONE, seed=2))
    for later in (
        with_training(own_network, {**recipe, "batch_size": 7}),
        with_training(own_network, recipe, epochs=2),
        with_training(own_network, recipe, weights="imagenet"),
    ):
        assert read_repetitions(later) == ()
    # Another name, or a field that has come since with its default, makes no other recipe.
    same = {key: value for key, value in recipe.items() if key != "mixing"} | {"title": "Another"}
    assert len(read_repetitions(with_training(own_network, same))) == 1
    record_repetition(later, dataclasses.replace(ONE, seed=3))
    assert [row.seed for row in read_repetitions(later)] == [3]
    assert read_repetitions(earlier) == ()


@pytest.mark.parametrize(
    "file", sorted((PROJECT_DIR / "models").glob(f"*/{REPETITIONS_FILE}")), ids=lambda file: file.parent.name
)
def test_repetitions_that_ship_are_of_the_recipe_that_ships(file: Path) -> None:
    assert len(read_repetitions(read_network(file.parent))) == len(json.loads(file.read_text())) > 0


def test_damaged_repetitions_count_as_none(own_network: NetworkInfo) -> None:
    (own_network.folder / "repetitions.json").write_text('[{"seed": 2}]')
    assert read_repetitions(own_network) == ()
    assert spread_of(own_network) is None


@pytest.fixture
def small_compact(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """`raut-compact` as it is, but with the small network."""
    monkeypatch.setitem(RECIPES, "raut-compact", small_form(find_recipe("raut-compact")))
    with small_network_known():
        yield


@pytest.mark.slow
def test_a_network_is_trained_again_compared_and_recorded(
    small_compact: None, small_fer2013: Path, models: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    train = ["--epochs", "1", "--precision", "float32"]
    assert cli.main(["train", "raut-compact", *train]) == 0
    assert cli.main(["export", "raut-compact"]) == 0
    assert cli.main(["reproduce", "raut-compact"]) == 1
    assert "has not been evaluated" in capsys.readouterr().err
    assert cli.main(["evaluate", "raut-compact"]) == 0
    shipped = shipped_training(find_network("raut-compact"))
    assert shipped is not None and (shipped.split, shipped.epochs) == ("PublicTest", 1)

    # The same seed on the same machine gives the same network.
    assert cli.main(["reproduce", "raut-compact"]) == 0
    output = capsys.readouterr().out
    assert "difference +0.00 points" in output and "spread is not known" in output
    cli.main(["reproduce", "raut-compact", "--seed", "2", "--record"])
    (second,) = read_repetitions(find_network("raut-compact"))
    assert (second.seed, second.epochs, second.precision) == (2, 1, "float32")
    (epoch,) = read_history(find_network("raut-compact"), seed=2)
    (own,) = read_history(find_network("raut-compact"))
    assert epoch["seconds"] > 0 and epoch["loss"] != own["loss"]
    capsys.readouterr()
    assert cli.main(["reproduce", "raut-compact"]) == 0
    assert "2 trainings gave" in capsys.readouterr().out

    # Where it had gone on with another machine, its median epoch would be a time of neither.
    assert second.epoch_seconds is not None and second.machine == machine_description()
    file = runs_dir() / "reproduce-raut-compact-seed2" / STATE_FILE
    stages = [{"from_epoch": 1, "machine": "a mill"}, {"from_epoch": 2, "machine": "a loom"}]
    file.write_text(json.dumps({**json.loads(file.read_text()), "stages": stages}))
    cli.main(["reproduce", "raut-compact", "--seed", "2", "--record"])
    (moved,) = read_repetitions(find_network("raut-compact"))
    assert (moved.epoch_seconds, moved.machine) == (None, "a mill, then a loom")


def test_figures_of_an_incomplete_data_set_are_not_recorded_beside_complete_ones(
    own_network: NetworkInfo,
    small_fer2013: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    recipe = json.loads(json.dumps(find_recipe("raut-compact").as_dict()))
    training = {
        "recipe": recipe, "seed": 1, "epochs": 1, "seconds": 1.0, "precision": "float32", "machine": "a machine",
        "choice_split": "PublicTest",
    }  # fmt: skip
    file = own_network.folder / "metadata.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "training": training}))
    assert cli.main(["evaluate", own_network.id, "--split", "PublicTest"]) == 0
    evaluation = own_network.folder / "evaluation.json"
    figures = json.loads(evaluation.read_text())
    evaluation.write_text(json.dumps({**figures, "data": {**figures["data"], "official": True}}))
    capsys.readouterr()
    assert cli.main(["reproduce", own_network.id, "--seed", "2", "--record"]) == 1
    assert "not complete" in capsys.readouterr().err


def test_figures_of_other_weights_are_no_training_to_compare_with(
    own_network: NetworkInfo, small_fer2013: Path
) -> None:
    assert cli.main(["evaluate", own_network.id, "--split", "PublicTest"]) == 0
    training = {"recipe": {"id": "tiny"}, "seed": 1, "epochs": 1, "seconds": 1.0, "precision": "float32",
                "machine": "a machine", "choice_split": "PublicTest"}  # fmt: skip
    network = with_facts(own_network, training=training)
    assert shipped_training(network) is not None
    other = with_facts(network, checksum={network.file.name: "0" * 64})
    assert shipped_training(other) is None


def test_a_network_whose_recipe_has_changed_is_not_repeated(
    own_network: NetworkInfo, capsys: pytest.CaptureFixture[str]
) -> None:
    file = own_network.folder / "metadata.json"
    metadata = json.loads(file.read_text())
    recipe = dataclasses.replace(find_recipe("raut-compact"), batch_size=7).as_dict()
    file.write_text(json.dumps({**metadata, "training": {"recipe": recipe}}))
    assert cli.main(["reproduce", own_network.id]) == 1
    assert "batch_size" in capsys.readouterr().err
    file.write_text(json.dumps({**metadata, "training": {}}))
    assert cli.main(["reproduce", own_network.id]) == 1
    assert "Nothing is recorded" in capsys.readouterr().err


@pytest.fixture
def chain(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Recipe, Recipe]]:
    """Two short recipes, the second of which begins with the weights of the first."""
    first = small_form(
        find_recipe("raut-compact"), id="first", epochs=1, batch_size=16, warmup_epochs=0.5, keep="last"
    )
    second = dataclasses.replace(first, id="second", begin_with=(("first", 1.0),))
    for recipe in (first, second):
        monkeypatch.setitem(RECIPES, recipe.id, recipe)
    with small_network_known():
        yield first, second


@pytest.mark.slow
def test_a_network_that_is_built_on_another_is_repeated_from_the_beginning_and_with_seeds_of_its_own(
    chain: tuple[Recipe, Recipe],
    small_fer2013: Path,
    models: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for recipe, seed in zip(chain, ("5", "1"), strict=True):
        assert cli.main(["train", recipe.id, "--seed", seed, "--precision", "float32"]) == 0
        assert "last accuracy on PublicTest" in capsys.readouterr().out
    assert cli.main(["export", "second"]) == cli.main(["evaluate", "second"]) == 0
    assert cli.main(["reproduce", "second", "--seed", "5"]) == 1
    assert "is built on first, trained with seed 5" in capsys.readouterr().err

    assert cli.main(["reproduce", "second"]) == 0  # with the seeds that they had
    assert "difference +0.00 points" in capsys.readouterr().out
    cli.main(["reproduce", "second", "--seed", "2", "--record"])
    (again,) = read_repetitions(find_network("second"))
    assert again.seed == 2
    folders = (
        "reproduce-foundations-second/first",
        "reproduce-foundations-seed2/first",
        "reproduce-second-seed2",
    )
    states = [load_state(tmp_path / "runs" / folder) for folder in folders]
    assert [state.seed for state in states if state is not None] == [5, 2, 2]


@pytest.mark.slow
def test_both_heads_of_a_training_are_compared_and_recorded(
    chain: tuple[Recipe, Recipe],
    small_ferplus: Path,
    models: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    recipe = dataclasses.replace(
        chain[0], id="twins", companion=Companion("twins-plus", "Twins", "Two heads.")
    )
    monkeypatch.setitem(RECIPES, recipe.id, recipe)
    assert cli.main(["train", "twins", "--precision", "float32"]) == cli.main(["export", "twins"]) == 0
    assert cli.main(["evaluate", "twins"]) == cli.main(["evaluate", "twins-plus"]) == 0

    # Whichever of the two is named, one training says how far both figures move.
    cli.main(["reproduce", "twins-plus", "--seed", "2", "--record"])
    output = capsys.readouterr().out
    assert "twins on PublicTest" in output and "twins-plus on FERplusPublicTest" in output
    recorded = {name: read_repetitions(find_network(name)) for name in ("twins", "twins-plus")}
    assert {name: [(row.seed, row.split) for row in rows] for name, rows in recorded.items()} == {
        "twins": [(2, "PublicTest")],
        "twins-plus": [(2, "FERplusPublicTest")],
    }

    heads = {name: read_history(find_network(name), seed=2)[0] for name in recorded}
    assert heads["twins"]["seconds"] == heads["twins-plus"]["seconds"]
    assert heads["twins"]["val_loss"] != heads["twins-plus"]["val_loss"], "each head has its own curve"

    # Trained anew with another seed, one head alone is no part of that training any more.
    file = models / "twins-plus" / "metadata.json"
    metadata = json.loads(file.read_text())
    file.write_text(json.dumps({**metadata, "training": {**metadata["training"], "seed": 7}}))
    cli.main(["reproduce", "twins", "--seed", "3", "--record"])
    assert [row.seed for row in read_repetitions(find_network("twins-plus"))] == [2]


def test_what_a_training_began_with_is_what_its_repetition_begins_with(
    own_network: NetworkInfo,
    small_fer2013: Path,
    models: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    recipe = find_recipe("mobilenet")
    network = with_training(own_network, recipe.as_dict(), weights="imagenet")
    asked = {}

    def train(*_arguments: object, **settings: object) -> None:
        asked.update(settings)
        raise TrainingError("enough")

    monkeypatch.setattr("fer_core.training.fit.train", train)
    dataset = load_fer2013(small_fer2013)
    with pytest.raises(TrainingError, match="enough"):
        reproduce._train_again(
            dataset, network, recipe, {network.id: (network, ONE)}, 2, tmp_path / "run", None
        )
    assert (asked["weights"], asked["seed"]) == ("imagenet", 2)

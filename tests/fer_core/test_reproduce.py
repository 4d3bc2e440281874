"""A shipped network is trained again, and the command says whether its figure comes out."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from fer_core import cli
from fer_core.evaluation.repetition import (
    Repetition,
    Spread,
    read_repetitions,
    record_repetition,
    shipped_training,
    spread,
    spread_of,
)
from fer_core.store import NetworkInfo, find_network

ONE = Repetition(1, "PublicTest", 0.70, 36, 60.0, "float32", "a machine")


def test_a_spread_needs_two_seeds_on_one_split() -> None:
    two = dataclasses.replace(ONE, seed=2, accuracy=0.68)
    assert spread([]) is None
    assert spread([ONE, None]) is None
    assert spread([ONE, dataclasses.replace(ONE, accuracy=0.6)]) is None  # the same seed twice
    assert spread([ONE, dataclasses.replace(two, split="PaperTest")]) is None
    assert spread([ONE, two]) == Spread(trainings=2, lowest=0.68, highest=0.70)


def test_another_training_fits_within_one_width_beyond_what_was_seen() -> None:
    known = Spread(trainings=2, lowest=0.68, highest=0.70)
    assert [known.holds(accuracy) for accuracy in (0.655, 0.665, 0.69, 0.715, 0.725)] == [
        False, True, True, True, False,
    ]  # fmt: skip


def test_two_seeds_of_the_same_figure_do_not_refuse_every_other() -> None:
    known = Spread(trainings=2, lowest=0.81, highest=0.81)
    assert not known.holds(0.812)
    assert known.holds(0.812, least=0.004) and not known.holds(0.815, least=0.004)


def test_a_repetition_is_kept_once_for_each_seed(own_network: NetworkInfo) -> None:
    assert read_repetitions(own_network) == ()
    second = dataclasses.replace(ONE, seed=2)
    record_repetition(own_network, second)
    record_repetition(own_network, dataclasses.replace(ONE, seed=3, accuracy=0.66))
    record_repetition(own_network, dataclasses.replace(second, accuracy=0.71))
    assert [(row.seed, row.accuracy) for row in read_repetitions(own_network)] == [(2, 0.71), (3, 0.66)]


def test_damaged_repetitions_count_as_none(own_network: NetworkInfo) -> None:
    (own_network.folder / "repetitions.json").write_text('[{"seed": 2}]')
    assert read_repetitions(own_network) == ()
    assert spread_of(own_network) is None


@pytest.mark.slow
def test_a_network_is_trained_again_compared_and_recorded(
    small_fer2013: Path, models: Path, capsys: pytest.CaptureFixture[str]
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
    capsys.readouterr()
    assert cli.main(["reproduce", "raut-compact"]) == 0
    assert "2 trainings gave" in capsys.readouterr().out


def test_a_network_whose_recipe_has_changed_is_not_repeated(
    own_network: NetworkInfo, capsys: pytest.CaptureFixture[str]
) -> None:
    from fer_core.training.recipes import find_recipe

    file = own_network.folder / "metadata.json"
    metadata = json.loads(file.read_text())
    recipe = dataclasses.replace(find_recipe("raut-compact"), batch_size=7).as_dict()
    file.write_text(json.dumps({**metadata, "training": {"recipe": recipe}}))
    assert cli.main(["reproduce", own_network.id]) == 1
    assert "batch_size" in capsys.readouterr().err
    file.write_text(json.dumps({**metadata, "training": {}}))
    assert cli.main(["reproduce", own_network.id]) == 1
    assert "Nothing is recorded" in capsys.readouterr().err

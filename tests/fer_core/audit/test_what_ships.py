"""The statistics that ship are of one data set and of the present networks, and say what each evaluation says."""

from __future__ import annotations

import json

import numpy as np
import pytest

from fer_core.datasets.splits import table1_is_train
from fer_core.datasets.statistics.shipped import shipped_rows, shipped_statistics
from fer_core.places import MODELS_VARIABLE
from fer_core.store.folder import find_network, list_networks
from fer_core.store.network import EVALUATION_FILE

OFFICIAL = ("PublicTest", "PrivateTest")


def test_what_ships_was_all_made_from_the_same_data() -> None:
    facts = shipped_statistics()
    assert {"rows", "class_faces", "networks", "detectors"} <= set(facts)
    assert len({json.dumps(about["made_from"]) for about in facts.values() if "made_from" in about}) == 1


def test_every_network_that_ships_has_answered_with_its_present_weights(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(MODELS_VARIABLE, raising=False)
    networks = {each.id: each.checksum for each in list_networks() if each.ships}
    assert shipped_statistics()["networks"]["sha256"] == networks, (
        "python -m fer_core data statistics --write --only networks"
    )


@pytest.mark.parametrize("network", sorted(shipped_statistics().get("networks", {}).get("labels", {})))
def test_the_answers_that_ship_are_wrong_where_the_evaluation_says_so(
    network: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(MODELS_VARIABLE, raising=False)
    table = shipped_rows()
    evaluation = json.loads((find_network(network).folder / EVALUATION_FILE).read_text())
    right, splits = table.values(f"right:{network}"), table.texts("split")
    compared = 0
    for name, figures in evaluation["splits"].items():
        if name in OFFICIAL and figures["task"] == "fer2013":
            rows = np.flatnonzero(splits == name)
        elif name == "PaperTest":
            rows = np.flatnonzero((splits != "Training") & (right >= 0))
        elif name == "Table1Test":
            rows = np.flatnonzero(~table1_is_train())
        else:
            continue
        compared += 1
        assert rows[right[rows] == 0].tolist() == figures["misclassified"]
        predicted = table.texts(f"predicted:{network}")[figures["misclassified"]].tolist()
        assert predicted == [figures["labels"][at] for at in figures["misclassified_predicted"]]
    assert compared

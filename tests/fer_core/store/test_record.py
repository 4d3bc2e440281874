"""Tests for the typed record of `metadata.json`."""

from __future__ import annotations

import copy
import json
import pickle
from pathlib import Path
from typing import Any

import pytest

from fer_core.errors import NetworkError
from fer_core.labels import FER2013_LABELS
from fer_core.places import PROJECT_DIR
from fer_core.store import folder as store
from fer_core.store.network import METADATA_FILE
from fer_core.store.record import NetworkRecord, RecipeRecord, TrainingRecord
from fer_core.training.recipes.registry import RECIPES
from tests.network_records import network_of, with_training

SHIPPED = sorted((PROJECT_DIR / "models").glob(f"*/{METADATA_FILE}"))
LEAST: dict[str, Any] = {"task": "fer2013", "labels": list(FER2013_LABELS), "parameters": 7}


def test_networks_ship() -> None:
    assert SHIPPED


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.parent.name)
def test_what_is_read_of_a_shipped_network_is_what_would_be_written(file: Path) -> None:
    stored = json.loads(file.read_text(encoding="utf-8"))
    assert json.loads(json.dumps(store.read_network(file.parent).record.as_dict())) == stored


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_is_stored_whole(name: str) -> None:
    recipe = RECIPES[name]
    record = RecipeRecord.read(recipe.as_dict())
    through_json = json.loads(json.dumps(recipe.as_dict()))
    assert json.loads(json.dumps(record.settings)) == through_json
    assert RecipeRecord.read(through_json) == record
    assert (record.id, record.architecture, record.keep) == (recipe.id, recipe.architecture, recipe.keep)
    assert record.companion == (recipe.companion.id if recipe.companion else None)


def test_a_fact_that_is_missing_is_none_and_is_not_written() -> None:
    record = NetworkRecord.read({**LEAST, "macs": None})
    assert (record.name, record.macs, record.temperature, record.checksum, record.ships) == (None,) * 5
    assert record.training == TrainingRecord()
    assert record.as_dict() == LEAST


@pytest.mark.parametrize(
    "facts",
    [
        {"parameters": "7"},
        {"parameters": None},
        {"parameters": True},
        {"labels": "angry"},
        {"task": ["fer2013"]},
        {"temperature": "1.2"},
        {"default": "yes"},
        {"checksum": "abc"},
        {"layers": ["conv"]},
        {"training": [1]},
        {"training": {"epochs": 3.5}},
        {"training": {"recipe": "raut-compact"}},
        {"training": {"recipe": {"face_sizes": [32, 48]}}},
        {"training": {"stages": [{"machine": "a loom"}]}},
        {"training": {"built_on_seeds": {"a": "1"}}},
    ],
    ids=str,
)
def test_a_fact_of_another_type_is_damage_of_that_folder_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, facts: dict[str, Any]
) -> None:
    monkeypatch.setenv("RAUT_MODELS_DIR", str(tmp_path))
    for name, stored in (("whole", LEAST), ("spoilt", {**LEAST, **facts})):
        (tmp_path / name).mkdir()
        (tmp_path / name / METADATA_FILE).write_text(json.dumps(stored))
    assert [network.id for network in store.list_measured()] == ["whole"]
    with pytest.raises(NetworkError, match="metadata.json of the network “spoilt” is missing or damaged"):
        store.find_network("spoilt")


@pytest.mark.parametrize("stored", ["[]", "3", "null", '"text"'])
def test_metadata_that_is_no_object_is_damaged(tmp_path: Path, stored: str) -> None:
    (tmp_path / METADATA_FILE).write_text(stored)
    with pytest.raises(NetworkError, match="damaged"):
        store.read_network(tmp_path)


def test_a_record_is_shared_and_cannot_be_changed_but_copied() -> None:
    info = with_training(
        network_of("gong"), recipe={"id": "gong", "options": {"widths": [1, 2]}}, built_on_seeds={"saron": 3}
    )
    with pytest.raises(TypeError, match="shared"):
        info.training.built_on_seeds["saron"] = 4  # type: ignore[index]
    with pytest.raises(TypeError, match="shared"):
        info.recipe.settings["options"]["widths"] = ()
    assert info.recipe.options == {"widths": (1, 2)}
    assert pickle.loads(pickle.dumps(info)) == info == copy.deepcopy(info)

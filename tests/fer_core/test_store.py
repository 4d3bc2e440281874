from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from fer_core import store
from fer_core.errors import NetworkError
from fer_core.recognition.recognizer import ExpressionRecognizer
from tests.tiny import tiny_model


@pytest.fixture
def own_copy(exported_models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A models folder that a test may damage."""
    folder = tmp_path / "models"
    shutil.copytree(exported_models, folder)
    monkeypatch.setenv("RAUT_MODELS_DIR", str(folder))
    return folder


def test_an_empty_models_folder_lists_nothing_and_asking_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAUT_MODELS_DIR", str(tmp_path))
    assert store.list_networks() == []
    with pytest.raises(NetworkError, match="train one"):
        store.find_network()


def test_the_default_network_comes_first_and_is_what_no_name_means(own_copy: Path) -> None:
    shutil.copytree(own_copy / "tiny", own_copy / "aaa")
    metadata = json.loads((own_copy / "aaa" / "metadata.json").read_text())
    (own_copy / "aaa" / "metadata.json").write_text(json.dumps({**metadata, "default": False}))
    assert [network.id for network in store.list_networks()] == ["tiny", "aaa"]
    assert store.find_network().id == "tiny"
    assert store.find_network("aaa").id == "aaa"


def test_an_unknown_name_lists_the_known_ones(own_copy: Path) -> None:
    with pytest.raises(NetworkError, match="tiny"):
        store.find_network("huge")


@pytest.mark.parametrize(
    "damage", ["{", "[]", '{"task": "fer2013"}', '{"task": "x", "labels": [], "parameters": 1}']
)
def test_damaged_metadata_is_left_out_of_the_list_and_named_when_asked_for(
    own_copy: Path, damage: str
) -> None:
    (own_copy / "tiny" / "metadata.json").write_text(damage)
    assert store.list_networks() == []
    with pytest.raises(NetworkError, match="metadata.json"):
        store.find_network("tiny")


def test_a_litert_file_that_is_not_the_exported_one_is_refused(own_copy: Path) -> None:
    network = store.find_network("tiny")
    content = bytearray(network.file.read_bytes())
    content[len(content) // 2] ^= 1
    network.file.write_bytes(content)
    with pytest.raises(NetworkError, match=r"model\.tflite"):
        ExpressionRecognizer(network)
    network.file.unlink()
    with pytest.raises(NetworkError, match=r"model\.tflite"):
        ExpressionRecognizer(network)


def test_a_file_that_litert_cannot_run_gives_a_sentence(own_copy: Path) -> None:
    metadata_file = own_copy / "tiny" / "metadata.json"
    metadata = json.loads(metadata_file.read_text())
    (own_copy / "tiny" / "model.tflite").write_bytes(b"no model")
    metadata["checksum"]["model.tflite"] = store._sha256(b"no model")
    metadata_file.write_text(json.dumps(metadata))
    with pytest.raises(NetworkError, match="cannot be run"):
        ExpressionRecognizer(store.find_network("tiny"))


def test_history_and_evaluation_that_are_missing_or_damaged_give_a_sentence(own_copy: Path) -> None:
    network = store.find_network("tiny")
    for read, name, damage in (
        (store.read_history, "history.csv", "epoch,loss\n1,x\n"),
        (store.read_evaluation, "evaluation.json", '{"splits": {"PublicTest": {}}}'),
    ):
        with pytest.raises(NetworkError, match=name):
            read(network)
        (network.folder / name).write_text(damage)
        with pytest.raises(NetworkError, match=name):
            read(network)


def test_keras_and_litert_file_answer_alike(own_copy: Path, faces_gray: np.ndarray) -> None:
    network = store.find_network("tiny")
    expected = np.asarray(tiny_model()(faces_gray[..., None].astype(np.float32)))
    np.testing.assert_allclose(ExpressionRecognizer(network).predict(faces_gray), expected, atol=1e-4)


def test_int8_weights_take_about_a_quarter_and_answer_nearly_alike(
    own_copy: Path, faces_gray: np.ndarray, tmp_path: Path
) -> None:
    network = store.find_network("tiny")
    model = tiny_model()
    metadata = {"task": "fer2013", "labels": list(network.labels)}
    small = store.export_network(model, tmp_path / "small", metadata, quantize=True)
    assert small.file.stat().st_size < 0.3 * network.file.stat().st_size
    assert {file.name for file in small.folder.iterdir()} == {"metadata.json", "model.tflite"}
    difference = ExpressionRecognizer(small).predict(faces_gray) - ExpressionRecognizer(network).predict(
        faces_gray
    )
    assert np.abs(difference).max() < 0.05


def test_models_json_keeps_its_contract(own_copy: Path) -> None:
    (entry,) = store.models_json(store.list_networks())
    assert set(entry) == {"id", "task", "labels", "parameters", "file", "default"}
    assert Path(entry["file"]).is_file()
    assert entry["default"] is True


def test_an_exported_network_says_its_multiply_accumulates(own_copy: Path) -> None:
    from fer_core.networks.cost import multiply_accumulates

    network = store.find_network("tiny")
    assert network.macs == multiply_accumulates(tiny_model())


def test_macs_are_added_to_a_network_that_ships_and_nothing_else_changes(own_copy: Path) -> None:
    network = store.find_network("tiny")
    expected = network.macs
    recipe = {"architecture": "raut-compact", "options": {"dropout": 0.1}}
    metadata = {**network.metadata, "training": {"recipe": recipe}}
    del metadata["macs"]
    store._write_metadata(network.folder, metadata)
    files = {path.name: path.read_bytes() for path in network.folder.iterdir() if path.suffix != ".json"}
    without = store.find_network("tiny")
    assert without.macs is None
    added = store.record_macs(without)
    assert added.macs == expected
    assert {key: value for key, value in added.metadata.items() if key != "macs"} == metadata
    assert {p.name: p.read_bytes() for p in network.folder.iterdir() if p.suffix != ".json"} == files
    mirrored = {**metadata, "flip_averaging": True, "temperature": 1.2}
    store._write_metadata(network.folder, mirrored)
    assert store.record_macs(store.find_network("tiny")).macs == 2 * expected


@pytest.mark.parametrize("recipe", [None, "raut-compact", {"architecture": "paper-small"}])
def test_macs_of_a_network_that_cannot_be_built_anew_are_not_made_up(own_copy: Path, recipe: object) -> None:
    network = store.find_network("tiny")
    metadata = {**network.metadata, "macs": None, "training": {"recipe": recipe}}
    store._write_metadata(network.folder, metadata)
    with pytest.raises(NetworkError, match="export tiny"):
        store.record_macs(store.find_network("tiny"))
    assert store.find_network("tiny").macs is None

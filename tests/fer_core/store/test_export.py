from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fer_core.errors import NetworkError
from fer_core.recognition.recognizer import ExpressionRecognizer
from fer_core.store import export
from fer_core.store import folder as store
from fer_core.store.record import NetworkRecord
from tests.network_records import with_facts
from tests.tiny import tiny_model


def test_keras_and_litert_file_answer_alike(own_copy: Path, faces_gray: np.ndarray) -> None:
    network = store.find_network("tiny")
    expected = np.asarray(tiny_model()(faces_gray[..., None].astype(np.float32)))
    np.testing.assert_allclose(ExpressionRecognizer(network).predict(faces_gray), expected, atol=1e-4)


def test_int8_weights_take_about_a_quarter_and_answer_nearly_alike(
    own_copy: Path, faces_gray: np.ndarray, tmp_path: Path
) -> None:
    network = store.find_network("tiny")
    model = tiny_model()
    record = NetworkRecord("fer2013", network.labels, int(model.count_params()))
    small = export.export_network(model, tmp_path / "small", record, quantize=True)
    assert small.file.stat().st_size < 0.3 * network.file.stat().st_size
    assert {file.name for file in small.folder.iterdir()} == {"metadata.json", "model.tflite"}
    difference = ExpressionRecognizer(small).predict(faces_gray) - ExpressionRecognizer(network).predict(
        faces_gray
    )
    assert np.abs(difference).max() < 0.05


def test_an_exported_network_says_its_multiply_accumulates(own_copy: Path) -> None:
    from fer_core.networks.cost import multiply_accumulates

    network = store.find_network("tiny")
    assert network.macs == multiply_accumulates(tiny_model())


def test_macs_are_added_to_a_network_that_ships_and_nothing_else_changes(own_copy: Path) -> None:
    network = store.find_network("tiny")
    expected = network.macs
    recipe = {"architecture": "raut-compact", "options": {"dropout": 0.1}}
    record = with_facts(network, macs=None, training={"recipe": recipe}).record
    export.write_record(network.folder, record)
    files = {path.name: path.read_bytes() for path in network.folder.iterdir() if path.suffix != ".json"}
    without = store.find_network("tiny")
    assert without.macs is None
    added = export.record_macs(without)
    assert added.macs == expected
    assert replace(added.record, macs=None) == record
    assert {p.name: p.read_bytes() for p in network.folder.iterdir() if p.suffix != ".json"} == files
    export.write_record(network.folder, replace(record, flip_averaging=True, temperature=1.2))
    assert export.record_macs(store.find_network("tiny")).macs == 2 * expected


@pytest.mark.parametrize("recipe", [None, {"options": {"dropout": 0.1}}, {"architecture": "paper-small"}])
def test_macs_of_a_network_that_cannot_be_built_anew_are_not_made_up(own_copy: Path, recipe: object) -> None:
    network = store.find_network("tiny")
    export.write_record(network.folder, with_facts(network, macs=None, training={"recipe": recipe}).record)
    with pytest.raises(NetworkError, match="export tiny"):
        export.record_macs(store.find_network("tiny"))
    assert store.find_network("tiny").macs is None


def test_of_a_retired_network_the_figures_stay_and_the_weights_are_asked_for_in_vain(
    own_copy: Path, faces_gray: np.ndarray
) -> None:
    folder = own_copy / "aaa"
    shutil.copytree(own_copy / "tiny", folder)
    metadata = json.loads((folder / "metadata.json").read_text())
    (folder / "metadata.json").write_text(json.dumps({**metadata, "default": False}))
    before = {file.name for file in folder.iterdir()}
    size = (folder / "model.tflite").stat().st_size
    retired = export.retire(store.find_network("aaa"))
    assert {file.name for file in folder.iterdir()} == before - {"model.tflite"}
    assert (retired.ships, retired.litert_bytes) == (False, size)
    assert [network.id for network in store.list_networks()] == ["tiny"]
    assert [network.id for network in store.list_measured()] == ["tiny", "aaa"]
    with pytest.raises(NetworkError, match="train aaa"):
        ExpressionRecognizer(retired)
    with pytest.raises(NetworkError, match="taken out"):
        export.retire(retired)
    again = export.export_network(tiny_model(), folder, NetworkRecord.read({**metadata, "default": False}))
    assert again.ships and again.litert_bytes == again.file.stat().st_size
    assert ExpressionRecognizer(again).predict(faces_gray).shape == (len(faces_gray), 7)


def test_the_default_network_is_never_retired(own_copy: Path) -> None:
    network = store.find_network("tiny")
    with pytest.raises(NetworkError, match="taken out"):
        export.retire(network)
    assert network.file.is_file() and store.find_network("tiny") == network

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from fer_core.errors import NetworkError
from fer_core.labels import FER2013_LABELS, FERPLUS_LABELS
from fer_core.places import PROJECT_DIR
from fer_core.recognition.recognizer import ExpressionRecognizer
from fer_core.store import folder as store
from fer_core.store.network import NetworkInfo


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


DAMAGE = (
    "{",
    "[]",
    '{"task": "fer2013"}',
    '{"task": "x", "labels": [], "parameters": 1}',
    '{"task": ["fer2013"], "labels": 7, "parameters": 1}',
    "[" * 100_000,
    '{"parameters": ' + "9" * 5_000 + "}",
)


@pytest.mark.parametrize("damage", DAMAGE)
def test_damaged_metadata_is_left_out_of_the_list_and_named_when_asked_for(
    own_copy: Path, damage: str
) -> None:
    (own_copy / "tiny" / "metadata.json").write_text(damage)
    assert store.list_networks() == []
    with pytest.raises(NetworkError, match="metadata.json"):
        store.find_network("tiny")
    assert ["tiny" in str(error) for error in store.damaged_networks()] == [True]


@pytest.mark.parametrize("damage", DAMAGE)
def test_no_other_network_answers_for_a_default_one_that_is_damaged(own_copy: Path, damage: str) -> None:
    other = _copy_with(own_copy, "other", default=False)
    (own_copy / "tiny" / "metadata.json").write_text(damage)
    with pytest.raises(NetworkError, match=r"metadata\.json of the network “tiny”.*: other\.$"):
        store.find_network()
    assert store.find_network("other") == other
    assert [network.id for network in store.list_networks()] == ["other"]


def test_a_damaged_network_does_not_stand_in_the_way_of_the_default_one(own_copy: Path) -> None:
    _copy_with(own_copy, "aaa", default=False)
    (own_copy / "aaa" / "metadata.json").write_text("{")
    assert store.find_network().id == "tiny"
    assert len(store.damaged_networks()) == 1


def test_a_network_without_metadata_is_damaged_and_a_folder_of_something_else_is_none(own_copy: Path) -> None:
    (own_copy / "notes").mkdir()
    (own_copy / "notes" / "readme.txt").write_text("mine")
    assert store.damaged_networks() == []
    (own_copy / "tiny" / "metadata.json").unlink()
    with pytest.raises(NetworkError, match=r"metadata\.json of the network “tiny”"):
        store.find_network()


def test_metadata_with_a_byte_order_mark_are_read(own_copy: Path) -> None:
    file = own_copy / "tiny" / "metadata.json"
    before = store.find_network("tiny").record
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert store.find_network("tiny").record == before


def test_of_two_default_networks_one_is_listed_as_such(own_copy: Path) -> None:
    _copy_with(own_copy, "aaa", default=True)
    listed = store.models_json(store.list_networks())
    assert [(entry["id"], entry["default"]) for entry in listed] == [("aaa", True), ("tiny", False)]
    assert store.find_network().id == "aaa"


def test_a_name_does_not_lead_out_of_the_folder(own_copy: Path) -> None:
    shutil.copytree(own_copy / "tiny", own_copy.parent / "outside")
    for name in ("../outside", str(own_copy.parent / "outside"), "."):
        with pytest.raises(NetworkError, match="no network named"):
            store.find_network(name)


def test_a_network_whose_outputs_are_not_its_labels_is_refused(own_copy: Path) -> None:
    _change(own_copy / "tiny", task="ferplus", labels=list(FERPLUS_LABELS))
    with pytest.raises(NetworkError, match="8 labels"):
        ExpressionRecognizer(store.find_network("tiny"))


def test_a_label_that_is_there_twice_is_damage(own_copy: Path) -> None:
    _change(own_copy / "tiny", labels=[*FER2013_LABELS, "happy"])
    with pytest.raises(NetworkError, match="damaged"):
        store.find_network("tiny")


def _copy_with(models: Path, name: str, **facts: object) -> NetworkInfo:
    shutil.copytree(models / "tiny", models / name)
    _change(models / name, **facts)
    return store.find_network(name)


def _change(folder: Path, **facts: object) -> None:
    metadata = json.loads((folder / "metadata.json").read_text())
    (folder / "metadata.json").write_text(json.dumps({**metadata, **facts}))


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
    metadata["checksum"]["model.tflite"] = store.sha256(b"no model")
    metadata_file.write_text(json.dumps(metadata))
    with pytest.raises(NetworkError, match="cannot be run"):
        ExpressionRecognizer(store.find_network("tiny"))


@pytest.mark.parametrize("checksum", [None, "abc", {}])
def test_a_network_without_checksums_gives_a_sentence(own_copy: Path, checksum: object) -> None:
    metadata_file = own_copy / "tiny" / "metadata.json"
    metadata_file.write_text(json.dumps({**json.loads(metadata_file.read_text()), "checksum": checksum}))
    with pytest.raises(NetworkError, match="damaged"):
        store.read_litert(store.find_network("tiny"))


def test_history_and_evaluation_that_are_missing_or_damaged_give_a_sentence(own_copy: Path) -> None:
    network = store.find_network("tiny")
    for read, name, damage in (
        (store.read_history, "history.csv", "epoch,loss\n1,x\n"),
        (store.read_history, "history.csv", 'epoch,val_accuracy\n1,"' + "5" * 200_000 + '"\n'),
        (store.read_evaluation, "evaluation.json", '{"splits": {"PublicTest": ' + "[" * 5_000),
        (store.read_evaluation, "evaluation.json", '{"splits": {"PublicTest": {}}}'),
    ):
        with pytest.raises(NetworkError, match=name):
            read(network)
        (network.folder / name).write_text(damage)
        with pytest.raises(NetworkError, match=name):
            read(network)


def test_models_json_keeps_its_contract(own_copy: Path) -> None:
    (entry,) = store.models_json(store.list_networks())
    assert set(entry) == {"id", "task", "labels", "parameters", "file", "default"}
    assert Path(entry["file"]).is_file()
    assert entry["default"] is True


def test_weights_take_less_than_79_megabytes_and_all_figures_less_than_3() -> None:
    files = [path for path in (PROJECT_DIR / "models").rglob("*") if path.is_file()]
    weights = sum(path.stat().st_size for path in files if path.suffix == ".tflite")
    assert 0 < weights < 79e6
    assert 0 < sum(path.stat().st_size for path in files) - weights < 3e6


def test_a_network_of_which_the_file_is_missing_has_no_size(own_copy: Path) -> None:
    network = store.find_network("tiny")
    assert network.litert_bytes == network.file.stat().st_size
    network.file.unlink()
    assert network.ships and network.litert_bytes is None

"""The command line as a person or a script calls it."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from fer_core import cli
from fer_core.evaluation.answers import read_answers
from fer_core.labels import FER2013_LABELS
from fer_core.networks import ARCHITECTURES
from fer_core.places import SAMPLE_PHOTO
from fer_core.store.folder import read_network
from fer_core.store.network import NetworkInfo
from fer_core.training.recipes.registry import RECIPES, find_recipe
from tests.fer_core.training.small_network import SMALL, build_small_network, small_form
from tests.full_disk import fill_disk_at, needs_full_disk

ROOT = Path(__file__).resolve().parents[3]


def test_every_command_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    for command in (
        "train",
        "export",
        "evaluate",
        "retire",
        "card",
        "reproduce",
        "speed",
        "macs",
        "predict",
        "models",
        "data",
    ):
        with pytest.raises(SystemExit) as stop:
            cli.main([command, "--help"])
        assert stop.value.code == 0
        assert "Example: python -m fer_core " + command in capsys.readouterr().out.replace("\n", " ")


def test_wrong_usage_exits_with_2() -> None:
    for arguments in (
        [], ["fly"], ["predict"], ["train", "raut-compact", "--epochs", "0"],
        ["train", "raut-compact", "--seed", "-1"], ["reproduce", "raut", "--seed", "4294967296"],
        ["evaluate", "raut", "--split", "Publictest"],
    ):  # fmt: skip
        with pytest.raises(SystemExit) as stop:
            cli.main(arguments)
        assert stop.value.code == 2


def test_models_json_lists_networks_with_files_that_exist(
    tiny_network: NetworkInfo, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["models", "--json"]) == 0
    (entry,) = json.loads(capsys.readouterr().out)
    assert entry["id"] == "tiny" and entry["labels"] == list(FER2013_LABELS) and Path(entry["file"]).is_file()


def test_models_names_a_damaged_network_on_standard_error_and_predict_does_not_take_another(
    exported_models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    models = tmp_path / "models"
    for name in ("tiny", "other"):
        shutil.copytree(exported_models / "tiny", models / name)
    other = models / "other" / "metadata.json"
    other.write_text(json.dumps({**json.loads(other.read_text()), "default": False}))
    (models / "tiny" / "metadata.json").write_text("{")
    monkeypatch.setenv("RAUT_MODELS_DIR", str(models))
    assert cli.main(["models", "--json"]) == 1
    said = capsys.readouterr()
    assert [entry["id"] for entry in json.loads(said.out)] == ["other"]
    assert "metadata.json of the network “tiny” is missing or damaged" in said.err
    assert cli.main(["predict", str(SAMPLE_PHOTO)]) == 1
    said = capsys.readouterr()
    assert said.out == "" and "name the network that shall answer: other." in said.err
    assert cli.main(["predict", str(SAMPLE_PHOTO), "--network", "other"]) == 0
    assert "default" not in capsys.readouterr().err
    shutil.rmtree(models / "tiny")
    assert cli.main(["predict", str(SAMPLE_PHOTO)]) == 0
    assert "No network here is marked as the default. other answers" in capsys.readouterr().err


def test_models_without_a_network_is_an_empty_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RAUT_MODELS_DIR", str(tmp_path))
    assert cli.main(["models", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_predict_gives_a_row_for_each_face_and_for_each_file_that_failed(
    tiny_network: NetworkInfo, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    shutil.copy(SAMPLE_PHOTO, photos / "a.jpg")
    (photos / "b.jpg").write_text("no picture")
    (photos / "notes.txt").write_text("left out of a folder")
    assert (
        cli.main(
            ["predict", str(photos), str(tmp_path / "gone.png"), "--format", "csv", "--detector", "haar"]
        )
        == 1
    )
    output = capsys.readouterr()
    rows = list(csv.DictReader(io.StringIO(output.out)))
    assert list(rows[0]) == [
        "file", "face", "x", "y", "width", "height", *FER2013_LABELS, "label", "status", "raut_version",
        "answer", "prediction_set", "found_by", "turn_degrees", "turned_away",
        "network", "network_sha256", "detector", "settings", "date",
    ]  # fmt: skip
    assert (rows[0]["found_by"], rows[0]["network"]) == ("haar", "tiny")
    assert rows[0]["network_sha256"] == tiny_network.checksum
    assert all(row["settings"].startswith("effort=normal; ") for row in rows)
    assert all(datetime.fromisoformat(row["date"]).tzinfo for row in rows)
    assert [Path(row["file"]).name for row in rows] == ["a.jpg", "b.jpg", "gone.png"]
    assert [row["status"] for row in rows] == ["ok", "error", "error"]
    assert rows[0]["label"] == max(FER2013_LABELS, key=lambda label: float(rows[0][label]))
    assert sum(float(rows[0][label]) for label in FER2013_LABELS) == pytest.approx(1, abs=1e-5)
    assert "b.jpg" in output.err and "gone.png" in output.err and "Traceback" not in output.err


def test_predict_exits_with_0_when_every_file_was_read(
    tiny_network: NetworkInfo, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["predict", str(SAMPLE_PHOTO), "--format", "json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 1


def test_an_error_is_one_sentence_on_standard_error(
    tiny_network: NetworkInfo, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments in (
        ["predict", "x.jpg", "--network", "none"], ["train", "none"], ["train"], ["export", "none"],
        ["evaluate", "none"], ["evaluate", "tiny"], ["card", "none"], ["data", "--data", "/nowhere/at/all"],
    ):  # fmt: skip
        assert cli.main(arguments) == 1
        output = capsys.readouterr()
        ends = (".", "raut-compact", "--split PublicTest")
        assert output.out == "" and output.err.strip().endswith(ends), arguments


def test_a_retired_network_is_not_listed_and_names_no_face(
    own_network: NetworkInfo, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = own_network.folder.with_name("gone")
    shutil.copytree(own_network.folder, folder)
    metadata = json.loads((folder / "metadata.json").read_text())
    (folder / "metadata.json").write_text(json.dumps({**metadata, "default": False}))
    assert cli.main(["retire", "gone"]) == 0
    assert "MB less" in capsys.readouterr().out
    assert cli.main(["models", "--json"]) == 0
    assert [entry["id"] for entry in json.loads(capsys.readouterr().out)] == [own_network.id]
    assert cli.main(["predict", str(SAMPLE_PHOTO), "--network", "gone", "--format", "csv"]) == 1
    output = capsys.readouterr()
    assert "Only the figures of the network “gone”" in output.err and output.err.count("\n") == 1
    assert cli.main(["retire", own_network.id]) == 1, "the default one"
    assert own_network.file.is_file()


@needs_full_disk
def test_a_full_disk_is_a_sentence_and_leaves_what_was_there(
    own_network: NetworkInfo, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    card = own_network.folder / "MODEL_CARD.md"
    card.write_text("earlier")
    fill_disk_at(monkeypatch, card)
    assert cli.main(["card", own_network.id]) == 1
    assert "MODEL_CARD.md: No space left on device" in capsys.readouterr().err
    assert card.read_text() == "earlier"


@needs_full_disk
def test_a_full_disk_behind_any_printed_output_is_one_sentence(tiny_network: NetworkInfo) -> None:
    held_back = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}
    with open("/dev/full", "w") as full:
        run = subprocess.run(
            [sys.executable, "-m", "fer_core", "models"],
            cwd=ROOT, env=held_back, stdout=full, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
    assert (run.returncode, run.stderr.count("\n")) == (1, 1)
    assert "No space left on device" in run.stderr


def test_a_connection_that_breaks_is_not_called_a_full_disk(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tiny_network: NetworkInfo
) -> None:
    def lost(_networks: object) -> None:
        raise ConnectionResetError("the scheduler is gone")

    monkeypatch.setattr("fer_core.store.folder.models_json", lost)
    assert cli.main(["models", "--json"]) == 1
    message = capsys.readouterr().err
    assert "the scheduler is gone" in message and "disk" not in message


def test_the_whole_way_from_a_csv_to_a_shipped_network(
    small_fer2013: Path, models: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # 40 faces are less than one batch of 128: one step of all of them.
    assert cli.main(["train", "raut-compact", "--epochs", "1", "--precision", "float32"]) == 0
    assert cli.main(["export", "raut-compact"]) == 0
    assert cli.main(["evaluate", "raut-compact", "--split", "PublicTest", "--split", "PrivateTest"]) == 0
    capsys.readouterr()
    assert cli.main(["models", "--json"]) == 0
    assert [entry["id"] for entry in json.loads(capsys.readouterr().out)] == ["raut-compact"]

    folder = models / "raut-compact"
    evaluation = json.loads((folder / "evaluation.json").read_text())
    figures = evaluation["splits"]["PrivateTest"]
    assert figures["n"] == 10 == sum(map(sum, figures["confusion"]))
    assert set(figures["misclassified"]) <= set(range(50, 60))
    assert len(figures["misclassified"]) == round((1 - figures["accuracy"]) * 10)
    assert (folder / "history.csv").read_text().count("\n") == 2
    metadata = json.loads((folder / "metadata.json").read_text())
    assert (metadata["training"]["epochs"], metadata["training"]["epochs_planned"]) == (1, 36)
    assert "PrivateTest" in (folder / "MODEL_CARD.md").read_text()
    answers = read_answers(read_network(folder))
    assert answers is not None and list(answers.splits) == ["PublicTest", "PrivateTest"]
    assert answers.splits["PrivateTest"].rows.tolist() == list(range(50, 60))


@pytest.mark.slow
def test_two_heads_ship_as_two_networks_mirrored_and_calibrated(
    small_ferplus: Path, models: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # The test before this one takes a network of Raut's own the whole way; here it is about the heads.
    monkeypatch.setitem(RECIPES, "raut-first", small_form(find_recipe("raut-first")))
    monkeypatch.setitem(ARCHITECTURES, SMALL, build_small_network)
    assert cli.main(["train", "raut-first", "--epochs", "1", "--precision", "float32"]) == 0
    assert cli.main(["export", "raut-first"]) == 0
    for network in ("raut-first", "raut-first-plus"):
        assert cli.main(["evaluate", network]) == 0  # on the split that it was chosen and calibrated with
    capsys.readouterr()
    assert cli.main(["models", "--json"]) == 0
    entries = {entry["id"]: entry for entry in json.loads(capsys.readouterr().out)}
    assert {name: (entry["task"], len(entry["labels"])) for name, entry in entries.items()} == {
        "raut-first": ("fer2013", 7), "raut-first-plus": ("ferplus", 8),
    }  # fmt: skip
    for name, split in (("raut-first", "PublicTest"), ("raut-first-plus", "FERplusPublicTest")):
        metadata = json.loads((models / name / "metadata.json").read_text())
        assert 0.2 <= metadata["temperature"] <= 5.0
        assert split in json.loads((models / name / "evaluation.json").read_text())["splits"]
        card = (models / name / "MODEL_CARD.md").read_text()
        assert "mirror image" in card and f"fitted on {split}" in card
    # The same training, seen from each head.
    histories = [(models / name / "history.csv").read_text().splitlines() for name in entries]
    assert histories[0][0] == histories[1][0] and histories[0][1] != histories[1][1]


def test_data_describes_the_copy_that_is_there(
    small_fer2013: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["data"]) == 0
    described = json.loads(capsys.readouterr().out)
    assert described["rows"] == 60 and described["usages"]["Training"] == 40


def test_the_module_runs_and_a_reader_that_leaves_early_gets_no_traceback(tiny_network: NetworkInfo) -> None:
    answer = subprocess.run(
        f"'{sys.executable}' -m fer_core models --json | head -c 1",
        shell=True, cwd=ROOT, capture_output=True, text=True, check=False, env=dict(os.environ),
    )  # fmt: skip
    assert answer.stdout == "[" and answer.stderr == ""

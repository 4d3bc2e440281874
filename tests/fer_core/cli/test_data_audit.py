"""`data audit` as a folder and as a zip; `data export` with the labels that a review proposes."""

from __future__ import annotations

import csv
import json
import zipfile
from pathlib import Path

import pytest

from fer_core import cli
from fer_core.datasets.review import NOT_A_FACE, Review
from fer_core.datasets.review_table import reviews_csv
from fer_core.labels import UNSURE
from tests.made_up_fer2013 import write_fer2013


def test_an_audit_is_written_as_folder_and_as_zip(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RAUT_CACHE_DIR", str(tmp_path / "cache"))
    write_fer2013(tmp_path)
    out = tmp_path / "new" / "audit"
    assert cli.main(["data", "audit", "--data", str(tmp_path / "fer2013.csv"), "--out", str(out)]) == 0
    names = {path.name for path in out.iterdir()}
    assert {
        "audit.html",
        "audit.pdf",
        "audit.json",
        "datasheet.md",
        "croissant.json",
        "duplicates.csv",
    } < names
    assert json.loads((out / "audit.json").read_text())["findings"]["pictures"] == 60
    assert capsys.readouterr().out.splitlines()[0] == str(out / "README.md")
    packed = tmp_path / "audit.ZIP"
    assert cli.main(["data", "audit", "--data", str(tmp_path), "--out", str(packed)]) == 0
    with zipfile.ZipFile(packed) as bundle:
        assert set(bundle.namelist()) == names


def test_a_place_that_cannot_be_written_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RAUT_CACHE_DIR", str(tmp_path / "cache"))
    write_fer2013(tmp_path)
    (tmp_path / "taken").write_text("a file")
    assert cli.main(["data", "audit", "--data", str(tmp_path), "--out", str(tmp_path / "taken")]) == 1
    assert "taken" in capsys.readouterr().err


def test_rows_are_exported_with_the_labels_of_a_review(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RAUT_CACHE_DIR", str(tmp_path / "cache"))
    write_fer2013(tmp_path)
    review, out = tmp_path / "review.csv", tmp_path / "rows.csv"
    review.write_bytes(
        reviews_csv([Review(3, "happy", "sad"), Review(4, "sad", NOT_A_FACE), Review(5, "surprise", UNSURE)])
    )
    arguments = ["data", "export", "--data", str(tmp_path / "fer2013.csv"), "--out", str(out)]
    assert cli.main([*arguments, "--review", str(review)]) == 0
    rows = list(csv.DictReader(out.read_text("utf-8-sig").splitlines()))
    assert [row["label"] for row in rows[2:7]] == ["fear", "sad", "none", "surprise", "neutral"]
    assert "review.csv (sha256 " in rows[0]["settings"]
    review.write_text("row,old_label,proposed_label\n3,sad,happy\n")
    capsys.readouterr()
    assert cli.main([*arguments, "--review", str(review)]) == 1
    assert "review.csv, line 2: Row 3 was reviewed with the label “sad”" in capsys.readouterr().err

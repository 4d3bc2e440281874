"""`data audit`: a folder or a zip, for a table and for folders alike."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from fer_core import cli
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

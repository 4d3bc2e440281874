"""The Croissant description is one that its readers take, and what they read by it is the data set."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from fer_core.audit import croissant as module
from fer_core.audit.audited import audited_set
from fer_core.audit.croissant import CONFORMS_TO, croissant, croissant_json
from fer_core.audit.row_tables import Chosen, rows_csv
from fer_core.datasets.load import load_fer2013
from tests.fer_core.audit.conftest import NOON, Forms
from tests.made_up_fer2013 import write_fer2013, write_ferplus

mlcroissant = pytest.importorskip("mlcroissant")


def checked(node: dict[str, object], **mapping: Path) -> object:
    """The description as `mlcroissant` reads it; it raises on a fault."""
    return mlcroissant.Dataset(node, mapping={name.replace("_csv", ".csv"): path for name, path in mapping.items()})  # fmt: skip


def test_that_of_fer2013_is_valid_and_lacks_only_a_version_which_the_set_does_not_have() -> None:
    node = json.loads(croissant_json(audited_set(None, NOON)))
    issues = checked(node).metadata.ctx.issues  # type: ignore[attr-defined]
    assert not issues.errors
    assert [warning for warning in issues.warnings if "schema.org/version" not in warning] == []
    assert node["conformsTo"] == CONFORMS_TO == "http://mlcommons.org/croissant/1.1"
    assert [each["@id"] for each in node["recordSet"]] == ["labels", "splits", "fer2013", "ferplus"]
    assert "35,887 grey pictures" in node["description"] and "1,518 groups" in node["description"]


def test_readers_get_pictures_labels_and_votes_by_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_fer2013(tmp_path)
    write_ferplus(tmp_path)
    table, votes = tmp_path / "fer2013.csv", tmp_path / "fer2013new.csv"
    monkeypatch.setattr(module, "FER2013_MD5", hashlib.md5(table.read_bytes()).hexdigest())
    monkeypatch.setattr(module, "FERPLUS_SHA256", hashlib.sha256(votes.read_bytes()).hexdigest())
    node = json.loads(json.dumps(croissant(audited_set(None, NOON))))
    read = checked(node, fer2013_csv=table, fer2013new_csv=votes)
    dataset = load_fer2013(tmp_path, cache_dir=tmp_path)
    records = list(read.records("fer2013"))  # type: ignore[attr-defined]
    pixels = np.array([record["fer2013/pixels"] for record in records], np.uint8).reshape(-1, 48, 48)
    assert np.array_equal(pixels, dataset.images_gray)
    assert [record["fer2013/emotion"] for record in records] == dataset.emotions.tolist()
    assert records[-1]["fer2013/Usage"] == b"PrivateTest"
    assert dataset.votes is not None
    first = next(iter(read.records("ferplus")))  # type: ignore[attr-defined]
    given = [value for name, value in first.items() if name not in ("ferplus/usage", "ferplus/image_name")]
    assert given == dataset.votes[0].tolist()


def test_another_set_is_described_without_files_licence_or_makers_that_it_does_not_have(
    forms: Forms, tmp_path: Path
) -> None:
    node = croissant(audited_set(load_fer2013(forms.folders, cache_dir=tmp_path), NOON))
    assert not checked(json.loads(json.dumps(node))).metadata.ctx.issues.errors  # type: ignore[attr-defined]
    assert not node["distribution"]
    assert not {"license", "creator", "citeAs", "url", "rai:dataCollection"} & set(node)
    assert "10 grey pictures" in node["description"]


def test_the_table_of_rows_is_read_by_it(forms: Forms, tmp_path: Path) -> None:
    audit = audited_set(load_fer2013(forms.table, cache_dir=tmp_path), NOON)
    chosen = Chosen(audit.table)
    rows = rows_csv(audit.table, chosen.positions(), chosen.provenance(NOON, "made up"))
    (tmp_path / "rows.csv").write_bytes(rows)
    node = json.loads(croissant_json(audit, rows))
    records = list(checked(node, rows_csv=tmp_path / "rows.csv").records("rows"))  # type: ignore[attr-defined]
    assert [record["rows/row"] for record in records] == list(range(10))
    assert records[1]["rows/label"] == b"fear" and records[1]["rows/duplicates"] == 3
    assert records[8]["rows/leaked"] == b"yes"
    assert records[0]["rows/brightness"] == pytest.approx(float(audit.table.values("brightness")[0]))

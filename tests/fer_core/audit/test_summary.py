"""A summary of a data set: by hand, the same from a table and from folders, and rows to take home with their codebook."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import pytest

from fer_core import cli
from fer_core.audit.row_tables import Chosen, codebook_csv, column_sources, rows_csv, rows_zip
from fer_core.audit.summary import as_csv, as_json, as_text, summary
from fer_core.datasets.columns import COLUMNS
from fer_core.datasets.filters import Condition, Filter
from fer_core.datasets.orders import Order
from fer_core.datasets.rows import RowTable
from fer_core.datasets.statistics.computed import rows_of
from fer_core.datasets.statistics.shipped import shipped_rows
from fer_core.labels import FER2013_LABELS
from tests.fer_core.datasets.test_rows import small_set

FOLDER_OF = {"Training": "train", "PublicTest": "publictest", "PrivateTest": "privatetest"}
MADE = datetime(2026, 11, 28, 14, 5, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def nothing_goes_to_the_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAUT_CACHE_DIR", str(tmp_path / "cache"))


def both_forms(folder: Path) -> tuple[Path, Path]:
    """The same 40 pictures as fer2013.csv and as folders of PNG files; some are there twice."""
    rng = np.random.default_rng(11)
    images = rng.integers(0, 256, (40, 48, 48), dtype=np.uint8)
    images[35:] = images[:5]
    labels, usages = rng.integers(0, 7, 40), ["Training"] * 24 + ["PublicTest"] * 6 + ["PrivateTest"] * 10
    lines = ["emotion,pixels,Usage"]
    for row, (image, label, usage) in enumerate(zip(images, labels, usages, strict=True)):
        lines.append(f"{label},{' '.join(map(str, image.ravel()))},{usage}")
        place = folder / "folders" / FOLDER_OF[usage] / FER2013_LABELS[label]
        place.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(place / f"{row}.png"), image)
    (folder / "fer2013.csv").write_text("\n".join(lines) + "\n")
    return folder / "fer2013.csv", folder / "folders"


def read(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_the_table_and_the_folders_give_the_same_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    printed = []
    for place in both_forms(tmp_path):
        assert cli.main(["data", "statistics", "--data", str(place), "--format", "json"]) == 0
        printed.append(json.loads(capsys.readouterr().out))
    of_table, of_folders = printed
    assert of_table == of_folders
    assert of_table["duplicates"]["groups"] == {"n": 5}
    assert of_table["duplicates"]["PrivateTest: pictures with a duplicate in Training"] == {"n": 5}
    assert of_table["pictures"]["all"]["total"] == 40
    assert set(of_table) == {"pictures", "shares", "duplicates", "brightness", "contrast", "sharpness"}


def test_a_summary_as_worked_out_by_hand() -> None:
    table = rows_of(small_set())
    found = json.loads(as_json(summary(table)))
    assert found["pictures"]["Training"] == {
        **dict.fromkeys(FER2013_LABELS, 0), "angry": 1, "happy": 1, "neutral": 1, "total": 3, "imbalance": 1.0,
    }  # fmt: skip
    assert found["shares"]["all"]["happy"] == 0.4
    assert [row["n"] for row in found["duplicates"].values()] == [1, 2, 1, 1, 0, 1]
    assert found["label_by_vote"]["happy"]["neutral"] == 1
    assert found["entropy"]["happy"]["mean"] == pytest.approx(np.log2(10) / 2, abs=1e-4)
    assert found["brightness"]["disgust"]["mean"] is None
    assert found["faces"]["all"] == {"not_a_face": 1}
    assert found["agreement"]["5"] == {"pictures": 1}


def test_the_same_numbers_stand_in_text_and_csv() -> None:
    tables = summary(rows_of(small_set()))
    lines = list(csv.DictReader(io.StringIO(as_csv(tables))))
    assert {"table": "pictures", "row": "all", "column": "happy", "value": "2"} in lines
    assert len(lines) == sum(len(each.rows) * (len(each.header) - 1) for each in tables)
    text = as_text(tables)
    assert "the same for 2 of 3 with an expression (66.7%)" in text
    assert all(line == line.rstrip() for line in text.splitlines())


def test_the_summary_of_fer2013_ships() -> None:
    found = json.loads(as_json(summary(shipped_rows())))
    counts = {name: row["n"] for name, row in found["duplicates"].items()}
    assert (counts["groups"], counts["pictures in groups"]) == (1_518, 3_374)
    assert counts["groups with more than one label"] == 59
    assert counts["PrivateTest: pictures with a duplicate in Training"] == 288
    assert "(63.0%)" in as_text(summary(shipped_rows()))
    assert found["pictures"]["PrivateTest"]["disgust"] == 55
    evaluated = json.loads(Path("models/raut/evaluation.json").read_text())["splits"]["PrivateTest"][
        "accuracy"
    ]
    assert found["accuracy"]["raut"]["PrivateTest"] == round(evaluated, 4)


def test_rows_come_in_their_order_with_every_column_and_a_codebook() -> None:
    table = rows_of(small_set())
    chosen = Chosen(table, Filter((Condition("row", low=1),)), Order("brightness", descending=True))
    provenance = chosen.provenance(MADE, "a set; =1+1")
    lines = read(rows_csv(table, chosen.positions(), provenance))
    assert [line["row"] for line in lines] == ["4", "2", "1", "3"]
    assert (lines[0]["vote"], lines[3]["vote"], lines[3]["entropy"]) == ("neutral", "none", "")
    assert (lines[1]["votes:NF"], lines[1]["not_a_face"], lines[3]["leaked"]) == ("8", "yes", "yes")
    assert float(lines[0]["entropy"]) == table.values("entropy")[4]
    assert lines[0]["settings"] == "data=a set; '=1+1; filter=row=1..; order=sort=-brightness; pictures=5"
    codebook = read(codebook_csv(table, provenance))
    assert [line["column"] for line in codebook] == list(lines[0])
    assert all(line["meaning"] for line in codebook)


def test_a_selection_is_taken_in_the_order_shown() -> None:
    chosen = Chosen(rows_of(small_set()), order=Order("brightness", descending=True), selected=(0, 4, 1))
    assert chosen.positions().tolist() == [4, 1, 0]
    assert "selected=3" in chosen.provenance(MADE, "FER2013").settings_text


def test_a_zip_has_both_and_the_codebook_names_the_weights() -> None:
    table = rows_of(small_set()).with_columns(
        {"predicted:net": np.zeros(5), "certainty:net": np.full(5, 0.5)}, {"net": FER2013_LABELS}
    )
    chosen = Chosen(table)
    sources = column_sources({"networks": {"sha256": {"net": "abc"}}})
    content = rows_zip(chosen, chosen.provenance(MADE, "FER2013"), lambda text: f"id: {text}", sources)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert packed.namelist() == ["rows.csv", "codebook.csv"]
        lines = {line["column"]: line for line in read(packed.read("codebook.csv"))}
    assert lines["predicted:net"]["source"] == "sha256 abc"
    assert lines["predicted:net"]["values"] == ", ".join(FER2013_LABELS)
    assert lines["row"]["name"] == f"id: {COLUMNS['row'].name}"
    assert lines["right:net"]["missing"] == "none"


def test_export_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table_file, folders = both_forms(tmp_path)
    out = tmp_path / "out.csv"
    wanted = "split=PrivateTest&leaked=yes&sort=-brightness"
    assert cli.main(["data", "export", "--data", str(table_file), "--filter", wanted, "--out", str(out)]) == 0
    lines = read(out.read_bytes())
    assert sorted(line["row"] for line in lines) == ["35", "36", "37", "38", "39"]
    assert [float(line["brightness"]) for line in lines] == sorted(
        (float(line["brightness"]) for line in lines), reverse=True
    )
    assert (tmp_path / "out-codebook.csv").exists()
    assert cli.main(["data", "--data", str(folders), "export", "--filter", wanted, "--out", str(out)]) == 0
    of_folders = read(out.read_bytes())
    assert [line["brightness"] for line in of_folders] == [line["brightness"] for line in lines]
    capsys.readouterr()
    for wrong in ("colour=red", "label", "label=cheerful", "vote=happy", "sort=colour"):
        arguments = ["data", "export", "--data", str(table_file), "--filter", wrong, "--out", str(out)]
        assert cli.main(arguments) == 1
        assert wrong.partition("=")[0] in capsys.readouterr().err


def test_statistics_without_a_data_set_are_those_that_ship(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FER2013_DIR", str(tmp_path))
    assert cli.main(["data", "statistics"]) == 0
    printed = capsys.readouterr()
    assert "1,518" in printed.out and "come with Raut" in printed.err
    assert cli.main(["data", "statistics", "--data", str(tmp_path)]) == 1
    out = tmp_path / "figures.csv"
    assert cli.main(["data", "statistics", "--format", "csv", "--out", str(out)]) == 0
    assert out.read_text().startswith("table,row,column,value\n")
    with pytest.raises(SystemExit):
        cli.main(["data", "statistics", "--write", "--only", "colours"])


def test_a_table_of_labels_alone_has_a_summary() -> None:
    table = rows_of(small_set())
    plain = RowTable({name: table.columns[name] for name in ("row", "split", "label")})
    assert [each.id for each in summary(plain)] == ["pictures", "shares"]

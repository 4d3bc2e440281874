"""The real FER2013, where it is there: every known count, and the numbers shipped for when it is not."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fer_core.datasets.counts import COUNTS_FILE, describe, shipped_counts, write_counts
from fer_core.datasets.fer2013 import Fer2013
from fer_core.datasets.splits import SPLIT_NAMES, available_splits, class_counts, is_official, split
from fer_core.datasets.statistics.computed import rows_of
from fer_core.datasets.statistics.shipped import is_shipped_set, shipped_class_faces, shipped_rows
from fer_core.labels import FER2013_LABELS


@pytest.fixture(scope="module")
def table_form(real_fer2013: Fer2013) -> Fer2013:
    if real_fer2013.form != "csv" or not is_official(real_fer2013):
        pytest.skip("this copy of FER2013 is not the complete table")
    return real_fer2013


def test_every_split_that_the_copy_gives_has_the_shipped_counts(table_form: Fer2013) -> None:
    names = available_splits(table_form)
    assert set(names) >= {"Training", "PublicTest", "PrivateTest", "Table1Train", "Table1Test"}
    for name in names:
        assert class_counts(split(table_form, name)) == shipped_counts()[name], name


def test_the_results_split_has_the_papers_sizes(table_form: Fer2013) -> None:
    if table_form.votes is None:
        pytest.skip("fer2013new.csv is not beside fer2013.csv")
    assert len(split(table_form, "PaperTrain")) == 28_389
    assert len(split(table_form, "PaperTest")) == 7_099


def test_the_shipped_counts_are_what_the_command_makes(table_form: Fer2013, tmp_path: Path) -> None:
    if set(available_splits(table_form)) != set(SPLIT_NAMES):
        pytest.skip("fer2013new.csv is not beside fer2013.csv")
    write_counts(table_form, tmp_path / "counts.json")
    assert json.loads((tmp_path / "counts.json").read_text()) == json.loads(COUNTS_FILE.read_text())


def test_test_pictures_with_a_duplicate_in_training(table_form: Fer2013) -> None:
    assert describe(table_form)["duplicates"] == {"PublicTest": 280, "PrivateTest": 288}


def test_the_shipped_table_is_what_the_data_set_gives(table_form: Fer2013) -> None:
    if table_form.votes is None:
        pytest.skip("fer2013new.csv is not beside fer2013.csv")
    assert is_shipped_set(table_form)
    shipped, computed = shipped_rows(), rows_of(table_form)
    measured = {"sharpness", "contrast"}  # of which another processor may round the last digit otherwise
    for name in set(computed.columns) - {"near_group", "leaked"}:
        if name in measured:
            assert np.allclose(shipped.values(name), computed.values(name), atol=1e-4), name
        else:
            assert np.array_equal(shipped.values(name), computed.values(name), equal_nan=name == "entropy"), (
                name
            )
    another = replace(table_form, emotions=(table_form.emotions + 1) % 7)
    assert not is_shipped_set(another)


def test_the_shipped_mean_faces_are_those_of_the_classes(table_form: Fer2013) -> None:
    for label, face in shipped_class_faces("label").items():
        of_class = table_form.images_gray[table_form.emotions == FER2013_LABELS.index(label)]
        assert face.n == len(of_class)
        assert np.allclose(face.mean, of_class.mean(axis=0), atol=0.01), label
        assert np.allclose(face.deviation, of_class.std(axis=0), atol=0.01), label


def test_pixels_are_what_int_reads(table_form: Fer2013) -> None:
    """A few rows, read the slow way from a plain table or from the zip."""
    import zipfile

    source = table_form.source
    if source.suffix == ".zip":
        with zipfile.ZipFile(source) as archive, archive.open("fer2013.csv") as stream:
            lines = [stream.readline().decode() for _line in range(50)]
    elif source.name == "fer2013.csv":
        with source.open() as plain:
            lines = [plain.readline() for _line in range(50)]
    else:
        pytest.skip(f"{source.name} is in another form")
    for row, line in enumerate(lines[1:]):
        emotion, pixels, _usage = line.strip().split(",")
        assert table_form.emotions[row] == int(emotion)
        assert np.array_equal(table_form.images_gray[row].ravel(), [int(value) for value in pixels.split()])

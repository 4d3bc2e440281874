"""Every form that people have FER2013 in gives the same pictures, labels and usages."""

from __future__ import annotations

import gzip
import io
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from fer_core import places
from fer_core.datasets.fer2013 import Fer2013
from fer_core.datasets.find import find_fer2013
from fer_core.datasets.load import load_fer2013
from fer_core.errors import DatasetError, DatasetNotFoundError

EMOTIONS = [0, 3, 6, 2, 5]
USAGES = [0, 0, 0, 1, 2]
Write = Callable[..., Path]


def assert_complete(dataset: Fer2013, images_gray: np.ndarray) -> None:
    assert np.array_equal(dataset.images_gray, images_gray)
    assert dataset.images_gray.dtype == np.uint8
    assert dataset.emotions.tolist() == EMOTIONS
    assert dataset.usages.tolist() == USAGES
    assert dataset.rows.tolist() == [0, 1, 2, 3, 4]
    assert dataset.form == "csv"


def pack_zip(folder: Path, name: str, members: dict[str, bytes]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return folder / name


def pack_tar(folder: Path, name: str, members: dict[str, bytes], mode: str = "w:gz") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(folder / name, mode) as archive:  # type: ignore[call-overload]
        for member, content in members.items():
            info = tarfile.TarInfo(member)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return folder / name


@pytest.fixture
def csv_bytes(table: list[str]) -> bytes:
    return ("\n".join(table) + "\n").encode()


def test_plain_csv(table: list[str], write: Write, images_gray: np.ndarray) -> None:
    file = write(table)
    assert_complete(load_fer2013(file.parent), images_gray)
    assert_complete(load_fer2013(file), images_gray)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("end", ["", "\n", "\n\n"])
def test_line_ends_do_not_matter(
    table: list[str], write: Write, images_gray: np.ndarray, newline: str, end: str
) -> None:
    assert_complete(load_fer2013(write(table, newline=newline, end=end)), images_gray)


def test_icml_variant_has_other_order_and_spaces_in_its_column_names(
    table: list[str], write: Write, images_gray: np.ndarray
) -> None:
    lines = ["emotion, Usage, pixels"]
    for line in table[1:]:
        emotion, pixels, usage = line.split(",")
        lines.append(f"{emotion},{usage},{pixels}")
    file = write(lines, "icml_face_data.csv")
    assert_complete(load_fer2013(file.parent), images_gray)


def test_what_spreadsheets_do_to_a_table_is_understood(
    table: list[str], write: Write, images_gray: np.ndarray
) -> None:
    lines = ["\ufeffemotion;pixels;Usage;note"]
    for line in table[1:]:
        emotion, pixels, usage = line.split(",")
        lines.append(f'"{emotion}";" {pixels.replace(" ", "  ", 1)} ";{usage.upper()};')
    assert_complete(load_fer2013(write(lines)), images_gray)


def test_rows_longer_than_a_block_of_reading_are_joined(
    table: list[str], write: Write, images_gray: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fer_core.datasets.formats.csv_table._BLOCK_BYTES", 1000)
    assert_complete(load_fer2013(write(table)), images_gray)


@pytest.mark.parametrize("name", ["fer2013.csv.zip", "archive.zip", "fer2013.zip"])
def test_zip(tmp_path: Path, csv_bytes: bytes, images_gray: np.ndarray, name: str) -> None:
    members = {"__MACOSX/._fer2013.csv": b"\0", "fer2013/README": b"text", "fer2013/fer2013.csv": csv_bytes}
    pack_zip(tmp_path / "data", name, members)
    assert_complete(load_fer2013(tmp_path / "data"), images_gray)


def test_the_archive_of_the_competition_holds_several_tables(
    tmp_path: Path, csv_bytes: bytes, images_gray: np.ndarray
) -> None:
    members = {"train.csv": b"emotion,pixels\n", "icml_face_data.csv": csv_bytes, "test.csv": b"pixels\n"}
    file = pack_zip(tmp_path, "challenges.zip", members)
    assert_complete(load_fer2013(file), images_gray)


@pytest.mark.parametrize("table_last", [True, False])
def test_tar_gz(tmp_path: Path, csv_bytes: bytes, images_gray: np.ndarray, table_last: bool) -> None:
    members = {"fer2013/fer2013.csv": csv_bytes, "fer2013/README": b"text", "fer2013/fer2013.bib": b"@"}
    if table_last:
        members = dict(reversed(members.items()))
    pack_tar(tmp_path / "data", "fer2013.tar.gz", members)
    assert_complete(load_fer2013(tmp_path / "data"), images_gray)


def test_tar_whose_table_has_another_name(tmp_path: Path, csv_bytes: bytes, images_gray: np.ndarray) -> None:
    file = pack_tar(tmp_path, "faces.tar", {"README": b"text", "icml_face_data.csv": csv_bytes}, mode="w")
    assert_complete(load_fer2013(file), images_gray)


def test_a_file_is_known_by_its_content_rather_than_its_name(
    tmp_path: Path, csv_bytes: bytes, images_gray: np.ndarray
) -> None:
    assert_complete(
        load_fer2013(pack_zip(tmp_path / "zip", "fer2013.csv", {"a.csv": csv_bytes})), images_gray
    )
    file = tmp_path / "fer2013.tar.gz"
    file.write_bytes(gzip.compress(csv_bytes))
    assert_complete(load_fer2013(file), images_gray)


def test_votes_are_joined_by_row(table: list[str], votes_table: list[str], write: Write) -> None:
    file = write(table)
    assert load_fer2013(file).votes is None
    write(votes_table, "fer2013new.csv")
    votes = load_fer2013(file).votes
    assert votes is not None
    assert votes.dtype == np.uint8
    assert votes[0].tolist() == [0, 0, 0, 0, 9, 1, 0, 0, 0, 0]


def test_votes_beside_a_folder_below_are_found(
    table: list[str], votes_table: list[str], write: Write
) -> None:
    file = write(table, "fer2013/fer2013.csv")
    write(votes_table, "fer2013new.csv")
    assert load_fer2013(file.parents[1]).votes is not None


def test_the_environment_variable_comes_before_the_data_folder(
    table: list[str], write: Write, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    in_data = write(table)
    named = write(table, "../elsewhere/fer2013.csv").resolve()
    monkeypatch.setattr(places, "PROJECT_DIR", tmp_path)
    monkeypatch.delenv("FER2013_DIR", raising=False)
    assert find_fer2013() == in_data
    monkeypatch.setenv("FER2013_DIR", str(named.parent))
    assert find_fer2013().resolve() == named


def test_the_best_form_is_taken_where_there_are_several(table: list[str], write: Write) -> None:
    write(table, "archive.csv")
    write(table, "deep/fer2013.csv")
    best = write(table)
    assert find_fer2013(best.parent) == best


@pytest.mark.parametrize("exists", [True, False])
def test_nothing_found_names_the_place_and_what_to_put_there(tmp_path: Path, exists: bool) -> None:
    place = tmp_path / "data"
    if exists:
        place.mkdir()
        (place / "fer2013new.csv").write_text("votes alone are no data set")
    with pytest.raises(DatasetNotFoundError, match=r"was not found in .*data\. Put fer2013\.csv there"):
        load_fer2013(place)


def test_several_tables_without_a_known_name_are_not_guessed_at(table: list[str], write: Write) -> None:
    write(table, "one.csv")
    file = write(table, "two.csv")
    with pytest.raises(DatasetError, match=r"several tables \(one\.csv, two\.csv\).*Rename"):
        load_fer2013(file.parent)


def test_progress_runs_from_the_start_to_one(
    table: list[str], write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fer_core.datasets.formats.csv_table._BLOCK_BYTES", 4096)
    parts: list[float] = []
    load_fer2013(write(table), progress=parts.append)
    assert len(parts) > 5
    assert parts == sorted(parts)
    assert 0 < parts[0] < 0.5
    assert parts[-1] == 1.0


def test_the_value_is_read_only_and_checks_itself(table: list[str], write: Write) -> None:
    dataset = load_fer2013(write(table))
    with pytest.raises(ValueError, match="read-only"):
        dataset.images_gray[0, 0, 0] = 1
    with pytest.raises(ValueError, match=r"emotions: .*Received: int64 \(5,\)"):
        Fer2013(
            dataset.images_gray, np.zeros(5, np.int64), dataset.usages, None, dataset.rows, Path("x"), "csv"
        )
    with pytest.raises(ValueError, match="codes 0 to 6"):
        Fer2013(
            dataset.images_gray, np.full(5, 7, np.int8), dataset.usages, None, dataset.rows, Path("x"), "csv"
        )


def test_importing_the_data_sets_stays_light() -> None:
    heavy = ("cv2", "PIL", "tensorflow", "keras", "pandas", "streamlit")
    code = f"import sys, fer_core.datasets.load; print([m for m in {heavy!r} if m in sys.modules])"
    root = str(places.PROJECT_DIR)
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

"""Bad tables: each kind of damage has its own sentence, with the row where there is one."""

from __future__ import annotations

import gzip
import io
import re
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from fer_core.datasets.formats import csv_table
from fer_core.datasets.formats.csv_table import PIXELS, pixels_at_once, read_table
from fer_core.errors import DatasetError

Write = Callable[..., Path]


def sentence_of(file: Path) -> str:
    """The error that reading this file gives, as a reader sees it."""
    with pytest.raises(DatasetError) as caught:
        read_table(file)
    sentence = str(caught.value)
    assert "{" not in sentence
    return sentence


def change(line: str, *, pixel: tuple[int, str] | None = None, drop: int = 0, add: int = 0) -> str:
    """A row with one pixel replaced, some dropped from its end, or some added."""
    emotion, pixels, usage = line.split(",")
    values = pixels.split(" ")
    if pixel is not None:
        values[pixel[0]] = pixel[1]
    values = values[: len(values) - drop] + ["7"] * add
    return f"{emotion},{' '.join(values)},{usage}"


@pytest.mark.parametrize("column", ["emotion", "pixels", "Usage"])
def test_a_missing_column_is_named(table: list[str], write: Write, column: str) -> None:
    table[0] = table[0].replace(column, "other")
    assert f"no column “{column}”" in sentence_of(write(table))


def test_a_web_page_saved_as_csv_is_shown_by_its_first_line(write: Write) -> None:
    sentence = sentence_of(write(["<!DOCTYPE html>", "<title>Kaggle: sign in</title>"]))
    assert "no column “emotion”" in sentence
    assert "<!DOCTYPE html>" in sentence


@pytest.mark.parametrize(
    ("drop", "add", "received"), [(1, 0, 2303), (0, 1, 2305), (2303, 0, 1), (2304, 0, 0)]
)
def test_another_number_of_pixels(table: list[str], write: Write, drop: int, add: int, received: int) -> None:
    table[3] = change(table[3], drop=drop, add=add)
    sentence = sentence_of(write(table))
    assert sentence.startswith(f"Row 2 of fer2013.csv (line 4) has {received} pixels")
    assert "2304 (48 × 48)" in sentence


def test_a_pixel_short_in_one_row_and_one_too_many_in_the_next_is_noticed(
    table: list[str], write: Write
) -> None:
    table[2] = change(table[2], drop=1)
    table[3] = change(table[3], add=1)
    assert sentence_of(write(table)).startswith("Row 1 of fer2013.csv (line 3) has 2303 pixels")


@pytest.mark.parametrize(
    "value", ["256", "300", "999", "1000", "-1", "12.0", "abc", "１２", "1e2", "99999999"]
)
@pytest.mark.parametrize("position", [0, 1000, 2303])
def test_a_pixel_that_is_not_a_number_from_0_to_255(
    table: list[str], write: Write, value: str, position: int
) -> None:
    table[5] = change(table[5], pixel=(position, value))
    assert sentence_of(write(table)).startswith(f"Row 4 of fer2013.csv (line 6) has the pixel “{value}”")


@pytest.mark.parametrize("value", ["7", "-1", "happy", "", "3.5", "7.0", "-0"])
def test_an_unknown_label(table: list[str], write: Write, value: str) -> None:
    table[2] = value + table[2][1:]
    assert sentence_of(write(table)).startswith(f"Row 1 of fer2013.csv (line 3) has the emotion “{value}”")


def test_a_label_of_5000_digits_is_a_sentence(table: list[str], write: Write) -> None:
    table[2] = "9" * 5000 + table[2][1:]
    assert "has the emotion “9999999999999999999…”" in sentence_of(write(table))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"], ids=repr)
@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"], ids=repr)
def test_a_table_that_was_saved_again_is_the_same(
    table: list[str], images_gray: np.ndarray, tmp_path: Path, delimiter: str, line_break: str
) -> None:
    rows = [line.split(",") for line in table]
    mark = "," if delimiter == ";" else "."
    rows = [rows[0], *([f"{emotion}{mark}0", f'"{pixels}"', usage] for emotion, pixels, usage in rows[1:])]
    text = line_break.join(
        [f"sep={delimiter}" * (delimiter == ";"), *(delimiter.join(row) for row in rows), ""]
    )
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"):
        file = tmp_path / "fer2013.csv"
        file.write_bytes(text.encode(encoding))
        images, emotions, usages = read_table(file)
        assert np.array_equal(images, images_gray), encoding
        assert emotions.tolist() == [0, 3, 6, 2, 5] and usages.tolist() == [0, 0, 0, 1, 2]


@pytest.mark.parametrize("value", ["Validation", "", "Train"])
def test_an_unknown_usage(table: list[str], write: Write, value: str) -> None:
    table[1] = table[1].rsplit(",", 1)[0] + "," + value
    assert sentence_of(write(table)).startswith(f"Row 0 of fer2013.csv (line 2) has the usage “{value}”")


def test_a_row_with_too_few_columns(table: list[str], write: Write) -> None:
    table[2] = table[2].rsplit(",", 1)[0]
    assert sentence_of(write(table)).startswith("Row 1 of fer2013.csv (line 3) has 2 columns instead of 3")


@pytest.mark.parametrize("cut", [1, 8, 12, 13, 2000, 8000])
def test_a_table_cut_off_in_its_last_row(table: list[str], write: Write, cut: int) -> None:
    file = write(table, end="")
    file.write_bytes(file.read_bytes()[:-cut])
    assert sentence_of(file).startswith("fer2013.csv ends in the middle of row 4 (line 6)")


@pytest.mark.parametrize("cut", [5, 3000])
def test_the_icml_variant_cut_off_in_its_last_row(table: list[str], write: Write, cut: int) -> None:
    lines = ["emotion, Usage, pixels"]
    for line in table[1:]:
        emotion, pixels, usage = line.split(",")
        lines.append(f"{emotion},{usage},{pixels}")
    file = write(lines, end="")
    file.write_bytes(file.read_bytes()[:-cut])
    assert sentence_of(file).startswith("fer2013.csv ends in the middle of row 4 (line 6)")


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "fer2013.csv"
    file.write_bytes(content)
    assert sentence_of(file) == "fer2013.csv is empty. Download it again."


@pytest.mark.parametrize("end", ["", "\n"])
def test_a_table_without_rows(write: Write, end: str) -> None:
    assert "column names but not a single row" in sentence_of(write(["emotion,pixels,Usage"], end=end))


def test_a_table_of_more_rows_than_anybody_has_is_not_read_to_its_end(
    table: list[str], write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_table, "_MOST_ROWS", 5)
    assert len(read_table(write(table))[0]) == 5
    assert sentence_of(write([*table, table[-1]])) == (
        "fer2013.csv has more than 5 rows; FER2013 has 35887. Download it again."
    )


def test_a_file_without_lines_is_not_read_into_memory_whole(tmp_path: Path) -> None:
    file = tmp_path / "fer2013.csv"
    file.write_bytes(b"x" * 4_000_000)
    assert "not a table with one row for each line" in sentence_of(file)


def test_a_zip_without_a_table(tmp_path: Path) -> None:
    file = tmp_path / "fer2013.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("train/happy/1.jpg", b"picture")
        archive.writestr("fer2013new.csv", b"votes")
    assert sentence_of(file).startswith("fer2013.zip holds no CSV table")
    with zipfile.ZipFile(file, "w"):
        pass
    assert sentence_of(file).startswith("fer2013.zip holds no CSV table")


def test_an_archive_with_several_tables(tmp_path: Path) -> None:
    file = tmp_path / "data.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("one.csv", b"")
        archive.writestr("two.csv", b"")
    assert sentence_of(file).startswith("data.zip holds several tables")


def test_an_empty_table_in_a_zip(tmp_path: Path) -> None:
    file = tmp_path / "fer2013.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("fer2013.csv", b"")
    assert sentence_of(file) == "fer2013.zip is empty. Download it again."


def test_a_zip_with_a_password(tmp_path: Path, table: list[str]) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("fer2013.csv", "\n".join(table))
    content = bytearray(buffer.getvalue())
    content[6] |= 1  # the flag "encrypted", in the entry and in the list at the end
    content[content.index(b"PK\x01\x02") + 8] |= 1
    file = tmp_path / "fer2013.zip"
    file.write_bytes(content)
    assert "packed in a way that Raut cannot open" in sentence_of(file)


@pytest.mark.parametrize("kept", [0.001, 0.3, 0.7, 0.999])
@pytest.mark.parametrize("form", ["zip", "tar.gz", "csv.gz", "tar"])
def test_an_archive_that_was_cut_off(tmp_path: Path, table: list[str], form: str, kept: float) -> None:
    content = "\n".join(table).encode()
    buffer = io.BytesIO()
    if form == "zip":
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("fer2013.csv", content)
    elif form == "csv.gz":
        buffer.write(gzip.compress(content))
    else:
        with tarfile.open(fileobj=buffer, mode="w:gz" if form == "tar.gz" else "w") as tar:
            info = tarfile.TarInfo("fer2013/fer2013.csv")
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    whole = buffer.getvalue()
    # A tar ends in up to 10 KiB of zeros: without them it is still complete.
    length = len(content) if form == "tar" else len(whole)
    file = tmp_path / f"fer2013.{form}"
    file.write_bytes(whole[: max(int(length * kept), 520 if form == "tar" else 20)])
    assert sentence_of(file) == f"fer2013.{form} is damaged or was cut off on the way. Download it again."


def test_a_zip_with_flipped_bits(tmp_path: Path, table: list[str]) -> None:
    file = tmp_path / "fer2013.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("fer2013.csv", "\n".join(table))
    content = bytearray(file.read_bytes())
    at = content.index(b",Training")
    content[at - 1] = ord("1") if content[at - 1] != ord("1") else ord("2")  # a digit for another digit
    file.write_bytes(content)
    assert sentence_of(file) == "fer2013.zip is damaged or was cut off on the way. Download it again."


def test_a_file_that_may_not_be_read(write: Write, table: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    file = write(table)

    def refuse(*_args: object, **_fields: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert sentence_of(file) == "fer2013.csv cannot be read (Permission denied)."


def test_the_fast_reader_agrees_with_int_on_every_value() -> None:
    values = np.random.default_rng(1).permutation(np.repeat(np.arange(256), 9))  # 9 x 256 = 2,304
    assert values.size == PIXELS
    rows = [" ".join(map(str, values)), " ".join(f"{value:03d}" for value in values[::-1])]
    block = pixels_at_once([row.encode() for row in rows])
    assert block is not None
    assert block.tolist() == [values.tolist(), values[::-1].tolist()]


@pytest.mark.parametrize(
    "row", ["", " ", "1", "1  " + "1 " * 2302 + "1", " " + "1 " * 2302 + "1", "0256 " * 2303 + "1"]
)
def test_the_fast_reader_leaves_what_is_out_of_the_ordinary_to_the_careful_one(row: str) -> None:
    good = " ".join(["17"] * PIXELS)
    assert pixels_at_once([good.encode(), row.encode()]) is None
    assert pixels_at_once([row.encode(), good.encode()]) is None


def test_a_row_with_unusual_spaces_is_still_read(
    table: list[str], write: Write, images_gray: np.ndarray
) -> None:
    emotion, pixels, usage = table[2].split(",")
    table[2] = f"{emotion},  {re.sub(' ', '   ', pixels, count=3)}  ,{usage}"
    pictures, emotions, _usages = read_table(write(table))
    assert np.array_equal(pictures, images_gray)
    assert emotions.tolist() == [0, 3, 6, 2, 5]

"""Tables as spreadsheets save them again: each is read as the one that it was."""

from __future__ import annotations

import codecs
import io

import pytest

from fer_core.csv_files import CsvError, read_csv, separator_line, utf8_blocks, whole_number

ROWS = [["file", "face"], ["a;b,c\t.jpg", "1"], ["表情 “x”.png", "2"]]
COLUMNS = ("file", "face")
BREAKS = ["\n", "\r\n", "\r"]


def saved(delimiter: str, line_break: str, first_line: str = "") -> str:
    rows = [[f'"{cell}"' if delimiter in cell else cell for cell in row] for row in ROWS]
    return first_line + line_break.join(delimiter.join(row) for row in rows) + line_break


def encodings(text: str) -> dict[str, bytes]:
    return {
        "utf-8": text.encode(),
        "utf-8 with mark": text.encode("utf-8-sig"),
        "two marks": codecs.BOM_UTF8 + text.encode("utf-8-sig"),
        "utf-16-le": text.encode("utf-16-le"),
        "utf-16-be": text.encode("utf-16-be"),
        "utf-16-le with mark": codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
        "utf-16-be with mark": codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
    }


@pytest.mark.parametrize("line_break", BREAKS, ids=repr)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"], ids=repr)
def test_every_delimiter_line_end_and_encoding_gives_the_same_rows(delimiter: str, line_break: str) -> None:
    for first_line in ("", f"sep={delimiter}{line_break}", f'"SEP={delimiter}"{line_break}', line_break):
        for encoding, content in encodings(saved(delimiter, line_break, first_line)).items():
            assert list(read_csv(content, COLUMNS)) == ROWS, (encoding, first_line)


def test_the_delimiter_is_the_one_that_gives_the_columns_and_not_the_most_frequent_one() -> None:
    text = 'file;"note, of, all, of, us";face\na.jpg;x;1\n'
    assert list(read_csv(text.encode(), COLUMNS))[1] == ["a.jpg", "x", "1"]


def test_names_of_columns_are_compared_without_case_quotes_and_spaces() -> None:
    assert next(read_csv(b'" File ", FACE ,x\n', COLUMNS)) == ["file", "face", "x"]


def test_another_delimiter_may_be_named_in_the_first_line() -> None:
    assert list(read_csv(b"sep=|\r\nfile|face\r\na,b|1\r\n", COLUMNS)) == [["file", "face"], ["a,b", "1"]]
    assert separator_line("sep=;;;") == ";"
    assert separator_line("sep=a") is separator_line("separator") is separator_line("sep=") is None


def test_empty_rows_count_as_rows_and_an_empty_table_has_none() -> None:
    assert list(read_csv(b"file,face\n\na,1\n", COLUMNS)) == [["file", "face"], [], ["a", "1"]]
    assert list(read_csv(b"", COLUMNS)) == list(read_csv(codecs.BOM_UTF8 + b"\r\n", COLUMNS)) == []


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe\x00", b"file,face\n\xe4.jpg,1\n", b'file,face\n"a', b'file,face\n"a"b,1\n', b"a" * 200_000,
     b"f\0i\0l\0e\0\n"],
)  # fmt: skip
def test_what_is_no_table_is_one_error(content: bytes) -> None:
    with pytest.raises(CsvError):
        list(read_csv(content, COLUMNS))


@pytest.mark.parametrize(
    ("cell", "number"),
    [("1", 1), (" 12 ", 12), ("1.0", 1), ("1,0", 1), ("1.", 1), ("3.00", 3), ("007", 7), ("0", 0), ("+4", 4),
     ("999999999", 999_999_999), ("1.5", None), ("1.000", None), ("1,000", None), ("-1", None), ("", None),
     ("x", None), ("²", None), ("１", None), ("1e3", None), ("nan", None), ("1\0", None), ("1000000000", None),
     ("9" * 5000, None), ("0" * 5000 + "1", None)],
)  # fmt: skip
def test_a_whole_number_is_one_however_it_is_written(cell: str, number: int | None) -> None:
    assert whole_number(cell) == number


@pytest.mark.parametrize("line_break", BREAKS, ids=repr)
@pytest.mark.parametrize("block_bytes", [8, 9, 10, 11, 20, 1 << 20])
def test_blocks_are_utf8_with_line_feeds_wherever_they_are_cut(line_break: str, block_bytes: int) -> None:
    text = saved(",", line_break)
    for encoding, content in encodings(text).items():
        blocks = list(utf8_blocks(io.BytesIO(content), block_bytes))
        joined = (
            b"".join(block for block, _size in blocks)
            .removeprefix(codecs.BOM_UTF8)
            .removeprefix(codecs.BOM_UTF8)
        )
        assert joined.decode() == (text.replace("\r", "\n") if line_break == "\r" else text), encoding
        assert sum(size for _block, size in blocks) == len(content)

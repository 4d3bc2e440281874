"""The CSV of FER2013, read in blocks: `emotion`, `pixels`, `Usage`, in any order.

83 million numbers are too many for Python's `int` and slow in `np.loadtxt`. A block of rows is turned
into numbers at once instead, byte by byte: a value ends where a space follows, and its digits are the
one, two or three bytes before. Whatever does not fit that picture goes through a slow and careful reader,
which either understands it or says what is wrong with which row.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from fer_core.csv_files import column_names, delimiter_of, separator_line, utf8_blocks, whole_number
from fer_core.datasets.fer2013 import IMAGE_SIDE, USAGES, Progress
from fer_core.datasets.formats.archives import open_table
from fer_core.datasets.splits import OFFICIAL_ROWS
from fer_core.errors import N_, DatasetError
from fer_core.labels import FER2013_LABELS

PIXELS = IMAGE_SIDE * IMAGE_SIDE
_BLOCK_BYTES = 1 << 20  # fits the processor's cache with its intermediate results; 4 MiB is a third slower
_LONGEST_LINE = 1 << 20  # a row has about 8,400 bytes; anything this long is no table at all
_MOST_ROWS = 200_000  # 0.5 GB of pictures; a packed table of 9 MB may hold 1.5 million
_COLUMN_NAMES = ("emotion", "pixels", "usage")
_CODES = {str(code).encode(): code for code in range(len(FER2013_LABELS))}
_USAGE_CODES = {usage.lower().encode(): code for code, usage in enumerate(USAGES)}


def read_table(path: Path, progress: Progress | None = None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Read FER2013's table from a CSV file or from an archive that holds one.

    Returns:
        images_gray uint8 (N, 48, 48), emotions int8 (N,), usages int8 (N,), in the order of the rows.

    Raises:
        DatasetError: one sentence for each thing that can be wrong, with the row number (from 0, as
            everywhere in Raut) and the line of the file.
    """
    with open_table(path) as table:
        reader = _TableReader(path.name)
        read_bytes = 0
        rest = b""
        for chunk, size in utf8_blocks(table.stream, _BLOCK_BYTES):
            read_bytes += size
            *lines, rest = (rest + chunk).split(b"\n")
            reader.add(lines)
            if len(rest) > _LONGEST_LINE:
                raise DatasetError(
                    N_("{file} is not a table with one row for each line. Download fer2013.csv again."),
                    file=path.name,
                )
            if progress and table.size_bytes:
                progress(min(read_bytes / table.size_bytes, 1.0))
        if rest.strip():
            reader.add([rest], is_last=True)
        return reader.finish()


@dataclass(frozen=True)
class _Columns:
    delimiter: bytes
    count: int
    emotion: int
    pixels: int
    usage: int


@dataclass
class _TableReader:
    file: str
    columns: _Columns | None = None
    delimiter: str | None = None  # where a line `sep=;` said so
    line: int = 0  # of the file, from 1, as an editor shows it
    rows: int = 0
    emotions: list[int] = field(default_factory=list)
    usages: list[int] = field(default_factory=list)
    blocks: list[np.ndarray] = field(default_factory=list)

    def add(self, lines: list[bytes], *, is_last: bool = False) -> None:
        """Take whole lines; `is_last`: the file's last one, which no line break ends."""
        pixel_fields: list[bytes] = []
        line_numbers: list[int] = []
        first_row = self.rows
        for text in lines:
            self.line += 1
            if self.columns is None:
                if text.strip(b"\xef\xbb\xbf\r "):
                    self._read_first_line(
                        text.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").strip("\r")
                    )
                continue
            if text in (b"", b"\r"):
                continue
            values = text.split(self.columns.delimiter)
            if len(values) != self.columns.count:
                raise self._wrong_columns(len(values), is_last)
            self.emotions.append(self._emotion(values[self.columns.emotion]))
            self.usages.append(self._usage(values[self.columns.usage], is_last))
            pixel_fields.append(_stripped(values[self.columns.pixels]))
            line_numbers.append(self.line)
            self.rows += 1
        if self.rows > _MOST_ROWS:
            raise DatasetError(
                N_("{file} has more than {limit} rows; FER2013 has {expected}. Download it again."),
                file=self.file, limit=_MOST_ROWS, expected=sum(OFFICIAL_ROWS),
            )  # fmt: skip
        if pixel_fields:
            block = pixels_at_once(pixel_fields)
            if block is None:
                block = self._pixels_one_by_one(pixel_fields, first_row, line_numbers, is_last)
            self.blocks.append(block)

    def finish(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        if self.columns is None:
            raise DatasetError(N_("{file} is empty. Download it again."), file=self.file)
        if not self.rows:
            raise DatasetError(
                N_("{file} has column names but not a single row. Download it again."), file=self.file
            )
        return (
            np.concatenate(self.blocks).reshape(-1, IMAGE_SIDE, IMAGE_SIDE),  # (N, 2304) -> (N, 48, 48)
            np.array(self.emotions, dtype=np.int8),
            np.array(self.usages, dtype=np.int8),
        )

    def _read_first_line(self, line: str) -> None:
        if self.delimiter is None and (separator := separator_line(line)) is not None:
            self.delimiter = separator
            return
        self.columns = _read_header(line, self.delimiter or delimiter_of(line, _COLUMN_NAMES), self.file)

    def _emotion(self, value: bytes) -> int:
        code = _CODES.get(_stripped(value))
        if code is None:
            code = whole_number(_stripped(value).decode("utf-8", "replace"))
        if code is None or code >= len(FER2013_LABELS):
            raise DatasetError(
                N_(
                    "Row {row} of {file} (line {line}) has the emotion “{value}”; FER2013 knows the codes "
                    "0 to 6. Download the file again."
                ),
                row=self.rows, file=self.file, line=self.line, value=_excerpt(value),
            )  # fmt: skip
        return code

    def _usage(self, value: bytes, is_last: bool) -> int:
        code = _USAGE_CODES.get(_stripped(value).lower())
        if code is None:
            if is_last and any(usage.startswith(_stripped(value).lower()) for usage in _USAGE_CODES):
                raise self._cut_off()
            raise DatasetError(
                N_(
                    "Row {row} of {file} (line {line}) has the usage “{value}”; FER2013 knows Training, "
                    "PublicTest and PrivateTest. Download the file again."
                ),
                row=self.rows, file=self.file, line=self.line, value=_excerpt(value),
            )  # fmt: skip
        return code

    def _pixels_one_by_one(
        self, pixel_fields: list[bytes], first_row: int, line_numbers: list[int], is_last: bool
    ) -> np.ndarray:
        block = np.empty((len(pixel_fields), PIXELS), dtype=np.uint8)
        for index, (text, line) in enumerate(zip(pixel_fields, line_numbers, strict=True)):
            row = first_row + index
            values = text.split()
            for value in values:
                if not value.isdigit() or len(value.lstrip(b"0")) > 3 or int(value) > 255:
                    raise DatasetError(
                        N_(
                            "Row {row} of {file} (line {line}) has the pixel “{value}”; pixels are whole "
                            "numbers from 0 to 255. Download the file again."
                        ),
                        row=row, file=self.file, line=line, value=_excerpt(value),
                    )  # fmt: skip
            if len(values) != PIXELS:
                if is_last and len(values) < PIXELS:
                    self.rows -= 1
                    raise self._cut_off()
                raise DatasetError(
                    N_(
                        "Row {row} of {file} (line {line}) has {received} pixels; a picture of FER2013 has "
                        "{expected} (48 × 48). Download the file again."
                    ),
                    row=row, file=self.file, line=line, received=len(values), expected=PIXELS,
                )  # fmt: skip
            block[index] = np.array([int(value) for value in values], dtype=np.uint8)
        return block

    def _wrong_columns(self, received: int, is_last: bool) -> DatasetError:
        assert self.columns is not None
        if is_last and received < self.columns.count:
            return self._cut_off()
        return DatasetError(
            N_(
                "Row {row} of {file} (line {line}) has {received} columns instead of {expected}. Download "
                "the file again."
            ),
            row=self.rows, file=self.file, line=self.line,
            received=received, expected=self.columns.count,
        )  # fmt: skip

    def _cut_off(self) -> DatasetError:
        return DatasetError(
            N_("{file} ends in the middle of row {row} (line {line}): it was cut off. Download it again."),
            row=self.rows, file=self.file, line=self.line,
        )  # fmt: skip


def pixels_at_once(pixel_fields: list[bytes]) -> np.ndarray | None:
    """Convert the pixel texts of many rows to grey values.

    Args:
        pixel_fields: for each row its numbers, one space between two of them.

    Returns:
        uint8 (rows, 2304), or None if anything is out of the ordinary, be it an error or a double space.
    """
    ends_at = np.cumsum([len(text) + 1 for text in pixel_fields])
    text = np.frombuffer(b" ".join(pixel_fields) + b" ", dtype=np.uint8)
    is_space = text == ord(" ")
    spaces_before = np.add.reduceat(is_space, np.r_[0, ends_at[:-1]], dtype=np.int64)
    if not (spaces_before == PIXELS).all():
        return None
    is_digit = ~is_space
    digits = (text - np.uint8(ord("0"))) * is_digit
    if digits.max() > 9 or is_space[0] or (is_space[1:] & is_space[:-1]).any():
        return None
    if (is_digit[3:] & is_digit[2:-1] & is_digit[1:-2] & is_digit[:-3]).any():  # four digits
        return None
    values = digits.astype(np.uint16)  # at each digit: the number that would end there
    values[1:] += digits[:-1] * np.uint16(10)
    values[2:] += (digits[:-2] * is_digit[1:-1]) * np.uint16(100)
    values = values[:-1][is_space[1:]]
    if values.max() > 255:
        return None
    return values.astype(np.uint8).reshape(len(pixel_fields), PIXELS)


def _read_header(line: str, delimiter: str, file: str) -> _Columns:
    names = column_names(line.split(delimiter))
    for name, column_name in zip(_COLUMN_NAMES, ("emotion", "pixels", "Usage"), strict=True):
        if name not in names:
            raise DatasetError(
                N_(
                    "{file} has no column “{column}”. Expected are the columns emotion, pixels and Usage; "
                    "its first line is “{found}”."
                ),
                file=file, column=column_name, found=_excerpt(line.encode("utf-8"), 60),
            )  # fmt: skip
    return _Columns(delimiter.encode(), len(names), *(names.index(name) for name in _COLUMN_NAMES))


def _stripped(value: bytes) -> bytes:
    """Without the quotes, spaces and line ends around it; some columns are called ` pixels`."""
    return value.strip(b' "\r\t')


def _excerpt(value: bytes, longest: int = 20) -> str:
    text = _stripped(value).decode("utf-8", errors="replace")
    return text if len(text) <= longest else text[: longest - 1] + "…"

"""Archives that say of themselves what is not so: a sentence, in little time and memory."""

from __future__ import annotations

import gzip
import io
import struct
import tarfile
import time
import zipfile
from pathlib import Path

import pytest

from fer_core.datasets.formats.archives import open_table
from fer_core.errors import DatasetError

CONTENT = b"emotion,pixels,Usage\n"
DAMAGED = "is damaged or was cut off"


def read(path: Path) -> bytes:
    with open_table(path) as table:
        return table.stream.read()


def member(name: str, size: int, kind: bytes = tarfile.REGTYPE) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.type = size, kind
    return info.tobuf(tarfile.GNU_FORMAT)


def zip_of(names: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in names.items():
            archive.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["tar", "tar.gz"])
@pytest.mark.parametrize("name", ["README", "fer2013.csv"])
def test_a_file_that_says_it_is_larger_than_the_tar_can_hold(
    tmp_path: Path, pack: type[bytes], name: str
) -> None:
    path = tmp_path / "fer2013.tar"
    path.write_bytes(pack(member(name, 2**62) + CONTENT.ljust(512, b"\0") + bytes(1024)))
    started = time.process_time()
    with pytest.raises(DatasetError, match=DAMAGED):
        read(path)
    assert time.process_time() - started < 2  # it was looked for beyond the end, for years


def test_thousands_of_long_names_without_a_file(tmp_path: Path) -> None:
    path = tmp_path / "fer2013.tar"
    path.write_bytes(
        (member("././@LongLink", 5, tarfile.GNUTYPE_LONGNAME) + b"name\0".ljust(512, b"\0")) * 3000
    )
    with pytest.raises(DatasetError, match=DAMAGED):
        read(path)


@pytest.mark.parametrize("kind", [tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE])
def test_a_name_of_megabytes_in_a_tar(tmp_path: Path, kind: bytes) -> None:
    size = 3 << 20
    path = tmp_path / "fer2013.tar.gz"
    table = member("fer2013.csv", len(CONTENT)) + CONTENT.ljust(512, b"\0")
    path.write_bytes(gzip.compress(member("long", size, kind) + b"x" * size + table + bytes(1024)))
    with pytest.raises(DatasetError, match=DAMAGED):
        read(path)


def test_an_entry_without_a_name_in_a_zip(tmp_path: Path) -> None:
    path = tmp_path / "fer2013.zip"
    path.write_bytes(zip_of({"x": b"", "fer2013.csv": CONTENT}).replace(b"x", b"\0"))
    assert read(path) == CONTENT


def test_a_zip_of_a_version_that_is_none(tmp_path: Path) -> None:
    content = bytearray(zip_of({"fer2013.csv": CONTENT}))
    struct.pack_into("<H", content, content.index(b"PK\x01\x02") + 6, 255)
    path = tmp_path / "fer2013.zip"
    path.write_bytes(content)
    with pytest.raises(DatasetError, match=DAMAGED):
        read(path)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_of_a_method_that_may_take_any_memory(tmp_path: Path, method: int) -> None:
    path = tmp_path / "fer2013.zip"
    path.write_bytes(zip_of({"fer2013.csv": CONTENT}, method))
    with pytest.raises(DatasetError, match="packed in a way that Raut cannot open"):
        read(path)

"""What a portion of many files says of those that still wait in the browser."""

from __future__ import annotations

import io
import zipfile

import pytest

from pages.photos.upload_portions import COMMENT, files_to_follow


def portion(comment: bytes) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.jpg", b"a picture")
        archive.comment = comment
    return file


def test_a_portion_says_how_many_files_follow() -> None:
    assert files_to_follow([portion(f"{COMMENT}4800".encode())]) == 4800
    assert files_to_follow([io.BytesIO(b"a photo"), portion(f"{COMMENT}0".encode())]) == 0


@pytest.mark.parametrize(
    "comment", [b"", b"of my own", f"{COMMENT}-5".encode(), f"{COMMENT}{10**12}".encode()]
)
def test_other_uploads_say_nothing(comment: bytes) -> None:
    assert files_to_follow([portion(comment)]) is None
    assert files_to_follow([io.BytesIO(comment)]) is None
    assert files_to_follow([]) is None

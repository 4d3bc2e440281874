"""Tables of ratings: what goes out comes back, and what is wrong is said."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from fer_core.evaluation.ratings import MOST_BYTES, RatingsError, ratings_csv, read_ratings
from fer_core.recognition.provenance import Provenance

WORDS = {"sad": "sad", "sedih": "sad", "happy": "happy", "unsure": "unsure"}


def read(text: str | bytes) -> dict[tuple[str, int], str]:
    return read_ratings(text if isinstance(text, bytes) else text.encode(), "ani.csv", WORDS)


def test_what_was_written_is_read_again_whatever_the_name() -> None:
    names = [
        "a.jpg",
        "=1+1.png",
        "x;=1;-2;'y.png",
        "＝1+1.png",
        "'=1.png",
        "it's;+.png",
        'komma, "quote".png',
        "wajah 😊 脸.png",
        "zwei\nzeilen.png",
    ]
    ratings = [(name, face, "sad") for name in names for face in (1, 2)]
    assert list(read(ratings_csv(ratings, Provenance(datetime.now(UTC)))).items()) == [
        ((name, face), code) for name, face, code in ratings
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_columns_may_stand_in_any_order_with_any_delimiter_and_others_beside_them(delimiter: str) -> None:
    text = "Rating,note,File,FACE\nSedih,x,a.jpg,2\n,,b.jpg,1\n\nhappy,,b.jpg,3\n".replace(",", delimiter)
    assert read(text) == {("a.jpg", 2): "sad", ("b.jpg", 3): "happy"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"], ids=repr)
def test_a_table_that_a_spreadsheet_saved_again_is_read(encoding: str, line_break: str) -> None:
    lines = ["sep=;", ' FILE ;"Face"; Rating', "wajah 😊.jpg;1,0;sedih", ";;", '"b;c.jpg";2.0;happy', ""]
    expected = {("wajah 😊.jpg", 1): "sad", ("b;c.jpg", 2): "happy"}
    assert read(line_break.join(lines).encode(encoding)) == expected
    assert read(line_break.join(lines[1:]).encode(encoding)) == expected


def test_a_table_over_the_limit_is_not_read() -> None:
    with pytest.raises(RatingsError, match=r"ani\.csv is too large for a table of ratings. At most 10 MB"):
        read(b"file,face,rating\n" + b"\n" * MOST_BYTES)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "lacks a column: file, face, rating"),
        (b"file,face\na,1\n", "lacks a column: rating"),
        (b"file,face,rating\n", "holds no rating"),
        (b"\xff\xfe\x00", "not a table"),
        (b'file,face,rating\n"a', "not a table"),
        (b"file,face,rating\na.jpg,1,joyful\n", "row 2: “joyful” is no expression. Possible are: sad, happy, unsure"),
        (b"file,face,rating\na.jpg,1,sad\na.jpg,x,sad\n", "row 3: a file and the number"),
        (b"file,face,rating\na.jpg,0,sad\n", "row 2: a file and the number"),
        (b"file,face,rating\n,1,sad\n", "row 2: a file and the number"),
        (b"file,face,rating\n\n\na,1.5,sad\n", "row 4: a file and the number"),
        (b"file,face,rating\na.jpg," + b"9" * 5000 + b",sad\n", "row 2: a file and the number"),
        (b"file,face,rating\na.jpg,1\0,sad\n", "row 2: a file and the number"),
        (b"file,face,rating\n" + b"a" * 200_000 + b",1,sad\n", "not a table"),
        (b"file,face,rating\na.jpg,1," + b"z" * 5000 + b"\n", "zz…” is no expression"),
        (b"file,face,rating\na.jpg,1,sad\na.jpg,1,happy\n", "row 3: face 1 of a.jpg has two different ratings"),
    ],
)  # fmt: skip
def test_a_wrong_table_says_what_is_wrong_and_where(content: bytes, sentence: str) -> None:
    with pytest.raises(RatingsError) as caught:
        read(content)
    assert sentence in str(caught.value)

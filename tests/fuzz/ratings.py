"""Tables of ratings as Raut writes them and as spreadsheets save them again."""

from __future__ import annotations

from datetime import UTC, datetime

from fer_core.errors import RautError
from fer_core.evaluation.ratings import ratings_csv, read_ratings
from fer_core.labels import FERPLUS_LABELS
from fer_core.recognition.provenance import Provenance
from tests.fuzz.mutations import structured
from tests.fuzz.texts import change_table

__all__ = ["corpus", "decode", "mutate"]

_WORDS = {**{label: label for label in FERPLUS_LABELS}, "senang": "happy", "unsure": "unsure"}
_ROWS = [
    ("a.jpg", 1, "happy"),
    ("a.jpg", 2, "sad"),
    ("=b.jpg", 1, "unsure"),
    ("scan.tif, page 2", 1, "neutral"),
]


def corpus() -> list[bytes]:
    """As it is written; with semicolons, tabs, quotes, other ends of lines, columns in another order, further ones."""
    own = ratings_csv(_ROWS, Provenance(datetime(2026, 11, 24, tzinfo=UTC)))
    text = "file;face;rating;note\r\na.jpg;1;happy;sure\r\nb.jpg;1;Senang;\r\n"
    return [
        own,
        text.encode(),
        text.replace(";", "\t").encode("utf-8-sig"),
        text.replace(";", ",").replace("\r\n", "\n").encode(),
        b'"rating","file","face"\n"happy","a, b.jpg","1"\n"sad","c ""d"".jpg","2"\n',
        b"File,Face,Rating\n\n a.jpg , 1 , HAPPY \nb.jpg,1,\n",
    ]


REFUSED = 0
"""So many whole files, the last ones, are refused with a sentence."""


def decode(content: bytes) -> bool:
    """Whether it is read; False where a sentence says why not."""
    try:
        ratings = read_ratings(content, "damaged.csv", _WORDS)
    except RautError as error:
        assert str(error)
        return False
    assert ratings and all(
        file and face > 0 and code in _WORDS.values() for (file, face), code in ratings.items()
    )
    return True


def mutate(originals: list[bytes], seed: int, index: int) -> bytes:
    """Damage to cells, rows, separators and encodings."""
    return structured(change_table, originals, seed, index)

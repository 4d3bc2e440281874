"""Journals of runs that were interrupted, read as `--resume` does."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from fer_core import __version__
from fer_core.batch.journal import Journal
from fer_core.batch.tables import write_text
from fer_core.batch.work import PhotoRows, Settings
from fer_core.errors import RautError
from fer_core.faces.search import photo_search
from fer_core.photos.table import photo_columns
from fer_core.recognition.provenance import search_provenance
from fer_core.recognition.table import VERSION_COLUMN, Row
from fer_core.store.folder import find_network
from tests.fuzz.mutations import structured
from tests.fuzz.texts import change_json

__all__ = ["corpus", "decode", "mutate"]

_SETTINGS = Settings("raut", "ab12", photo_search())
_LABELS = find_network("raut").labels
_SOURCE = search_provenance(datetime(2026, 11, 24, tzinfo=UTC), find_network("raut"), photo_search())
_KEYS = tuple((f"photos/{number}.jpg", 1000 + number, 10**18) for number in range(6))


def journal(photos: int) -> bytes:
    """What a run has written after so many photos: the first with a face, the second without, the third unread."""
    header = asdict(_SETTINGS)
    del header["threads"]
    lines: list[object] = [header]
    for number in range(photos):
        file = _KEYS[number][0]
        row: Row = dict.fromkeys(photo_columns(_LABELS), "")  # type: ignore[arg-type]
        row |= {VERSION_COLUMN: __version__, "file": file, "status": ("ok", "no_face", "error")[number % 3]}
        if number % 3 == 0:
            row |= {"face": 1, "x": 3, "y": 4, "width": 50, "height": 60, "label": "happy", "happy": 0.9}
        error = "This file is empty." if number % 3 == 2 else None
        lines.append({"key": _KEYS[number], **PhotoRows(file, [row], error).as_dict()})
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


def corpus() -> list[bytes]:
    """One line, several, none behind the header, and one that was cut off while it was written."""
    return [journal(1), journal(6), journal(0), journal(4)[:-40], b""]


def decode(content: bytes) -> bool:
    """Whether the run goes on to a whole table; False where a sentence says why not."""
    with TemporaryDirectory() as name:
        path = Path(name) / "table.csv.part"
        path.write_bytes(content)
        try:
            with Journal(path, _SETTINGS, resume=True) as run:
                keys = [key for key in _KEYS if key in run]
                for form in ("csv", "json"):
                    with (Path(name) / form).open("w", newline="", encoding="utf-8") as stream:
                        write_text(run.photos(keys), _LABELS, stream, form, _SOURCE)
                run.add(("photos/new.jpg", 1, 2), PhotoRows("photos/new.jpg", [], "This file is empty."))
            with Journal(path, _SETTINGS, resume=True) as again:
                assert ("photos/new.jpg", 1, 2) in again
        except RautError as error:
            assert str(error)
            return False
    return True


def mutate(originals: list[bytes], seed: int, index: int) -> bytes:
    """Damage to a value of one line, or to the text around it."""
    return structured(change_json, originals, seed, index)

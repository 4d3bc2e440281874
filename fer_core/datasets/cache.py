"""What was read from FER2013, kept in one file that loads in a fraction of a second.

The cache is only ever a shortcut: it may be deleted, damaged or impossible to write, and reading goes on.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from fer_core import places
from fer_core.datasets.fer2013 import Fer2013
from fer_core.files import replaced_whole

if TYPE_CHECKING:
    from fer_core.datasets.formats.folders import Picture

FORMAT_VERSION = 1
"""Raise it when what is read, or how it is stored, changes."""

_log = logging.getLogger(__name__)


def cache_file(cache_dir: Path | None, source: Path) -> Path:
    """Return the path of the cache file: one for each place that FER2013 was read from, so that two copies do not evict each other."""
    digest = hashlib.sha256(str(source.resolve()).encode()).hexdigest()[:12]
    return (places.cache_dir() if cache_dir is None else Path(cache_dir)) / f"fer2013-{digest}.npz"


def signature(source: Path, pictures: Sequence[Picture], votes_file: Path | None) -> str:
    """Describe what the cache must have been made from: places, sizes, times of change, and the format."""
    parts: dict[str, object] = {"format": FORMAT_VERSION, "source": str(source.resolve())}
    if source.is_dir():
        listing = hashlib.sha256()
        for picture in pictures:
            listing.update(f"{picture.path}|{picture.size_bytes}|{picture.changed_ns}\n".encode())
        parts["pictures"] = listing.hexdigest()
    else:
        parts["table"] = _stamp(source)
    parts["votes"] = _stamp(votes_file) if votes_file else None
    return json.dumps(parts, sort_keys=True)


def quick_signature(source: Path, folders: Sequence[str], votes_file: Path | None) -> str:
    """As `signature`, in under a millisecond also for folders: of these it has the times and not each picture's.

    A picture that is written over in its place is not noticed, one that comes, goes or gets another name is.
    """
    made_from = [Path(folder) for folder in folders] if source.is_dir() else [source]
    if votes_file:
        made_from.append(votes_file)
    return json.dumps([_stamp(place) for place in made_from])


def load(file: Path, expected_signature: str, source: Path) -> Fer2013 | None:
    """Load the data set from the cache; None if there is none, an outdated or a damaged one."""
    try:
        with np.load(file) as arrays:  # checks the sums of all it reads
            if str(arrays["signature"]) != expected_signature:
                return None
            votes = arrays["votes"]
            return Fer2013(
                images_gray=arrays["images_gray"],
                emotions=arrays["emotions"],
                usages=arrays["usages"],
                votes=votes if len(votes) else None,
                rows=arrays["rows"],
                source=source,
                form=str(arrays["form"]),
            )
    except FileNotFoundError:
        return None
    except Exception as error:  # noqa: BLE001 - damage shows in a dozen ways, and none may stop a reader
        _log.warning("The cache %s cannot be used and is made anew: %s", file, error)
        return None


def save(file: Path, source_signature: str, dataset: Fer2013) -> bool:
    """Write the cache beside its place and move it there, so that no one ever reads half a file.

    Returns:
        False where it could not be written, which is logged.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with replaced_whole(file) as stream:
            np.savez(
                stream,
                signature=np.array(source_signature),
                form=np.array(dataset.form),
                images_gray=dataset.images_gray,
                emotions=dataset.emotions,
                usages=dataset.usages,
                votes=np.empty((0, 10), np.uint8) if dataset.votes is None else dataset.votes,
                rows=dataset.rows,
            )
        return True
    except OSError as error:
        _log.warning("The cache %s cannot be written; FER2013 is read anew next time: %s", file, error)
        return False


def _stamp(file: Path) -> list[object]:
    facts = file.stat()
    return [str(file.resolve()), facts.st_size, facts.st_mtime_ns]

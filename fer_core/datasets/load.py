"""FER2013 from whichever form is there, through the cache."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from fer_core.datasets.fer2013 import Fer2013, Progress
from fer_core.datasets.find import find_fer2013, find_ferplus
from fer_core.errors import N_, DatasetError


def fer2013_signature(where: Path | None = None) -> str:
    """What `load_fer2013` would read now: another text once table, folders or votes have changed.

    Quick enough for every run of a page.

    Args:
        where: as for `find_fer2013`.

    Raises:
        DatasetNotFoundError: nothing there looks like FER2013.
        DatasetError: it is there but cannot be read.
    """
    from fer_core.datasets import cache
    from fer_core.datasets.formats import folders

    source = find_fer2013(where)
    is_folder = source.is_dir()
    below = folders.picture_folders(source) if is_folder else []
    votes_file = None if is_folder else find_ferplus(source, where)
    with _readable(source):
        return cache.quick_signature(source, below, votes_file)


@contextmanager
def _readable(source: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DatasetError(
            N_("{file} cannot be read ({reason})."), file=source.name, reason=error.strerror or error
        ) from error


def load_fer2013(
    where: Path | None = None, *, cache_dir: Path | None = None, progress: Progress | None = None
) -> Fer2013:
    """Read FER2013, and the votes of FER+ where `fer2013new.csv` lies beside it.

    What was read is kept in a cache file and taken from there as long as the source does not change.

    Args:
        where: as for `find_fer2013`.
        cache_dir: folder of the cache file; None: `$RAUT_CACHE_DIR`, else `.cache/` of the project.
        progress: called with the part that is done, 0 to 1.

    Raises:
        DatasetNotFoundError: nothing there looks like FER2013.
        DatasetError: it is there but cannot be read; the sentence names the row or the file.
    """
    from fer_core.datasets import cache
    from fer_core.datasets.formats import csv_table, ferplus, folders

    source = find_fer2013(where)
    is_folder = source.is_dir()
    pictures = folders.list_pictures(source) if is_folder else []
    votes_file = None if is_folder else find_ferplus(source, where)
    with _readable(source):
        signature = cache.signature(source, pictures, votes_file)
    cache_file = cache.cache_file(cache_dir, source)

    dataset = cache.load(cache_file, signature, source)
    if dataset is None:
        if is_folder:
            images_gray, emotions, usages = folders.read_pictures(source, pictures, progress)
            votes = None  # file names do not tell the row of the table, which FER+ goes by
        else:
            images_gray, emotions, usages = csv_table.read_table(source, progress)
            votes = ferplus.read_ferplus(votes_file, len(emotions), usages) if votes_file else None
        dataset = Fer2013(
            images_gray=images_gray,
            emotions=emotions,
            usages=usages,
            votes=votes,
            rows=np.arange(len(emotions), dtype=np.int64),
            source=source,
            form="folders" if is_folder else "csv",
        )
        cache.save(cache_file, signature, dataset)
    if progress:
        progress(1.0)
    return dataset

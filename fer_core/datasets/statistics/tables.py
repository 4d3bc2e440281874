"""The table of rows of the data set at hand, once for all that ask."""

from __future__ import annotations

import threading
from typing import Final
from weakref import WeakKeyDictionary

from fer_core.datasets.fer2013 import Fer2013
from fer_core.datasets.rows import RowTable
from fer_core.datasets.statistics.computed import rows_of
from fer_core.datasets.statistics.shipped import is_shipped_set, shipped_rows

_TABLES: Final[WeakKeyDictionary[Fer2013, RowTable]] = WeakKeyDictionary()
_LOCK: Final = threading.Lock()


def table_of(dataset: Fer2013) -> RowTable:
    """The table of the same rows as the data set's; of FER2013 itself the one that ships, with its votes.

    The first call for a data set takes 0.1 s for FER2013 and some seconds for another set. Thread-safe.

    Raises:
        DatasetError: the table that ships is missing or damaged.
    """
    with _LOCK:
        table = _TABLES.get(dataset)
        if table is None:
            table = shipped_rows() if is_shipped_set(dataset) else rows_of(dataset)
            _TABLES[dataset] = table
        return table


def known_table(dataset: Fer2013) -> RowTable | None:
    """The same where somebody asked for it before; else None, without waiting."""
    return _TABLES.get(dataset)

"""A data set that was audited: its rows, what was found, where it came from, and what it takes to find it again."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import Any, Final

import numpy as np

from fer_core import __version__
from fer_core.audit.findings import Findings, findings_of
from fer_core.datasets.fer2013 import Fer2013
from fer_core.datasets.near_duplicates import SimilarPairs, near_groups, similar_pairs
from fer_core.datasets.rows import RowTable
from fer_core.datasets.statistics.computed import rows_of
from fer_core.datasets.statistics.shipped import checksums, is_shipped_set, shipped_rows, shipped_statistics
from fer_core.machine import versions_of
from fer_core.store.folder import list_measured

FER2013_NAME: Final = "FER2013"
_PACKAGES: Final = ("numpy", "opencv-python-headless", "scikit-image")
"""Those that read the pictures and measure them."""


@dataclass(frozen=True, eq=False)
class Audited:
    """A data set and what an audit of it goes by.

    Attributes:
        table: one row a picture.
        name: of the set: "FER2013" where it is that one, else that of its file or folder.
        form: "csv" or "folders"; "" for the statistics that ship, where no data set is at hand.
        is_fer2013: whether pixels, labels and splits are those of the FER2013 that the shipped statistics were made from.
        checksums: "pixels", "labels", "splits" and "votes" to the SHA-256 of the array.
        made: when, with its zone: set by the caller, so that the same input makes the same file.
        made_from: part of the shipped statistics to what it was made from; empty where none of them was used.
        files: name of each picture's file below the folder; empty for a table.
        network_names: id of each network of the table to its name in English.
        versions: package to its version.
        raut_version: of Raut.
    """

    table: RowTable
    name: str
    form: str
    is_fer2013: bool
    checksums: Mapping[str, str]
    made: datetime
    made_from: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    network_names: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    raut_version: str = __version__

    def __post_init__(self) -> None:
        if self.made.tzinfo is None:
            raise ValueError(f"Expected a time with its zone. Received: {self.made!r}")
        if self.files and len(self.files) != len(self.table):
            raise ValueError(f"files: expected {len(self.table)}. Received: {len(self.files)}")

    @cached_property
    def findings(self) -> Findings:
        """What was found."""
        return findings_of(self.table)

    @property
    def date(self) -> str:
        """The day of the audit, as 2026-11-28."""
        return self.made.date().isoformat()


def audited_set(dataset: Fer2013 | None, made: datetime, table: RowTable | None = None) -> Audited:
    """Audit a data set; FER2013 has the statistics that ship, of another set what can be worked out is.

    Near duplicates of another set are looked for here, some ten seconds for one as large as FER2013.

    Args:
        dataset: to audit; None for FER2013 as its statistics have it, without the pictures.
        made: when, with its zone.
        table: of the data set, where it was worked out before.

    Raises:
        DatasetError: the folder of the set cannot be read any more, or the statistics that ship are damaged.
    """
    is_fer2013 = dataset is None or is_shipped_set(dataset)
    if table is None:
        table = shipped_rows() if dataset is None or is_fer2013 else rows_of(dataset)
    if dataset is not None and not table.has("near_group"):
        pairs = _pairs_in_any_order(dataset.images_gray)
        table = table.with_columns({"near_group": near_groups(pairs, table.values("duplicate_group"))})
    facts = shipped_statistics() if is_fer2013 else {}
    shipped = {
        name: text for name, text in facts.get("rows", {}).get("made_from", {}).items() if name != "rows"
    }
    names = {info.id: info.name for info in list_measured()}
    return Audited(
        table=table,
        name=FER2013_NAME if dataset is None or is_fer2013 else dataset.source.name,
        form=dataset.form if dataset else "",
        is_fer2013=is_fer2013,
        checksums=checksums(dataset) if dataset else shipped,
        made=made,
        made_from=facts,
        files=files_of(dataset) if dataset else (),
        network_names={network: names.get(network, network) for network in table.networks},
        versions=versions_of(_PACKAGES),
    )


def _pairs_in_any_order(images_gray: np.ndarray) -> SimilarPairs:
    """The similar pairs, whichever way the rows are numbered: which picture of a pair comes first plays a part in it."""
    order = np.argsort([sha256(image).digest() for image in images_gray], kind="stable").astype(np.int32)
    pairs = similar_pairs(images_gray[order])
    return dataclasses.replace(pairs, first=order[pairs.first], second=order[pairs.second])


def files_of(dataset: Fer2013) -> tuple[str, ...]:
    """Return the name of each picture's file below the folder of the data set, with `/`; () for a table.

    Raises:
        DatasetError: the folder cannot be read any more.
    """
    if dataset.form != "folders":
        return ()
    from fer_core.datasets.formats.folders import list_pictures

    return tuple(
        os.path.relpath(picture.path, dataset.source).replace(os.sep, "/")
        for picture in list_pictures(dataset.source)
    )

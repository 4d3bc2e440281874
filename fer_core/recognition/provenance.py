"""Where the numbers of a file come from, so that it can be cited and made again, and what the file is called."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Final

from fer_core import __version__
from fer_core.csv_files import harmless_cell
from fer_core.faces.search import FaceSearch
from fer_core.labels import TASK_LABELS
from fer_core.recognition.answers import Answerer
from fer_core.recognition.table import VERSION_COLUMN
from fer_core.store.record import LITERT_FILE

Setting = str | int | float | bool | None
"""What a setting may be; None is one that is not in use."""

PROVENANCE_COLUMNS: Final = (VERSION_COLUMN, "network", "network_sha256", "detector", "settings", "date")
"""Columns of a table of faces that say where its rows come from."""

LONGEST_NAME: Final = 100
"""Characters of what a download holds, in its name."""


@dataclass(frozen=True)
class Provenance:
    """Everything that it takes to make the numbers of a file again, and when they were made.

    Raises:
        ValueError: the time has no zone.
    """

    made: datetime
    """When, with its zone."""
    network: Answerer | None = None
    """The network that read the faces; None for a file without answers of one."""
    detector: str = ""
    """What found the faces; "" for a file without faces that were looked for."""
    settings: Mapping[str, Setting] = field(default_factory=dict)
    """Name of each setting that changes numbers to its value, in English codes."""
    raut_version: str = __version__
    """Version of Raut that made the numbers."""

    def __post_init__(self) -> None:
        if self.made.tzinfo is None:
            raise ValueError(f"Expected a time with its zone. Received: {self.made!r}")

    @property
    def checksum(self) -> str:
        """SHA-256 of what answers, in hexadecimal; "" without a network, or where it is unknown."""
        return (self.network.checksum or "") if self.network else ""

    @property
    def date(self) -> str:
        """The day on which it was made, as 2026-11-24."""
        return self.made.date().isoformat()

    @property
    def time(self) -> str:
        """Day and time with the zone, as 2026-11-24T14:05:09+07:00."""
        return self.made.isoformat(timespec="seconds")

    @property
    def settings_text(self) -> str:
        """All settings in one cell: "effort=normal; neighbours=4"."""
        return "; ".join(f"{name}={'' if value is None else value}" for name, value in self.settings.items())

    def cells(self) -> dict[str, str]:
        """Return one cell for each of `PROVENANCE_COLUMNS`, "" where there is nothing to say; safe in a spreadsheet."""
        values = (
            self.raut_version,
            self.network.id if self.network else "",
            self.checksum,
            self.detector,
            self.settings_text,
            self.time,
        )
        return {
            column: harmless_cell(value) for column, value in zip(PROVENANCE_COLUMNS, values, strict=True)
        }

    def known_cells(self) -> dict[str, str]:
        """Return the cells that say something: of a table without faces, version and date."""
        return {column: cell for column, cell in self.cells().items() if cell}

    def as_dict(self) -> dict[str, object]:
        """Return it as plain values with English codes, ready for JSON; null where there is nothing to say."""
        network = self.network
        return {
            VERSION_COLUMN: self.raut_version,
            "date": self.time,
            "network": None
            if network is None
            else {
                "id": network.id,
                "name": network.name,
                "task": network.task,
                "labels": list(network.labels),
                "parameters": network.parameters,
                "file": LITERT_FILE if network.task in TASK_LABELS else None,
                "sha256": self.checksum or None,
            },
            "detector": self.detector or None,
            "settings": dict(self.settings),
        }

    def file_name(self, what: str, ending: str) -> str:
        """Return the name of a download with these numbers; see `download_name`."""
        return download_name(what, ending, self.made.date())


def local_now() -> datetime:
    """Return the time now, in the zone of this computer."""
    return datetime.now().astimezone()


def detector_name(search: FaceSearch) -> str:
    """Return what looks for faces, in one cell: "Haar cascade frontalface_alt2 + BlazeFace back"."""
    names = []
    if search.uses_haar:
        names.append(f"Haar cascade frontalface_{search.haar.cascade}")
    if search.uses_blazeface:
        names.append(f"BlazeFace {search.blazeface.model}")
    return " + ".join(names)


def search_provenance(
    made: datetime,
    network: Answerer,
    search: FaceSearch,
    further: Mapping[str, Setting] | None = None,
) -> Provenance:
    """Return where the numbers of faces come from that detectors found and a network read.

    Args:
        made: when, with its zone.
        network: that read the faces.
        search: how faces were looked for; the name of its grade comes first, where it has one. Settings of a detector
            that took no part are left out.
        further: settings beside those of the search, such as frames a second.
    """
    values: dict[str, Setting] = {}
    if search.effort:
        values["effort"] = search.effort
    if search.uses_haar:
        haar = asdict(search.haar)
        del haar["cascade"]  # the detector's name has it, as that of the network below
        values |= haar
    if search.uses_blazeface:
        blazeface = asdict(search.blazeface)
        del blazeface["model"]
        values |= {f"blazeface_{name}": value for name, value in blazeface.items()}
        values["upright_from_degrees"] = search.upright_from_degrees
    return Provenance(
        made,
        network,
        detector=detector_name(search),
        settings={**values, **(further or {})},
    )


def download_name(what: str, ending: str, day: date) -> str:
    """Return the name of a file that people take home: `raut-<what>-<YYYY-MM-DD>.<ending>`.

    Args:
        what: it holds, in English or after a file of the reader's: letters and digits of any script stay, and
            everything between them becomes a hyphen. A "raut-" at its beginning is not said twice.
        ending: without a dot.
        day: on which it was made.
    """
    words = re.sub(r"[^\w]+", "-", what).strip("-_").removeprefix("raut-")
    words = words[:LONGEST_NAME].strip("-_")
    return f"raut-{words or 'file'}-{day.isoformat()}.{ending}"

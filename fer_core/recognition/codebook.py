"""The codebook of a table to take home: what each of its columns means, one row a column."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import astuple, dataclass, fields
from typing import Final

from fer_core.csv_files import harmless_cell
from fer_core.errors import N_
from fer_core.recognition.provenance import Provenance
from fer_core.recognition.table import VERSION_COLUMN

TYPES: Final = {
    "class": N_("one of the values"), "flag": N_("yes or no"), "whole": N_("whole number"), "measure": N_("number"),
}  # fmt: skip
"""What a column holds, in words."""

_OF_THE_SOURCE: Final = {
    VERSION_COLUMN: N_("Version of Raut that wrote the table."),
    "network": N_("The network that answered, by its name in the folder models/."),
    "network_sha256": N_("SHA-256 of the file of that network."),
    "detector": N_("What found the faces, with the detector's model."),
    "date": N_("When the table was written."),
}


@dataclass(frozen=True)
class ExplainedColumn:
    """What a codebook says of one column, all in the reader's language but codes.

    Attributes:
        column: its heading in the table.
        name: how people call it; "" for none.
        meaning: one sentence or several.
        type: of `TYPES`, translated; "" for free text.
        unit: "" for none.
        values: the codes that it may hold, separated by commas; "" where they cannot be listed.
        missing: what stands where nothing is known; "" also for an empty cell.
        source: what it was made from, such as the checksum of a network.
    """

    column: str
    name: str
    meaning: str
    type: str = ""
    unit: str = ""
    values: str = ""
    missing: str = ""
    source: str = ""


CODEBOOK_COLUMNS: Final = tuple(each.name for each in fields(ExplainedColumn))


def codebook_csv(
    columns: Iterable[ExplainedColumn],
    provenance: Provenance,
    settings: str,
    say: Callable[[str], str] = str,
) -> bytes:
    """Write it.

    Args:
        columns: of the table, in their order, without those of its provenance.
        provenance: of the table; its columns are explained last.
        settings: what the settings of the provenance say, a text of the catalogue.
        say: translates a text of the catalogue; left out: English.

    Returns:
        CSV in UTF-8 with the mark by which Excel knows it.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    source = provenance.known_cells()
    writer.writerow([*CODEBOOK_COLUMNS, *source])
    meanings = {**_OF_THE_SOURCE, "settings": settings}
    own = (ExplainedColumn(name, "", say(meanings[name])) for name in source)
    for each in (*columns, *own):
        writer.writerow([*map(harmless_cell, astuple(each)), *source.values()])
    return text.getvalue().encode("utf-8-sig")

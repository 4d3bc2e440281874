"""What each column of a `RowTable` means: filters, orders, tables to take home and their codebook all go by these."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from fer_core.datasets.fer2013 import USAGES
from fer_core.datasets.votes import VOTE_COLUMNS
from fer_core.errors import N_
from fer_core.labels import FER2013_LABELS, FERPLUS_LABELS

Kind = Literal["class", "flag", "whole", "measure"]
"""One of a few codes; yes or no; a whole number; a measured one."""

Needs = Literal["labels", "pictures", "votes", "networks", "detectors", "near_duplicates", "doubt"]
"""What a column is made from."""

NONE: Final = "none"
"""Code of a class that is not there, such as the majority of a picture without votes."""

SPLIT_CODES: Final = (*USAGES, "Test")
"""In the order of the column `split`; "Test": of folders that do not say which of the two test sets."""

VOTE_CODES: Final = (*FERPLUS_LABELS, *VOTE_COLUMNS[len(FERPLUS_LABELS) :])
"""In the order of the columns `vote` and `votes`: the expressions of FER+, then "unknown" and "NF" (not a face)."""

FLAG_CODES: Final = ("no", "yes")
RIGHT_CODES: Final = ("wrong", "right")

PREDICTED, CERTAINTY, RIGHT = "predicted", "certainty", "right"
"""Columns of each network: `predicted:raut`, `certainty:raut`, and `right:raut`, which follows from the first."""


@dataclass(frozen=True)
class Column:
    """What one column of a `RowTable` holds."""

    id: str
    """As programs and addresses name it; of a network's columns followed by ":" and its id."""
    name: str
    """A few words in English, a key of the catalogue; of a network's columns without the network."""
    meaning: str
    """A sentence in English, a key of the catalogue."""
    kind: Kind
    dtype: str
    """Of the array, as NumPy names it; shape (N,), of `votes` (N, 10)."""
    needs: Needs
    unit: str = ""
    """In English, a key of the catalogue; "" for codes and for what has none."""
    codes: tuple[str, ...] = ()
    """Of a class or a flag, by the number that stands for it; -1 is `NONE`. Empty for numbers, and for `predicted`, whose
    codes are its network's: `RowTable.codes` knows them."""

    @property
    def network(self) -> str:
        """Id of the network that the column is of; "" for any other column."""
        return self.id.partition(":")[2]


COLUMNS: Final[dict[str, Column]] = {
    column.id: column
    for column in (
        Column("row", N_("Row"), N_("Row number of fer2013.csv, the first picture being row 0; of folders the number in the order in which they are read."),
               "whole", "int32", "labels"),
        Column("split", N_("Split"), N_("The official set that the picture belongs to."), "class", "int8", "labels",
               codes=SPLIT_CODES),
        Column("label", N_("Label"), N_("The label of FER2013."), "class", "int8", "labels", codes=FER2013_LABELS),
        Column("vote", N_("FER+ majority"), N_("What most of the ten annotators of FER+ chose; of a tie the first in the order of its file."),
               "class", "int8", "votes", codes=VOTE_CODES),
        Column("agreement", N_("Agreement of the votes"), N_("How many annotators chose what most of them chose."), "whole", "uint8", "votes", N_("of ten votes")),
        Column("entropy", N_("Entropy of the votes"), N_("Entropy of the ten votes over all ten choices: 0 where all agree, at most 3.32."),
               "measure", "float32", "votes", N_("bits")),
        Column("votes", N_("Votes"), N_("How many of ten annotators of FER+ chose each expression, “unknown” or “not a face” (NF)."),
               "whole", "uint8", "votes", N_("votes")),
        Column("not_a_face", N_("Not a face"), N_("Whether “not a face” has the most votes."), "flag", "bool", "votes", codes=FLAG_CODES),
        Column("duplicates", N_("Copies"), N_("How many pictures are the same in every pixel, this one included: 1 for a picture without a duplicate."),
               "whole", "int16", "pictures", N_("pictures")),
        Column("duplicate_group", N_("Group of duplicates"), N_("Number of the group of exact duplicates, counted from 0 in the order of their first rows (-1: no duplicate)."),
               "whole", "int32", "pictures"),
        Column("near_group", N_("Group of near duplicates"), N_("Number of the group of near and exact duplicates, counted from 0 in the order of their first rows (-1: none)."),
               "whole", "int32", "near_duplicates"),
        Column("leaked", N_("Leak"), N_("Whether a picture of a test set has an exact or near duplicate in Training."), "flag", "bool", "pictures",
               codes=FLAG_CODES),
        Column("doubt", N_("Doubt about the label"), N_("How much speaks against the label, 0 to 1, by networks that did not learn from the picture: 1 for a label that is surely wrong."),
               "measure", "float32", "doubt"),
        Column("undetected", N_("No face found"), N_("Whether neither the Haar cascade nor BlazeFace finds a face when the picture has room around it."), "flag", "bool", "detectors",
               codes=FLAG_CODES),
        Column("brightness", N_("Brightness"), N_("Mean of the grey levels, 0 to 255."), "measure", "float32", "pictures", N_("grey levels")),
        Column("contrast", N_("Contrast"), N_("Standard deviation of the grey levels."), "measure", "float32", "pictures", N_("grey levels")),
        Column("sharpness", N_("Sharpness"), N_("Standard deviation of the Laplacian of Gaussian over that of the grey levels; 0 for an even picture."),
               "measure", "float32", "pictures"),
    )
}  # fmt: skip
"""Every column by its id, in the order of tables; those of the networks come behind them: see `column`."""

NETWORK_COLUMNS: Final[dict[str, Column]] = {
    column.id: column
    for column in (
        Column(PREDICTED, N_("Predicted expression"), N_("The expression that the network holds for the most probable one."), "class", "int8", "networks"),
        Column(CERTAINTY, N_("Certainty"), N_("The network's highest probability, calibrated as in the app."), "measure", "float32", "networks"),
        Column(RIGHT, N_("Right or wrong"), N_("Whether the network agrees with the labels of its task: the label of FER2013, or the FER+ majority; none where that is no expression."),
               "class", "int8", "networks", codes=RIGHT_CODES),
    )
}  # fmt: skip
"""Those that each network has, without its id."""


@cache
def column(column_id: str) -> Column:
    """What a column holds.

    Args:
        column_id: one of `COLUMNS`, or `predicted`, `certainty` or `right` with ":" and the id of a network.

    Raises:
        KeyError: there is no such column.
    """
    if column_id in COLUMNS:
        return COLUMNS[column_id]
    kind, _colon, network = column_id.partition(":")
    if not network:
        raise KeyError(column_id)
    of_any = NETWORK_COLUMNS[kind]
    return Column(
        column_id,
        of_any.name,
        of_any.meaning,
        of_any.kind,
        of_any.dtype,
        of_any.needs,
        of_any.unit,
        of_any.codes,
    )


def class_index(column_id: str, code: str) -> int:
    """The number of a code in a class column or a flag that is no network's; -1 for `NONE`.

    Raises:
        ValueError: no such code.
    """
    return -1 if code == NONE else column(column_id).codes.index(code)

"""Reviews as a table to take home and to bring back: the cleaned label file, and what its columns mean."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

import numpy as np

from fer_core.csv_files import CsvError, cell_as_it_was, excerpt, harmless_cell, read_csv, whole_number
from fer_core.datasets.review import NOT_A_FACE, PROPOSALS, Review, ReviewError, check_review
from fer_core.errors import N_
from fer_core.labels import EMOTIONS, FER2013_LABELS

COLUMNS: Final[Mapping[str, tuple[str, str]]] = {
    "row": (
        N_("whole number"),
        N_("Row of fer2013.csv, the first picture being 0; in folders the pictures as they are read."),
    ),
    "old_label": (", ".join(FER2013_LABELS), N_("Label before the review.")),
    "proposed_label": (
        ", ".join(PROPOSALS),
        N_(
            "Label that the reviewer proposes: the old one where it is kept, not_a_face where the picture should have none, "
            "unsure where the reviewer cannot tell."
        ),
    ),
    "reason": (N_("text"), N_("Why, in the reviewer's words; empty for no reason.")),
    "who": (N_("text"), N_("Name that the reviewer gave; empty for none.")),
    "when": (N_("date and time with zone (ISO 8601)"), N_("When it was decided.")),
    "decided_blind": (
        "yes, no",
        N_("Whether it was decided before the votes of FER+ and the answers of networks were shown."),
    ),
    "proposed_at_first": (
        ", ".join(PROPOSALS),
        N_(
            "Proposal before these were shown. Where it is not the proposed label, the reviewer changed the decision after "
            "seeing them; empty where nothing was decided before."
        ),
    ),
}
"""Name of each column to the values that it can have, and what it means."""
NEEDED: Final = ("row", "old_label", "proposed_label")
"""Columns without which a table cannot be read as reviews."""
MOST_BYTES: Final = 20 << 20
"""Largest table of reviews; one of all rows of FER2013 has some three million bytes."""
_YES: Final = ("yes", "true", "1", "ya", "benar")
_NO: Final = ("no", "false", "0", "tidak", "salah", "")
_WORDS: Final = {
    **{word: code for code, emotion in EMOTIONS.items() for word in (code, emotion.english.casefold())},
    **dict.fromkeys((NOT_A_FACE, "not a face", "nf"), NOT_A_FACE),
}


def reviews_csv(reviews: Iterable[Review], source: Mapping[str, str] | None = None) -> bytes:
    """Write the cleaned label file: comma, CRLF, UTF-8 with the mark by which Excel knows it.

    Args:
        reviews: one a row.
        source: further columns, the same in each row, that say where the table comes from.
    """
    further = source or {}
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow((*COLUMNS, *further))
    writer.writerows(
        (
            review.row, review.old, review.proposed, harmless_cell(review.reason), harmless_cell(review.who),
            review.when, "yes" if review.blind else "no", review.at_first, *further.values(),
        )
        for review in reviews
    )  # fmt: skip
    return text.getvalue().encode("utf-8-sig", "replace")


def review_codebook(text: Callable[[str], str]) -> bytes:
    """Write what each column of `reviews_csv` means, as a CSV.

    Args:
        text: translates an English text.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(("column", "values", "meaning"))
    writer.writerows((name, text(values), text(meaning)) for name, (values, meaning) in COLUMNS.items())
    return file.getvalue().encode("utf-8-sig")


def read_reviews(
    content: bytes, name: str, words: Mapping[str, str] | None = None, labels: np.ndarray | None = None
) -> tuple[Review, ...]:
    """Read a cleaned label file; also with semicolons or tabs, in UTF-16, or with `1.0` for 1, as spreadsheets write it.

    Further columns may be there; rows without a proposed label are left out.

    Args:
        content: of the file.
        name: of the file, for the sentences.
        words: what else may stand for an expression than its code and its English name, in small letters, to its code.
        labels: int8 (N,), codes of `FER2013_LABELS`, which the reviews must be of; None: any.

    Returns:
        By row.

    Raises:
        ReviewError: no table, a column is missing, a line is wrong or of another data set, or two contradict each other.
    """
    if len(content) > MOST_BYTES:
        raise ReviewError(
            N_("{name} is too large for a table of reviews. At most {limit} MB are read."),
            name=name, limit=MOST_BYTES >> 20,
        )  # fmt: skip
    table = _lines(content, name)
    header = next(table, [])
    missing = [column for column in NEEDED if column not in header]
    if missing:
        raise ReviewError(
            N_(
                "{name} lacks a column: {missing}. Its first row must name the columns row, old_label and proposed_label."
            ),
            name=name, missing=", ".join(missing),
        )  # fmt: skip
    places = {column: header.index(column) for column in COLUMNS if column in header}
    words = {**_WORDS, **(words or {})}
    reviews: dict[int, Review] = {}
    for line, cells in enumerate(table, start=2):
        said = {
            column: cells[place].strip() if place < len(cells) else "" for column, place in places.items()
        }
        if not said["proposed_label"]:
            continue
        review = _review(said, words, name, line)
        if labels is not None:
            try:
                check_review(review, labels)
            except ReviewError as error:
                raise ReviewError(
                    N_("{name}, line {line}: {problem}"), name=name, line=line, problem=error
                ) from error
        if reviews.setdefault(review.row, review) != review:
            raise ReviewError(
                N_("{name}, line {line}: row {row} was reviewed before in this file, and otherwise."),
                name=name, line=line, row=str(review.row),
            )  # fmt: skip
    if not reviews:
        raise ReviewError(N_("{name} holds no review."), name=name)
    return tuple(reviews[row] for row in sorted(reviews))


def _review(said: Mapping[str, str], words: Mapping[str, str], name: str, line: int) -> Review:
    """One line of the table."""
    row = whole_number(said["row"])
    if row is None:
        raise ReviewError(
            N_("{name}, line {line}: “{cell}” is no row. Rows are whole numbers from 0."),
            name=name, line=line, cell=excerpt(said["row"]),
        )  # fmt: skip
    at_first = said.get("proposed_at_first", "")
    old = _code(said["old_label"], FER2013_LABELS, words, name, line)
    proposed = _code(said["proposed_label"], PROPOSALS, words, name, line)
    blind = said.get("decided_blind", "").casefold()
    if blind not in (*_YES, *_NO):
        raise ReviewError(
            N_("{name}, line {line}: decided_blind is “{cell}”. Possible are yes and no."),
            name=name, line=line, cell=excerpt(blind),
        )  # fmt: skip
    return Review(
        row, old, proposed, cell_as_it_was(said.get("reason", "")), cell_as_it_was(said.get("who", "")),
        said.get("when", ""), blind in _YES, _code(at_first, PROPOSALS, words, name, line) if at_first else "",
    )  # fmt: skip


def _code(cell: str, possible: tuple[str, ...], words: Mapping[str, str], name: str, line: int) -> str:
    code = words.get(cell.casefold(), "")
    if code not in possible:
        raise ReviewError(
            N_("{name}, line {line}: “{cell}” is none of the labels that are possible here: {possible}."),
            name=name, line=line, cell=excerpt(cell), possible=", ".join(possible),
        )  # fmt: skip
    return code


def _lines(content: bytes, name: str) -> Iterator[list[str]]:
    try:
        yield from read_csv(content, tuple(COLUMNS))
    except CsvError as error:
        raise ReviewError(
            N_("{name} is not a table that Raut can read. Save it as CSV in UTF-8."), name=name
        ) from error

"""What was answered, to take home: anonymous counts as CSV, with a codebook, in one zip.

There is a row for each answer that anybody gave to a face in one vote, with how many gave it. Nothing tells who gave
it, on which phone, or who was first: rows stand in the order of the questions and answers.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from typing import Final, Literal

from fer_core.csv_files import harmless_cell
from fer_core.datasets.columns import FLAG_CODES
from fer_core.datasets.votes import VOTE_COLUMNS
from fer_core.errors import N_
from fer_core.labels import FER2013_LABELS, FERPLUS_LABELS
from fer_core.quiz.question import CANNOT_TELL, SURENESS, Question, Quiz
from fer_core.quiz.results import Asked, network_shares
from fer_core.quiz.room import Tally
from fer_core.recognition.answers import Answerer
from fer_core.recognition.codebook import TYPES, ExplainedColumn, codebook_csv
from fer_core.recognition.provenance import Provenance
from fer_core.zip_files import zipped

Face = Literal["FER2013", "drawing", "photo"]
"""Where a face comes from."""

SPLITS: Final = ("Training", "PublicTest", "PrivateTest")

_SETTINGS: Final = N_(
    "Who answered (a class or one player), and what chose the faces: the set, its seed, how many."
)
_NAMES: Final = {
    "question": N_("Question"), "face": N_("Face"), "row": N_("Row"), "split": N_("Split"),
    "learnt": N_("Learnt"), "label": N_("Label"),
    "meant": N_("Meant"), "predicted": N_("Answer of the network"), "prediction_set": N_("Prediction set"),
    "vote": N_("Vote"), "option": N_("Answer"), "sure": N_("Sureness"), "count": N_("Answers (n)"),
}  # fmt: skip
_MEANINGS: Final = {
    "question": N_("Number of the question, from 1, in the order in which the faces were asked."),
    "face": N_("Where the face comes from: FER2013, a drawing that comes with Raut, or a photo that is not of FER2013."),
    "row": N_("Row of the picture in fer2013.csv, from 0; empty for another face."),
    "split": N_("Part of FER2013 that the picture is in."),
    "learnt": N_("Whether the network learnt from this very picture; empty for a face that is not of FER2013."),
    "label": N_("Label of FER2013."),
    "meant": N_("What a drawing is meant to show."),
    "predicted": N_("The most probable label of the network."),
    "prediction_set": N_("Labels of the 90% prediction set, the most probable one first, separated by spaces."),
    "vote": N_("1: the first vote. 2: the vote after talking. Both have the answers of the same class."),
    "option": N_(
        "What was answered; cannot_tell: “I cannot tell”. It agrees with the votes where most annotators chose “unknown” "
        "or “not a face”."
    ),
    "sure": N_(
        "How sure those who answered were that most of the ten annotators chose the same, as a probability; empty where "
        "nobody was asked, or did not say."
    ),
    "count": N_(
        "How many people gave this answer with this sureness. Nobody is named, and no order of arrival is kept. But "
        "numbers this small can tell who said what: the counts of a class of one are the answers of that one."
    ),
}  # fmt: skip
_VOTES: Final = N_("How many of the ten annotators of FER+ chose “{choice}”; empty where nobody voted.")
_PROBABILITY: Final = N_("Probability that the network gives to “{choice}”, 0 to 1.")
_KINDS: Final = {
    "question": "whole",
    "row": "whole",
    "learnt": "flag",
    "vote": "whole",
    "sure": "measure",
    "count": "whole",
}


def answers_zip(
    asked: Sequence[Asked], quiz: Quiz, provenance: Provenance, say: Callable[[str], str] = str
) -> bytes:
    """The counts and their codebook in one zip: `answers.csv` and `codebook.csv`.

    Args:
        asked: what was answered.
        quiz: that asked.
        provenance: of the numbers, with the quiz's network.
        say: translates a text of the catalogue; left out: English.
    """
    explained = codebook_csv(explained_columns(quiz.network, say), provenance, _SETTINGS, say)
    return zipped({"answers.csv": answers_csv(asked, quiz, provenance), "codebook.csv": explained})


def answers_csv(asked: Sequence[Asked], quiz: Quiz, provenance: Provenance) -> bytes:
    """Write the counts, in the order of the questions, votes, answers and sureness; codes are English.

    Args:
        asked, quiz, provenance: as for `answers_zip`.

    Returns:
        CSV in UTF-8 with the mark by which Excel knows it.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    source = provenance.known_cells()
    writer.writerow([*(each.column for each in explained_columns(quiz.network, str)), *source])
    for each in asked:
        about = [str(each.number + 1), *_about(each.question, quiz.network)]
        for tally in each.tallies:
            for option, sure, count in _given(tally):
                cells = [*about, str(tally.vote), option, sure, str(count)]
                writer.writerow([*map(harmless_cell, cells), *source.values()])
    return text.getvalue().encode("utf-8-sig")


def explained_columns(network: Answerer, say: Callable[[str], str]) -> Iterator[ExplainedColumn]:
    """Each column of `answers_csv`, in its order; `say` translates a text of the catalogue."""
    checksum = f"sha256 {network.checksum}" if network.checksum else ""
    for column in ("question", "face", "row", "split", "learnt", "label", "meant"):
        yield _explained(column, network, say)
    for choice in VOTE_COLUMNS:
        meaning = say(_VOTES).format(choice=choice)
        yield ExplainedColumn(f"votes:{choice}", "", meaning, say(TYPES["whole"]), source="FER+")
    for column in ("predicted", "prediction_set"):
        yield _explained(column, network, say, checksum)
    for code in network.expressions:
        meaning = say(_PROBABILITY).format(choice=code)
        yield ExplainedColumn(f"probability:{code}", "", meaning, say(TYPES["measure"]), source=checksum)
    for column in ("vote", "option", "sure", "count"):
        yield _explained(column, network, say)


def _explained(
    column: str, network: Answerer, say: Callable[[str], str], source: str = ""
) -> ExplainedColumn:
    values: dict[str, Sequence[str]] = {
        "face": ("FER2013", "drawing", "photo"),
        "split": SPLITS,
        "learnt": FLAG_CODES,
        "label": FER2013_LABELS,
        "meant": FERPLUS_LABELS,
        "predicted": network.expressions,
        "vote": ("1", "2"),
        "option": (*network.expressions, CANNOT_TELL),
        "sure": tuple(map(str, SURENESS)),
    }
    return ExplainedColumn(
        column,
        say(_NAMES[column]),
        say(_MEANINGS[column]),
        "" if column == "prediction_set" else say(TYPES[_KINDS.get(column, "class")]),
        values=", ".join(values.get(column, ())),
        source=source,
    )


def _about(question: Question, network: Answerer) -> list[str]:
    """The cells of a face: where it comes from, the votes, what the network answers."""
    face: Face = "FER2013" if question.row is not None else "photo" if question.meant is None else "drawing"
    votes = ("",) * len(VOTE_COLUMNS) if question.votes is None else question.votes
    found = question.prediction
    return [
        face,
        "" if question.row is None else str(question.row),
        question.split or "",
        "" if question.row is None else "yes" if question.learnt else "no",
        question.label or "",
        question.meant or "",
        *map(str, votes),
        found.label,
        " ".join(found.prediction_set or ()),
        *(f"{share:.6g}" for share in network_shares(question, network).values()),
    ]


def _given(tally: Tally) -> Iterator[tuple[str, str, int]]:
    """(option, sureness, count) of all that was answered; those that did not say how sure come first."""
    for option, count in tally.counts.items():
        of_level = [(str(sure), counts.get(option, 0)) for sure, counts in tally.by_sureness.items()]
        unsaid = count - sum(number for _sure, number in of_level)
        yield from ((option, sure, number) for sure, number in [("", unsaid), *of_level] if number)

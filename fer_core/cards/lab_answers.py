"""Each answer of a network of the lab to the faces that it was measured with, as a table to count with."""

from __future__ import annotations

import csv
import io

from fer_core.csv_files import harmless_cell
from fer_core.lab.network import Answers, LabNetwork
from fer_core.recognition.provenance import Provenance
from fer_core.recognition.table import probability_columns


def answers_csv(network: LabNetwork, provenance: Provenance) -> bytes:
    """All answers as CSV (RFC 4180, UTF-8 with the mark by which Excel knows it), one row a face.

    Args:
        network: whose answers.
        provenance: of the file.

    Returns:
        The columns `measured` ("test", "frames", or "condition"), `condition` (in the words of the class), `origin` (number
        of the burst or photo, or row of `fer2013.csv`), `true` and `answer` (class codes or names), `right` (1 or 0), a
        probability for each class with six decimals, and those of the provenance.
    """
    figures, labels = network.figures, network.labels
    parts: list[tuple[str, str, Answers]] = [("test", "", figures.test)]
    if figures.frames is not None:
        parts.append(("frames", "", figures.frames))
    parts += [("condition", condition.name, condition.answers) for condition in figures.conditions]
    source = provenance.cells()
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    header = ("measured", "condition", "origin", "true", "answer", "right")
    writer.writerow([*header, *probability_columns(labels), *source])
    for measured, condition, answers in parts:
        answered = answers.probabilities.argmax(axis=1)
        for place, shares in enumerate(answers.probabilities):
            true, answer = labels[answers.true[place]], labels[answered[place]]
            writer.writerow(
                [
                    measured, harmless_cell(condition), int(answers.origins[place]), harmless_cell(true),
                    harmless_cell(answer), int(answers.right[place]), *(f"{share:.6f}" for share in shares),
                    *source.values(),
                ]
            )  # fmt: skip
    return text.getvalue().encode("utf-8-sig")

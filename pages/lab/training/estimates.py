"""The figures of a network of the lab with their intervals, as its page shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fer_core.evaluation.figures import Estimate, share_of_groups
from fer_core.lab.network import Answers
from pages.ui.i18n import format_number, ngettext


@dataclass(frozen=True)
class ClassEstimates:
    """One class of the test.

    Attributes:
        n: faces with this label.
        groups: recordings and photos, or pictures of FER2013, that they are of.
        sensitivity: of these faces, the share that was answered right.
        precision: of the faces with this answer, the share that has the label.
    """

    n: int
    groups: int
    sensitivity: Estimate
    precision: Estimate


def accuracy_of(answers: Answers) -> Estimate:
    """Share of right answers; its interval counts a burst, a photo or a picture of FER2013 as one."""
    return share_of_groups(answers.right, answers.origins)


def groups_of(answers: Answers) -> int:
    """Bursts and photos, or pictures of FER2013, that the faces are of."""
    return len(np.unique(answers.origins))


def of_classes(answers: Answers) -> Sequence[ClassEstimates]:
    """The figures of each class, in output order."""
    answered = answers.probabilities.argmax(axis=1)
    found = []
    for place in range(answers.probabilities.shape[1]):
        labelled, called = answers.true == place, answered == place
        found.append(
            ClassEstimates(
                int(labelled.sum()),
                len(np.unique(answers.origins[labelled])),
                share_of_groups(answers.right[labelled], answers.origins[labelled]),
                share_of_groups(answers.right[called], answers.origins[called]),
            )
        )
    return found


def faces_text(answers: Answers) -> str:
    """ "120 faces, 4 bursts"."""
    faces = ngettext("{n} face", "{n} faces", answers.n).format(n=format_number(answers.n))
    groups = groups_of(answers)
    bursts = ngettext("{n} burst or photo", "{n} bursts or photos", groups).format(n=format_number(groups))
    return f"{faces}, {bursts}"

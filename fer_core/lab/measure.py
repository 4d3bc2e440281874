"""What a network of the lab says to faces that it did not learn, and how that falls under other conditions."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from fer_core.errors import N_
from fer_core.lab.bursts import FaceStore
from fer_core.lab.litert import measured_answers
from fer_core.lab.network import Answers, Condition, LabNetwork
from fer_core.lab.settings import clean_class_name
from fer_core.lab.split import face_set
from fer_core.lab.task import FaceSet, LabTaskError


@dataclass(frozen=True)
class OriginFigure:
    """How many faces of one burst or photo were answered rightly.

    Frames of a burst are not independent of each other: ten bursts say more than a hundred frames of one. An interval
    from the number of faces is too narrow; how far bursts differ shows it.

    Attributes:
        origin: id of the burst or photo.
        true: position of its class.
        n: faces.
        right: answers that are the class.
    """

    origin: int
    true: int
    n: int
    right: int


def origin_figures(answers: Answers) -> tuple[OriginFigure, ...]:
    """The right answers to each burst or photo, in the order of their ids."""
    figures = []
    for origin in np.unique(answers.origins):
        of_origin = answers.origins == origin
        true = int(answers.true[of_origin][0])
        figures.append(
            OriginFigure(int(origin), true, int(of_origin.sum()), int(answers.right[of_origin].sum()))
        )
    return tuple(figures)


def measure(network_content: bytes, faces: FaceSet) -> Answers:
    """Ask a network for all faces.

    Args:
        network_content: LiteRT file that this computer has made, (N, 48, 48, 1) grey 0-255 -> (N, C).
        faces: whose labels are positions in its classes; may be none.
    """
    return Answers(faces.labels, measured_answers(network_content, faces), faces.origins)


def condition(network: LabNetwork, store: FaceStore, name: str) -> LabNetwork:
    """Measure a network with the bursts that were recorded under a condition.

    Args:
        network: of own faces.
        store: with test bursts of that condition.
        name: of the condition.

    Returns:
        The network with this condition at the end of its figures, in place of an earlier measurement of it.

    Raises:
        LabTaskError: there is no face of this condition of a class that the network knows.
    """
    bursts = [
        burst for burst in store.bursts if burst.condition == name and burst.class_name in network.labels
    ]
    if not bursts:
        raise LabTaskError(
            N_("There is no test burst “{name}” of a class that this network knows. Record one first."),
            name=clean_class_name(name),
        )
    answers = measure(network.content, face_set(bursts, network.labels))
    others = tuple(each for each in network.figures.conditions if each.name != name)
    figures = replace(network.figures, conditions=(*others, Condition(name, answers)))
    return replace(network, figures=figures)

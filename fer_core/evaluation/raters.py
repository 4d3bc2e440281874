"""Everybody who said what faces show, the network among them, compared in pairs and all together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fer_core.evaluation.agreement import Agreement, agreement, fleiss_interval, fleiss_kappa
from fer_core.photos.findings import FaceKey

OWN: Final = "own"
"""Goes by the name of whoever rated on the page; a table of another person goes by that of its file."""
NETWORK: Final = "network"
"""Goes by the name of the network, which counts with its most probable label."""


@dataclass(frozen=True)
class RatedFace:
    """A face that people and the network may have named."""

    key: FaceKey
    """Of it in the ratings of the page."""
    place: tuple[str, int]
    """File and number of the face in the tables of others."""
    label: str
    """The network's most probable one."""


@dataclass(frozen=True, eq=False)
class Pair:
    """Two raters on the faces that both named."""

    first: str
    second: str
    found: Agreement


@dataclass(frozen=True)
class Group:
    """Several raters on the faces that all of them named."""

    raters: tuple[str, ...]
    n: int
    kappa: float
    """Fleiss', at most 1; NaN where it is undefined."""
    interval: tuple[float, float]
    """Lower and upper end of its 95 % bootstrap interval; NaN where that says nothing."""


@dataclass(frozen=True, eq=False)
class RaterAgreement:
    """How far all raters agree."""

    pairs: tuple[Pair, ...]
    """Each two of them, also those who named no face in common."""
    groups: tuple[Group, ...]
    """All people, then all people and the network; none with one person only."""

    @property
    def with_network(self) -> Agreement:
        """That of whoever rated on the page with the network."""
        return next(pair.found for pair in self.pairs if (pair.first, pair.second) == (OWN, NETWORK))


def agreement_of_raters(
    faces: Iterable[RatedFace],
    own: Mapping[FaceKey, str],
    others: Mapping[str, Mapping[tuple[str, int], str]],
    labels: Sequence[str],
) -> RaterAgreement | None:
    """Compare all raters.

    Args:
        faces: those that count; the same face under two names counts once.
        own: ratings that were given on the page.
        others: name of a table to what it says.
        labels: the network's; a face of which somebody said something else ("I cannot tell", or an expression that
            this network does not know) is left out for them.

    Returns:
        None where no two of them named one face.
    """
    listed = list(faces)
    people: dict[str, dict[FaceKey, str]] = {
        OWN: {face.key: own[face.key] for face in listed if own.get(face.key) in labels}
    }
    for name, table in others.items():
        people[name] = {face.key: table[face.place] for face in listed if table.get(face.place) in labels}
    everyone = {**people, NETWORK: {face.key: face.label for face in listed}}
    names = list(everyone)
    pairs = tuple(
        Pair(first, second, _of_pair(everyone[first], everyone[second], labels))
        for place, first in enumerate(names)
        for second in names[place + 1 :]
    )
    if not any(pair.found.n for pair in pairs):
        return None
    groups = (_among(people), _among(everyone)) if len(people) > 1 else ()
    return RaterAgreement(pairs, groups)


def _of_pair(first: dict[FaceKey, str], second: dict[FaceKey, str], labels: Sequence[str]) -> Agreement:
    both = [key for key in first if key in second]
    return agreement([first[key] for key in both], [second[key] for key in both], labels)


def _among(raters: dict[str, dict[FaceKey, str]]) -> Group:
    tables = list(raters.values())
    rated = [[table[key] for table in tables] for key in tables[0] if all(key in table for table in tables)]
    return Group(tuple(raters), len(rated), fleiss_kappa(rated), fleiss_interval(rated))

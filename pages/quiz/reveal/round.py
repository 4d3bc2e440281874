"""A round that is looked back on: what was asked, who answered, and where its numbers come from."""

from __future__ import annotations

from dataclasses import dataclass

from fer_core.quiz.question import Quiz
from fer_core.quiz.results import Asked, Rater
from fer_core.recognition.provenance import Provenance
from pages.quiz.reveal.words import rater_name
from pages.ui.charts import now_here


@dataclass(frozen=True, eq=False)
class Round:
    """What the blocks of the end show.

    Attributes:
        quiz: that asked.
        asked: the faces that were answered.
        alone: whether one player answered, and not a class.
        with_network: whether the network is spoken of.
        key: begins the keys of the blocks.
    """

    quiz: Quiz
    asked: tuple[Asked, ...]
    alone: bool
    with_network: bool
    key: str

    @property
    def provenance(self) -> Provenance:
        """Of every number of the round."""
        chosen = self.quiz.choice.to_query() if self.quiz.choice is not None else {}
        players = "one player" if self.alone else "a class"
        return Provenance(now_here(), self.quiz.network, settings={"answers of": players, **chosen})

    def shows(self, *raters: Rater) -> bool:
        """Whether all of these are spoken of."""
        return self.with_network or "network" not in raters

    def name(self, rater: Rater) -> str:
        """Who answers, in words."""
        return rater_name(rater, alone=self.alone)

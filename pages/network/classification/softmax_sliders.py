"""Sliders on the scores, computed in the browser; the script hears only where they are left."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeGuard

import numpy as np
import streamlit as st

from fer_core.labels import EMOTIONS
from fer_core.networks.shipping import PROBABILITY_FLOOR
from pages.ui.i18n import _, language

TEMPERATURES: Final = (0.2, 5.0)
"""Between which the temperature can be moved."""

_KEY: Final = "softmax_sliders"
_ROOM: Final = 6.0  # scores beyond the lowest and the highest of a face
_STEP: Final = 0.05
_HERE: Final = Path(__file__)


@dataclass(frozen=True, eq=False)
class Sliders:
    """What the sliders begin with.

    Attributes:
        id: another one for each face and network: where it changes, the sliders go back.
        names: code of each expression to its name, translated, in the order of the lines.
        scores: code to score.
        mirror_scores: of the mirror image; None where the network does not look at it.
        own: the network's temperature.
        temperature: where the slider stands.
        moves: code to how far its score was moved.
    """

    id: str
    names: Mapping[str, str]
    scores: Mapping[str, float]
    mirror_scores: Mapping[str, float] | None
    own: float
    temperature: float
    moves: Mapping[str, float]


def softmax_sliders(shown: Sliders, on_settled: Callable[[float, dict[str, float]], None]) -> None:
    """A slider for each score and one for the temperature; probabilities and the calculation follow at once.

    Args:
        shown: what they begin with.
        on_settled: gets temperature and moves by code when a slider is let go.
    """
    part = st.components.v2.component(
        "network_softmax",
        html='<div class="softmax"></div>',
        css=_HERE.with_suffix(".css").read_text("utf-8"),
        js=_HERE.with_suffix(".js").read_text("utf-8"),
    )

    def settled() -> None:
        found = read_settled(getattr(st.session_state[_KEY], "settled", None), shown)
        if found is not None:
            on_settled(*found)

    low, high = limits(shown)
    part(
        key=_KEY,
        data={
            "id": shown.id,
            "language": language(),
            "rows": [
                {
                    "code": code,
                    "name": name,
                    "colour": EMOTIONS[code].colour,
                    "score": float(shown.scores[code]),
                    "mirror": None if shown.mirror_scores is None else float(shown.mirror_scores[code]),
                    "move": float(shown.moves.get(code, 0.0)),
                }
                for code, name in shown.names.items()
            ],
            "low": low,
            "high": high,
            "step": _STEP,
            "own": shown.own,
            "temperature": shown.temperature,
            "lowest": min(TEMPERATURES[0], shown.own),
            "highest": max(TEMPERATURES[1], shown.own),
            "floor": PROBABILITY_FLOOR,
            "texts": {
                "scores": _("Scores of the expressions"),
                "score": _("Score"),
                "temperature": _("Temperature"),
                "reset": _("Back to this face"),
                "expression": _("Expression"),
                "divided": _("Score : {temperature}"),
                "power": _("e to the power of it"),
                "share": _("Share of the sum"),
                "mirrorScore": _("Score, mirror image"),
                "mirrorShare": _("Share, mirror image"),
                "mean": _("Mean of both"),
                "warm": _("With temperature {temperature}"),
                "sum": _("Sum"),
                "worked": _("The calculation, number by number"),
                "said": _("Expression resembles {expression}, {probability}"),
            },
        },
        on_settled_change=settled,
    )


def limits(shown: Sliders) -> tuple[float, float]:
    """Lowest and highest score of the sliders, whole numbers."""
    scores = [*shown.scores.values()]
    return math.floor(min(scores) - _ROOM), math.ceil(max(scores) + _ROOM)


def read_settled(said: object, shown: Sliders) -> tuple[float, dict[str, float]] | None:
    """Temperature and moves from what a browser says, whatever that is; None where it is nothing of the kind."""
    if not isinstance(said, Mapping) or not isinstance(said.get("moves"), Mapping):
        return None
    temperature = said.get("temperature")
    if not _is_number(temperature) or not min(0.01, shown.own) <= temperature <= max(100.0, shown.own):
        return None
    low, high = limits(shown)
    moves = {
        code: round(float(np.clip(move, low - shown.scores[code], high - shown.scores[code])), 3)
        for code, move in said["moves"].items()
        if code in shown.scores and _is_number(move) and abs(move) > _STEP / 2
    }
    return float(temperature), moves


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)

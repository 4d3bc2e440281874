"""Label orders of FER2013 (7 classes) and FER+ (8 classes), and how an expression is shown.

Sources: the Kaggle description of FER2013 (codes 0 to 6) and the header of `fer2013new.csv`
(Barsoum et al. 2016, arXiv:1608.01041). The colours are Okabe and Ito's, which colour-blind readers tell
apart; the drawn signs of `fer_core.signs` are for everyone else's photocopier.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Task = Literal["fer2013", "ferplus"]

FER2013_LABELS: tuple[str, ...] = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
"""Position = the code in the column `emotion` of `fer2013.csv`."""

FERPLUS_LABELS: tuple[str, ...] = (
    "neutral", "happy", "surprise", "sad", "angry", "disgust", "fear", "contempt",
)  # fmt: skip
"""Position = the vote column of `fer2013new.csv`, without its last two, `unknown` and `NF`."""

TASK_LABELS: dict[str, tuple[str, ...]] = {"fer2013": FER2013_LABELS, "ferplus": FERPLUS_LABELS}

EXPRESSIONS: tuple[str, ...] = (*FER2013_LABELS, "contempt")
"""All of them in the order in which people read them, for every network: contempt, which only FER+ has, last.

The outputs of a network keep the order of `TASK_LABELS`, and so do the tables that programs read.
"""

UNSURE = "unsure"
"""Code of the answer that no expression is clear enough."""


@dataclass(frozen=True)
class Emotion:
    """How one expression is named and shown, everywhere the same."""

    code: str
    english: str  # also the key of its name in the catalogue
    colour: str  # "#RRGGBB"


EMOTIONS: dict[str, Emotion] = {
    emotion.code: emotion
    for emotion in (
        Emotion("angry", "Angry", "#D55E00"),
        Emotion("disgust", "Disgust", "#009E73"),
        Emotion("fear", "Fear", "#CC79A7"),
        Emotion("happy", "Happy", "#E69F00"),
        Emotion("sad", "Sad", "#0072B2"),
        Emotion("surprise", "Surprise", "#56B4E9"),
        Emotion("neutral", "Neutral", "#8A8F98"),
        Emotion("contempt", "Contempt", "#7A5C99"),
        Emotion(UNSURE, "Unsure", ""),  # no colour: it is drawn as an outline only
    )
}
"""Every expression code that Raut can show, `unsure` included."""


def in_reading_order(codes: Iterable[str]) -> tuple[str, ...]:
    """The codes in the order of `EXPRESSIONS`, "unsure" behind them.

    Raises:
        ValueError: a code that is none.
    """
    return tuple(sorted(codes, key=(*EXPRESSIONS, UNSURE).index))


def shares_in_reading_order(labels: Sequence[str], shares: Iterable[float]) -> dict[str, float]:
    """Code to share, in the order of `EXPRESSIONS`.

    Args:
        labels: C codes in the order of the network's outputs.
        shares: C of them, in that order, 0 to 1.

    Raises:
        ValueError: not as many shares as labels, or a code that is none.
    """
    of_code = {label: float(share) for label, share in zip(labels, shares, strict=True)}
    return {code: of_code[code] for code in in_reading_order(of_code)}

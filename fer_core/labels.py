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

CLASS_COLOURS: dict[str, str] = {
    f"class-{number}": colour
    for number, colour in enumerate(
        (
            "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00",
            "#56B4E9", "#804020", "#A0C060", "#C000E0", "#604060",
        ),
        start=1,
    )
}  # fmt: skip
"""Look of a class that people named themselves, by its place among them, to its colour.

The first six are Okabe and Ito's. Any two differ by 16 or more in CIELAB, also as Machado et al. 2009 (DOI
10.1109/TVCG.2009.113) compute what colour-blind readers see.
"""

COLOURS: dict[str, str] = {
    **{code: emotion.colour for code, emotion in EMOTIONS.items()},
    **CLASS_COLOURS,
}
"""Every look to its colour; "" for that of `unsure`."""


def are_expressions(labels: Iterable[str]) -> bool:
    """Whether all labels of a network are codes of expressions: if not, people named its classes as they liked."""
    return all(label in EXPRESSIONS for label in labels)


def look_of(answer: str, labels: Sequence[str]) -> str:
    """What an answer is drawn with: a key of `COLOURS` and of `fer_core.signs.SIGNS`.

    Args:
        answer: a label of the network, or `unsure`.
        labels: of the network, in its order. Codes of expressions have their own look; where people named the classes,
            the place decides, so that two of them never look alike.

    Raises:
        ValueError: an answer that is none of the network.
    """
    position = 0 if answer == UNSURE else labels.index(answer)
    return answer if answer == UNSURE or are_expressions(labels) else tuple(CLASS_COLOURS)[position]


def in_shown_order(labels: Sequence[str]) -> tuple[str, ...]:
    """The labels of a network as people read them: expressions in the order of `EXPRESSIONS`, classes in their own."""
    return in_reading_order(labels) if are_expressions(labels) else tuple(labels)


def in_reading_order(codes: Iterable[str]) -> tuple[str, ...]:
    """The codes in the order of `EXPRESSIONS`, "unsure" behind them.

    Raises:
        ValueError: a code that is none.
    """
    return tuple(sorted(codes, key=(*EXPRESSIONS, UNSURE).index))


def shares_in_reading_order(labels: Sequence[str], shares: Iterable[float]) -> dict[str, float]:
    """Label to share, in the order of `in_shown_order`.

    Args:
        labels: C codes or class names, in the order of the network's outputs.
        shares: C of them, in that order, 0 to 1.

    Raises:
        ValueError: not as many shares as labels.
    """
    of_label = {label: float(share) for label, share in zip(labels, shares, strict=True)}
    return {label: of_label[label] for label in in_shown_order(labels)}

"""Everything that decides a training of the class lab, as values with bounds that two processor cores can bear."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

from fer_core.errors import N_, TrainingError
from fer_core.labels import FER2013_LABELS, UNSURE
from fer_core.plain_text import printable

Way = Literal["fer2013", "own"]
"""Where the faces come from: pictures of FER2013, or faces that the class recorded or added."""

Method = Literal["scratch", "head"]
"""What is learnt: a whole network from random weights, or a classification of the features of a network that ships."""

Change = Literal["none", "moderate", "strong"]
"""How far faces are changed while they are learnt: `fer_core.training.augmentation`."""

Ending = Literal["flatten", "mean"]
"""How the maps of the last block become a vector: all values one after the other, or the mean of each map."""

CHANGES: Final[tuple[Change, ...]] = ("none", "moderate", "strong")

FEWEST_CLASSES: Final = 2
MOST_CLASSES: Final = 10
LONGEST_CLASS_NAME: Final = 40
"""Characters."""
MOST_BLOCKS: Final = 4
"""48 pixels halve four times to 3."""
LEAST_CHANNELS, MOST_CHANNELS = 4, 128
MOST_CONVOLUTIONS: Final = 2
"""In a block."""
MOST_DENSE_LAYERS: Final = 2
MOST_DENSE_UNITS: Final = 512
MOST_PARAMETERS: Final = 3_000_000
"""The paper's smallest network has 2,679,592."""
MOST_EPOCHS: Final = 100
MOST_PER_CLASS: Final = 4000
LARGEST_BATCH: Final = 256
LARGEST_LEARNING_RATE: Final = 0.1
LARGEST_SEED: Final = 2**32 - 1


class LabSettingsError(TrainingError):
    """Settings that no training can have; the sentence says which, and what is possible."""


def _within(name: str, value: float, least: float, most: float) -> None:
    if not least <= value <= most:  # False for NaN, too
        raise LabSettingsError(
            N_("The setting “{name}” must lie between {least} and {most}, and is {value}. Correct it."),
            name=name,
            least=f"{least:g}",
            most=f"{most:g}",
            value=value,
        )


@dataclass(frozen=True)
class Block:
    """Convolutions of 3x3 one after the other, each with ReLU, then a maximum of 2x2.

    Attributes:
        channels: maps that each convolution gives.
        convolutions: how many.

    Raises:
        LabSettingsError: out of bounds.
    """

    channels: int
    convolutions: int = 1

    def __post_init__(self) -> None:
        _within("channels", self.channels, LEAST_CHANNELS, MOST_CHANNELS)
        _within("convolutions", self.convolutions, 1, MOST_CONVOLUTIONS)


@dataclass(frozen=True)
class Architecture:
    """A network of blocks for faces of 48x48, as a class puts it together.

    Attributes:
        blocks: from the face on; 1 to 4.
        ending: how the last maps become a vector.
        dense_units: units of each dense layer before the classification, each with ReLU; none, one or two.
        normalised: batch normalisation behind each convolution.
        dropout: share of values left out before the classification, while it learns.

    Raises:
        LabSettingsError: out of bounds.
    """

    blocks: tuple[Block, ...]
    ending: Ending = "mean"
    dense_units: tuple[int, ...] = ()
    normalised: bool = True
    dropout: float = 0.2

    def __post_init__(self) -> None:
        _within("blocks", len(self.blocks), 1, MOST_BLOCKS)
        _within("dense layers", len(self.dense_units), 0, MOST_DENSE_LAYERS)
        for units in self.dense_units:
            _within("dense units", units, 1, MOST_DENSE_UNITS)
        _within("dropout", self.dropout, 0, 0.9)
        if self.ending not in ("flatten", "mean"):
            raise LabSettingsError(N_("There is no ending “{name}”."), name=printable(str(self.ending)))


SMALL: Final = Architecture((Block(16), Block(32), Block(64, 2), Block(128, 2)))
"""What the lab begins with: learns three classes within a minute on two cores."""

PAPER_SMALL: Final = Architecture(
    (Block(32, 2), Block(64, 2), Block(128, 2)),
    ending="flatten",
    dense_units=(512, 64),
    normalised=False,
    dropout=0.0,
)
"""The paper's smallest network, `fer_core.networks.paper.build_small`."""

CLASSES_AT_FIRST: Final = ("happy", "sad", "surprise")
"""Three of FER2013 that it tells apart."""

PRESETS: Final[dict[str, Architecture]] = {"small": SMALL, "paper-small": PAPER_SMALL}


def clean_class_name(name: str) -> str:
    """A class name as it is kept: printable, without spaces around it and doubled ones inside."""
    return " ".join(printable(name).split())


def refuse_reserved(name: str) -> None:
    """Refuse a class name that is one of Raut's answers.

    Raises:
        LabSettingsError: it is "unsure".
    """
    if name.casefold() == UNSURE:
        raise LabSettingsError(
            N_("“{name}” is what tables call an answer that is not clear. Give the class another name."),
            name=name,
        )


@dataclass(frozen=True)
class LabSettings:
    """One training of the lab, complete but for its faces.

    Attributes:
        way: where the faces come from.
        classes: codes of FER2013 in its order, or names as the class wrote them; in output order.
        method: what is learnt. A head has no architecture of its own, and faces are not changed for it.
        architecture: of a network from scratch.
        per_class: pictures of FER2013 to learn for each class; fewer where there are fewer. Of own faces all count.
        epochs: times that every face is seen.
        batch_size: faces a step.
        learning_rate: of Adam; it rises to this in the first epoch, or the first tenth of all if that is less, and falls
            to 0 until the last.
        change: how far faces are changed.
        seed: fixes initial weights, choice and order of the faces, and every change.

    Raises:
        LabSettingsError: out of bounds; too few, too many, empty, too long or equal class names.
    """

    way: Way
    classes: tuple[str, ...]
    method: Method = "scratch"
    architecture: Architecture = SMALL
    per_class: int = 1500
    epochs: int = 12
    batch_size: int = 64
    learning_rate: float = 0.003
    change: Change = "moderate"
    seed: int = 1

    def __post_init__(self) -> None:
        _within("classes", len(self.classes), FEWEST_CLASSES, MOST_CLASSES)
        for name in self.classes:
            _within("length of a class name", len(name), 1, LONGEST_CLASS_NAME)
            if name != clean_class_name(name):
                raise LabSettingsError(
                    N_(
                        "The class name “{name}” has spaces at its ends or signs that cannot be shown. Write it anew."
                    ),
                    name=printable(name),
                )
            refuse_reserved(name)
        folded = [name.casefold() for name in self.classes]
        twice = next((name for name in self.classes if folded.count(name.casefold()) > 1), None)
        if twice is not None:
            raise LabSettingsError(N_("Two classes are called “{name}”. Rename one of them."), name=twice)
        if self.way == "fer2013" and not set(self.classes) <= set(FER2013_LABELS):
            raise LabSettingsError(N_("FER2013 has seven classes, and not all of those that were asked for."))
        if self.way not in ("fer2013", "own") or self.method not in ("scratch", "head"):
            raise LabSettingsError(
                N_("There is no training “{way}, {method}”."),
                way=printable(str(self.way)),
                method=printable(str(self.method)),
            )
        if self.change not in CHANGES:
            raise LabSettingsError(
                N_("There is no change of faces “{name}”."), name=printable(str(self.change))
            )
        _within("pictures a class", self.per_class, 10, MOST_PER_CLASS)
        _within("epochs", self.epochs, 1, MOST_EPOCHS)
        _within("batch size", self.batch_size, 1, LARGEST_BATCH)
        _within("learning rate", self.learning_rate, 1e-6, LARGEST_LEARNING_RATE)
        _within("seed", self.seed, 0, LARGEST_SEED)

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for the file of a network and for exports."""
        return asdict(self)

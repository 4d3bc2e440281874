"""What Ekawati et al. (2024) print: the results of their networks, and the counts of their Table 1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Printed:
    """What the paper prints for one network: its Tables 2 and 3, and for one the time in seconds."""

    parameters: int
    training_accuracy: float
    test_accuracy: float
    seconds: int | None = None


PAPER_RESULTS: Final[dict[str, Printed]] = {
    "paper-small": Printed(2_679_592, 0.9617, 0.7100, 4 * 3600 + 1 * 60 + 30),
    "paper-large": Printed(10_714_696, 0.9876, 0.7616),
    "paper-four-conv": Printed(4_968_072, 0.9978, 0.7651),
}
"""By the id of the recipe that repeats it. The tables print 2.678.592 for the first; its layers make 2,679,592."""

PAPER_EPOCHS: Final = 50
PAPER_SPLIT: Final = "PaperTest"
CHOOSING_HALVES: Final = ("PublicTest", "FERplusPublicTest")
"""Splits whose pictures are half of those of `PAPER_SPLIT`: who chooses by them has seen half of it."""

PAPER_TABLE1: dict[str, tuple[int, int]] = {
    "happy": (7164, 1825),
    "sad": (4938, 1139),
    "angry": (3993, 960),
    "fear": (4103, 1018),
    "surprise": (3205, 797),
    "disgust": (436, 111),
    "neutral": (4982, 1216),
}
"""Training and test pictures as printed in Table 1 of Ekawati et al. (2024), in its order."""

"""What is written into a video, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence

from fer_core.labels import EXPRESSIONS, UNSURE
from fer_core.recognition.captions import Captions
from pages.ui.i18n import answer_name, format_probability


def captions(labels: Sequence[str] = EXPRESSIONS) -> Captions:
    """Everything that can be written into the video, in the reader's language.

    Args:
        labels: of the network; names of classes are written as they are.
    """
    percents = [format_probability(p / 100) for p in range(101)]
    percents[0] = format_probability(0.001)  # a guess is never impossible
    return Captions({answer: answer_name(answer, labels) for answer in (*labels, UNSURE)}, tuple(percents))

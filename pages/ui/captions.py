"""What is written into a video, in the reader's language."""

from __future__ import annotations

from fer_core.labels import EMOTIONS
from fer_core.recognition.captions import Captions
from pages.ui.i18n import emotion_name, format_probability


def captions() -> Captions:
    """Everything that can be written into the video, in the reader's language."""
    percents = [format_probability(p / 100) for p in range(101)]
    percents[0] = format_probability(0.001)  # a guess is never impossible
    return Captions({code: emotion_name(code) for code in EMOTIONS}, tuple(percents))

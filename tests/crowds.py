"""A still with as many faces as a school has in its yard, composed of one."""

from __future__ import annotations

import io

from PIL import Image

from fer_core.places import SAMPLE_PHOTO

ACROSS, DOWN = 20, 10
FACES = ACROSS * DOWN


def crowd_jpeg(side: int = 96) -> bytes:
    """The head of the sample photo two hundred times, in rows without a gap.

    Args:
        side: of one head with its surroundings, in pixels; the face is three fifths of it.
    """
    head = Image.open(SAMPLE_PHOTO).convert("RGB").crop((144, 33, 306, 195)).resize((side, side))
    crowd = Image.new("RGB", (ACROSS * side, DOWN * side))
    for place in range(FACES):
        crowd.paste(head, (place % ACROSS * side, place // ACROSS * side))
    file = io.BytesIO()
    crowd.save(file, "JPEG", quality=92)
    return file.getvalue()

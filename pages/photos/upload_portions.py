"""Many files come to the page in portions, and the rest of them waits in the browser for its turn.

Streamlit's uploader draws all its files anew with each piece of one that has gone: 200 files take it 3 seconds,
500 take 18, and 5,000 would hold the browser for half an hour; and all of them would lie in memory at once.
So a part of the page that cannot be seen (`upload_portions.js`) takes what is more than `MANY` files, or
a folder, before the uploader sees it, and gives it one zip of some of them after another. The page looks
at the photos of one (`pictures_in` takes zips apart) while the next waits.

`round` tells the browser that a portion has arrived: the shelf takes it out of the uploader and begins a new one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import streamlit as st

from fer_core.faces.limits import LIMITS, MB
from fer_core.folders import COMPANION_PATTERN
from fer_core.photos.findings import MANY
from fer_core.photos.shelf import PhotoShelf
from pages.ui.i18n import _, language, ngettext

KEY = "upload_portions"
PLACE = f"{KEY}_place"
"""Key of the container that `receive_portions` is called in; it takes no room while nothing waits."""
PORTION = 200
"""Files at once; fewer where they are large."""
PORTION_MB = 64
COMMENT = "raut-files-to-follow:"
_DIGITS = 9


def files_to_follow(uploads: Sequence[BinaryIO]) -> int | None:
    """How many files still wait in the browser; None where none of the uploads is a portion.

    A portion says so itself, in the zip's comment. A value of the browser's part would need a run of the page
    for itself, and one that begins while a file is on its way loses the file.
    """
    for upload in uploads:
        upload.seek(max(0, upload.seek(0, os.SEEK_END) - len(COMMENT) - _DIGITS))
        if found := re.search(re.escape(COMMENT.encode()) + rb"(\d{1,%d})$" % _DIGITS, upload.read()):
            return int(found[1])
    return None


def receive_portions(shelf: PhotoShelf, idle: bool) -> None:
    """Let the browser send the next portion of files.

    To be called when it is known whether there is work, and always at the same place of the page.

    Args:
        shelf: where photos arrive.
        idle: everything that has arrived was looked at.
    """
    # The registered code is the same each time; what differs is the data, and the browser hears of any change.
    portions = st.components.v2.component(
        "upload_portions", js=(Path(__file__).with_name("upload_portions.js")).read_text("utf-8")
    )
    portions(
        key=KEY,
        data={
            "many": MANY,
            "portion": PORTION,
            "portionBytes": min(PORTION_MB, LIMITS.upload_mb, LIMITS.unpacked_mb) * MB,
            "fileBytes": LIMITS.file_mb * MB,
            "round": shelf.round,
            "uploader": shelf.uploader_key,
            "photos": len(shelf.photos),
            "room": LIMITS.photos - len(shelf.photos),
            "idle": idle,
            "place": PLACE,
            "comment": COMMENT,
            "companions": COMPANION_PATTERN,
            "language": language(),
            "name": _("photos.zip"),
            "texts": [_waiting(1), _waiting(2)],
        },
    )


def _waiting(number: int) -> str:
    """The browser puts the number in."""
    return ngettext(
        "{n} more file waits in this tab for its turn. Keep it open.",
        "{n} more files wait in this tab for their turn. Keep it open.",
        number,
    )

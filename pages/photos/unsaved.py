"""A question before ratings or corrections are lost that are in no download yet.

They are lost when the tab is closed or loaded anew, from whichever page of Raut, and with the photos that are removed.
A change to another page of Raut loses nothing.
"""

from __future__ import annotations

import time
from pathlib import Path

import streamlit as st

from fer_core.photos.shelf import PhotoShelf
from fer_core.photos.unsaved import Unsaved
from pages.ui.i18n import _, format_number, ngettext

REMOVE_ALL_KEY = "remove_all_photos"
"""Of the button before which is asked."""


def ask_before_loss(shelf: PhotoShelf, key: str) -> None:
    """Tell the browser what would be lost, which then asks by itself.

    To be called in each part of the page that runs by itself and changes or saves something, at the same place.

    Args:
        shelf: with the ratings and corrections.
        key: letters, digits and `_`; another one for each part of the page.
    """
    everything = shelf.unsaved()
    of_files: dict[str, str] = {}
    if everything:
        for file in st.session_state.get(shelf.uploader_key) or ():  # each can be removed by itself
            photos = shelf.by_upload.get(file.file_id, ())
            if lost := shelf.unsaved(photo.identity for photo in photos):
                of_files[file.name] = in_words(lost)
    # The registered code is the same each time; what differs is the data.
    part = st.components.v2.component("unsaved", js=Path(__file__).with_name("unsaved.js").read_text("utf-8"))
    with st.container(key=f"unsaved_{key}"):
        part(
            key=f"ask_{key}",
            data={
                # Of several parts of the page the one that ran last is right.
                "at": round(time.time() * 1000),
                "lost": in_words(everything) if everything else "",
                "ofFiles": of_files,
                "removeAll": f".st-key-{REMOVE_ALL_KEY} button",
                "words": {
                    "all": _("Remove all photos?"),
                    "one": _("Remove {name}?"),
                    "lost": _("You would lose what is not downloaded yet: {what}."),
                    "keep": _("Keep"),
                    "remove": _("Remove"),
                },
            },
        )


def in_words(lost: Unsaved) -> str:
    """ "3 ratings, 1 correction"."""
    parts = []
    if lost.ratings:
        parts.append(
            ngettext("{n} rating", "{n} ratings", lost.ratings).format(n=format_number(lost.ratings))
        )
    if lost.corrections:
        parts.append(
            ngettext("{n} correction", "{n} corrections", lost.corrections).format(
                n=format_number(lost.corrections)
            )
        )
    return ", ".join(parts)

"""The reader's photo shelf, kept in the session."""

from __future__ import annotations

import streamlit as st

from fer_core.photos.shelf import PhotoShelf

SHELF_KEY = "photo_shelf"


def photo_shelf() -> PhotoShelf:
    """The session's shelf; takes over what lay in an uploader that a change of page emptied."""
    shelf: PhotoShelf = st.session_state.setdefault(SHELF_KEY, PhotoShelf())
    if shelf.uploader_key not in st.session_state:
        shelf.keep_uploads()
    return shelf

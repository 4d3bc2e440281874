"""The pictures that come with Raut: a photo, and a drawn face for each expression, for who has no camera at hand."""

from __future__ import annotations

import streamlit as st

from fer_core.photos.samples import DRAWINGS, PORTRAIT
from fer_core.photos.shelf import PhotoShelf
from pages.ui.i18n import _, emotion_name
from pages.ui.photo_block import drawings_note

CHOSEN_KEY = "drawn_samples"
EVERYTHING = "all"


def choose_samples(shelf: PhotoShelf) -> None:
    """A button for the photo, and a list of the drawings; a click analyses what it names, or all drawings."""
    st.button(_("Try a sample photo"), icon=":material/image:", on_click=shelf.add_samples, args=(PORTRAIT,))
    st.pills(
        _("Drawn samples"),
        [*(sample.expression for sample in DRAWINGS), EVERYTHING],
        format_func=lambda code: (
            _("All {n}").format(n=len(DRAWINGS)) if code == EVERYTHING else emotion_name(str(code))
        ),
        key=CHOSEN_KEY,
        on_change=_add_chosen,
        args=(shelf,),
    )
    st.caption(f"{_('Drawings, not photographs of people.')} {drawings_note()}")


def _add_chosen(shelf: PhotoShelf) -> None:
    chosen = st.session_state[CHOSEN_KEY]
    shelf.add_samples(*(sample for sample in DRAWINGS if chosen in (sample.expression, EVERYTHING)))
    st.session_state[CHOSEN_KEY] = None

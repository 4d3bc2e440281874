"""The pictures that come with Raut: a photo, and a drawn face for each expression, for who has no camera at hand."""

from __future__ import annotations

import streamlit as st

from fer_core.photos.samples import DRAWINGS, PORTRAIT
from fer_core.photos.shelf import PhotoShelf
from pages.ui.i18n import _, emotion_name
from pages.ui.photo_block import drawings_note


def choose_samples(shelf: PhotoShelf) -> None:
    """A button for the photo, one for each drawing, and one for all drawings; a click analyses what it names."""
    st.button(_("Try a sample photo"), icon=":material/image:", on_click=shelf.add_samples, args=(PORTRAIT,))
    st.markdown(f"**{_('Drawn samples')}**")
    with st.container(horizontal=True, key="photo_samples"):
        for sample in DRAWINGS:
            st.button(
                emotion_name(str(sample.expression)),
                key=f"sample_{sample.expression}",
                on_click=shelf.add_samples,
                args=(sample,),
            )
        st.button(
            _("All {n}").format(n=len(DRAWINGS)),
            key="sample_all",
            on_click=shelf.add_samples,
            args=DRAWINGS,
        )
    st.caption(f"{_('Drawings, not photographs of people.')} {drawings_note()}")

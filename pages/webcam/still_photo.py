"""A photo from the camera or from a file, analysed and shown as on the page Photos: no live video needed."""

from __future__ import annotations

import hashlib

import streamlit as st

from fer_core.faces.search import FaceSearch
from fer_core.faces.uploads import clean_name
from fer_core.photos.findings import Photo
from fer_core.photos.shelf import PhotoShelf, find_faces
from pages.ui.frame import ASSETS, css_texts
from pages.ui.i18n import _
from pages.ui.photo_block import photo_block
from pages.ui.resources import AnyNetwork, recognizer_of
from pages.ui.streamlit_inside import UploadedFile, session_lives


def without_live_video(network: AnyNetwork, search: FaceSearch) -> None:
    """The two ways that work where a video does not connect, always on the page.

    Args:
        network: reads the expressions.
        search: how faces are looked for in a photo.
    """
    words = {
        "take": _("Take a photo"),
        "again": _("Take another photo"),
        "choose": _("Choose a picture"),
    }
    css_texts("webcam_still", **words)
    with st.container(key="webcam_still"):
        st.subheader(_("Without live video"), anchor=False)
        camera, file = st.columns(2, gap="large")
        with camera:
            st.markdown(_("**Take a photo.** The camera is on only while the switch is."))
            photo = None
            # The widget takes hold of the camera as soon as it is there.
            if st.toggle(_("Open the camera"), key="webcam_photo_open"):
                photo = st.camera_input(words["take"], key="webcam_photo", label_visibility="collapsed")
        with file:
            st.markdown(_("**Open a picture.** For many at once, go to the page Photos."))
            upload = st.file_uploader(words["choose"], key="webcam_upload", label_visibility="collapsed")
    st.html(ASSETS / "photos.css")
    show_still(photo, _("Photo from the camera"), network, search, key="webcam_photo_shelf")
    show_still(upload, clean_name(upload.name) if upload else "", network, search, key="webcam_upload_shelf")


def show_still(
    file: UploadedFile | None, name: str, network: AnyNetwork, search: FaceSearch, key: str
) -> None:
    """Analyse a picture and show what it holds.

    Args:
        file: the newest one; None shows nothing and forgets the one before.
        name: what to call it, on the page and in a sentence about it.
        network: reads the expressions.
        search: how faces are looked for.
        key: session key of what was found, which is kept in memory while its picture is there.
    """
    if file is None:
        st.session_state.pop(key, None)
        return
    content = file.getvalue()
    digest = hashlib.sha256(content).hexdigest()
    shelf: PhotoShelf = st.session_state.get(key) or PhotoShelf()
    if (name, digest) not in shelf.uploads:
        shelf = PhotoShelf(uploads={(name, digest): Photo(name, content, digest)})
    st.session_state[key] = shelf
    with st.spinner(_("Looking for faces …")):
        found = find_faces(shelf, recognizer_of(network), search, patience_s=60, lives=session_lives())
    for photo, finding in found:
        photo_block(photo, finding, search)

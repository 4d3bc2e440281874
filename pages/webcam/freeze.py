"""Freeze: a frame of the running video is analysed as a photo in the video's place, and one click goes on.

The video itself goes on meanwhile: of its component only the buttons are in sight.
"""

from __future__ import annotations

import html
from dataclasses import dataclass, replace
from itertools import count

import cv2
import numpy as np
import streamlit as st

from fer_core.errors import N_, RautError
from fer_core.faces.boxes import iou, mirrored_boxes
from fer_core.faces.images import own_picture
from fer_core.faces.search import FaceSearch
from fer_core.live.session import LiveSession
from fer_core.photos.analysis import PhotoFace
from fer_core.photos.findings import Finding
from fer_core.photos.shelf import PhotoShelf, find_faces
from fer_core.recognition.frames import LiveFace
from pages.ui.face_cards import blank_card, face_cards
from pages.ui.guard import show_error
from pages.ui.i18n import _
from pages.ui.photo_block import marked_picture, picture_in_words
from pages.ui.photo_session import photo_shelf
from pages.ui.resources import AnyNetwork, recognizer_of
from pages.ui.streamlit_inside import session_lives
from pages.webcam.steps import network_view, why_view

FROZEN = "webcam_frozen"
MISSED = "webcam_freeze_missed"
SAME_FACE = 0.3
"""Intersection over union above which a face of the photo is one of the video: two searches box it a little apart."""
LARGEST_EXPLAINED = 4
"""Faces whose maps are shown: for a whole class they would be a page of their own."""

# The video is left running out of sight: taken off the page, its connection would end.
_STYLE = """<style>
.st-key-webcam_stream_place {
  flex: 0 0 53px !important;
  overflow: hidden;
  justify-content: flex-end;
}
</style>"""


@dataclass(eq=False)
class FrozenFrame:
    """A frame that stands still: in memory only, until the video goes on or ends."""

    frame_bgr: np.ndarray
    """uint8 (H, W, 3), as the camera gave it."""
    live_faces: tuple[LiveFace, ...]
    """Faces of the video in that frame: they keep their numbers."""
    shelf: PhotoShelf
    """Has it as its one photo, with what each network found."""
    mirrored: bool
    """Whether the video was shown as in a mirror."""


def frozen_frame(playing: bool) -> FrozenFrame | None:
    """The frame that stands still; None while the video is shown. It goes with the video."""
    if not playing:
        st.session_state.pop(FROZEN, None)
    frame: FrozenFrame | None = st.session_state.get(FROZEN)
    return frame


def freeze_button(session: LiveSession, frozen: FrozenFrame | None, mirrored: bool, playing: bool) -> None:
    """Makes the next frame stand still, or lets the video go on."""
    if frozen is not None:
        st.button(
            _("Go on"),
            icon=":material/play_arrow:",
            key="webcam_go_on",
            type="primary",
            on_click=_go_on,
        )
        return
    # There from the beginning: on a busy computer, a button that came with the video's start was seen to vanish.
    st.button(
        _("Freeze"),
        icon=":material/pause:",
        key="webcam_freeze",
        disabled=not playing,
        on_click=_freeze,
        args=(session, mirrored),
        help=_(
            "This picture stands still and is analysed like a photo. The camera stays on, and one click goes on."
        ),
    )
    if st.session_state.pop(MISSED, False):
        raise RautError(
            N_("No picture comes from the camera just now. Wait until the video runs, then try again.")
        )


def frozen_picture(frozen: FrozenFrame, network: AnyNetwork, search: FaceSearch) -> Finding | None:
    """The frame with a box and an answer at each face, in the video's place.

    Args:
        frozen: the frame.
        network: reads the expressions.
        search: how faces are looked for in a photo.

    Returns:
        What was found in it; None where it could not be analysed, which the page says.
    """
    st.html(_STYLE)
    with st.spinner(_("Looking for faces …"), show_time=False):
        found = find_faces(frozen.shelf, recognizer_of(network), search, patience_s=60, lives=session_lives())
    if not found:
        return None
    _photo, finding = found[0]
    if finding.error is not None:
        show_error(finding.error)
        return None
    finding = _with_live_numbers(finding, frozen.live_faces)
    shown = _as_in_a_mirror(finding) if frozen.mirrored else finding
    st.image(
        marked_picture(shown, shown.result),
        alt=picture_in_words(_("Frozen picture"), finding.result),
        width="stretch",
    )
    return finding


def frozen_bars(finding: Finding | None, network: AnyNetwork) -> None:
    """A card for each face, as beside the video."""
    if finding is not None and finding.result.faces:
        face_cards(finding.result.faces, finding.result.labels)
    else:
        blank_card(network.labels, _("No face was found in the frozen picture. Go on, and try again."))


def frozen_details(frozen: FrozenFrame, finding: Finding, network: AnyNetwork) -> None:
    """What the network saw of each face, what speaks for its answer, and the way to all that Photos can do."""
    with st.container(key="webcam_frozen_details"):
        if finding.result.faces:
            st.subheader(_("What speaks for this expression?"), anchor=False)
            items = "".join(_explained(face, network) for face in finding.result.faces[:LARGEST_EXPLAINED])
            st.html(f'<ul class="raut-frozen">{items}</ul>')
        if st.button(
            _("Open on the page Photos"),
            icon=":material/photo_library:",
            key="webcam_to_photos",
            help=_("To correct, compare networks and download. The video stops."),
        ):
            (photo,) = frozen.shelf.photos
            assert photo.content is not None  # nothing lets go of the one photo
            photo_shelf().add(photo.name, photo.content)
            st.switch_page("pages/photos/page.py")


def _freeze(session: LiveSession, mirrored: bool) -> None:
    # The frame that comes, or the one after it: with what was found in that very one.
    newest = None if session.freeze() is None else session.latest.with_frame()
    if newest is None:
        st.session_state[MISSED] = True
        return
    result, frame_bgr = newest
    encoded, png = cv2.imencode(".png", frame_bgr)
    assert encoded  # a frame that was analysed has pixels
    shelf = PhotoShelf()
    shelf.add(f"webcam-{session.record.started:%H%M}-{round(session.record.seconds)}s.png", png.tobytes())
    st.session_state[FROZEN] = FrozenFrame(frame_bgr, result.faces, shelf, mirrored)


def _go_on() -> None:
    st.session_state.pop(FROZEN, None)


def _explained(face: PhotoFace, network: AnyNetwork) -> str:
    """The face as the network saw it, and the map of its answer where the network has one."""
    pictures, text = (
        network_view(face.crop_gray),
        _("What the network was shown: the face in grey, 48×48 pixels"),
    )
    for picture, meaning in why_view(face.crop_gray, face.label, network):
        pictures, text = pictures + picture, meaning
    name = html.escape(_("Face {n}").format(n=face.number))
    return f"<li><strong>{name}</strong><span>{pictures}</span><small>{html.escape(text)}</small></li>"


def _with_live_numbers(finding: Finding, live_faces: tuple[LiveFace, ...]) -> Finding:
    """A face has the number that it had in the video; one that was not found there gets a new one."""
    faces = finding.result.faces
    if not faces:
        return finding
    numbers: dict[int, int] = {}
    if live_faces:
        shared = iou(
            np.stack([face.box_xyxy for face in faces]), np.stack([face.box_xyxy for face in live_faces])
        )
        for place in np.argsort(-shared, axis=None):
            row, column = (int(at) for at in np.unravel_index(place, shared.shape))
            number = live_faces[column].number
            if shared[row, column] > SAME_FACE and row not in numbers and number not in numbers.values():
                numbers[row] = number
    free = (number for number in count(1) if number not in numbers.values())
    renumbered = [
        replace(face, number=numbers[row] if row in numbers else next(free)) for row, face in enumerate(faces)
    ]
    renumbered.sort(key=lambda face: face.number)
    return replace(finding, result=replace(finding.result, faces=tuple(renumbered)), face_pictures=())


def _as_in_a_mirror(finding: Finding) -> Finding:
    """The same picture and boxes turned left to right; what the network was shown stays."""
    picture_bgr = cv2.flip(own_picture(finding.picture_jpeg), 1)
    _ok, jpeg = cv2.imencode(".jpg", picture_bgr, [cv2.IMWRITE_JPEG_QUALITY, 92])
    width = picture_bgr.shape[1] / finding.scale
    faces = tuple(
        replace(face, box_xyxy=np.rint(mirrored_boxes(face.box_xyxy, width)[0]).astype(np.int32))
        for face in finding.result.faces
    )
    return replace(finding, picture_jpeg=jpeg.tobytes(), result=replace(finding.result, faces=faces))

"""Which face detector a page uses: the reader's choice, what found a face, and what is said where none is found."""

from __future__ import annotations

from typing import Final

import streamlit as st

from fer_core.faces.search import DETECTORS, FaceSearch
from fer_core.photos.analysis import PhotoFace
from fer_core.reports.detectors import FOUND_BY, TILTED
from pages.ui.blocks import term
from pages.ui.i18n import N_, _, format_number

DETECTOR_NAMES: Final = {
    "both": N_("Both"),
    "haar": N_("Haar cascade only, as in the paper"),
    "blazeface": N_("BlazeFace only"),
}
"""Each of `DETECTORS` as the reader chooses it."""


FOUND_SENTENCES: Final = {
    "haar": N_("Found by the Haar cascade."),
    "blazeface": N_("Found by BlazeFace."),
    "both": N_("Found by both detectors."),
    "hand": N_("Drawn by hand."),
}
"""`RecognizedFace.found_by` as a sentence."""


def choose_detector(key: str, default: str) -> str:
    """The detectors to choose from, with an explanation of each.

    Args:
        key: session key of the choice, which outlasts the page.
        default: of `DETECTORS`, what holds until the reader chooses.

    Returns:
        One of `DETECTORS`.
    """
    chosen = st.pills(  # which wrap well where there is little room
        _("Face detector"),
        DETECTORS,
        default=default,
        required=True,
        format_func=lambda code: _(DETECTOR_NAMES[code]),
        key=key,
        persist_state="session",
        help=_(
            "The Haar cascade finds faces seen from the front. BlazeFace also finds turned and tilted ones. A face "
            "that both find counts once."
        ),
    )
    with st.container(horizontal=True, gap="small"):
        term("haar_cascade")
        term("blazeface")
    return str(chosen or default)


def found_by_cell(face: PhotoFace) -> str:
    """What found the face, for a cell of a table: "BlazeFace, tilted 47°"; the reports have the same words."""
    tilted = (
        f", {_(TILTED).format(degrees=format_number(abs(face.turn_degrees)))}" if face.turn_degrees else ""
    )
    return _(FOUND_BY[face.found_by]) + tilted


def found_by_sentence(face: PhotoFace) -> str:
    """What found the face, and by how much it was turned upright where it was."""
    sentence = _(FOUND_SENTENCES[face.found_by])
    if face.turn_degrees:
        sentence += " " + _("It is tilted by {degrees}° and was turned upright to be recognised.").format(
            degrees=format_number(abs(face.turn_degrees))
        )
    return sentence


def no_face_advice(search: FaceSearch) -> str:
    """What may help where such a search finds no face in a photo, as Markdown."""
    if search.uses_blazeface:
        return _(
            "Raut looked for faces seen from the front and from the side, tilted ones, too. What may help:\n\n- a photo "
            "on which the face is larger, evenly lit and not covered,\n- the search “Thorough” under “More”, for small "
            "faces."
        )
    return _(
        "The Haar cascade finds faces seen from the front. What may help:\n\n- the face detector “Both” under “More”, "
        "for turned and tilted faces,\n- a photo on which the face is larger, upright, evenly lit and not covered,\n- "
        "the search “Thorough” under “More”, for small faces."
    )

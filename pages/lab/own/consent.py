"""Consent before anything is recorded or added, and the erasing of all faces."""

from __future__ import annotations

from typing import Final

import streamlit as st

from fer_core.lab.desk import LENIENCY_S, Desk
from pages.lab.own.classes import begin_anew
from pages.lab.own.recorder import forget_presses
from pages.lab.tryout.photo import forget_tried_photo
from pages.ui.access import is_shared
from pages.ui.i18n import _, format_number, ngettext

AGREED: Final = "lab_consented"
_ERASED: Final = "lab_erased"


def where_faces_stay() -> str:
    """Where recorded faces are, and when they are erased."""
    if is_shared():
        text = _(
            "Recorded faces stay in the memory of the computer that serves this page, on no disk, until you erase them below "
            "or {s} seconds after this tab is closed."
        )
    else:
        text = _(
            "Recorded faces stay in the memory of this computer, on no disk, until you erase them below or {s} seconds after "
            "this tab is closed."
        )
    return text.format(s=format_number(LENIENCY_S))


def consent(desk: Desk) -> None:
    """The sentence on consent with its box, until the box is ticked; then one line.

    Args:
        desk: notes whether those before the camera agreed; nothing is recorded before.
    """
    if desk.consented:
        st.caption(f":material/lock: {where_faces_stay()}")
        return

    def agree() -> None:
        desk.consented = bool(st.session_state[AGREED])
        st.session_state.pop(_ERASED, None)

    with st.container(border=True, key="lab_consent", gap="small"):
        st.markdown(
            ":material/verified_user: "
            + _(
                "**Before you record:** everybody in front of the camera must agree, and for pupils their parents, as the "
                "rules of your school say."
            )
            + f" {where_faces_stay()}"
        )
        st.checkbox(_("Everybody in front of the camera agrees"), key=AGREED, on_change=agree)


def erase_button(desk: Desk) -> None:
    """The button that erases all faces, with a question before; what is gone is said afterwards.

    Args:
        desk: whose faces are erased.
    """
    faces = sum(burst.n for burst in desk.faces.bursts)

    def ask() -> None:
        _question(desk)

    if st.button(
        _("Erase all faces"),
        icon=":material/delete_forever:",
        key="lab_erase",
        disabled=not faces,
    ):
        st.dialog(_("Erase all faces?"))(ask)()
    erased = st.session_state.get(_ERASED)
    if erased is not None and not faces:
        count, networks = erased
        text = ngettext(
            "{n} face is erased and cannot be brought back.",
            "{n} faces are erased and cannot be brought back.",
            count,
        )
        text = text.format(n=format_number(count))
        if networks:
            more = ngettext(
                "So is {n} network that was trained.", "So are {n} networks that were trained.", networks
            )
            text += f" {more.format(n=format_number(networks))}"
        st.success(text, icon=":material/check_circle:")


def _question(desk: Desk) -> None:
    faces = sum(burst.n for burst in desk.faces.bursts)
    own = [network.id for network in desk.networks if network.settings.way == "own"]
    text = ngettext(
        "{n} face that was recorded or added goes, and cannot be brought back.",
        "All {n} faces that were recorded or added go, and cannot be brought back.",
        faces,
    ).format(n=format_number(faces))
    if own:
        text += " " + ngettext(
            "{n} network was trained on such faces. It holds no pictures, but what it learnt from them.",
            "{n} networks were trained on such faces. They hold no pictures, but what they learnt from them.",
            len(own),
        ).format(n=format_number(len(own)))
    training = desk.training
    if training is not None and training.running and training.settings.way == "own":
        text += " " + _("The training that is running ends without a result.")
    st.markdown(text)
    if own:
        if st.button(
            _("Erase faces, keep networks"), icon=":material/delete:", key="lab_erase_faces", width="stretch"
        ):
            _erase(desk, faces, [])
        if st.button(
            _("Erase faces and these networks"),
            icon=":material/delete_forever:",
            key="lab_erase_both",
            width="stretch",
        ):
            _erase(desk, faces, own)
    elif st.button(
        _("Erase the faces"),
        icon=":material/delete_forever:",
        key="lab_erase_faces",
        width="stretch",
    ):
        _erase(desk, faces, [])
    if st.button(_("Cancel"), key="lab_erase_cancel", width="stretch"):
        st.rerun()


def _erase(desk: Desk, faces: int, networks: list[str]) -> None:
    desk.erase_faces()
    for network_id in networks:
        desk.remove(network_id)
    desk.consented = False
    st.session_state.pop(AGREED, None)
    begin_anew()
    forget_presses()
    forget_tried_photo()
    st.session_state[_ERASED] = (faces, len(networks))
    st.rerun()

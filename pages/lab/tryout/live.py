"""Trying a network on the camera: the video, where it does not stand above the classes that are recorded, and its answers."""

from __future__ import annotations

import streamlit as st

from fer_core.lab.desk import Desk
from pages.lab.selection import way_of_address
from pages.lab.video import lab_bars, lab_video
from pages.ui.access import is_shared
from pages.ui.i18n import _


def try_live(desk: Desk) -> None:
    """The video and a card for each of its faces; of own faces the video stands in the first column.

    Args:
        desk: of this visitor, whose network in use reads the faces.
    """
    if way_of_address()[0] == "fer2013":
        lab_video(desk, _("The tab “Photo” works without live video."))
        if is_shared():
            promise = _(
                "No picture is recorded. Each one goes encrypted to the computer that serves this page, is "
                "analysed there and deleted at once."
            )
        else:
            promise = _("No picture is recorded. Each one is analysed on this computer and deleted at once.")
        st.caption(f":material/lock: {promise}")
    lab_bars(desk)

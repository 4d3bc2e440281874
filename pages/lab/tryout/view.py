"""The column "try" of the lab: the network in use on the camera, on photos and on test pictures, and what it leaves behind."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from fer_core.errors import RautError
from fer_core.lab.desk import Desk
from pages.lab.selection import way_of_address
from pages.lab.tryout.in_use import InUse, choose_in_use, in_use, mark, shipped
from pages.lab.tryout.keeping import keeping
from pages.lab.tryout.live import try_live
from pages.lab.tryout.photo import try_photo
from pages.lab.tryout.test_picture import try_test_picture
from pages.ui.blocks import no_network_card
from pages.ui.choices import keep_tab
from pages.ui.frame import ASSETS
from pages.ui.guard import guarded_page, show_error
from pages.ui.i18n import _, format_number, ngettext

TABS_KEY = "lab_try_with"


def render_try(desk: Desk) -> None:
    """All of the column.

    Args:
        desk: of this visitor; a choice of another network is noted there.
    """
    st.html(ASSETS / "photos.css")
    st.html(Path(__file__).with_name("tryout.css"))
    raut = _shipped_or_sentence()
    used = in_use(desk, raut)
    choose_in_use(desk)
    if used is None:
        no_network_card()
    else:
        mark(used)
        _ways_to_try(desk, used, raut)
        if used.of_lab is not None:
            what_it_is_not(used)
    keeping(desk, used)


def _shipped_or_sentence() -> InUse | None:
    try:
        return shipped()
    except RautError as error:
        show_error(error)
        return None


def _ways_to_try(desk: Desk, used: InUse, raut: InUse | None) -> None:
    """Camera, photo and, where the lab learns from FER2013, test pictures; only the open one is made."""
    from_fer2013 = way_of_address()[0] == "fer2013"
    names = [_("Camera"), _("Photo"), *([_("Test picture")] if from_fer2013 else [])]
    keep_tab(TABS_KEY, names)
    camera, photo, *test = st.tabs(names, key=TABS_KEY, on_change="rerun")
    if camera.open:
        with camera:
            try_live(desk)
    if photo.open:
        with photo:
            _photo(used, raut)
    if test and test[0].open:
        with test[0]:
            _test_picture(used, raut)


@st.fragment
@guarded_page()
def _photo(used: InUse, raut: InUse | None) -> None:
    """A part that renews itself alone: the video and the training beside it are left as they are."""
    try_photo(used, raut)


@st.fragment
@guarded_page()
def _test_picture(used: InUse, raut: InUse | None) -> None:
    """See `_photo`."""
    try_test_picture(used, raut)


def what_it_is_not(used: InUse) -> None:
    """What may not be concluded from a network of this lab: once, and short."""
    network = used.of_lab
    assert network is not None
    count = sum(network.figures.learnt)
    if network.settings.way == "own":
        learnt = ngettext(
            "It learnt from {n} face, of few people and in one room; other people and another light can change its answers.",
            "It learnt from {n} faces, of few people and in one room; other people and another light can change its answers.",
            count,
        )
    else:
        learnt = ngettext(
            "It learnt from {n} picture of FER2013, which has one label and sometimes a wrong one.",
            "It learnt from {n} pictures of FER2013, each of which has one label and sometimes a wrong one.",
            count,
        )
    with st.container(key="lab_what_it_is_not"):
        st.caption(
            " ".join(
                [
                    f"**{_('What your network is not')}.**",
                    learnt.format(n=format_number(count)),
                    *(
                        [
                            _(
                                "A face and its mirror image are the same to it, so it cannot tell left from right."
                            )
                        ]
                        if network.settings.method == "head"
                        else []
                    ),
                    _(
                        "It names one of its classes for every face, also where none fits, and its probabilities are not "
                        "calibrated. It does not know what a person feels, so nobody may be judged by it."
                    ),
                ]
            )
        )

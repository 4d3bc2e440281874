"""Blocks that several pages show: heading, choice of network, explanations, and cards for "nothing here"."""

from __future__ import annotations

import streamlit as st

from pages.ui.access import is_shared
from pages.ui.glossary import explained
from pages.ui.i18n import _
from pages.ui.resources import damage


def page_header(title: str, lead: str) -> None:
    """The page's name and the one sentence that says what to do here; both already translated."""
    with st.container(key="page_header", gap=None):
        st.title(title, anchor=False)
        st.markdown(lead)


def term(name: str) -> None:
    """A "What is this?" beside a term; `name` is its key in the glossary."""
    title, text = explained(name)
    with st.popover(title, icon=":material/help:", type="tertiary", help=_("What is this?")):
        st.markdown(f"**{title}**")
        st.markdown(text)


def _card(icon: str, title: str, text: str, command: str | None = None) -> None:
    with st.container(border=True):
        st.subheader(f":material/{icon}: {title}", anchor=False)
        st.markdown(text)
        if command:
            st.code(command, language="bash")


def no_network_card() -> None:
    """Instead of a result where `models/` holds no network, or none that is whole: what is missing and how to get it."""
    if damage():
        _card(
            "neurology",
            _("No network can be used"),
            _("All networks in the folder `models/` are damaged. Fetch the project again to get them anew."),
        )
        return
    _card(
        "neurology",
        _("There is no trained network yet"),
        _(
            "Raut recognises expressions with a network from the folder `models/`, and that folder is empty. "
            "Fetch the project again to get the networks that come with it, or train one yourself:"
        ),
        "python -m fer_core train --help",
    )


def no_dataset_card() -> None:
    """Instead of pictures where FER2013 is missing: how to get it and where to put it, or who can."""
    if is_shared():
        _card(
            "photo_library",
            _("FER2013 is not here"),
            _(
                "The data set may not be passed on, so it does not come with Raut. The person who started "
                "Raut can add FER2013."
            ),
        )
        return
    _card(
        "photo_library",
        _("FER2013 is not on this computer"),
        _(
            "The data set may not be passed on, so it does not come with Raut. You can get it free of "
            "charge:\n\n"
            "1. Sign in to [Kaggle](https://www.kaggle.com/c/challenges-in-representation-learning-facial-"
            "expression-recognition-challenge/data) and download FER2013: `fer2013.csv`, "
            "`icml_face_data.csv`, the archive as it is, or the folders `train` and `test`.\n"
            "2. Put it into the folder `data/` of Raut, or set `FER2013_DIR` to the folder where it lies.\n"
            "3. For the eight expressions of FER+, put `fer2013new.csv` from "
            "[its authors' page](https://github.com/microsoft/FERPlus) beside it.\n"
            "4. Reload this page. The first reading takes some seconds."
        ),
    )

"""Blocks that several pages show: heading, choice of network, explanations, and cards for "nothing here"."""

from __future__ import annotations

import streamlit as st

from fer_core.errors import RautError
from fer_core.evaluation import SplitReport, read_report
from fer_core.store import NetworkInfo
from pages.ui import session_keys
from pages.ui.access import is_shared
from pages.ui.choices import keep_choice
from pages.ui.i18n import _, format_number, format_percent
from pages.ui.resources import measured_networks, networks
from pages.ui.shell import enter_through_app
from pages.ui.terms import TERMS


def page_header(title: str, lead: str) -> None:
    """The page's name and the one sentence that says what to do here; both already translated."""
    enter_through_app()
    with st.container(key="page_header", gap=None):
        st.title(title, anchor=False)
        st.markdown(lead)


def term(name: str) -> None:
    """A "What is this?" beside a word of the trade; `name` is a key of `TERMS`."""
    title, text = TERMS[name]
    with st.popover(_(title), icon=":material/help:", type="tertiary", help=_("What is this?")):
        st.markdown(f"**{_(title)}**")
        st.markdown(_(text))


def headline_of(info: NetworkInfo) -> SplitReport | None:
    """The split that stands for the network; None where these weights were not evaluated."""
    try:
        report = read_report(info)
    except RautError:
        return None
    return report.headline if report is not None else None


def headline_figure(info: NetworkInfo) -> tuple[str, float, int] | None:
    """Name, accuracy and number of images of that split."""
    part = headline_of(info)
    return (part.name, part.accuracy, part.n) if part is not None else None


def network_label(info: NetworkInfo) -> str:
    """Name and accuracy with its split, for a list: "Raut — 71.3 % (PrivateTest)"."""
    figure = headline_figure(info)
    if figure is None:
        return _(info.name)
    split, accuracy, _count = figure
    return f"{_(info.name)} — {format_percent(accuracy)} ({split})"


def choose_network(
    key: str = session_keys.NETWORK, task: str | None = None, *, figures_only: bool = False
) -> NetworkInfo | None:
    """A list of the shipped networks, the default one chosen; None, and nothing shown, when there is none.

    Args:
        key: session key of the choice, which outlasts the page.
        task: "fer2013" or "ferplus" to offer only networks of that label set.
        figures_only: offer also those of which only the figures ship, which name no expression.
    """
    listed = measured_networks() if figures_only else networks()
    offered = {info.id: info for info in listed if task in (None, info.task)}
    if not offered:
        return None
    if st.session_state.get(key) not in offered:
        st.session_state[key] = next(iter(offered))  # none yet, or a network that is gone
    keep_choice(key)
    chosen = st.selectbox(
        _("Network"),
        list(offered),
        format_func=lambda network_id: network_label(offered[network_id]),
        key=key,
        persist_state="session",
    )
    return offered[chosen]


def network_caption(info: NetworkInfo) -> None:
    """One line under a result: which network answered, how large it is, how often it is right and on what."""
    figure = headline_figure(info)
    size = _("{n} parameters").format(n=format_number(info.parameters))
    if figure is None:
        st.caption(f"{_(info.name)} · {size} · " + _("not evaluated yet"))
        return
    split, accuracy, count = figure
    right = _("right on {accuracy} of {n} test images ({split})").format(
        accuracy=format_percent(accuracy), n=format_number(count), split=split
    )
    st.caption(f"{_(info.name)} · {size} · {right}")


def _card(icon: str, title: str, text: str, command: str | None = None) -> None:
    with st.container(border=True):
        st.subheader(f":material/{icon}: {title}", anchor=False)
        st.markdown(text)
        if command:
            st.code(command, language="bash")


def no_network_card() -> None:
    """Instead of a result where `models/` is empty: what is missing and how to get it."""
    _card(
        "neurology",
        _("There is no trained network yet"),
        _(
            "Raut reads expressions with a network from the folder `models/`, and that folder is empty. "
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

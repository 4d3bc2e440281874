"""What is chosen on the page Training, for all of its views: the view, the networks and the split, which stand in the
address.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from fer_core.errors import RautError
from fer_core.evaluation.headline import best
from fer_core.evaluation.report import Report, SplitReport
from fer_core.evaluation.speed import SpeedReport, read_speed
from fer_core.plots.learning import MOST_NETWORKS
from fer_core.store.network import NetworkInfo
from pages.training.networks import NetworkResults, read_network
from pages.ui.address import parameters
from pages.ui.address.parameters import choice_of_address, put, text_of_address
from pages.ui.guard import show_error
from pages.ui.i18n import N_

PAGE = "pages/training/page.py"

VIEW = "view"
"""Parameter of the address: which view of the page is shown."""

NETWORK = "network"
"""Parameter of the address: ids of the chosen networks with commas between them; the first is the main one."""

SPLIT = "split"
"""Parameter of the address: name of the split that figures are shown of."""

VIEW_KEY = "training_view"
"""Session key of the control of the view."""


@dataclass(frozen=True)
class Chosen:
    """What the reader looks at.

    Attributes:
        networks: the chosen networks, at least one; the first is the one that views of one network show.
        all: every network with figures, in the order of the lists.
        speed: how long the networks take; None where nobody measured it, or what is wrong with the figures.
        split: name of the split in the address, "" where there is none.
    """

    networks: list[NetworkResults]
    all: list[NetworkResults]
    speed: SpeedReport | RautError | None
    split: str = ""

    @property
    def main(self) -> NetworkResults:
        return self.networks[0]

    def part(self, results: NetworkResults) -> SplitReport | None:
        """The evaluated split to show of a network: the one of the address where it has that, else its headline.

        None where it was not evaluated, or where its evaluation cannot be read.
        """
        if not isinstance(results.report, Report):
            return None
        return results.report.splits.get(self.split) or results.report.headline


# --- the view ----------------------------------------------------------------------------------------


def view_of_address(views: Sequence[str]) -> tuple[str, RautError | None]:
    """Code of the view that the address names, the first where it names none, and what is wrong with the name."""
    named = text_of_address(VIEW)
    if named in views:
        return named, None
    if not named:
        return views[0], None
    return views[0], RautError(N_("This page has no view “{name}”."), name=named)


def show_view(view: str, networks: Sequence[str] | None = None, split: str | None = None) -> None:
    """Go to a view; to be called in a callback, before the page is drawn.

    Args:
        view: its code.
        networks: ids of the networks to choose; None leaves those that are chosen.
        split: name of the split to show; None leaves it.
    """
    put({name: text or None for name, text in query_of(view, networks, split).items()})


def query_of(view: str, networks: Sequence[str] | None = None, split: str | None = None) -> dict[str, str]:
    """Parameters of the address of a view; see `show_view`."""
    query = {VIEW: view}
    if networks is not None:
        query[NETWORK] = ",".join(networks)
    if split is not None:
        query[SPLIT] = split
    return query


def link_to(
    label: str,
    view: str,
    networks: Sequence[str] | None = None,
    split: str | None = None,
    *,
    icon: str | None = None,
) -> None:
    """A link to a view of this page, from any page.

    Args:
        label: translated, as Markdown.
        view: code of the view.
        networks: ids of the networks to choose there; None for those of the address.
        split: name of the split to show there; None for that of the address.
        icon: before the label.
    """
    kept = {name: text for name in (NETWORK, SPLIT) if (text := text_of_address(name))}
    st.page_link(PAGE, label=label, icon=icon, query_params={**kept, **query_of(view, networks, split)})


def come_back() -> None:
    """See `pages.ui.address.parameters.come_back`."""
    parameters.come_back("training", arrives=VIEW_KEY not in st.session_state)


# --- networks and split ------------------------------------------------------------------------------


def chosen_of_address(known: Sequence[NetworkInfo]) -> Chosen:
    """The networks and the split that the address names; a sentence is shown for what it names in vain.

    Args:
        known: every network with figures, at least one.
    """
    speed = _speed_or_error()
    everyone = [read_network(info, speed if isinstance(speed, SpeedReport) else None) for info in known]
    by_id = {results.info.id: results for results in everyone}
    named = [name for name in text_of_address(NETWORK).split(",") if name]
    for name in dict.fromkeys(named):
        if name not in by_id:
            show_error(RautError(N_("There is no network “{name}” here."), name=name))
    wanted = [by_id[name] for name in dict.fromkeys(named) if name in by_id][:MOST_NETWORKS]
    chosen = Chosen(wanted or [by_id[best(known[0].task, known).id]], everyone, speed, text_of_address(SPLIT))
    reports = [results.report for results in chosen.networks if isinstance(results.report, Report)]
    if chosen.split and reports and not any(chosen.split in report.splits for report in reports):
        show_error(RautError(N_("The network has no figures for a split “{name}”."), name=chosen.split))
    return chosen


def choose_networks(ids: Sequence[str]) -> None:
    """Other networks, in the address; to be called in a callback."""
    put({NETWORK: ",".join(dict.fromkeys(ids)) or None})


def choose_split(split: str) -> None:
    """Another split, in the address; to be called in a callback."""
    put({SPLIT: split})


def _speed_or_error() -> SpeedReport | RautError | None:
    try:
        return read_speed()
    except RautError as error:
        return error


# --- what a view has besides ---------------------------------------------------------------------------


def option_of_address(name: str, options: Sequence[str]) -> str:
    """What the address has for a choice of a view, the first option where it has none; a sentence for another text.

    Args:
        name: parameter of the address.
        options: codes of what can be chosen, the first by default.
    """

    def refuse(name: str, text: str, _shown: str) -> None:
        show_error(RautError(N_("The address has “{text}” for “{name}”, which is none of: {options}."),
                            text=text, name=name, options=", ".join(options)))  # fmt: skip

    return choice_of_address(name, options, options[0], refuse)


def set_option(name: str, code: str, default: str) -> None:
    """What was chosen, in the address; to be called in a callback.

    Args:
        name: parameter of the address.
        code: of the choice.
        default: the code that needs no parameter.
    """
    put({name: None if code == default else code})

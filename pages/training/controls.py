"""Controls of the page Training that several views have: one network or several, the split, and two side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from fer_core.errors import RautError
from fer_core.evaluation.report import Report, SplitReport
from fer_core.plots.learning import MOST_NETWORKS
from pages.training import selection
from pages.training.networks import NetworkResults
from pages.training.selection import Chosen
from pages.ui.address.controls import choose_from_list, choose_part
from pages.ui.choices import keep_choice
from pages.ui.guard import escape_markdown, show_error
from pages.ui.i18n import _
from pages.ui.network_choice import network_label

_SECOND, _SEVERAL, _SPLIT = "training_network_2", "training_networks", "training_split"


def one_network(chosen: Chosen) -> None:
    """A list of all networks, for views of one; those that are chosen besides it stay in the address."""
    names = {results.info.id: network_label(results.info) for results in chosen.all}
    others = [results.info.id for results in chosen.networks[1:]]
    choose_from_list(
        _("Network"),
        names,
        chosen.main.info.id,
        lambda code: selection.choose_networks([code, *others]),
        key="training_network",
    )


def second_network(chosen: Chosen) -> None:
    """A list for a network to compare with the one of `one_network`, or none."""
    offered = [results for results in chosen.all if results is not chosen.main]
    if offered:
        names = {results.info.id: network_label(results.info) for results in offered}
        list_of_second(chosen, {"": _("none"), **names}, key=_SECOND)


def list_of_second(chosen: Chosen, names: Mapping[str, str], *depends_on: str, key: str) -> str:
    """A list for the second network.

    Args:
        chosen: on the page.
        names: id to its name in the list, translated; "" for none. The first where no second one is chosen.
        depends_on: with another of these the names are others.
        key: of the list.

    Returns:
        Id of the one that is chosen.
    """
    before = [results.info.id for results in chosen.networks]
    shown = before[1] if len(before) > 1 else next(iter(names))

    def follow(second: str) -> None:
        # Without a second one the further ones go, too: the next of them would take its place.
        selection.choose_networks([before[0], second, *before[2:]] if second else before[:1])

    choose_from_list(_("Compare with"), names, shown, follow, *depends_on, key=key)
    return shown


def several_networks(chosen: Chosen) -> None:
    """A list from which several networks can be chosen."""
    names = {results.info.id: _(results.info.name) for results in chosen.all}
    st.session_state[_SEVERAL] = [results.info.id for results in chosen.networks]
    keep_choice(_SEVERAL)
    st.multiselect(
        _("Networks"),
        list(names),
        format_func=names.__getitem__,
        key=_SEVERAL,
        on_change=_follow_several,
        max_selections=MOST_NETWORKS,
        placeholder=_("Choose networks"),
        label_visibility="collapsed",
    )


def _follow_several() -> None:
    selection.choose_networks(list(st.session_state[_SEVERAL]))


def split_choice(chosen: Chosen) -> None:
    """The splits that the main network was evaluated on; nothing where there are none."""
    report = chosen.main.report
    part = chosen.part(chosen.main)
    if isinstance(report, Report) and part is not None:
        list_of_splits(list(report.splits), part.name, key=_SPLIT)


def list_of_splits(splits: Sequence[str], shown: str, *, key: str) -> None:
    """The control of the split.

    Args:
        splits: names of those that are offered.
        shown: name of the one that figures are shown of.
        key: of the control.
    """
    names = {split: escape_markdown(split) for split in splits}
    choose_part(_("Measured on"), names, shown, selection.choose_split, key=key)


def option_control(
    name: str, label: str, options: Mapping[str, str], chosen: str, *, disabled: bool = False
) -> None:
    """A choice that stands in the address.

    Args:
        name: parameter of the address.
        label: translated.
        options: code to its name, translated; the first by default.
        chosen: code from `selection.option_of_address`.
        disabled: it has no meaning at the moment.
    """
    default = next(iter(options))
    choose_part(
        label,
        options,
        chosen,
        lambda code: selection.set_option(name, code, default),
        key=f"training_{name}",
        disabled=disabled,
    )


def part_or_reason(chosen: Chosen, results: NetworkResults) -> SplitReport | None:
    """`Chosen.part`; where there is none, the reason is shown."""
    part = chosen.part(results)
    if part is not None:
        return part
    if isinstance(results.report, RautError):
        show_error(results.report)
    else:
        st.info(_("This network has not been evaluated yet."), icon=":material/rule:")
    return None


def side_by_side(networks: Sequence[NetworkResults], block: Callable[[NetworkResults, str], None]) -> None:
    """The block once for each network, in columns where there are two or more.

    Args:
        networks: at least one.
        block: is given a network, and a key that no other network has.
    """
    places = st.columns(len(networks), gap="large") if len(networks) > 1 else [st.container()]
    for number, (place, results) in enumerate(zip(places, networks, strict=True), start=1):
        with place:
            if len(networks) > 1:
                st.markdown(f"**{escape_markdown(_(results.info.name))}**")
            block(results, f"network{number}")

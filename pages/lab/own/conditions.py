"""Test bursts with something changed, such as the person or the light, and how far the accuracy of a network falls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from fer_core.errors import RautError
from fer_core.lab.desk import Desk
from fer_core.lab.measure import condition
from fer_core.lab.network import LabNetwork
from fer_core.lab.settings import LONGEST_CLASS_NAME, clean_class_name
from pages.lab.own.bursts import bursts_of_classes
from pages.lab.own.recorder import recorder
from pages.ui.choices import keep_choice
from pages.ui.guard import escape_markdown, show_error
from pages.ui.i18n import N_, _, format_number, format_percent, ngettext
from pages.ui.teaching.question import ask

CHANGES: Final = (N_("another person"), N_("with a cap"), N_("lamp off"))
"""What a class can change in a minute; other changes are written."""
CONDITION_KEY: Final = "lab_condition"
ABOUT_THE_SAME: Final = 0.05
"""Difference of two accuracies that a handful of bursts does not tell from none."""
_MEASURED: Final = "lab_conditions_measured"


def other_conditions(desk: Desk, *, ready: bool) -> None:
    """Record test bursts under a condition, guess, and see the accuracy under it.

    Args:
        desk: with at least one network of own faces.
        ready: whether something can be recorded.
    """
    network = network_to_test(desk)
    st.caption(
        _(
            "Change one thing, such as the person or the light, and record what the network has not seen. These bursts are "
            "never learnt: they only test “{name}”."
        ).format(name=escape_markdown(network.name))
    )
    name = _choose_condition(desk)
    bursts = bursts_of_classes(desk.faces, name)
    recorder(desk, bursts, ready=ready, condition=name)
    if any(of_class for label, of_class in bursts.items() if label in network.labels):
        _expect_and_measure(desk, network, name)


def network_to_test(desk: Desk) -> LabNetwork:
    """The network in use if it learnt own faces, else the newest one that did."""
    own = [network for network in desk.networks if network.settings.way == "own"]
    return next((network for network in own if network.id == desk.in_use), own[-1])


def _choose_condition(desk: Desk) -> str:
    offered = list(dict.fromkeys([*(_(change) for change in CHANGES), *desk.faces.conditions]))
    written = clean_class_name(str(st.session_state.get(CONDITION_KEY) or ""))[:LONGEST_CLASS_NAME].strip()
    if written and written not in offered:
        offered.append(written)
    st.session_state[CONDITION_KEY] = written or offered[0]
    keep_choice(CONDITION_KEY, *offered)
    chosen = st.selectbox(
        _("What is different this time? Choose it or write it."),
        offered,
        key=CONDITION_KEY,
        accept_new_options=True,
    )
    return str(chosen or offered[0])


def _expect_and_measure(desk: Desk, network: LabNetwork, name: str) -> None:
    try:
        accuracy, count = _accuracy(desk, network, name)
    except RautError as error:
        show_error(error)
        return
    test = network.figures.test
    said = ngettext(
        "With “{name}” {share} of {n} face is answered rightly.",
        "With “{name}” {share} of {n} faces are answered rightly.",
        count,
    ).format(name=escape_markdown(name), share=format_percent(accuracy, 0), n=format_number(count))
    if test.accuracy is None:
        st.markdown(said)
        _keep(desk, network, name, count)
        return
    before = ngettext(
        "In the test before, it was {share} of {n} face.",
        "In the test before, it was {share} of {n} faces.",
        test.n,
    ).format(share=format_percent(test.accuracy, 0), n=format_number(test.n))
    change = accuracy - test.accuracy
    right = "same" if abs(change) < ABOUT_THE_SAME else "falls" if change < 0 else "rises"
    if ask(
        f"lab_expect_condition_{network.id}_{name}",
        _("What do you expect of the accuracy with “{name}”?").format(name=escape_markdown(name)),
        {"falls": _("It falls"), "same": _("About the same"), "rises": _("It rises")},
        right,
        f"{said} {before} {_('The chart in the column “Training” shows both.')}",
    ):
        _keep(desk, network, name, count)


def _accuracy(desk: Desk, network: LabNetwork, name: str) -> tuple[float, int]:
    """Share of right answers and number of faces, measured again only where there are other faces."""
    ids = tuple(burst.id for burst in desk.faces.bursts if burst.condition == name)
    key = (network.id, name)
    known: dict[tuple[str, str], tuple[Sequence[int], float, int]] = st.session_state.setdefault(
        _MEASURED, {}
    )
    if key not in known or known[key][0] != ids:
        answers = condition(network, desk.faces, name).figures.conditions[-1].answers
        known[key] = (ids, answers.accuracy or 0.0, answers.n)
    return known[key][1:]


def _keep(desk: Desk, network: LabNetwork, name: str, count: int) -> None:
    """Among the figures of the network from now on, of all that was recorded."""
    kept = next((one for one in network.figures.conditions if one.name == name), None)
    if kept is None or kept.answers.n != count:
        desk.add(condition(network, desk.faces, name))

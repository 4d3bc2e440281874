"""What a round also takes, under "More": how many faces, the network that answers, and whether players say how sure they
are.
"""

from __future__ import annotations

import streamlit as st

from fer_core.evaluation.headline import best
from fer_core.store.network import NetworkInfo
from pages.quiz import selection
from pages.quiz.set_choice import more_of_set
from pages.ui.address.parameters import choice_of_address
from pages.ui.i18n import _
from pages.ui.network_choice import choose_network
from pages.ui.resources import networks

_NETWORK_KEY, _SURE_KEY = "quiz_network", "quiz_asks_sure"


def network_of_address() -> NetworkInfo:
    """The network that the address names, else the best of those with the eight expressions of FER+. There must be one.

    The voters of FER+ could choose contempt, so players can, too.
    """
    offered = {info.id: info for info in networks()}
    task = (
        "ferplus"
        if any(info.task == "ferplus" for info in offered.values())
        else next(iter(offered.values())).task
    )
    default = best(task, list(offered.values()))
    return offered[choice_of_address(selection.NETWORK, offered, default.id)]


def more_settings(network: NetworkInfo) -> bool:
    """The opener "More" with all of it.

    Args:
        network: that is chosen; another one goes into the address.

    Returns:
        Whether players are asked how sure they are.
    """
    with st.popover(_("More"), icon=":material/tune:", key="quiz_more"):
        more_of_set()
        st.session_state[_NETWORK_KEY] = network.id
        choose_network(_NETWORK_KEY, on_change=_follow_network)
        st.caption(_("Players choose from the expressions that this network tells apart."))
        return bool(
            st.toggle(
                _("Ask how sure"),
                key=_SURE_KEY,
                persist_state="session",
                help=_(
                    "After each answer: how sure are you that most of the ten annotators chose the same? At the end you see "
                    "how often that was so. Faces without FER+ votes are left out."
                ),
            )
        )


def _follow_network() -> None:
    selection.put(selection.NETWORK, str(st.session_state[_NETWORK_KEY]))

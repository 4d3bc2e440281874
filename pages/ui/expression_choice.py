"""Seven or eight expressions: one control that brings the network with it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from fer_core.labels import TASK_LABELS
from fer_core.store import NetworkInfo
from pages.ui import session_keys
from pages.ui.i18n import N_, _
from pages.ui.resources import networks
from pages.ui.result_views import headline_figure

NAMES = {"fer2013": N_("Seven"), "ferplus": N_("Eight, with contempt")}


def choose_expressions() -> str | None:
    """A choice between the tasks that there are networks for; with one task only, no control.

    The network that was chosen for the other task gives way to its partner, so call this before
    `choose_network`.

    Returns:
        The task, for `choose_network`; None where there is no network at all.
    """
    offered = networks()
    tasks = [task for task in TASK_LABELS if any(info.task == task for info in offered)]
    if not tasks:
        return None
    key = session_keys.EXPRESSIONS
    chosen = next((info for info in offered if info.id == st.session_state.get(session_keys.NETWORK)), None)
    if st.session_state.get(key) not in tasks:  # at first, or when its networks are gone
        st.session_state[key] = (chosen or offered[0]).task
    if len(tasks) == 1:
        return tasks[0]
    before = str(st.session_state[key])
    picked = st.segmented_control(
        _("Expressions"),
        tasks,
        required=True,
        format_func=lambda name: _(NAMES[name]),
        key=key,
        persist_state="session",
        help=_(
            "Seven: the labels that FER2013 came with, one for each picture. Eight: the labels of FER+, "
            "for which ten people looked at each of these pictures; they could also say “contempt”. A "
            "network knows the one or the other."
        ),
    )
    # Required, and yet None was seen in the first run after `st.switch_page` from the running webcam.
    task = before if picked is None else str(picked)
    if chosen is not None and chosen.task != task:
        st.session_state[session_keys.NETWORK] = partner(chosen, task, offered).id
    elif chosen is None:
        st.session_state[session_keys.NETWORK] = best(task, offered).id
    return task


def partner(info: NetworkInfo, task: str, offered: Sequence[NetworkInfo]) -> NetworkInfo:
    """The network of that task that goes with this one: its other half, else the best one."""
    wanted = companion_id(info)
    return next((one for one in offered if one.id == wanted and one.task == task), best(task, offered))


def best(task: str, offered: Sequence[NetworkInfo]) -> NetworkInfo:
    """The default network of a task, else the one that is right most often, unfinished trainings last.

    Args:
        task: one that `offered` has a network for.
        offered: all networks.
    """

    def quality(info: NetworkInfo) -> tuple[bool, bool, float]:
        figure = headline_figure(info)
        return info.default, is_finished(info), figure[1] if figure else -1.0

    return max((info for info in offered if info.task == task), key=quality)


def companion_id(info: NetworkInfo) -> str | None:
    """Id of the network that is the other head of the same trunk; None for a network with one head."""
    told = info.metadata.get("companion")
    if isinstance(told, str):
        return told
    pair = (info.recipe.get("id"), _part(info.recipe, "companion").get("id"))
    if info.id not in pair or None in pair:
        return None
    return str(pair[1 - pair.index(info.id)])


def is_finished(info: NetworkInfo) -> bool:
    """All the epochs that were planned were run, or nothing is known about it."""
    training = _part(info.metadata, "training")
    done, planned = training.get("epochs"), training.get("epochs_planned")
    return not (isinstance(done, int) and isinstance(planned, int)) or done >= planned


def _part(metadata: dict[str, object], name: str) -> dict[str, object]:
    part = metadata.get(name)
    return part if isinstance(part, dict) else {}

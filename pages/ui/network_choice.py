"""Seven or eight expressions: one control that brings the network with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from fer_core.evaluation.figures import figures_of
from fer_core.evaluation.headline import best, headline_figure, headline_of, partner
from fer_core.labels import TASK_LABELS
from fer_core.recognition.conformal import calibration_of
from fer_core.store.network import NetworkInfo
from pages.ui import session_keys
from pages.ui.choices import keep_choice
from pages.ui.guard import escape_markdown
from pages.ui.i18n import N_, _, emotion_name, error_sentence, format_number, format_percent
from pages.ui.resources import damage, measured_networks, networks

NAMES = {"fer2013": N_("Seven"), "ferplus": N_("Eight, with contempt")}


def first_network() -> NetworkInfo | None:
    """The network that answers where none is chosen: the default one, else the best of its task."""
    offered = networks()
    return best(offered[0].task, offered) if offered else None


def damaged_networks_note() -> None:
    """Which networks are damaged, and which one answers where the default one may be among them; else nothing."""
    damaged = damage()
    if not damaged:
        return
    lines = [error_sentence(error) for error in damaged]
    first = first_network()
    if first is not None and not first.default:
        lines.append(
            _("No network here is marked as the default: “{name}” answers where none is chosen.").format(
                name=_(first.name)
            )
        )
    st.warning("\n\n".join(map(escape_markdown, lines)), icon=":material/warning:")


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
            "Seven: the labels that FER2013 came with, one for each picture. Eight: the labels of FER+, for "
            "which ten annotators rated each of these pictures; they could also choose “contempt”. A network "
            "knows the one or the other."
        ),
    )
    _what_differs(chosen, offered)
    # Required, and yet None was seen in the first run after `st.switch_page` from the running webcam.
    task = before if picked is None else str(picked)
    if chosen is not None and chosen.task != task:
        st.session_state[session_keys.NETWORK] = partner(chosen, task, offered).id
    elif chosen is None:
        st.session_state[session_keys.NETWORK] = best(task, offered).id
    return task


def _what_differs(chosen: NetworkInfo | None, offered: Sequence[NetworkInfo]) -> None:
    """One line below the switch: why the accuracies of both cannot be compared, and what eight finds seldom."""
    text = _(
        "Eight: labels of ten annotators instead of one label, and other test pictures, so the accuracies cannot be compared."
    )
    eight = partner(chosen, "ferplus", offered) if chosen is not None else best("ferplus", offered)
    if chosen is not None and chosen.task == "ferplus":
        eight = chosen
    part = headline_of(eight)
    if part is not None:
        found = zip(part.labels, figures_of(part.confusion).classes, strict=True)
        seldom = sorted((one.sensitivity.value, code, one) for code, one in found if one.n)[:FOUND_SELDOM]
        text += " " + _("Found least often: {expressions} ({split}).").format(
            expressions=", ".join(
                _("{expression} {share} of {n}").format(
                    expression=emotion_name(code).lower(),
                    share=format_percent(share, 0),
                    n=format_number(one.n),
                )
                for share, code, one in seldom
            ),
            split=escape_markdown(part.name),
        )
    with st.container(key="expressions_differ"):
        st.caption(text)


FOUND_SELDOM = 2
"""Expressions that the line below the switch names."""


def network_label(info: NetworkInfo) -> str:
    """Name, accuracy with its split, and a word where it was not calibrated: "Raut — 71.3% (PrivateTest)"."""
    figure = headline_figure(info)
    if figure is None:
        return _(info.name)
    split, accuracy, _count = figure
    label = f"{_(info.name)} — {format_percent(accuracy)} ({split})"
    return f"{label}, {_('not calibrated')}" if calibration_of(info) == "not" else label


def choose_network(
    key: str = session_keys.NETWORK,
    task: str | None = None,
    *,
    figures_only: bool = False,
    on_change: Callable[[], None] | None = None,
) -> NetworkInfo | None:
    """A list of the shipped networks, the default one chosen; None, and nothing shown, when there is none.

    Args:
        key: session key of the choice, which outlasts the page.
        task: "fer2013" or "ferplus" to offer only networks of that label set.
        figures_only: offer also those of which only the figures ship, which name no expression.
        on_change: called once another one was chosen, before the page is drawn.
    """
    listed = measured_networks() if figures_only else networks()
    offered = {info.id: info for info in listed if task in (None, info.task)}
    if not offered:
        return None
    if st.session_state.get(key) not in offered:
        known = list(offered.values())  # none is chosen yet, or it is gone
        st.session_state[key] = best(known[0].task, known).id
    keep_choice(key)
    chosen = st.selectbox(
        _("Network"),
        list(offered),
        format_func=lambda network_id: network_label(offered[network_id]),
        key=key,
        persist_state="session",
        on_change=on_change,
    )
    return offered[chosen]


def network_caption(info: NetworkInfo) -> None:
    """One line under a result: which network answered, how large it is, how often it is right and on what."""
    figure = headline_figure(info)
    name = escape_markdown(_(info.name))
    size = _("{n} parameters").format(n=format_number(info.parameters))
    if figure is None:
        st.caption(f"{name} · {size} · " + _("not evaluated yet"))
        return
    split, accuracy, count = figure
    right = _("accuracy {accuracy} on {n} test images ({split})").format(
        accuracy=format_percent(accuracy), n=format_number(count), split=escape_markdown(split)
    )
    st.caption(f"{name} · {size} · {right}")

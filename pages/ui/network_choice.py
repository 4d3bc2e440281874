"""Seven or eight expressions: one control that brings the network with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from fer_core.evaluation.figures import figures_of
from fer_core.evaluation.headline import best, headline_figure, headline_of, partner
from fer_core.lab.network import LabNetwork
from fer_core.labels import TASK_LABELS
from fer_core.recognition.answers import Answerer
from fer_core.recognition.conformal import calibration_of
from fer_core.store.network import NetworkInfo
from pages.ui import session_keys
from pages.ui.choices import keep_choice
from pages.ui.guard import escape_markdown
from pages.ui.i18n import (
    N_,
    _,
    answer_name,
    emotion_name,
    error_sentence,
    format_number,
    format_percent,
    ngettext,
)
from pages.ui.resources import AnyNetwork, damage, lab_networks, measured_networks, networks

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


def choose_expressions(*, lab: bool = False) -> str | None:
    """A choice between the tasks that there are networks for; with one task only, no control.

    The network that was chosen for the other task gives way to its partner, so call this before
    `choose_network`.

    Args:
        lab: the page also takes networks of the lab. While one of them is chosen there is no control: it has classes
            of its own.

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
    of_lab = chosen_of_lab() if lab else None
    if of_lab is not None:
        with st.container(key="expressions_differ"):
            st.caption(
                _(
                    "Your network {network} answers here, with its own classes. For the expressions of FER2013 and FER+, "
                    "choose a network of Raut's under “More”."
                ).format(network=escape_markdown(network_name(of_lab)))
            )
        return str(st.session_state[key])
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


def chosen_of_lab() -> LabNetwork | None:
    """The network of the lab that is chosen on the pages that recognise; None where it is one that ships."""
    chosen = st.session_state.get(session_keys.NETWORK)
    return next((network for network in lab_networks() if network.id == chosen), None)


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


def network_name(network: Answerer) -> str:
    """What a network is called, plain text; one of the lab is told from those that ship wherever it is named."""
    if isinstance(network, LabNetwork):
        return _("“{name}”, made in the lab").format(name=network.name)
    return _(network.name)


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


def choose_any_network(task: str | None) -> AnyNetwork | None:
    """As `choose_network`, with the networks of this session's lab below those that ship; never one of them at first.

    Args:
        task: from `choose_expressions(lab=True)`: of the networks that ship.

    Returns:
        The one that is chosen; None, and nothing shown, where no network ships.
    """
    of_lab = {network.id: network for network in lab_networks()}
    shipped = {info.id: info for info in networks() if task in (None, info.task)}
    if not of_lab or not shipped:
        return choose_network(task=task)
    key = session_keys.NETWORK
    if st.session_state.get(key) not in {**shipped, **of_lab}:
        known = list(shipped.values())
        st.session_state[key] = best(known[0].task, known).id
    labels = {info.id: network_label(info) for info in shipped.values()}
    labels |= {network.id: network_name(network) for network in of_lab.values()}
    keep_choice(key, *labels)
    chosen = st.selectbox(
        _("Network"),
        list(labels),
        format_func=lambda network_id: labels.get(network_id, network_id),
        key=key,
        persist_state="session",
    )
    return of_lab[chosen] if chosen in of_lab else shipped[chosen]


def network_caption(info: AnyNetwork) -> None:
    """One line under a result: which network answered, how large it is, how often it is right and on what."""
    if isinstance(info, LabNetwork):
        _lab_network_caption(info)
        return
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


def _lab_network_caption(network: LabNetwork) -> None:
    """The same of a network of the lab, which is marked as the class's own."""
    classes = ", ".join(answer_name(label, network.labels) for label in network.expressions)
    count = len(network.labels)
    parts = [
        f"**{escape_markdown(network_name(network))}**",
        ngettext("{n} class: {names}", "{n} classes: {names}", count).format(
            n=format_number(count), names=escape_markdown(classes)
        ),
        *lab_accuracy(network),
    ]
    st.caption(f":material/science: {' · '.join(parts)}")


def lab_accuracy(network: LabNetwork) -> list[str]:
    """How often a network of the lab is right, and on what, as Markdown; nothing for one that was not measured."""
    test = network.figures.test
    if test.accuracy is None:
        return []
    fields = {"accuracy": format_percent(test.accuracy), "n": format_number(test.n)}
    if network.settings.way == "fer2013":
        right = _("{accuracy} right of {n} test pictures (PublicTest)").format(**fields)
    else:
        right = _("{accuracy} right of {n} faces from bursts that it did not learn").format(**fields)
    return [right, *([_("figures from the file")] if network.from_file else [])]

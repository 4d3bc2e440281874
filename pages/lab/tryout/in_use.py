"""The network that is tried: one that this class trained, or the one that ships with Raut."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from fer_core.lab.desk import Desk
from fer_core.lab.network import LabNetwork
from fer_core.labels import in_shown_order
from fer_core.recognition.recognizer import LitertRecognizer
from fer_core.store.network import NetworkInfo
from pages.ui.choices import keep_choice
from pages.ui.guard import escape_markdown
from pages.ui.i18n import _, answer_name, format_number, ngettext
from pages.ui.network_choice import first_network, lab_accuracy, network_caption
from pages.ui.resources import recognizer_of

CHOICE_KEY = "lab_network_in_use"
SHIPPED = ""
"""In the list of networks: the one that ships with Raut."""


@dataclass(frozen=True, eq=False)
class InUse:
    """What reads the faces that are tried.

    Attributes:
        network: of this lab, or the one that ships.
        recognizer: reads faces with it.
    """

    network: LabNetwork | NetworkInfo
    recognizer: LitertRecognizer

    @property
    def of_lab(self) -> LabNetwork | None:
        """The network, where this class trained or loaded it."""
        return self.network if isinstance(self.network, LabNetwork) else None

    @property
    def labels(self) -> tuple[str, ...]:
        """Class codes or names, in output order."""
        return self.network.labels

    @property
    def shown_labels(self) -> tuple[str, ...]:
        """The same labels in the order in which people read them."""
        return in_shown_order(self.labels)

    def name_of(self, label: str) -> str:
        """What a class is called for the reader, as plain text."""
        return answer_name(label, self.labels)


def shipped() -> InUse | None:
    """The network that answers elsewhere where none is chosen; None where none ships.

    Raises:
        NetworkError: its file is damaged.
    """
    info = first_network()
    return None if info is None else InUse(info, recognizer_of(info))


def in_use(desk: Desk, raut: InUse | None) -> InUse | None:
    """The network of the desk that is tried, else the one that ships; None where there is neither.

    Args:
        desk: of this visitor.
        raut: the network that ships.
    """
    network = desk.network_in_use
    return raut if network is None else InUse(network, recognizer_of(network))


def choose_in_use(desk: Desk) -> None:
    """The kept networks, the newest first, and the shipped one as a list; nothing where none was trained yet."""
    kept = desk.networks
    if not kept:
        return
    names = {network.id: network.name for network in reversed(kept)}
    names[SHIPPED] = _("Raut's own network")

    def follow() -> None:
        desk.use(st.session_state[CHOICE_KEY] or None)

    st.session_state[CHOICE_KEY] = desk.in_use if desk.in_use in names else SHIPPED
    keep_choice(CHOICE_KEY, *names.values())
    st.selectbox(
        _("Network in use"),
        list(names),
        format_func=lambda network_id: names.get(network_id, network_id),
        key=CHOICE_KEY,
        on_change=follow,
    )


def mark(used: InUse) -> None:
    """Whose network answers, at an edge of its own: nobody takes the class's for the one that ships."""
    network = used.of_lab
    with st.container(key="lab_in_use_shipped" if network is None else "lab_in_use_own", gap=None):
        if network is None:
            st.markdown(":material/neurology: **{name}**".format(name=_("Raut's own network")))
            network_caption(used.network)
            return
        name = escape_markdown(network.name)
        st.markdown(f":material/science: {_('Your network: **{name}**').format(name=name)}")
        count = len(network.labels)
        if network.from_file:
            made = ngettext(
                "loaded from a file, {n} class: {names}", "loaded from a file, {n} classes: {names}", count
            )
        else:
            made = ngettext(
                "made in this lab, {n} class: {names}", "made in this lab, {n} classes: {names}", count
            )
        made = made.format(
            n=format_number(count), names=escape_markdown(", ".join(map(used.name_of, used.shown_labels)))
        )
        st.caption(" · ".join([made, *lab_accuracy(network)]))

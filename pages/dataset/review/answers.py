"""What else is known of a reviewed picture, shown once the reviewer has decided: votes of FER+, answers of networks."""

from __future__ import annotations

from collections import Counter

import numpy as np
import streamlit as st

from fer_core.datasets.columns import CERTAINTY, PREDICTED, VOTE_CODES
from fer_core.datasets.rows import RowTable
from fer_core.store.folder import list_networks
from pages.dataset.words import class_name, network_name
from pages.ui.i18n import _, format_number, format_probability


def answers(table: RowTable, position: int) -> None:
    """A line for the votes, one for the default network, one for all networks.

    Args:
        table: of the whole set.
        position: of the picture in it.
    """
    lines = []
    if table.has("votes"):
        lines.append(f"**{_('FER+ votes')}**: {_votes(table.values('votes')[position])}")
    default = next((info.id for info in list_networks() if info.default and info.id in table.networks), None)
    if default is not None:
        lines.append(
            f"**{network_name(default)}**: {class_name(_answer(table, default, position))} "
            f"({format_probability(float(table.values(f'{CERTAINTY}:{default}')[position]))})"
        )
    if len(table.networks) > 1:
        counted = Counter(_answer(table, network, position) for network in table.networks)
        said = ", ".join(f"{format_number(n)} × {class_name(code)}" for code, n in counted.most_common())
        lines.append(f"**{_('All networks')}**: {said}")
    if not lines:
        st.caption(_("Of this picture no votes and no answers of networks are known."))
        return
    st.markdown("  \n".join(lines))
    if table.networks and table.values("split")[position] == 0:
        st.caption(_("This picture is in Training: most networks have seen its label."))


def _answer(table: RowTable, network: str, position: int) -> str:
    return table.networks[network][table.values(f"{PREDICTED}:{network}")[position]]


def _votes(votes: np.ndarray) -> str:
    order = [place for place in np.argsort(-votes.astype(int), kind="stable") if votes[place]]
    said = ", ".join(
        f"{format_number(int(votes[place]))} × {class_name(VOTE_CODES[place])}" for place in order
    )
    return said or _("no votes")

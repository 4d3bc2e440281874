"""Controls of the view "Comparison": the second network, with those first that can be compared with the main one."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from fer_core.errors import RautError
from pages.training import selection
from pages.training.comparison.pair import Pair
from pages.training.controls import list_of_second, list_of_splits
from pages.training.selection import Chosen
from pages.ui.guard import escape_markdown
from pages.ui.i18n import _, error_sentence, format_percent

_SECOND = "comparison_network"
_SPLIT = "comparison_split"


def second_network(chosen: Chosen, offered: Mapping[str, Pair | RautError]) -> str:
    """A list of all other networks; of those that cannot be compared with the main one, it says so.

    Args:
        chosen: on the page.
        offered: from `candidates`, at least one.

    Returns:
        Id of the one that is chosen.
    """
    names = {results.info.id: _(results.info.name) for results in chosen.all}
    words = {name: _in_list(names[name], pair) for name, pair in offered.items()}
    return list_of_second(chosen, words, chosen.main.info.id, chosen.split, key=_SECOND)


def _in_list(name: str, pair: Pair | RautError) -> str:
    if isinstance(pair, Pair):
        return f"{name} — {format_percent(pair.second_part.accuracy)} ({pair.split})"
    return f"✕ {name} — {_('other pictures or labels')}"


def split_choice(pair: Pair, splits: list[str]) -> None:
    """The splits on which both can be compared; nothing where there is only one."""
    if len(splits) > 1:
        list_of_splits(splits, pair.split, key=_SPLIT)


def not_comparable(chosen: Chosen, reason: RautError, offered: Mapping[str, Pair | RautError]) -> None:
    """Why no comparison is offered, and a button for each network that could be compared with the main one."""
    st.warning(escape_markdown(error_sentence(reason)), icon=":material/block:")
    fitting = {name: pair for name, pair in offered.items() if isinstance(pair, Pair)}
    main = escape_markdown(_(chosen.main.info.name))
    if not fitting:
        st.markdown(_("No other network here can be compared with “{name}”.").format(name=main))
        return
    st.markdown(_("“{name}” can be compared with:").format(name=main))
    with st.container(horizontal=True):
        for name, pair in fitting.items():
            st.button(
                escape_markdown(f"{_(pair.second.info.name)} ({pair.split})"),
                key=f"comparison_take_{name}",
                icon=":material/compare_arrows:",
                on_click=selection.choose_networks,
                args=([chosen.main.info.id, name],),
            )

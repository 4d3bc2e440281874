"""The filter as the reader sees it on every view that it holds for: how many pictures, and a chip for each condition."""

from __future__ import annotations

import streamlit as st

from fer_core.datasets.filters import Filter
from fer_core.datasets.rows import RowTable
from pages.dataset import selection
from pages.dataset.words import condition_words
from pages.ui.guard import escape_markdown
from pages.ui.i18n import _, format_number, ngettext


def filter_bar(table: RowTable, chosen: Filter, hint: str = "") -> None:
    """How many pictures the filter leaves, a chip for each condition that takes it away, and a way back.

    Args:
        table: of the whole set.
        chosen: the filter.
        hint: what to do, said while there is no filter; translated.
    """
    with st.container(key="dataset_filter", horizontal=True, vertical_alignment="center", gap="small"):
        total = format_number(len(table))
        if chosen:
            count = int(chosen.mask(table).sum())
            text = ngettext("**{n}** of {total} picture", "**{n}** of {total} pictures", len(table))
            st.markdown(text.format(n=format_number(count), total=total), width="content")
        else:
            text = ngettext("**{total}** picture", "**{total}** pictures", len(table)).format(total=total)
            st.markdown(f"{text}. {hint}" if hint else text, width="content")
        for condition in chosen.conditions:
            st.button(
                escape_markdown(condition_words(condition)),
                key=f"chip_{condition.column}",
                icon=":material/close:",
                icon_position="right",
                help=_("Remove this filter"),
                on_click=selection.set_filter,
                args=(chosen.without(condition),),
            )
        if len(chosen.conditions) > 1:
            st.button(
                _("Remove all"),
                key="chips_none",
                type="tertiary",
                on_click=selection.set_filter,
                args=(Filter(),),
            )
        if selection.can_undo():
            st.button(
                _("Undo"), key="chips_undo", icon=":material/undo:", type="tertiary", on_click=selection.undo
            )

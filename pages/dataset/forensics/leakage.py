"""What duplicates add to the accuracy of each network, and the switch that leaves them out of every figure."""

from __future__ import annotations

import streamlit as st

from fer_core.audit.leakage import NetworkLeakage, leakage_of_networks
from fer_core.datasets.filters import Filter
from fer_core.datasets.leakage import Answered, leaves_out_leaked, without_leaked
from fer_core.datasets.rows import RowTable
from fer_core.evaluation.figures import Estimate, share_estimate
from fer_core.plots import Accuracies, accuracy_intervals
from pages.dataset import selection
from pages.dataset.material import is_shipped
from pages.ui.charts import Column, current_theme, show_chart
from pages.ui.i18n import _, format_number, format_percent, format_range

SWITCH = "dataset_without_leaked"


def leak_switch(table: RowTable, chosen: Filter) -> None:
    """ "Without duplicates": test pictures with a duplicate in Training leave every figure of the page."""
    if not table.has("leaked"):
        return
    st.session_state[SWITCH] = leaves_out_leaked(chosen)  # the address may have changed beside it
    st.toggle(
        _("Without duplicates"),
        key=SWITCH,
        help=_("Leaves out test pictures that have an exact or near duplicate in Training."),
        on_change=_switched,
        args=(chosen,),
    )


def _switched(chosen: Filter) -> None:
    selection.set_filter(without_leaked(chosen, bool(st.session_state[SWITCH])))


def leakage_section(table: RowTable, chosen: Filter) -> None:
    """Each network on its test split: with all pictures, without exact, without near duplicates of what it learnt from."""
    st.markdown(
        _(
            "A network that learnt from the duplicate of a test picture has seen its answer. The accuracy without these pictures is nearer to what it reaches on new ones. "
            "“Without duplicates” above leaves them out of every figure of this page."
        )
    )
    if not is_shipped(table):
        return
    found = [each for each in leakage_of_networks(table) if each.leakage.without_near is not None]
    if not found:
        return
    series = (_("all pictures"), _("without exact duplicates"), _("without near duplicates"))
    estimates = [[_estimate(part) for part in _parts(each)] for each in found]
    names = [f"{_(each.network.name)}, {each.leakage.split}" for each in found]
    rows = [
        Accuracies(
            name,
            [(one.value, one.low, one.high) for one in three],
            [
                f"{name}<br>{label}: {format_percent(one.value)} ({format_range(one.low, one.high)}), n = {format_number(one.n)}"
                for label, one in zip(series, three, strict=True)
            ],
        )
        for name, three in zip(names, estimates, strict=True)
    ]
    show_chart(
        accuracy_intervals(rows, series=series, theme=current_theme()),
        key="forensics_leakage",
        filename="fer2013-leakage",
        columns=[
            Column(_("Network, split"), names),
            *(
                column
                for at, label in enumerate(series)
                for column in (
                    Column(
                        label, [three[at].value for three in estimates], percent=True, decimals=1,
                        intervals=[three[at].ends for three in estimates],
                    ),
                    Column(_("n, {series}").format(series=label), [three[at].n for three in estimates]),
                )
            ),
        ],
        alt=_("Accuracy of each network with and without duplicates of its training data, with 95% intervals"),
    )  # fmt: skip


def _parts(found: NetworkLeakage) -> tuple[Answered, ...]:
    leakage = found.leakage
    near = leakage.without_near
    return (leakage.whole, leakage.without_exact) + ((near,) if near is not None else ())


def _estimate(part: Answered) -> Estimate:
    return share_estimate(part.right, part.n)

"""The view "Curves" of the page Training: how networks learnt, several of them over each other."""

from __future__ import annotations

import streamlit as st

from fer_core.errors import RautError
from fer_core.evaluation.learning_curves import generalisation_gap
from pages.training.controls import several_networks
from pages.training.curves.chart import show_curves
from pages.training.curves.notes import notes
from pages.training.curves.seeds import other_trainings, say
from pages.training.curves.series import Series, best_of, kept_epoch, series_of, short_name
from pages.training.curves.settings import CurveSettings, settings_controls, settings_of_address
from pages.training.networks import NetworkResults, duration_text, facts
from pages.training.selection import Chosen
from pages.ui.blocks import term
from pages.ui.charts import Column, show_table
from pages.ui.guard import escape_markdown, show_error
from pages.ui.i18n import NOT_A_NUMBER, _, format_number, format_range, ngettext


def render(chosen: Chosen) -> None:
    """See `pages/training/page.py`."""
    settings = settings_of_address()
    several_networks(chosen)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        settings_controls(settings)
    networks = chosen.networks
    drawn = _drawn(networks, settings)
    if drawn:
        others = other_trainings(drawn, networks, settings)
        main = networks[0].info.id if len(networks) == 1 else "raut-networks"
        show_curves(
            drawn, others, networks, settings, key="training_curves", filename=f"{main}-{settings.measure}"
        )
        _about_the_drawing(drawn, settings)
        say(others)
    if len(networks) == 1:
        facts(networks[0])
        notes(networks[0], settings, key="network1")
        _terms()
        return
    _table(networks)
    for place, results in enumerate(networks):
        with st.expander(
            _("About the training of {network}").format(network=escape_markdown(short_name(place, networks))),
            icon=":material/info:",
        ):
            facts(results)
            notes(results, settings, key=f"network{place + 1}")
    _terms()


def _drawn(networks: list[NetworkResults], settings: CurveSettings) -> list[Series]:
    """The curves of all networks that have what is asked for; a sentence for each of the others."""
    drawn: list[Series] = []
    without = []
    for place, results in enumerate(networks):
        if isinstance(results.history, RautError):
            show_error(results.history)
        elif not results.history:
            without.append(escape_markdown(_(results.info.name)))
        else:
            try:
                drawn += [
                    series_of(results, place, part, settings, results.history) for part in settings.parts
                ]
            except RautError as error:
                show_error(error)
    if without:
        st.info(
            ngettext(
                "{networks} comes without a history of its training.",
                "These networks come without a history of their training: {networks}.",
                len(without),
            ).format(networks=", ".join(without)),
            icon=":material/show_chart:",
        )
    return drawn


def _about_the_drawing(drawn: list[Series], settings: CurveSettings) -> None:
    if settings.window > 1:
        st.caption(
            _(
                "Smoothed: each point of a thick line is the mean of {n} epochs, itself and {side} on either side (moving "
                "average); near the ends of as many as there are on both sides. The thin line behind it has the values as "
                "they were measured."
            ).format(n=format_number(settings.window), side=format_number(settings.window // 2))
        )
    if settings.log and any(value <= 0 for series in drawn for value in series.values):
        st.caption(
            _("A logarithmic axis has no place for zero and below: those values are left out of the drawing.")
        )
    if settings.axis == "minute":
        st.caption(
            _(
                "Minutes of the computer that each network was trained on, validation included. Trainings on different "
                "computers cannot be compared by them."
            )
        )
    if settings.measure == "gap":
        st.caption(
            _(
                "Accuracy on the training data minus accuracy on the validation data, of each epoch. The former is counted "
                "while the network learns, with changed pictures and with parts of the network left out, so the gap can be "
                "below zero."
            )
        )


def _table(networks: list[NetworkResults]) -> None:
    """What the curves come to, a row for each network."""
    rows = [_row(results) for results in networks]
    show_table(
        [
            Column(_("Network"), [short_name(place, networks) for place in range(len(networks))]),
            Column(_("Epochs"), [results.epochs or None for results in networks]),
            Column(_("Kept epoch"), [kept_epoch(results) for results in networks]),
            Column(_("Best epoch"), [best_of(results) for results in networks]),
            Column(_("Training data, kept epoch"), [row[0] for row in rows], percent=True, decimals=1),
            Column(_("Validation data, kept epoch"), [row[1] for row in rows], percent=True, decimals=1),
            Column(_("Gap (percentage points)"), [row[2] for row in rows], decimals=1),
            Column(
                _("Training time"),
                [duration_text(r.seconds) if r.seconds else NOT_A_NUMBER for r in networks],
            ),
            Column(_("Over seeds"), [_over_seeds(results) for results in networks]),
        ],
        key="training_curves_networks",
        filename="raut-trainings",
    )
    st.caption(
        _(
            "“Validation data” is what was monitored in a training: for networks of which the last epoch ships, the test "
            "data. Curves of networks that were monitored on different pictures show how they learnt, not which is better."
        )
    )


def _row(results: NetworkResults) -> tuple[float | None, float | None, float | None]:
    """Accuracy on training and validation data in the epoch that ships, and their difference in percentage points."""
    kept = kept_epoch(results)
    rows = results.history if isinstance(results.history, list) else []
    for row in rows:
        if row["epoch"] == kept:
            return row["accuracy"], row["val_accuracy"], 100 * generalisation_gap([row])[0]
    return None, None, None


def _over_seeds(results: NetworkResults) -> str:
    seeds = results.seeds
    return format_range(seeds.lowest, seeds.highest, brief=True) if seeds is not None else NOT_A_NUMBER


def _terms() -> None:
    with st.container(horizontal=True):
        for name in ("epoch", "training_data", "validation_data"):
            term(name)

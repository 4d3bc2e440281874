"""Block of the page Training for all networks at once: a table to sort for each test set."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from fer_core.recognition.conformal import calibration_of
from pages.training.all_networks.speed import Family, families_of, family_name
from pages.training.networks import NetworkResults
from pages.ui.blocks import term
from pages.ui.charts import Column, csv_button, show_table
from pages.ui.guard import escape_markdown
from pages.ui.i18n import N_, NOT_A_NUMBER, _, format_number, format_range


def _error(results: NetworkResults) -> float | None:
    part = results.headline
    return part.certainty["calibration"]["ece"] if part is not None and part.certainty else None


def _without_duplicates(results: NetworkResults) -> float | None:
    part = results.headline
    return part.without_duplicates.accuracy if part is not None and part.without_duplicates else None


def _accuracy(results: NetworkResults) -> float | None:
    part = results.headline
    return part.accuracy if part is not None else None


def _over_seeds(results: NetworkResults) -> str:
    """ "66.4–67.2%"; a dash where one training was measured."""
    seeds = results.seeds
    return format_range(seeds.lowest, seeds.highest, brief=True) if seeds is not None else NOT_A_NUMBER


def _megabytes(results: NetworkResults) -> float | None:
    size = results.info.litert_bytes
    return size / 1e6 if size is not None else None


def _epochs(results: NetworkResults) -> str:
    """ "36", or "18 / 50" for a training that is under way."""
    done = format_number(results.epochs)
    return f"{done} / {format_number(results.planned)}" if results.epochs < results.planned else done


def _milliseconds(results: NetworkResults) -> float | None:
    return results.pace.ms if results.pace is not None else None


def _million_macs(results: NetworkResults) -> float | None:
    return results.info.macs / 1e6 if results.info.macs is not None else None


ORDERS: dict[str, tuple[str, Callable[[NetworkResults], float | None], bool]] = {
    "accuracy": (N_("Accuracy"), _accuracy, True),
    "duplicates": (N_("Accuracy without duplicates"), _without_duplicates, True),
    "calibration": (N_("Calibration error"), _error, False),
    "speed": (N_("Milliseconds a face"), _milliseconds, False),
    "macs": (N_("MACs"), _million_macs, False),
    "parameters": (N_("Parameters"), lambda results: results.info.parameters, False),
    "size": (N_("Size of the file"), _megabytes, False),
}
"""Code to name, value, and whether the largest comes first."""


def in_order(everyone: Sequence[NetworkResults], order: str) -> list[NetworkResults]:
    """The networks by that column, best first; what has no value comes last.

    For those of one test set: figures of different ones have no order.
    """
    _name, value, largest_first = ORDERS[order]

    def place(results: NetworkResults) -> tuple[bool, float]:
        number = value(results)
        return number is None, 0.0 if number is None else -number if largest_first else number

    return sorted(everyone, key=place)


def by_test_set(everyone: Sequence[NetworkResults]) -> dict[Family | None, list[NetworkResults]]:
    """The networks of each test set that stands for one of them; those without an evaluation under None, last."""
    groups: dict[Family | None, list[NetworkResults]] = {family: [] for family in families_of(everyone)}
    for results in everyone:
        part = results.headline
        groups.setdefault((part.name, part.n) if part is not None else None, []).append(results)
    return groups


def all_networks(everyone: Sequence[NetworkResults]) -> None:
    """A table of the networks of each test set, sorted as the reader likes."""
    order = st.segmented_control(
        _("Sort by"),
        list(ORDERS),
        default="accuracy",
        required=True,
        format_func=lambda code: _(ORDERS[code][0]),
        key="training_order",
        persist_state="session",
    )
    st.caption(
        _(
            "Each test set has a table of its own. Accuracies on different pictures or labels cannot be compared with "
            "each other."
        )
    )
    groups = {
        family: in_order(members, order or "accuracy") for family, members in by_test_set(everyone).items()
    }
    unfinished = any(results.epochs < results.planned for results in everyone)
    for number, (family, members) in enumerate(groups.items()):
        title = _("Not evaluated yet")
        if family is not None:
            title = _("{split}, {n} pictures").format(
                split=escape_markdown(family_name(family, everyone)), n=format_number(family[1])
            )
        st.markdown(f"**{title}**")
        show_table(_columns(members, unfinished), key=f"all_networks_{number}", filename=None)
    in_groups = [results for members in groups.values() for results in members]
    measured_on = Column(_("Measured on"), [_test_set(results) for results in in_groups])
    name, *rest = _columns(in_groups, unfinished)
    csv_button([name, measured_on, *rest], key="all_networks_csv", filename="raut-networks")
    st.caption(
        _(
            "A duplicate is a test picture that is also among the training pictures. “Over seeds”: what two or more "
            "trainings of a network gave on the data monitored in training, which can be other pictures than those it was "
            "measured on. “Not calibrated”: the confidence of such a network was never fitted to how often it is right, and "
            "it cannot answer “unsure”."
        )
    )
    retired = [_(results.info.name) for results in everyone if not results.info.ships]
    if retired:
        st.caption(
            _(
                "Raut comes with figures, curves and misclassified images of these networks but without their "
                "weights, to save space, so they cannot be chosen for photos: {names}."
            ).format(names=escape_markdown("; ".join(retired)))
        )
    with st.container(horizontal=True):
        term("mac")
        term("seed")


def _test_set(results: NetworkResults) -> str:
    part = results.headline
    return f"{part.name} ({format_number(part.n)})" if part is not None else NOT_A_NUMBER


def _columns(rows: Sequence[NetworkResults], unfinished: bool) -> list[Column]:
    """What is told of each network; with its epochs where some are not finished."""
    columns = [
        Column(_("Network"), [_(results.info.name) for results in rows]),
        # The figure that matters most stands first: on a phone the others are one swipe away.
        Column(_("Accuracy"), [_accuracy(results) for results in rows], percent=True, decimals=1),
        Column(
            _("Accuracy without duplicates"),
            [_without_duplicates(results) for results in rows],
            percent=True,
            decimals=1,
        ),
        Column(_("Calibration error"), [_error(results) for results in rows], percent=True, decimals=1),
        Column(_("Calibrated"), [_(CALIBRATED[calibration_of(results.info)]) for results in rows]),
        Column(_("Over seeds"), [_over_seeds(results) for results in rows]),
        Column(_("ms a face"), [_milliseconds(results) for results in rows], decimals=2),
        Column(_("MACs (millions)"), [_million_macs(results) for results in rows], decimals=1),
        Column(_("Parameters"), [results.info.parameters for results in rows]),
        Column(_("File (MB)"), [_megabytes(results) for results in rows], decimals=1),
    ]
    if unfinished:
        # Each network says how many it took further up; here only where a figure is not the last word.
        columns.append(Column(_("Epochs"), [_epochs(results) for results in rows]))
    return columns


CALIBRATED = {
    "both": N_("probabilities and sets"),
    "sets": N_("prediction sets only"),
    "probabilities": N_("probabilities only"),
    "not": N_("not calibrated"),
}

"""How the curves are drawn: what the address says of it, and the controls."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from pages.training.controls import option_control
from pages.training.selection import option_of_address
from pages.ui.blocks import term
from pages.ui.i18n import N_, _, format_number, ngettext

MEASURES = {
    "accuracy": N_("Accuracy"),
    "loss": N_("Loss"),
    "gap": N_("Generalisation gap"),
    "rate": N_("Learning rate"),
}
PARTS = {"both": N_("Both"), "validation": N_("Validation data"), "training": N_("Training data")}
AXES = {"epoch": N_("Epochs"), "minute": N_("Minutes of training")}
WINDOWS = ("1", "3", "5", "9", "15")
SCALES = {"linear": N_("Linear"), "log": N_("Logarithmic")}
SEEDS = {"shown": N_("Shown"), "hidden": N_("Hidden")}


@dataclass(frozen=True)
class CurveSettings:
    """What is drawn.

    Attributes:
        measure: a key of `MEASURES`.
        part: a key of `PARTS`: which of both data; without meaning where the measure is of both or of neither.
        axis: a key of `AXES`: what the horizontal axis counts.
        window: epochs that one mean is of; 1 for the values as they are.
        log: the vertical axis is logarithmic.
        seeds: other trainings of the networks are drawn, too.
    """

    measure: str
    part: str
    axis: str
    window: int
    log: bool
    seeds: bool

    @property
    def of_parts(self) -> bool:
        """Whether training and validation data each have a value."""
        return self.measure in ("accuracy", "loss")

    @property
    def parts(self) -> tuple[str, ...]:
        """The data that are drawn: "validation", "training", or "" for a measure of both or of neither."""
        if not self.of_parts:
            return ("",)
        return ("validation", "training") if self.part == "both" else (self.part,)


def settings_of_address() -> CurveSettings:
    """What the address says; a sentence is shown for each text that it cannot have."""
    return CurveSettings(
        option_of_address("measure", list(MEASURES)),
        option_of_address("data", list(PARTS)),
        option_of_address("axis", list(AXES)),
        int(option_of_address("smooth", WINDOWS)),
        option_of_address("scale", list(SCALES)) == "log",
        option_of_address("seeds", list(SEEDS)) == "shown",
    )


def settings_controls(chosen: CurveSettings) -> None:
    """The measure and the data in sight, the rest behind "More"."""
    option_control("measure", _("Measure"), _translated(MEASURES), chosen.measure)
    option_control("data", _("Data"), _translated(PARTS), chosen.part, disabled=not chosen.of_parts)
    with st.popover(_("More"), icon=":material/tune:", key="training_curves_more"):
        option_control("axis", _("Horizontal axis"), _translated(AXES), chosen.axis)
        windows = {code: _window_name(int(code)) for code in WINDOWS}
        option_control("smooth", _("Smoothing"), windows, str(chosen.window))
        option_control("scale", _("Vertical axis"), _translated(SCALES), "log" if chosen.log else "linear")
        option_control(
            "seeds",
            _("Trainings with other seeds"),
            _translated(SEEDS),
            "shown" if chosen.seeds else "hidden",
        )
        with st.container(horizontal=True):
            for name in ("generalisation_gap", "learning_rate", "smoothing", "seed"):
                term(name)


def _translated(names: dict[str, str]) -> dict[str, str]:
    return {code: _(name) for code, name in names.items()}


def _window_name(window: int) -> str:
    if window == 1:
        return _("Off")
    return ngettext("{n} epoch", "{n} epochs", window).format(n=format_number(window))

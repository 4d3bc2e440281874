"""How a network is trained: its architecture and the settings of the training, for both ways to faces."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import streamlit as st

from fer_core.lab.cost import parameters_and_macs
from fer_core.lab.settings import (
    CHANGES,
    LARGEST_SEED,
    MOST_EPOCHS,
    MOST_PARAMETERS,
    Change,
    LabSettings,
    Method,
)
from pages.lab import selection
from pages.lab.architecture import (
    NAMES,
    choose_preset,
    compare_cost,
    cost_words,
    draw_blocks,
    edit_architecture,
    preset_of,
    too_large,
)
from pages.ui.blocks import term
from pages.ui.choices import keep_choice
from pages.ui.guard import escape_markdown
from pages.ui.i18n import N_, _, format_number, ngettext
from pages.ui.network_choice import first_network
from pages.ui.streamlit_inside import DeltaGenerator
from pages.ui.theme import text_scale

METHODS: Final[dict[Method, str]] = {"head": N_("Only the last layer"), "scratch": N_("A whole network")}
CHANGE_NAMES: Final[dict[Change, str]] = {
    "none": N_("None"),
    "moderate": N_("Moderate"),
    "strong": N_("Strong"),
}
RATES: Final = (0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.05, 0.1)
BATCHES: Final = (8, 16, 32, 64, 128, 256)
RATE_DECIMALS: Final = 6


def training_settings(settings: LabSettings, change: DeltaGenerator) -> LabSettings | None:
    """What will be trained in a few lines, and a popover that changes it.

    Args:
        settings: as the address describes them, with the classes that are learnt.
        change: where the popover stands.

    Returns:
        The same, for a training; None where the network is too large, which is said.
    """
    with (
        change,
        st.popover(_("Change"), icon=":material/tune:", key="lab_change", help=_("Network and training")),
    ):
        _editor(settings)
    with st.container(key="lab_summary"):
        return settings if _summary(settings) else None


def _summary(settings: LabSettings) -> bool:
    """The network in a drawing and its size, and the settings in one line; whether the network can be trained."""
    line = ngettext("{n} epoch", "{n} epochs", settings.epochs).format(n=format_number(settings.epochs))
    line = line.replace(" ", "\u00a0")  # in one line
    if settings.method == "head":
        network = first_network()
        name = escape_markdown(_(network.name)) if network else ""
        st.caption(
            _("Only the last layer is learnt, on the features of the network “{name}”.").format(name=name)
            + f" {line}."
        )
        return True
    cost = parameters_and_macs(settings.architecture, len(settings.classes))
    draw_blocks(cost)
    preset = preset_of(settings.architecture)
    name = _(NAMES[preset]) if preset else _("Own design")
    st.caption(f"**{name}**: {cost_words(cost)}. {line}.")
    if too_large(cost):
        st.error(
            _(
                "This network has {n} parameters, and {most} are the most. Take feature maps or values of dense layers "
                "away, or end with the mean of each map."
            ).format(n=format_number(cost.parameters), most=format_number(MOST_PARAMETERS)),
            icon=":material/block:",
        )
        return False
    return True


def _editor(settings: LabSettings) -> None:
    with st.container(key="lab_editor"):
        if settings.way == "own":
            _method(settings)
        if settings.method == "head":
            _numbers(settings)
            return
        cost = parameters_and_macs(settings.architecture, len(settings.classes))
        choose_preset(settings.architecture)
        # In projector size it would leave no place for what is changed.
        with st.container(key="lab_editor_head" if text_scale() == 1 else "lab_editor_top"):
            draw_blocks(cost)
            st.caption(cost_words(cost))
        with st.container(key="lab_editor_parts"):
            network, numbers = st.columns([3, 2], gap="large")
        with network:
            edit_architecture(settings.architecture)
        with numbers:
            _numbers(settings)
            compare_cost(cost)


def _method(settings: LabSettings) -> None:
    st.session_state["lab_method"] = settings.method
    st.segmented_control(
        _("What is learnt"),
        list(METHODS),
        format_func=lambda code: _(METHODS[code]),
        required=True,
        key="lab_method",
        on_change=_follow_method,
        help=_(
            "Only the last layer: takes seconds, because a network that has seen many faces reads their features. "
            "A whole network: begins with random numbers and needs many more faces."
        ),
    )


def _follow_method() -> None:
    method = st.session_state["lab_method"]
    others = dict.fromkeys((selection.EPOCHS, selection.BATCH, selection.RATE))
    selection.put({selection.METHOD: None if method == "head" else method, **others})


def _number(
    widget: Callable[..., Any], label: str, parameter: str, now: Any, help_text: str, **how: Any
) -> None:
    """A control that shows what holds now, and puts what is chosen into the address."""
    key = f"lab_set_{parameter}"
    st.session_state[key] = now

    def follow() -> None:
        selection.put({parameter: selection.written(st.session_state[key])})

    widget(label, key=key, on_change=follow, help=help_text, **how)


def _numbers(settings: LabSettings) -> None:
    """Epochs, learning rate and change of faces; batch and seed behind "More"."""
    _number(
        st.slider, _("Epochs"), selection.EPOCHS, settings.epochs,
        _("How often all training data are gone through. More epochs take longer; too many learn the pictures by heart."),
        min_value=1, max_value=MOST_EPOCHS,
    )  # fmt: skip
    rates = sorted({*RATES, settings.learning_rate})
    keep_choice(f"lab_set_{selection.RATE}")
    _number(
        st.select_slider, _("Learning rate"), selection.RATE, settings.learning_rate,
        _("How large each step is. Too small learns slowly, too large jumps about and learns nothing."),
        options=rates, format_func=_rate_words,
    )  # fmt: skip
    if settings.method == "scratch":
        _number(
            st.segmented_control, _("Change of faces"), selection.CHANGE, settings.change,
            _(
                "While it learns, each face is shifted, turned, mirrored and lit a little differently every time, so "
                "that the network does not learn single pictures by heart."
            ),
            options=list(CHANGES), format_func=lambda code: _(CHANGE_NAMES[code]), required=True,
        )  # fmt: skip
    with st.expander(_("More"), icon=":material/tune:", key="lab_training_more"):
        _number(
            st.select_slider, _("Batch size"), selection.BATCH, settings.batch_size,
            _("So many faces are looked at before the parameters change once."),
            options=sorted({*BATCHES, settings.batch_size}),
        )  # fmt: skip
        _number(
            st.number_input, _("Seed"), selection.SEED, settings.seed,
            _("Fixes every random choice: the same seed repeats a training, another one shows what is chance."),
            min_value=0, max_value=LARGEST_SEED, step=1,
        )  # fmt: skip
    st.caption(_("What is this?"))
    names = ["epoch", "learning_rate"]
    if settings.method == "scratch":
        names += ["convolution", "dense_layer", "batch_normalisation", "mac"]
    with st.container(horizontal=True):
        for name in names:
            term(name)


def _rate_words(rate: float) -> str:
    text = format_number(rate, RATE_DECIMALS)
    return text.rstrip("0").rstrip(".,")

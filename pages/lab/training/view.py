"""The column “training”: start it, watch it, and see what came of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from fer_core.errors import RautError
from fer_core.lab.desk import MOST_NETWORKS, Desk
from fer_core.lab.network import LabNetwork
from fer_core.lab.settings import LabSettings
from pages.lab.training.live import show_running
from pages.lab.training.result import show_result
from pages.ui.guard import escape_markdown, show_error
from pages.ui.i18n import _, format_number

if TYPE_CHECKING:
    from fer_core.lab.task import TrainingTask

_REFUSED = "lab_start_refused"


def render_training(desk: Desk, settings: LabSettings | None, make_task: Callable[[], TrainingTask]) -> None:
    """The column: Start, or the training that runs, and the result of the newest one.

    Args:
        desk: of the visitor; everything that is shown lies there.
        settings: of the next training; None: the data do not do yet, and the column beside says why.
        make_task: gathers the faces, in a thread, when it is the training's turn.
    """
    st.html(Path(__file__).with_name("training.css"))
    training = desk.training
    if training is not None and training.running:
        show_running(desk)
        return
    _start(desk, settings, make_task)
    if training is not None and training.error is not None:
        show_error(training.error)
    network = _newest(desk)
    if network is not None:
        # Once is enough: whoever trains a second time knows the answer.
        first = next(one for one in desk.networks if one.settings.way == network.settings.way)
        show_result(network, ask_first=network.id == first.id)
    elif training is not None and training.error is None:
        st.info(
            _("Stopped before the first epoch was complete: there is no network yet."), icon=":material/stop:"
        )
    elif training is None:
        st.caption(
            _(
                "While it learns, accuracy and loss are drawn here, with the faces that are learnt and answers to test "
                "pictures. You can leave the page meanwhile."
            )
        )


def _start(desk: Desk, settings: LabSettings | None, make_task: Callable[[], TrainingTask]) -> None:
    def start() -> None:
        assert settings is not None
        try:
            desk.start(make_task, settings, _free_name(desk))
        except RautError as error:
            st.session_state[_REFUSED] = error

    st.button(
        _("Start the training"),
        icon=":material/play_arrow:",
        type="primary",
        key="lab_start",
        on_click=start,
        disabled=settings is None,
        width="stretch",
    )
    refused = st.session_state.pop(_REFUSED, None)
    if refused is not None:
        show_error(refused)
    if settings is None:
        st.caption(_("Start works as soon as the data are complete: the column “Data” says what is missing."))
    elif len(desk.networks) >= MOST_NETWORKS:
        st.caption(
            _(
                "{n} networks are kept. With this training the oldest, {name}, goes: download it first if you need it."
            ).format(n=format_number(MOST_NETWORKS), name=f"**{escape_markdown(desk.networks[0].name)}**")
        )


def _newest(desk: Desk) -> LabNetwork | None:
    """The network of the last training if it is still kept, or the one that came last."""
    made = desk.training.network if desk.training is not None else None
    if made is not None:
        # By its id: it may have been renamed, or shown to faces under other conditions since.
        for network in desk.networks:
            if network.id == made.id:
                return network
    return desk.networks[-1] if desk.networks and (desk.training is None or made is not None) else None


def _free_name(desk: Desk) -> str:
    """ "Training 3": the first number that no network has."""
    taken = {network.name for network in desk.networks}
    number = 1
    while (name := _("Training {n}").format(n=format_number(number))) in taken:
        number += 1
    return name

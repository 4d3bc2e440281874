"""Lab: gather faces, train a network in front of the class, and try it; three columns on one page.

Faces come from FER2013 or from the class itself. What is chosen stands in the address (`pages/lab/selection.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from fer_core.lab.desk import Desk
from fer_core.lab.material import fer2013_task
from fer_core.lab.settings import LabSettings, Way
from fer_core.lab.split import own_task
from fer_core.lab.task import TrainingTask
from pages.lab import selection
from pages.lab.allowed import lab_allowed, not_allowed
from pages.lab.data import render_data
from pages.lab.own.view import render_own
from pages.lab.session import desk_of_session
from pages.lab.training.runs import show_runs
from pages.lab.training.view import render_training
from pages.lab.training_settings import training_settings
from pages.lab.tryout.view import render_try
from pages.ui.address.controls import choose_part
from pages.ui.address.parameters import come_back
from pages.ui.charts import result_style
from pages.ui.guard import show_error
from pages.ui.i18n import N_, _
from pages.ui.resources import dataset_or_none

DataColumn = Callable[[Desk, LabSettings], LabSettings | None]
"""Shows the column "Data" of a desk for what the address describes; returns settings with the classes to learn, None where
there is nothing to learn from."""

WAYS: dict[Way, tuple[str, DataColumn]] = {
    "fer2013": (N_("Pictures of FER2013"), lambda _desk, asked: render_data(asked)),
    "own": (N_("Own faces"), render_own),
}
"""Each way to faces: its name, and its column "Data"."""


def render() -> None:
    result_style()
    st.html(Path(__file__).with_name("lab.css"))
    come_back(selection.PAGE)
    way, problem = selection.way_of_address()
    asked, problems = selection.settings_of_address(way)
    with st.container(key="lab_head", horizontal=True, vertical_alignment="center", gap="medium"):
        st.title(_("Lab"), anchor=False, width="content")
        if lab_allowed():
            names = {code: _(name) for code, (name, _show) in WAYS.items()}
            choose_part(
                _("Where the faces come from"), names, way, selection.choose_way, key="lab_way", hidden=True
            )
    if not lab_allowed():
        not_allowed()
        return
    desk = desk_of_session()
    for one in ([problem] if problem else []) + problems:
        show_error(one)
    with st.container(key="lab_columns"):
        columns = st.columns(3, gap="small", border=True)
    data, training, tryout = columns
    # All headings first: reading FER2013 takes some seconds the first time.
    with data:
        st.header(_("Data"), anchor=False)
    with training, st.container(key="lab_training_head", horizontal=True, vertical_alignment="center"):
        st.header(_("Training"), anchor=False, width="stretch")
        change = st.container(width="content")
    with tryout:
        st.header(_("Try"), anchor=False)
    _name, show_data = WAYS[way]
    with data:
        ready = show_data(desk, asked)
        if ready is None and way == "fer2013":
            st.button(
                _("Record your own faces instead"),
                icon=":material/videocam:",
                key="lab_to_own",
                on_click=selection.choose_way,
                args=("own",),
            )
    with training:
        startable = None
        # While it learns, the curves take the place of the settings.
        if desk.training is None or not desk.training.running:
            settings = training_settings(ready or asked, change)
            startable = settings if ready is not None else None
        render_training(desk, startable, _task(desk, startable))
    with tryout:
        render_try(desk)
    show_runs(desk)


def _task(desk: Desk, settings: LabSettings | None) -> Callable[[], TrainingTask]:
    """What gathers the faces of a training when it is its turn, in another thread."""
    dataset = None if settings is None or settings.way == "own" else dataset_or_none()

    def task() -> TrainingTask:
        assert settings is not None  # without settings Start cannot be pressed
        if dataset is None:
            return own_task(settings, desk.faces)
        return fer2013_task(settings, dataset)

    return task


render()

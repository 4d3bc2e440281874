"""What is seen of a training while it goes on: it renews itself, and the page runs anew once it has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.lab.training.course import show_growing
from pages.lab.training.faces import MOST, show_learnt, show_test_pictures
from pages.lab.training.words import class_looks, class_names, time_left
from pages.ui.guard import guarded_page
from pages.ui.i18n import _, format_number, ngettext

if TYPE_CHECKING:
    from fer_core.lab.desk import Desk
    from fer_core.lab.training import LabTraining

SECONDS_BETWEEN = 1.0


def show_running(desk: Desk) -> None:
    """Phase, time left, Stop, curves, faces that are learnt and test pictures, each second anew.

    Args:
        desk: whose training runs.
    """

    @st.fragment(run_every=SECONDS_BETWEEN)
    @guarded_page()
    def running() -> None:
        training = desk.training
        if training is None or not training.running:
            st.rerun()
        else:
            _running(training)

    running()


def _running(training: LabTraining) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="lab_running"):
        st.progress(_share(training), _phase_text(training), width="stretch")
        st.button(
            _("Stop"),
            icon=":material/stop:",
            key="lab_stop",
            on_click=training.stop,
            disabled=training.stopping,
            help=_("What was learnt until then is kept."),
        )
    if training.phase in ("waiting", "loading"):
        return
    with st.container(gap="xsmall", key="lab_course"):
        show_growing(training.settings, training.rows, training.progress)
        _faces(training)


def _share(training: LabTraining) -> float:
    """Of the epochs, 0 to 1."""
    if training.phase == "measuring":
        return 1.0
    if training.phase != "learning" or not training.progress:
        return 0.0
    newest = training.progress[-1]
    return min(1.0, (newest.epoch - 1 + newest.step / newest.steps) / newest.epochs)


def _phase_text(training: LabTraining) -> str:
    """Where the training is, in words."""
    if training.stopping:
        return _("Stopping, and keeping what there is …")
    if training.phase == "waiting":
        before = training.position
        if before:
            return ngettext("{n} training is before yours", "{n} trainings are before yours", before).format(
                n=format_number(before)
            )
        return _("It begins now …")
    if training.phase == "loading":
        if training.settings.method == "head":
            return _("Reading the features of the faces …")
        return _("Loading TensorFlow …")
    if training.phase == "measuring":
        return _("Measuring on the test faces …")
    epoch = training.progress[-1].epoch if training.progress else 1
    text = _("Epoch {n} of {of}").format(n=format_number(epoch), of=format_number(training.settings.epochs))
    if training.seconds_left is not None:
        text += f" · {time_left(training.seconds_left)}"
    return text


def _faces(training: LabTraining) -> None:
    task, settings = training.task, training.settings
    if task is None:
        return
    names, looks = class_names(settings), class_looks(settings)
    if training.learnt:
        places = list(training.learnt[:MOST])
        labels = task.train.labels[places].tolist()
        st.caption(_("Being learnt now"))
        show_learnt(
            task.train.faces_gray[places],
            [names[label] for label in labels],
            [looks[label] for label in labels],
        )
    if task.shown:
        places = list(task.shown[:MOST])
        answers = [one[: len(places)].argmax(axis=1).tolist() for one in training.shown_probabilities]
        st.caption(
            _("Test pictures, which it does not learn from")
            if not answers
            else _("Test pictures after epoch {n}").format(n=format_number(len(training.rows)))
        )
        show_test_pictures(
            task.test.faces_gray[places],
            task.test.labels[places].tolist(),
            answers[-1] if answers else [],
            answers[-2] if len(answers) > 1 else None,
            names,
            looks,
        )

"""The column “Data” of the way “own faces”: the video, the classes with their recording buttons, and what is missing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

import streamlit as st

from fer_core.errors import RautError
from fer_core.lab.burst import Burst
from fer_core.lab.desk import Desk
from fer_core.lab.settings import FEWEST_CLASSES, LabSettings
from fer_core.lab.split import OwnSplit, check_faces, split_faces
from pages.lab.own.bursts import bursts_of_classes
from pages.lab.own.classes import begin_classes, edit_classes
from pages.lab.own.conditions import other_conditions
from pages.lab.own.consent import consent, erase_button
from pages.lab.own.photos import add_photos
from pages.lab.own.recorder import recorder
from pages.lab.own.status import note_shown, recording_status
from pages.lab.video import lab_video
from pages.ui.choices import keep_tab
from pages.ui.guard import escape_markdown
from pages.ui.i18n import _, error_sentence, format_number, ngettext

TABS_KEY = "lab_own_tabs"
MOST_NAMED = 3
"""Classes without a face that are named."""
MUCH_FEWER = 0.5
"""Share of the faces of the largest class below which a class is said to have fewer."""


def render_own(desk: Desk, asked: LabSettings) -> LabSettings | None:
    """All of the column.

    Args:
        desk: of this visitor; its faces take what is recorded and added.
        asked: what the address describes, whatever its classes.

    Returns:
        The settings with the classes of the visitor, for a training; None where faces are missing, which is said.
    """
    st.html(Path(__file__).with_name("own.css"))
    begin_classes(desk.faces)
    note_shown(desk.faces)
    consent(desk)
    # In containers, so that nothing below moves in the page: what is held would be let go of.
    with st.container(key="lab_own_video", gap="small"):
        playing = lab_video(desk, _("Or add photos below: they need no camera."))
    with st.container(key="lab_own_status"):
        recording_status(desk)
    ready = desk.consented and playing
    settings = _parts(desk, asked, ready=ready)
    with st.container(horizontal=True, gap="small"):
        with st.popover(_("Classes and photos"), icon=":material/edit:", key="lab_own_more"):
            st.markdown(f"**{_('Classes')}**")
            edit_classes(desk.faces)
            st.markdown(f"**{_('Photos')}**")
            add_photos(desk)
        erase_button(desk)
    return settings


def _parts(desk: Desk, asked: LabSettings, *, ready: bool) -> LabSettings | None:
    """What is recorded: faces to learn from, and once a network has learnt them, faces under other conditions."""
    if not any(network.settings.way == "own" for network in desk.networks):
        return _learn(desk, asked, ready=ready)
    names = [_("Learn"), _("Other conditions")]
    keep_tab(TABS_KEY, names)
    learn, test = st.tabs(names, key=TABS_KEY, on_change="rerun")
    if learn.open:
        with learn:
            return _learn(desk, asked, ready=ready)
    if test.open:
        with test:
            other_conditions(desk, ready=ready)
    return _settings_of(desk, asked)


def _learn(desk: Desk, asked: LabSettings, *, ready: bool) -> LabSettings | None:
    settings = _settings_of(desk, asked)
    by_class = bursts_of_classes(desk.faces, None)
    split = split_faces(desk.faces, asked.seed)
    with st.container(key="lab_own_how"):
        _how_to_record(desk, any(by_class.values()), ready=ready)
    recorder(
        desk,
        by_class,
        ready=ready,
        held_out=split.tested,
        lacking=[name for name, bursts in by_class.items() if len(bursts) < 2],
    )
    with st.container(key="lab_own_missing", gap="small"):
        _what_is_missing(desk, by_class, split)
    return settings


def _settings_of(desk: Desk, asked: LabSettings) -> LabSettings | None:
    """The settings of the next training; None where there are too few classes or faces."""
    try:
        check_faces(desk.faces)
        return replace(asked, classes=desk.faces.classes)
    except RautError:
        return None


def _how_to_record(desk: Desk, begun: bool, *, ready: bool) -> None:
    if not desk.consented:
        st.caption(_("First tick above that everybody agrees."))
    elif not ready:
        st.caption(_("Press Start at the video. Then hold a button here, or its key, to record."))
    elif not begun:
        st.caption(
            _(
                "Hold a button, or its key, while the face shows it: that is one burst. Record each class twice or "
                "more, and move a little. One burst of each class is kept for the test."
            )
        )


def _what_is_missing(desk: Desk, by_class: dict[str, list[Burst]], split: OwnSplit) -> None:
    """What keeps a training from beginning, or its test from being honest."""
    empty = [name for name, bursts in by_class.items() if not bursts]
    if empty and len(by_class) >= FEWEST_CLASSES:
        if len(empty) <= MOST_NAMED:
            said = _("Still without a face: {names}.").format(names=_listed(empty))
        else:
            said = _("{n} of {m} classes are still without a face.").format(
                n=format_number(len(empty)), m=format_number(len(by_class))
            )
        st.caption(f":material/pending: {said}")
    else:
        try:
            check_faces(desk.faces)
        except RautError as error:
            st.caption(f":material/pending: {escape_markdown(error_sentence(error))}")
    untested = [name for name in split.untested if len(by_class[name]) == 1]
    if untested and not empty:
        st.caption(
            ":material/warning: "
            + ngettext(
                "{names} has one burst only, so that it cannot be tested honestly: neighbouring frames are nearly the "
                "same picture. Record a second one.",
                "{names} have one burst only, so that they cannot be tested honestly: neighbouring frames are nearly "
                "the same picture. Record a second one of each.",
                len(untested),
            ).format(names=_listed(untested))
        )
    if by_class and not empty:
        _balance(by_class)


def _balance(by_class: dict[str, list[Burst]]) -> None:
    faces = {name: sum(burst.n for burst in bursts) for name, bursts in by_class.items()}
    most = max(faces, key=lambda name: faces[name])
    fewer = [name for name, count in faces.items() if 0 < count < MUCH_FEWER * faces[most]]
    if fewer:
        st.caption(
            ":material/balance: "
            + _(
                "Not balanced: {few} {n} faces, {most} {m}. A network prefers the class that it sees more often."
            ).format(
                few=_listed(fewer[:1]),
                n=format_number(faces[fewer[0]]),
                most=_listed([most]),
                m=format_number(faces[most]),
            )
        )


def _listed(names: Sequence[str] | Collection[str]) -> str:
    return ", ".join(f"**{escape_markdown(name)}**" for name in names)

"""The classes with their recording buttons and bursts: what crosses between page and browser (`recorder.js`).

The browser says when a press begins and when it ends. What it says goes straight to the store of faces, before anything of
the page is drawn, so that a recording begins and ends within moments; the pictures of the camera are about as late.
"""

from __future__ import annotations

import base64
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import streamlit as st

from fer_core.errors import N_, RautError
from fer_core.lab.burst import LONGEST_BURST_S, Burst
from fer_core.lab.bursts import FaceStore
from fer_core.lab.desk import Desk
from fer_core.labels import CLASS_COLOURS
from pages.lab.video import video_runs
from pages.ui.guard import guarded_page, show_error
from pages.ui.i18n import _, format_number, ngettext

CLICK_S: Final = 3.0
"""A short press records for so long, for whoever cannot hold a button."""
FRAMES_SHOWN: Final = 3
"""Of each burst."""
KEY: Final = "lab_recorder"
_PRESS, _PROBLEM, _AGAIN = "lab_recorder_press", "lab_recorder_problem", "lab_recorder_again"
_HERE: Final = Path(__file__)
_QUALITY: Final = 90  # of JPEG


def recorder(
    desk: Desk,
    bursts: Mapping[str, Sequence[Burst]],
    *,
    ready: bool,
    held_out: Collection[int] = (),
    lacking: Collection[str] = (),
    condition: str | None = None,
) -> None:
    """A button for each class that records while it is held, with the bursts of the class beside it.

    Args:
        desk: its faces take what is recorded.
        bursts: of each class, oldest first, as they are shown.
        ready: whether something can be recorded: agreed to, and the video runs.
        held_out: ids of the bursts that are kept for the test.
        lacking: classes that need more.
        condition: what is recorded is changed in this way, to test a network; None for faces to learn from.
    """
    part = st.components.v2.component(
        "lab_recorder",
        html='<ol class="rows"></ol>',
        css=_HERE.with_suffix(".css").read_text("utf-8"),
        js=_HERE.with_suffix(".js").read_text("utf-8"),
    )

    def follow() -> None:
        _follow(desk, condition)

    def remove() -> None:
        said = _said("remove")
        if isinstance(said.get("id"), int):
            desk.faces.remove_burst(said["id"])
            st.session_state[_AGAIN] = True

    @st.fragment
    @guarded_page()
    def parts() -> None:
        # Always there: a part that moves in the page would let go of what is held.
        with st.container(key="lab_recorder_said"):
            refused = _show_problem()
        part(
            key=KEY,
            data={
                "classes": [
                    _row(name, place, bursts.get(name, ()), held_out, lacking)
                    for place, name in enumerate(desk.faces.classes)
                ],
                "ready": ready,
                "refused": refused,
                "click_s": CLICK_S,
                "longest_s": LONGEST_BURST_S,
                "texts": _texts(),
            },
            on_begin_change=follow,
            on_end_change=follow,
            on_remove_change=remove,
        )
        if st.session_state.pop(_AGAIN, False):
            st.rerun()  # counts, the split and the training depend on it

    parts()


def forget_presses() -> None:
    """What was said of earlier presses goes."""
    for key in (_PRESS, _PROBLEM):
        st.session_state.pop(key, None)


def _follow(desk: Desk, condition: str | None) -> None:
    """Begin and end what the browser says; a press of which both are heard at once was too late to record anything."""
    begun, ended = _said("begin"), _said("end")
    press, name = begun.get("press"), begun.get("name")
    present = st.session_state.get(_PRESS)
    if isinstance(press, int) and isinstance(name, str) and press != present:
        st.session_state[_PRESS] = press
        st.session_state.pop(_PROBLEM, None)  # of the press before
        if ended.get("press") == press:
            st.session_state[_PROBLEM] = (press, _too_late())
            return
        _begin(desk, press, name, condition)
    elif isinstance(ended.get("press"), int) and ended["press"] == present:
        _end(desk.faces)


def _begin(desk: Desk, press: int, name: str, condition: str | None) -> None:
    if not desk.consented or not video_runs():
        return
    try:
        desk.faces.start(name, condition)
    except RautError as error:
        st.session_state[_PROBLEM] = (press, error)


def _end(faces: FaceStore) -> None:
    was_recording = faces.recording is not None
    if faces.stop() is None and was_recording:
        st.session_state[_PROBLEM] = (0, _no_face())
    st.session_state[_AGAIN] = True


def _too_late() -> RautError:
    return RautError(
        N_(
            "This press reached the computer too late to record anything, because it is busy. Hold the button longer."
        )
    )


def _no_face() -> RautError:
    return RautError(
        N_("Nothing was recorded: no face was in the picture. Look at the camera, then record again.")
    )


def _show_problem() -> int | None:
    """Say why the newest press recorded nothing; its number."""
    press, error = st.session_state.get(_PROBLEM, (None, None))
    if error is not None:
        show_error(error)
    number: int | None = press
    return number


def _said(event: str) -> Mapping[str, Any]:
    """What the browser said with this event just now; whatever it may say."""
    said = getattr(st.session_state.get(KEY), event, None)
    return said if isinstance(said, Mapping) else {}


def _texts() -> dict[str, str]:
    return {
        "classes": _("Classes and their recordings"),
        "button": _("Record “{name}”: hold, or press once for {s} seconds.").format(
            name="{name}", s=format_number(CLICK_S)
        ),
        "key": _("Key {n}."),
        "hold": _("Hold to record"),
        "holding": _("Recording …"),
        "clicked": _("Recording {s} s …").format(s=format_number(CLICK_S)),
        "bursts": _("Recordings of “{name}”"),
        "remove": _("Remove: {burst}"),
    }


def _row(
    name: str, place: int, bursts: Sequence[Burst], held_out: Collection[int], lacking: Collection[str]
) -> dict[str, Any]:
    """What the browser is told of a class, its newest burst first."""
    look = tuple(CLASS_COLOURS)[place]
    return {
        "name": name,
        "look": look,
        "colour": CLASS_COLOURS[look],
        "count": _count(bursts),
        "lacking": name in lacking,
        "bursts": [_tile(burst, burst.id in held_out) for burst in reversed(bursts)],
    }


def _count(bursts: Sequence[Burst]) -> str:
    faces = sum(burst.n for burst in bursts)
    if not faces:
        return _("No face yet")
    recorded = sum(burst.kind == "burst" for burst in bursts)
    photos = len(bursts) - recorded
    parts = [ngettext("{n} face", "{n} faces", faces).format(n=format_number(faces))]
    if recorded:
        parts.append(ngettext("{n} burst", "{n} bursts", recorded).format(n=format_number(recorded)))
    if photos:
        parts.append(ngettext("{n} photo", "{n} photos", photos).format(n=format_number(photos)))
    return " · ".join(parts)


def _tile(burst: Burst, held_out: bool) -> dict[str, Any]:
    count = format_number(burst.n)
    if burst.kind == "photo":
        words = _("photo of “{name}”")
    else:
        words = ngettext("burst of “{name}” with {n} face", "burst of “{name}” with {n} faces", burst.n)
    words = words.format(name=burst.class_name, n=count)
    if held_out:
        words = _("{burst}, held out for the test").format(burst=words)
    return {
        "id": burst.id,
        "url": sprite_url(burst.faces_gray),
        "frames": min(burst.n, FRAMES_SHOWN),
        "count": count,
        "mark": _("Test") if held_out else "",
        "words": words,
    }


def sprite_url(faces_gray: np.ndarray, most: int = FRAMES_SHOWN) -> str:
    """Some faces of a burst beside each other, spread evenly over it, as the address of an image.

    Args:
        faces_gray: uint8 (N, 48, 48), N from 1.
        most: faces that are shown.
    """
    places = np.linspace(0, len(faces_gray) - 1, min(most, len(faces_gray))).round().astype(int)
    strip = np.hstack(list(faces_gray[places]))  # (M, 48, 48) -> (48, 48 M)
    _ok, jpeg = cv2.imencode(".jpg", strip, (cv2.IMWRITE_JPEG_QUALITY, _QUALITY))
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg.tobytes()).decode()}"

"""The face with a patch that the reader moves, and the answers beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import numpy as np
import streamlit as st

from fer_core.explanation.occlusion import FILLS, SIZES, Patch, filling
from fer_core.labels import EMOTIONS
from pages.network.map_pictures import url_of
from pages.ui.i18n import N_, _, language

FILL_NAMES: Final = {"mean": N_("grey"), "black": N_("black"), "blur": N_("blurred")}

_KEY: Final = "network_cover"
_HERE: Final = Path(__file__)


def cover_patch(
    face_gray: np.ndarray,
    patch: Patch,
    names: Mapping[str, str],
    before: Mapping[str, float],
    after: Mapping[str, float],
    *,
    identity: str,
    placed: int,
    sentence: str,
    on_moved: Callable[[Patch, bool], None],
) -> None:
    """Show it.

    Args:
        face_gray: uint8 (48, 48).
        patch: where it lies; the browser keeps its own place until `identity` or `placed` changes.
        names: code of each expression to its name, translated, in the order of the lines.
        before: code to the probability of the whole face.
        after: code to that of the covered face.
        identity: another one for each face and network.
        placed: another number each time that the patch is put somewhere by the page.
        sentence: what has come of it, translated, for everybody and for a screen reader.
        on_moved: gets the patch while it is moved, and whether it was let go.
    """
    part = st.components.v2.component(
        "network_cover",
        html='<div class="cover"></div>',
        css=_HERE.with_suffix(".css").read_text("utf-8"),
        js=_HERE.with_suffix(".js").read_text("utf-8"),
    )

    def moved() -> None:
        said = getattr(st.session_state[_KEY], "moved", None)
        new = read_patch(said)
        if new is not None and isinstance(said, Mapping):
            on_moved(new, said.get("settled") is True)

    # The number differs each time: only then is the part in the browser told that the page shows the answer.
    run = st.session_state[f"{_KEY}_runs"] = st.session_state.get(f"{_KEY}_runs", 0) + 1
    part(
        key=_KEY,
        data={
            "run": run,
            "id": identity,
            "placed": placed,
            "language": language(),
            "face": url_of(face_gray),
            "blurred": url_of(filling(face_gray, "blur")),
            "mean": int(filling(face_gray, "mean")[0, 0]),
            "patch": {"left": patch.left, "top": patch.top, "size": patch.size, "fill": patch.fill},
            "sizes": list(SIZES),
            "fills": [[code, _(FILL_NAMES[code])] for code in FILLS],
            "rows": [
                {
                    "code": code,
                    "name": name,
                    "colour": EMOTIONS[code].colour,
                    "before": before[code],
                    "after": after[code],
                }
                for code, name in names.items()
            ],
            "sentence": sentence,
            "texts": {
                "patch": _(
                    "Patch of {size} pixels, its corner at row {row}, column {column}. Arrow keys move it by 1 pixel, "
                    "with Shift by 6."
                ),
                "size": _("Size"),
                "fill": _("Fill"),
                "table": _("Probabilities; the upright line marks the whole face"),
                "expression": _("Expression"),
                "before": _("Whole"),
                "after": _("Covered"),
                "change": _("Change (points)"),
            },
        },
        on_moved_change=moved,
    )


def read_patch(said: object) -> Patch | None:
    """A patch from what a browser or an address says, whatever that is; None where it is none that is offered."""
    if not isinstance(said, Mapping):
        return None
    left, top, size, fill = (said.get(name) for name in ("left", "top", "size", "fill"))
    if not all(type(number) is int for number in (left, top, size)) or size not in SIZES or fill not in FILLS:
        return None
    try:
        return Patch(left, top, size, fill)  # type: ignore[arg-type]
    except ValueError:
        return None

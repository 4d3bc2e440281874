"""Part "Covered everywhere": a patch slid over the whole face, and what that costs beside the heat map."""

from __future__ import annotations

import html
import math

import cv2
import numpy as np
import streamlit as st

from fer_core.explanation.grad_cam import overlay
from fer_core.explanation.occlusion import FILLS, POSITIONS, SIZES, OcclusionMap, Patch, occlusion_map
from fer_core.faces.images import FACE_SIZE
from fer_core.recognition.provenance import Provenance
from pages.network.address_choice import choose_from_list, choose_part
from pages.network.attention.cover_patch import FILL_NAMES
from pages.network.attention.covering import erasing_note, put_patch
from pages.network.attention.heat_maps import heat_maps
from pages.network.attention.words import place_name
from pages.network.expressions import expression_names
from pages.network.map_pictures import BELOW_RGB, shades, url_of
from pages.network.numbers import number_grid, signed_number
from pages.network.seen import Seen
from pages.network.selection import EXPRESSION, put
from pages.ui.blocks import term
from pages.ui.charts import Column, csv_button, now_here
from pages.ui.i18n import _, emotion_name, format_number, format_probability
from pages.ui.resources import recognizer
from pages.ui.teaching.question import ask

SIZE, FILL = "size", "fill"
"""Parameters of the address: side of the patch that is slid over the face, and what it is filled with."""

_SIDE = 432
_TIMES = _SIDE // FACE_SIZE
_ALIKE = 0.3
"""Rank correlation from which on two maps are called similar; opposed from its negative on."""


@st.cache_resource(show_spinner=False, max_entries=8, scope="session")
def _occlusion_map(key: str, size: int, fill: str, _seen: Seen) -> OcclusionMap:
    return occlusion_map(_seen.face_gray, recognizer(_seen.info.id).predict, size, fill)


def render(seen: Seen) -> None:
    """Controls, a question, both maps side by side, and what they say together."""
    st.markdown(
        _(
            "Here a patch is slid over the whole face, {n}×{n} positions, and the network answers each time. Where the "
            "probability falls most when covered, the network needed what was there."
        ).format(n=format_number(POSITIONS))
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="occlusion_controls"):
        code = choose_from_list(EXPRESSION, _("Expression"), expression_names(seen), seen.answer.label)
        with st.popover(_("Size and fill of the patch"), icon=":material/tune:", width="content"):
            sizes = {str(side): _("{n} pixels").format(n=side) for side in SIZES}
            size = choose_part(SIZE, _("Size of the patch"), sizes, "12")
            fill = choose_part(FILL, _("Fill"), {one: _(FILL_NAMES[one]) for one in FILLS}, "mean")
    found = _occlusion_map(seen.key, int(size), fill, seen)
    heat = heat_maps(seen).heats[code]
    column = seen.info.labels.index(code)
    if not _question(seen, found, heat, code):
        return
    _pictures(seen, found, heat, code)
    _together(seen, found, heat, column)
    _numbers(seen, found, code, column)
    term("occlusion")


def _question(seen: Seen, found: OcclusionMap, heat: np.ndarray, code: str) -> bool:
    """Whether the patch that costs most covers the hottest place."""
    column = seen.info.labels.index(code)
    patch = found.costliest(column)
    hottest = np.zeros(heat.shape, bool)
    hottest.flat[int(heat.argmax())] = True
    same = bool(heat.any() and hottest[patch.slices].any())
    return ask(
        f"occlusion_{seen.key}_{code}_{found.size}_{found.fill}",
        _("Will covering cost “{expression}” most just where its heat map is hottest?").format(
            expression=emotion_name(code).lower()
        ),
        {"yes": _("Yes, in the same place"), "no": _("No, somewhere else")},
        "yes" if same else "no",
        _("Covered {place}, “{expression}” falls most: from {before} to {after}.").format(
            place=_place_of(patch),
            expression=emotion_name(code).lower(),
            before=format_probability(float(found.before[column]), 1),
            after=format_probability(float(found.before[column] - found.falls(column).max()), 1),
        ),
    )


def _place_of(patch: Patch) -> str:
    middle = patch.size / 2
    return place_name((patch.top + middle) / 48, (patch.left + middle) / 48)


def _pictures(seen: Seen, found: OcclusionMap, heat: np.ndarray, code: str) -> None:
    column = seen.info.labels.index(code)
    spread = found.spread(column)
    limit = float(np.abs(spread).max()) or 1.0
    colours = shades(spread, limit, signed=True).astype(np.float32)
    strength = 0.85 * (np.abs(spread) / limit)[..., None]
    face = seen.face_gray[..., None].astype(np.float32)
    mixed = ((1 - strength) * face + strength * colours).round().astype(np.uint8)
    name = emotion_name(code).lower()
    left, right = st.columns(2, gap="medium")
    with left:
        words = _("What covering costs {expression}").format(expression=name)
        points = format_number(100 * limit, 1)
        enlarged = mixed.repeat(_TIMES, axis=0).repeat(_TIMES, axis=1)
        _figure(
            url_of(_framed(enlarged, found.costliest(column))),
            words,
            f"linear-gradient(to right, rgb{BELOW_RGB}, #fff, rgb(213, 94, 0))",
            _("−{points} points: rises when covered").format(points=points),
            _("+{points}: falls").format(points=points),
        )
    with right:
        _figure(
            url_of(overlay(seen.face_gray, heat, _SIDE)),
            _("Heat map of {expression}").format(expression=name),
            "linear-gradient(to right, #00204d, #7c7b78, #ffea46)",
            _("0: nothing, or against"),
            _("1: hottest place of this map"),
        )


def _framed(enlarged_rgb: np.ndarray, patch: Patch) -> np.ndarray:
    """The picture with a frame where that patch lies: black within white, seen on any ground."""
    rows, columns = patch.slices
    corners = (
        (columns.start * _TIMES, rows.start * _TIMES),
        (columns.stop * _TIMES - 1, rows.stop * _TIMES - 1),
    )
    framed = np.ascontiguousarray(enlarged_rgb)
    cv2.rectangle(framed, *corners, (255, 255, 255), 6)
    cv2.rectangle(framed, *corners, (0, 0, 0), 2)
    return framed


def _figure(url: str, words: str, gradient: str, low: str, high: str) -> None:
    st.html(
        f'<figure style="margin: 0"><figcaption><b>{html.escape(words)}</b></figcaption>'
        f'<img src="{url}" alt="{html.escape(words)}" style="width: 100%; max-width: 24rem; border-radius: 0.3rem; '
        'display: block; image-rendering: pixelated">'
        f'<div style="max-width: 24rem"><div style="height: 0.8rem; margin-top: 0.5rem; background: {gradient}; '
        'print-color-adjust: exact; border-radius: 0.2rem"></div>'
        '<div style="display: flex; justify-content: space-between; gap: 1rem">'
        f"<span>{html.escape(low)}</span><span>{html.escape(high)}</span></div></div></figure>"
    )


def _together(seen: Seen, found: OcclusionMap, heat: np.ndarray, column: int) -> None:
    """Both maps in words, from their rank correlation and from what the costliest patch shows."""
    agreement = found.agreement(heat, column)
    falls = found.falls(column)
    if math.isnan(agreement):
        text = _("One of the two maps is the same everywhere, so that they cannot be compared.")
    elif agreement >= _ALIKE:
        text = _(
            "The two maps are similar: where there is more heat, covering mostly costs more (rank correlation {r})."
        )
    elif agreement <= -_ALIKE:
        text = _(
            "The two maps contradict each other: where there is more heat, covering mostly costs less (rank correlation "
            "{r})."
        )
    else:
        text = _("The two maps have little in common (rank correlation {r}).")
    rising = int((falls < -0.005).sum())
    st.caption(
        _(
            "Frame: the one patch that costs most. Colours: at each pixel the mean of all patches that cover it, which "
            "can be strongest somewhere else."
        )
    )
    st.markdown(
        text.format(r=signed_number(agreement))
        + " "
        + _("At {n} of {all} positions the probability rises when covered.").format(
            n=format_number(rising), all=format_number(falls.size)
        )
    )
    st.markdown(
        _(
            "Both are approximations. The heat map tells what was added to a score, in coarse squares, and not what "
            "would be if it were missing. Covering tells what happens without a part, but a patch is something to see, too, "
            "and of two parts that can stand in for each other both seem unimportant as long as one can be seen. Where "
            "both agree, you may rely on it more; neither says why a person looks so."
        )
    )
    st.caption(erasing_note(seen))
    st.button(
        _("Cover the place that costs most"),
        icon=":material/center_focus_strong:",
        key="occlusion_to_cover",
        on_click=_show_costliest,
        args=(found.costliest(column),),
    )


def _show_costliest(patch: Patch) -> None:
    put_patch(patch)
    put(look="cover")


def _numbers(seen: Seen, found: OcclusionMap, code: str, column: int) -> None:
    falls = found.falls(column)
    with st.expander(_("Table"), icon=":material/table:"):
        st.markdown(
            _("By how many percentage points {expression} falls, row and column of the patch from above and left").format(
                expression=emotion_name(code).lower()
            )
        )  # fmt: skip
        st.html(number_grid(100 * falls, 100 * (float(np.abs(falls).max()) or 1.0), 1, signed=True))
        rows, places = np.indices(falls.shape)
        csv_button(
            [
                Column(_("Row of the patch"), found.starts[rows.ravel()].tolist()),
                Column(_("Column of the patch"), found.starts[places.ravel()].tolist()),
                *(
                    Column(
                        name, found.covered[..., seen.info.labels.index(one)].ravel().tolist(), percent=True
                    )
                    for one, name in expression_names(seen).items()
                ),
            ],
            key="occlusion_csv",
            filename="occlusion-map",
            provenance=Provenance(now_here(), seen.info, settings={"patch": found.size, "fill": found.fill}),
        )

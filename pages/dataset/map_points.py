"""The map in the browser: all pictures as points, the tools to choose some of them, and the picture that is pointed at.

Two parts: `map_points.js` draws the map and is sent again only when something on it changes; `map_pictures.js` fetches
pictures while the map is pointed at, in a fragment of its own.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import streamlit as st

from fer_core.datasets.columns import NONE, PREDICTED
from fer_core.datasets.fer2013 import Fer2013
from fer_core.datasets.map import shipped_map
from fer_core.datasets.rows import RowTable
from fer_core.labels import EMOTIONS
from fer_core.recognition.provenance import download_name
from pages.dataset.figure.texts import reading_order
from pages.dataset.sprites import ACROSS, sprite_url
from pages.dataset.words import class_code, class_name
from pages.ui.charts import now_here
from pages.ui.i18n import _, format_number
from pages.ui.picture_grid import png_url

KEY: Final = "dataset_map"
_PICTURES_KEY: Final = "dataset_map_pictures"
_WANTED_KEY: Final = "dataset_map_wanted"
_MOST_WANTED: Final = 24
_FARTHEST: Final = 32_767
_HERE: Final = Path(__file__)

_MARKS: Final[Mapping[str, tuple[str, float, bool]]] = {
    # What has no colour of an expression is told apart by its form: form, strength, name on the map.
    "unknown": ("ring", 0.9, False),
    "NF": ("cross", 0.9, False),
    "right": ("disc", 0.3, False),
    "wrong": ("cross", 1.0, False),
    "Training": ("disc", 0.3, False),
    "PublicTest": ("ring", 1.0, False),
    "PrivateTest": ("square", 1.0, False),
    NONE: ("disc", 0.15, False),
}

_TOOLS: Final = {
    "lasso": "M12 4c5 0 8.5 2.4 8.5 5.6S17 15.2 12 15.2 3.5 12.8 3.5 9.6 7 4 12 4zM7 14.5c-2 1-2 3.5.5 3.8 2 .3 2 2.2.5 3.2",
    "box": "M4 5h16v14H4z",
    "move": "M12 3v18M3 12h18M12 3l-2.5 2.5M12 3l2.5 2.5M12 21l-2.5-2.5M12 21l2.5-2.5M3 12l2.5-2.5M3 12l2.5 2.5M21 12l-2.5-2.5M21 12l-2.5 2.5",
    "nearer": "M12 5v14M5 12h14",
    "farther": "M5 12h14",
    "whole": "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
    "picture": "M12 4v11M7.5 11l4.5 4.5 4.5-4.5M4 19.5h16",
}  # fmt: skip
_CHOOSING: Final = ("lasso", "box", "move")


@dataclass(frozen=True, eq=False)
class PlacedFace:
    """A face of the reader's among the pictures.

    Attributes:
        face_gray: uint8 (48, 48).
        name: what it is called, translated.
        place: float32 (2,), on the map.
        nearest: int (n,), positions of the nearest pictures.
        turn: another number for each face that was placed, so that the map goes there once.
    """

    face_gray: np.ndarray
    name: str
    place: np.ndarray
    nearest: np.ndarray
    turn: int


def points(
    table: RowTable,
    *,
    column_id: str,
    network: str,
    inside: np.ndarray,
    selected: np.ndarray,
    has_pictures: bool,
    placed: PlacedFace | None,
    on_pick: Callable[[np.ndarray, str], None],
    on_open: Callable[[int], None],
) -> None:
    """The map of FER2013.

    Args:
        table: the one that ships.
        column_id: of the class that colours the points.
        network: whose predictions are told.
        inside: bool (N,), the pictures of the filter; the others are grey and cannot be chosen.
        selected: bool (N,).
        has_pictures: they can be shown where the map is pointed at.
        placed: a face to mark, or None.
        on_pick: takes the positions that were drawn around, and "only", "more" or "less".
        on_open: takes the position of the picture that was clicked.
    """
    part = st.components.v2.component(
        "dataset_map",
        html=_markup(),
        css=_HERE.with_suffix(".css").read_text("utf-8"),
        js=_HERE.with_suffix(".js").read_text("utf-8"),
    )

    def pick() -> None:
        said = getattr(st.session_state[KEY], "pick", None)  # whatever a browser may say
        if not isinstance(said, Mapping) or said.get("how") not in ("only", "more", "less"):
            return
        flags = _flags(said.get("bits"), len(table))
        if flags is not None:
            on_pick(np.flatnonzero(flags & inside), str(said["how"]))

    def open_one() -> None:
        at = getattr(st.session_state[KEY], "open", None)
        if isinstance(at, int) and 0 <= at < len(table):
            on_open(at)

    classes, palette = _palette(table, column_id, inside)
    part(
        key=KEY,
        data={
            "places": _places(),
            "classes": _text(classes),
            "palette": palette,
            "inside": _text(np.packbits(inside)),
            "selected": _text(np.packbits(selected & inside)),
            "facts": _facts(table, network),
            "pictures": has_pictures,
            "placed": None if placed is None else _placed(placed),
            "file": download_name("fer2013-map", "png", now_here().date()),
            "texts": {
                "map": _("Map of all pictures. Arrow keys move it, + and − zoom, 0 shows all of it."),
                "lasso": _("Lasso: draw around points to choose them (Shift adds, Alt takes away)"),
                "box": _("Box: draw a rectangle around points to choose them (Shift adds, Alt takes away)"),
                "move": _("Move the map"),
                "nearer": _("Zoom in"),
                "farther": _("Zoom out"),
                "whole": _("Show all of the map"),
                "picture": _("Download as PNG"),
                "row": _("Row {n}"),
                "open": _("Open"),
            },
        },
        on_pick_change=pick,
        on_open_change=open_one,
    )


@st.fragment
def pictures_for_map(dataset: Fer2013) -> None:
    """Pictures of the points that are pointed at; runs alone for each portion."""
    wanted = st.session_state.get(_WANTED_KEY, ())
    rows = [row for row in wanted if row < len(dataset)]

    def want() -> None:
        said = getattr(st.session_state[_PICTURES_KEY], "want", None)
        if isinstance(said, Sequence):
            st.session_state[_WANTED_KEY] = tuple(
                each for each in said[:_MOST_WANTED] if isinstance(each, int) and each >= 0
            )

    part = st.components.v2.component(
        "dataset_map_pictures", js=_HERE.with_name("map_pictures.js").read_text("utf-8")
    )
    with st.container(key="dataset_map_fetch"):
        part(
            key=_PICTURES_KEY,
            data={
                "rows": rows,
                "across": ACROSS,
                "sprite": sprite_url(dataset.images_gray[rows]) if rows else "",
                "set": str(dataset.source),
            },
            on_want_change=want,
        )


def _markup() -> str:
    def button(tool: str, path: str) -> str:
        pressed = ' aria-pressed="false"' if tool in _CHOOSING else ""
        return (
            f'<button type="button" data-tool="{tool}"{pressed}>'
            f'<svg viewBox="0 0 24 24" aria-hidden="true"><path d="{path}"/></svg></button>'
        )

    tools = "".join(button(tool, path) for tool, path in _TOOLS.items())
    return (
        '<div class="map"><div class="stage">'
        '<canvas class="points"></canvas><div class="names" aria-hidden="true"></div>'
        '<img class="placed" alt="" hidden><canvas class="over" tabindex="0" role="application"></canvas>'
        f'<div class="tools" role="toolbar">{tools}</div>'
        '<div class="tip" role="status" hidden><div class="picture"></div><div><div class="lines"></div>'
        '<button type="button" class="open"></button></div></div></div><ul class="legend"></ul></div>'
    )


@cache
def _scale() -> tuple[np.ndarray, float]:
    """Middle of the map, and how many steps of an int16 one of its units is."""
    coordinates = shipped_map().coordinates
    low, high = coordinates.min(axis=0), coordinates.max(axis=0)
    return (low + high) / 2, _FARTHEST / float((high - low).max() / 2)


def _on_map(coordinates: np.ndarray) -> np.ndarray:
    """Coordinates as the browser has them: int16 (n, 2), the longer side from -32,767 to 32,767."""
    middle, steps = _scale()
    return np.clip(np.rint((coordinates - middle) * steps), -_FARTHEST, _FARTHEST).astype(np.int16)


@cache
def _places() -> str:
    return _text(_on_map(shipped_map().coordinates))


def _palette(
    table: RowTable, column_id: str, inside: np.ndarray
) -> tuple[np.ndarray, list[dict[str, object]]]:
    """Which entry of the legend each picture has, uint8 (N,), and the legend, in the order that people read it in."""
    codes = table.codes(column_id)
    values = table.values(column_id).astype(np.int64)
    known = [code for code, count in zip(codes, np.bincount(values[values >= 0], minlength=len(codes)), strict=True)
             if count]  # fmt: skip
    order = (*reading_order(known), NONE)
    number = {code: at for at, code in enumerate(order)}
    classes = np.array([*(number.get(code, 0) for code in codes), number[NONE]], np.uint8)[values]
    counts = np.bincount(classes[inside], minlength=len(order))
    everywhere = np.bincount(classes, minlength=len(order))
    legend = []
    for code in order:
        shape, strength, named = _MARKS.get(code, ("disc", 1.0, True))
        legend.append(
            {
                "code": class_code(code),
                "name": class_name(code),
                "colour": EMOTIONS[code].colour if code in EMOTIONS else "",
                "shape": shape,
                "strength": strength,
                "named": named,
                "count": format_number(int(counts[number[code]])),
            }
        )
    last = len(order) if everywhere[-1] else len(order) - 1  # "none" only where there is such a picture
    return classes, legend[:last]


def _facts(table: RowTable, network: str) -> list[dict[str, object]]:
    """What is told of the picture that is pointed at."""
    named = {
        "label": _("Label"),
        "vote": _("FER+ majority"),
        f"{PREDICTED}:{network}": _("Prediction"),
        "split": _("Split"),
    }
    return [
        {
            "name": name,
            "classes": [
                {"code": class_code(code), "name": class_name(code)} for code in table.codes(column_id)
            ],
            "values": _text(table.values(column_id).astype(np.uint8)),
        }
        for column_id, name in named.items()
        if table.has(column_id)
    ]


def _placed(face: PlacedFace) -> dict[str, Any]:
    return {
        "picture": png_url(face.face_gray),
        "name": face.name,
        "place": _on_map(face.place[None])[0].tolist(),
        "nearest": face.nearest.tolist(),
        "turn": face.turn,
    }


def _text(array: np.ndarray) -> str:
    """The bytes of an array as text."""
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def _flags(bits: object, count: int) -> np.ndarray | None:
    """What `np.packbits` made, read back: bool (count,); None where it is something else."""
    if not isinstance(bits, str):
        return None
    try:
        packed = np.frombuffer(base64.b64decode(bits, validate=True), np.uint8)
    except ValueError:
        return None
    if len(packed) != -(-count // 8):
        return None
    return np.unpackbits(packed, count=count).astype(bool)

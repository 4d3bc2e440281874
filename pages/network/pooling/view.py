"""A pooling worked out on a patch of one map: window by window, the largest value or the mean."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import streamlit as st

from fer_core.explanation.pooling import pool
from fer_core.recognition.provenance import Provenance
from pages.network.cells import (
    block,
    float_text,
    part,
    picture,
    put_state,
    said_of,
    shared_data,
    shared_texts,
)
from pages.network.pooling.chosen import NAMES, PREFIX, Chosen, chosen_of_address, poolings_of
from pages.network.seen import Seen
from pages.ui.charts import Column, now_here, show_table
from pages.ui.guard import guarded_page
from pages.ui.i18n import _, format_number
from pages.ui.teaching.question import ask

KEY: Final = "network_pooling"
_TURN_KEY: Final = "network_pooling_turn"
_OPENED_KEY: Final = "network_pooling_opened"
_MARKUP: Final = (
    '<div class="pooling worked"><div class="controls"></div>'
    f'<div class="work"><div class="pictures">{picture("before")}{picture("after")}</div>'
    '<div class="numbers-side"><div class="slide" role="group"></div>'
    f'<div class="grids">{block("patch")}{block("result")}</div>'
    '<dl class="steps"></dl><p class="said" role="status"></p></div></div></div>'
)


def pooling(seen: Seen) -> None:
    """The block; it has no heading of its own."""
    _worked(seen)


@st.fragment
@guarded_page()
def _worked(seen: Seen) -> None:
    poolings = poolings_of(seen.reader, seen.values)
    if not poolings:
        st.info(
            _(
                "This network has no pooling with windows: its convolutions with a stride of 2 make the maps smaller. "
                "Choose another network to see one."
            ),
            icon=":material/grid_off:",
        )
        return
    chosen = chosen_of_address(poolings)
    if _asked(seen, chosen):
        st.session_state[_OPENED_KEY] = seen.key
    is_open = st.session_state.get(_OPENED_KEY) == seen.key
    _part(seen, chosen, len(poolings), is_open=is_open)
    if is_open:
        _table(seen, chosen)


def _asked(seen: Seen, chosen: Chosen) -> bool:
    """Ask what the window with the largest value of the patch becomes; whether the answer is open."""
    values = max((chosen.values(each) for each in range(chosen.pooling.windows)), key=np.max).astype(
        np.float64
    )
    decimals = 2 if float(np.abs(values).max()) < 100 else 0
    results = {
        "average": float(values.mean()),
        "max": float(values.max()),
        "sum": float(values.sum()),
        "min": float(values.min()),
    }
    options: dict[str, str] = {}
    for code in sorted(results, key=lambda code: results[code]):
        text = format_number(results[code], decimals)
        if text not in options.values():
            options[code] = text
    right = chosen.kind
    shown = format_number(results[right], decimals)
    if options.get(right) != shown:  # another way to count gives the same number
        right_code = next(code for code, text in options.items() if text == shown)
    else:
        right_code = right
    numbers = "; ".join(format_number(float(value), decimals) for value in values.ravel())
    if len(options) < 2:
        return True
    return ask(
        f"pooling_{seen.key}_{chosen.stage}_{chosen.map}_{chosen.top}_{chosen.left}_{right}",
        (
            _("A window of the map holds {numbers}. What does max pooling leave of it?")
            if right == "max"
            else _("A window of the map holds {numbers}. What does average pooling leave of it?")
        ).format(numbers=numbers),
        options,
        right_code,
        (
            _("Max pooling keeps the largest number: whether the pattern is there, not exactly where.")
            if right == "max"
            else _("Average pooling takes the mean: how much of the pattern there is in the window.")
        ),
    )


def _part(seen: Seen, chosen: Chosen, count: int, *, is_open: bool) -> None:
    key = f"{seen.key}-{chosen.stage}-{chosen.map}"

    def state() -> None:
        said = said_of(KEY, key, NAMES)
        if said is None:
            return
        told = dict(said["state"])
        if (told["stage"], told["map"]) != (chosen.texts["stage"], chosen.texts["map"]):
            # Another map: place and window are those of its own peak.
            usual = {**chosen.usual, "map": "", "patch": "", "window": "0"}
            told |= {"patch": "", "window": "0"}
            if told["stage"] != chosen.texts["stage"]:
                told |= {"map": "", "kind": ""}
                usual["kind"] = ""
        else:
            usual = dict(chosen.usual)
        put_state({"state": told}, usual, PREFIX)
        st.session_state[_TURN_KEY] = said["turn"]

    found = chosen.pooling
    shown = part("pooling", Path(__file__).parent, _MARKUP)
    shown(
        key=KEY,
        data={
            "key": key,
            "turn": st.session_state.get(_TURN_KEY, 0),
            "state": dict(chosen.texts),
            "before": {
                "values": float_text(found.before[..., chosen.map]),
                "shape": list(found.before.shape),
            },
            "after": {"shape": list(found.after.shape)},
            "size": found.size,
            "stride": found.stride,
            "patch": found.patch,
            "top": chosen.top,
            "left": chosen.left,
            "kind": found.kind,
            "count": count,
            "open": is_open,
            "texts": {**shared_texts(), **_texts(chosen)},
            **shared_data(),
        },
        on_state_change=state,
    )


def _texts(chosen: Chosen) -> dict[str, str]:
    before, after = chosen.pooling.before, chosen.pooling.after
    return {
        "stage": _("Pooling"),
        "stage_n": _("Pooling {n}"),
        "map": _("Map"),
        "map_n": _("Map {n}"),
        "kind": _("Takes"),
        "max": _("The largest value"),
        "average": _("The mean"),
        "of_network": _("{kind} (the network)"),
        "before": _("Before, {height}×{width}. Click, drag or use the arrow keys to move the patch."),
        "before_help": _("The map before pooling. The arrow keys move the patch by one window."),
        "after": _("After, {height}×{width}"),
        "patch": _("Patch, {side}×{side}"),
        "result": _("Result"),
        "result_at": _("Window {n}: {value}"),
        "largest": _("Largest of the window"),
        "mean": _("Mean of the window"),
        "sizes": _("Size"),
        "sizes_text": _(
            "{height}×{width}×{maps} → {new_height}×{new_width}×{maps}: {before} numbers become {after}; the number "
            "of maps stays."
        ).format(
            height=before.shape[0],
            width=before.shape[1],
            maps=before.shape[2],
            new_height=after.shape[0],
            new_width=after.shape[1],
            before=format_number(before.size),
            after=format_number(after.size),
        ),
        "answer_first": _("The result appears here after the question above is answered."),
        "spoken": _("Window {n} of {count}: {result}."),
    }


def _table(seen: Seen, chosen: Chosen) -> None:
    """Each window of the patch with its numbers and its result."""
    found = chosen.pooling
    count = round(found.windows**0.5)
    part_of_map = found.before[
        chosen.top : chosen.top + found.patch, chosen.left : chosen.left + found.patch, chosen.map
    ]
    results = pool(part_of_map, found.size, stride=found.stride, kind=chosen.kind)
    windows = [chosen.values(each).ravel() for each in range(found.windows)]
    first_row, first_column = chosen.top // found.stride, chosen.left // found.stride
    with st.expander(_("Table"), icon=":material/table:"):
        show_table(
            [
                Column(
                    _("Row of the result"), [str(first_row + at // count + 1) for at in range(found.windows)]
                ),
                Column(
                    _("Column of the result"),
                    [str(first_column + at % count + 1) for at in range(found.windows)],
                ),
                *(
                    Column(_("Value {n}").format(n=at + 1), [float(each[at]) for each in windows], decimals=4)
                    for at in range(found.size**2)
                ),
                Column(
                    _("Largest") if chosen.kind == "max" else _("Mean"), results.ravel().tolist(), decimals=4
                ),
            ],
            key="pooling_table",
            filename="pooling",
            provenance=Provenance(now_here(), seen.info, settings={"face": seen.face_code, **chosen.texts}),
        )

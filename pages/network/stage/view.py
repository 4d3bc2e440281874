"""Step "stage": all feature maps of one stage; one of them opened."""

from __future__ import annotations

import numpy as np
import streamlit as st

from fer_core.explanation.layers import Stage
from pages.network import selection
from pages.network.convolution.chosen import at_value
from pages.network.convolution.first import first_convolution
from pages.network.overview import terms_of
from pages.network.seen import Seen
from pages.network.stage.maps import ORDERS, map_order, maps_grid, order_control
from pages.network.stage.numbers import vector
from pages.network.stage.open_map import chosen_place, open_map
from pages.network.stage.question import stage_question
from pages.network.stage.ways import Way, ways
from pages.network.stage_row import Card, stage_row
from pages.network.stage_words import stage_name, what_it_does
from pages.ui.address.parameters import text_of_address
from pages.ui.blocks import term
from pages.ui.i18n import _, format_number
from pages.ui.teaching.stage_words import shape_words


def render(seen: Seen) -> None:
    """Show a stage."""
    stages = seen.reader.stages
    name = selection.choice_of_address(selection.STAGE, [stage.name for stage in stages], stages[1].name)
    stage = next(stage for stage in stages if stage.name == name)
    stage_row(
        [Card(stage_name(one), shape_words(one.output_shape)) for one in stages],
        of=seen.info.id,
        key="network_stage_line",
        on_open=lambda at: selection.show_map(None, stages[at].name),
        chosen=stage.index,
        narrow=True,
    )
    values = seen.of_stage(stage)
    if values.ndim != 3:
        _head(seen, stage)
        stage_question(seen, stage)
        vector(seen, stage)
        _terms(stage)
        return
    order = map_order(values, selection.choice_of_address(selection.ORDER, ORDERS, ORDERS[0]))
    asked = bool(text_of_address(selection.MAP)) or len(order) == 1
    if not asked:
        _head(seen, stage)
        stage_question(seen, stage)
        order_control()
        maps_grid(seen, stage, order)
        _terms(stage)
        return
    number = selection.number_of_address(selection.MAP, len(order))
    place = chosen_place(values[..., number])
    _head(seen, stage, order, number, place)
    open_map(seen, stage, number, place)


def _terms(stage: Stage) -> None:
    with st.container(horizontal=True):
        for name in terms_of([stage]):
            term(name)


def _head(
    seen: Seen,
    stage: Stage,
    order: np.ndarray | None = None,
    number: int = -1,
    place: tuple[int, int] = (0, 0),
) -> None:
    """Name, sentence, and the ways on: to other maps where one is open, else to other stages."""
    opened = order is not None and len(order) > 1
    title = f"{stage_name(stage)} · {shape_words(stage.output_shape)}"
    if order is not None and opened:
        title = _("{stage}, map {n} of {of}").format(
            stage=stage_name(stage), n=format_number(number + 1), of=format_number(len(order))
        )
        shown = [
            *_map_ways(order, int(np.flatnonzero(order == number)[0])),
            *_worked_out(seen, stage, number, place),
        ]
    else:
        shown = _stage_ways(seen, stage)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.subheader(title, anchor=False, width="content")
        with st.container(width="content"):
            ways(shown, of=f"{seen.info.id}-{stage.name}-{number}", key="network_ways")
    if not opened:
        st.markdown(what_it_does(stage, seen.reader))


def _map_ways(order: np.ndarray, place: int) -> list[Way]:
    last = len(order) - 1
    return [
        Way("all", _("All maps"), "Escape", "Esc", lambda: selection.show_map(None)),
        Way(
            "previous", _("Previous map"), "ArrowLeft", "←",
            None if place == 0 else lambda: selection.show_map(int(order[place - 1])),
        ),
        Way(
            "next", _("Next map"), "ArrowRight", "→",
            None if place == last else lambda: selection.show_map(int(order[place + 1])),
        ),
    ]  # fmt: skip


def _worked_out(seen: Seen, stage: Stage, number: int, place: tuple[int, int]) -> list[Way]:
    """To the step that works the first convolution out, with the value that is chosen here."""
    first = first_convolution(seen.reader, seen.values)
    if first is None or stage.kind != "convolution" or stage.inputs != (0,):
        return []
    return [
        Way(
            "work",
            _("Work it out"),
            "",
            "",
            lambda: selection.go("convolution", **at_value(first, number, *place)),
        )
    ]


def _stage_ways(seen: Seen, stage: Stage) -> list[Way]:
    names = [one.name for one in seen.reader.stages]
    at, last = stage.index, len(names) - 1
    return [
        Way("overview", _("All stages"), "Escape", "Esc", lambda: selection.go("overview")),
        Way(
            "previous", _("Previous stage"), "ArrowLeft", "←",
            None if at == 0 else lambda: selection.show_map(None, names[at - 1]),
        ),
        Way(
            "next", _("Next stage"), "ArrowRight", "→",
            None if at == last else lambda: selection.show_map(None, names[at + 1]),
        ),
    ]  # fmt: skip

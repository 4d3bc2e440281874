"""One feature map, large: its numbers, the map before and after pooling, and what each of its values is made of."""

from __future__ import annotations

import numpy as np
import streamlit as st

from fer_core.explanation.layers import Layer, Stage
from fer_core.explanation.worked import CONVOLUTIONS, corner_of, inputs_of
from fer_core.recognition.provenance import Provenance
from pages.network import selection
from pages.network.seen import Seen
from pages.network.stage.big_map import LargeMap, large_maps
from pages.network.stage.feeds import feeding_maps, feeds
from pages.network.stage.pooled import pool_windows, pooled
from pages.network.stage_words import stage_name
from pages.ui.charts import Column, csv_button, now_here, table_html
from pages.ui.i18n import _, format_number, format_percent


def open_map(seen: Seen, stage: Stage, number: int, place: tuple[int, int]) -> None:
    """Show a map.

    Args:
        seen: face and network.
        stage: one with maps.
        number: of the map, from 0.
        place: row and column of the value that is chosen.
    """
    values = seen.of_stage(stage)[..., number]
    layer = seen.reader.layers[stage.layer]
    name = _("Map {n}").format(n=format_number(number + 1))
    main = LargeMap(
        values,
        _("{map} of {stage}: black is {low}, white is {high}.").format(
            map=name,
            stage=stage_name(stage),
            low=format_number(0),
            high=format_number(float(np.abs(values).max()), 2),
        )
        if values.min() >= 0
        else _("{map} of {stage}: blue is below 0, orange above; the largest distance is {high}.").format(
            map=name, stage=stage_name(stage), high=format_number(float(np.abs(values).max()), 2)
        ),
        _("{map} of {stage}. The arrow keys move over its values; Enter chooses one.").format(
            map=name, stage=stage_name(stage)
        ),
    )
    large_maps(
        _maps_before(seen, stage, layer, number, place),
        main,
        place,
        facts=_facts(values),
        of=f"{seen.key}-{stage.name}-{number}",
        key="network_large_map",
        on_choose=lambda y, x: selection.put(**{selection.Y: y, selection.X: x}),
    )
    if layer.kind in CONVOLUTIONS:
        feeds(seen, stage, number, place)
    elif layer.kind == "pooling":
        pooled(seen, stage, number, place)
    elif stage.kind == "addition":
        _addends(seen, layer, number, place)
    _numbers(seen, stage, number, values)


def chosen_place(values: np.ndarray) -> tuple[int, int]:
    """Row and column that the address names, else those of the value farthest from 0; to be asked once a run.

    Args:
        values: float32 (H, W), of the map.
    """
    row, column = np.unravel_index(int(np.abs(values).argmax()), values.shape)
    return (
        selection.number_of_address(selection.Y, values.shape[0], int(row)),
        selection.number_of_address(selection.X, values.shape[1], int(column)),
    )


def _facts(values: np.ndarray) -> list[str]:
    return [
        _("Largest value: {n}").format(n=format_number(float(values.max()), 3)),
        _("Mean: {n}").format(n=format_number(float(values.mean()), 3)),
        _("Values that are 0: {share}").format(share=format_percent(float((values == 0).mean()), 0)),
        _("Move over the map, or focus it and use the arrow keys; a click or Enter chooses a value."),
    ]


def _maps_before(
    seen: Seen, stage: Stage, layer: Layer, number: int, place: tuple[int, int]
) -> list[LargeMap]:
    """What the map is made of: of a convolution the map that adds most to the chosen value."""
    if stage.kind == "input":
        return []
    if layer.kind in CONVOLUTIONS:
        at = int(np.abs(feeding_maps(seen, layer, number, place)).argmax())
        source = int(inputs_of(layer, number)[at])
        row, column = corner_of(layer, 0, 0, seen.values)
        high, wide = layer.kernel_size or (1, 1)
        return [
            _before(
                seen, stage, layer.inputs[0], source, _("adds most to the chosen value; the frame is the kernel"),
                window=(wide, high), step=layer.stride or 1, offset=(column, row),
            )
        ]  # fmt: skip
    if layer.kind == "pooling":
        high, wide = layer.pool_size or (1, 1)
        down, across = pool_windows(seen, layer)
        return [
            _before(
                seen, stage, layer.inputs[0], number, _("before pooling; the frame is what the chosen value is made of"),
                window=(wide, high), step=down.stride, offset=(-across.before, -down.before),
            )
        ]  # fmt: skip
    return [
        _before(seen, stage, index, number, "", window=(1, 1))
        for index in layer.inputs
        if seen.values[index].shape == seen.values[layer.index].shape
    ]


def _before(
    seen: Seen,
    stage: Stage,
    layer: int,
    number: int,
    what: str,
    *,
    window: tuple[int, int],
    step: int = 1,
    offset: tuple[int, int] = (0, 0),
) -> LargeMap:
    """A map of the layer before, and which part of it belongs to the chosen value."""
    source = next(
        (one for one in seen.reader.stages if layer in one.layers and one.index != stage.index),
        seen.reader.stages[stage.inputs[0]],
    )
    words = _("{map} of {stage}").format(
        map=_("Map {n}").format(n=format_number(number + 1)), stage=stage_name(source)
    )
    caption = f"{words}: {what}." if what else f"{words}."
    return LargeMap(seen.values[layer][..., number], caption, caption, None, window, step, offset)


def _addends(seen: Seen, layer: Layer, number: int, place: tuple[int, int]) -> None:
    parts = [
        float(np.broadcast_to(seen.values[index], layer.output_shape)[(*place, number)])
        for index in layer.inputs
    ]
    text = _("Row {y}, column {x}: {sum} = {result}").format(
        y=format_number(place[0] + 1),
        x=format_number(place[1] + 1),
        sum=" + ".join(format_number(part, 3) for part in parts),
        result=format_number(sum(parts), 3),
    )
    if layer.activation is not None:
        result = float(seen.values[layer.index][(*place, number)])
        text += ". " + _("After ReLU: {result}").format(result=format_number(result, 3))
    st.markdown(f"{text}.")


def _numbers(seen: Seen, stage: Stage, number: int, values: np.ndarray) -> None:
    """All values of the map, as a table that scrolls and as a file."""
    columns = [
        Column(_("Row"), [str(row + 1) for row in range(len(values))]),
        *(Column(str(at + 1), column.tolist(), decimals=2) for at, column in enumerate(values.T)),
    ]
    with st.expander(_("All numbers of this map"), icon=":material/table:"):
        with st.container(height=420 if len(values) > 12 else "content", border=False, key="network_numbers"):
            st.html(table_html(columns))
        csv_button(
            columns,
            key="network_map_csv",
            filename=f"{stage.name}-map-{number + 1}-{seen.info.id}",
            provenance=Provenance(now_here(), seen.info, settings={"face": seen.face_code}),
        )

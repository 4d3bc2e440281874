"""Step "stage": all feature maps of one stage; one of them opened."""

from __future__ import annotations

import streamlit as st

from pages.network import selection
from pages.network.seen import Seen
from pages.network.stage.maps import maps_grid
from pages.network.stage.numbers import vector
from pages.network.stage_row import Card, stage_row
from pages.network.stage_words import stage_name, what_it_does
from pages.ui.teaching.stage_words import shape_words


def render(seen: Seen) -> None:
    """Show a stage."""
    stages = seen.reader.stages
    name = selection.choice_of_address(selection.STAGE, [stage.name for stage in stages], stages[1].name)
    stage = next(stage for stage in stages if stage.name == name)
    stage_row(
        [Card(stage_name(one), shape_words(one.output_shape)) for one in stages],
        of=seen.info.id,
        key="network_stages",
        on_open=lambda at: open_stage(stages[at].name),
        chosen=stage.index,
        narrow=True,
    )
    st.subheader(f"{stage_name(stage)} · {shape_words(stage.output_shape)}", anchor=False)
    st.markdown(what_it_does(stage, seen.reader))
    if len(stage.output_shape) == 3:
        maps_grid(seen, stage)
    else:
        vector(seen, stage)


def open_stage(name: str) -> None:
    """Go to a stage, with none of its maps opened."""
    selection.go(
        "stage", **{selection.STAGE: name, **dict.fromkeys((selection.MAP, selection.X, selection.Y))}
    )

"""A stage without maps: its values as a square and as a table; of a mean, each map with the number that became of it."""

from __future__ import annotations

import html

import numpy as np
import streamlit as st

from fer_core.explanation.layers import Stage
from fer_core.recognition.provenance import Provenance
from pages.network import selection
from pages.network.map_pictures import is_signed, limit_of, shades
from pages.network.overview import picture
from pages.network.seen import Seen
from pages.network.tiles import Tiles, tiles
from pages.ui.charts import Column, csv_button, expressions_column, now_here, table_html
from pages.ui.i18n import _, format_number

SHOWN = 12
"""Values in the table; the file has all of them."""


def vector(seen: Seen, stage: Stage) -> None:
    """The values of a stage without places."""
    values = seen.of_stage(stage)
    if stage.kind == "mean":
        _means(seen, stage, values)
        return
    count = len(values)
    left, right = st.columns(2, gap="large")
    with left:
        words = _("The {n} values in a square").format(n=format_number(count))
        st.html(f'<img class="raut-vector" src="{picture(values)}" alt="{html.escape(words, quote=True)}">')
        st.markdown(
            _("{n} values, from {low} to {high}.").format(
                n=format_number(count),
                low=format_number(float(values.min()), 2),
                high=format_number(float(values.max()), 2),
            )
        )
    with right:
        _table(seen, stage, values)


def _table(seen: Seen, stage: Stage, values: np.ndarray) -> None:
    provenance = Provenance(now_here(), seen.info, settings={"face": seen.face_code})
    order = np.argsort(-np.abs(values), kind="stable")
    shares = stage.kind == "softmax"
    if values.shape == (len(seen.reader.labels),):
        columns = [
            expressions_column(_("Expression"), [seen.reader.labels[at] for at in order]),
            Column(
                _("Probability") if shares else _("Score"),
                values[order].tolist(),
                percent=shares,
                decimals=1 if shares else 3,
            ),
        ]
        st.html(table_html(columns))
    else:
        columns = [
            Column(_("Place"), [at + 1 for at in order.tolist()]),
            Column(_("Value"), values[order].tolist(), decimals=3),
        ]
        first = [Column(one.name, one.values[:SHOWN], decimals=one.decimals) for one in columns]
        if len(order) > SHOWN:
            st.markdown(_("The {n} farthest from 0; the file has all:").format(n=format_number(SHOWN)))
        st.html(table_html(first))
    csv_button(
        columns, key="network_vector_csv", filename=f"{stage.name}-{seen.info.id}", provenance=provenance
    )


def _means(seen: Seen, stage: Stage, values: np.ndarray) -> None:
    """The maps before, each with its mean below it."""
    before = seen.reader.stages[stage.inputs[0]]
    maps = seen.of_stage(before)
    order = np.argsort(-np.abs(values), kind="stable")
    signed = is_signed(maps)
    names = [
        _("Map {n}, mean {mean}").format(n=format_number(at + 1), mean=format_number(float(values[at]), 3))
        for at in order
    ]
    tiles(
        Tiles(
            np.stack([shades(maps[..., at], limit_of(maps[..., at]), signed=signed) for at in order]),
            names,
            [f"{format_number(at + 1)}: {format_number(float(values[at]), 3)}" for at in order],
            _("The maps before, each with its mean"),
            scrolls=True,
        ),
        key="network_means",
        on_open=lambda at: selection.show_map(int(order[at]), before.name),
    )
    with st.expander(_("All values as a table"), icon=":material/table:"):
        _table(seen, stage, values)

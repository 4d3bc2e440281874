"""A stage without maps: its values as a square and as a table."""

from __future__ import annotations

import numpy as np
import streamlit as st

from fer_core.explanation.layers import Stage
from fer_core.recognition.provenance import Provenance
from pages.network.overview import picture
from pages.network.seen import Seen
from pages.ui.charts import Column, expressions_column, now_here, show_table
from pages.ui.i18n import _, format_number, format_percent

LONGEST_TABLE = 50


def vector(seen: Seen, stage: Stage) -> None:
    """The values of a stage without places."""
    values = seen.values[stage.layer]
    count = len(values)
    if values.shape == (len(seen.reader.labels),):
        columns = [
            expressions_column(_("Expression"), seen.reader.labels),
            Column(_("Value"), values.tolist(), decimals=3),
        ]
    else:
        order = np.argsort(-np.abs(values), kind="stable")[:LONGEST_TABLE]
        columns = [
            Column(_("Place"), [str(at + 1) for at in order]),
            Column(_("Value"), values[order].tolist(), decimals=3),
        ]
    left, right = st.columns(2, gap="large")
    with left:
        st.image(
            picture(values), alt=_("The {n} values in a square").format(n=format_number(count)), width=320
        )
        st.markdown(
            _("{n} values, from {low} to {high}; {share} of them are 0.").format(
                n=format_number(count),
                low=format_number(float(values.min()), 2),
                high=format_number(float(values.max()), 2),
                share=format_percent(float((values == 0).mean()), 0),
            )
        )
    with right:
        show_table(
            columns,
            key="network_vector",
            filename=f"{stage.name}-{seen.info.id}",
            provenance=Provenance(now_here(), seen.info, settings={"face": seen.face_code}),
        )

"""Votes, labels and the look of the pictures as figures; those of votes and labels filter."""

from __future__ import annotations

import numpy as np
import streamlit as st

from fer_core.datasets.filters import Filter
from fer_core.datasets.rows import RowTable
from fer_core.labels import FER2013_LABELS, FERPLUS_LABELS
from fer_core.plots import expression_boxes
from pages.dataset.figures import figures_of, show_figure
from pages.dataset.words import column_name
from pages.ui.charts import Column, csv_button, current_theme, expressions_column, show_chart, show_table
from pages.ui.i18n import _, emotion_name, format_number, format_percent

_MEASURES = {"brightness": 0, "contrast": 0, "sharpness": 2}
"""To the decimals that they are written with."""
_PERCENTILES = (5, 25, 50, 75, 95)


def votes_section(table: RowTable, chosen: Filter) -> None:
    """Label against the majority of the votes, and how far the annotators agreed."""
    if not table.has("vote"):
        return
    st.header(_("Labels and votes"), anchor=False)
    mask = chosen.mask(table)
    labels = np.array(FER2013_LABELS)[table.values("label")]
    votes = table.texts("vote")
    counted = mask & np.isin(votes, FERPLUS_LABELS)
    if counted.any():
        st.markdown(
            _(
                "For {share} of {n} pictures the label of FER2013 is what most of the ten annotators of FER+ chose; "
                "left out are those for which the most votes went to “no clear expression” or “not a face”."
            ).format(
                share=format_percent(float((labels == votes)[counted].mean()), 1),
                n=format_number(int(counted.sum())),
            )
        )
    figures = figures_of(table, "")
    left, right = st.columns([3, 2], gap="medium")
    for place, ids in ((left, ("label*vote",)), (right, ("entropy", "agreement"))):
        with place:
            for name in ids:
                st.subheader(figures[name].title, anchor=False)
                show_figure(figures[name], table, chosen, f"statistics_{name.replace('*', '_')}")
                csv_button(
                    figures[name].table_columns(table, chosen),
                    key=f"statistics_{name}_csv",
                    filename=f"fer2013-{name.replace('*', '-')}",
                )


def measures_section(table: RowTable, chosen: Filter) -> None:
    """Brightness, contrast and sharpness of each class."""
    measures = [name for name in _MEASURES if table.has(name)]
    if not measures:
        return
    st.header(_("Brightness, contrast, sharpness"), anchor=False)
    mask = chosen.mask(table)
    of_class = {code: mask & (table.values("label") == at) for at, code in enumerate(FER2013_LABELS)}
    codes = [code for code, rows in of_class.items() if rows.any()]
    if not codes:
        return
    names = {code: emotion_name(code) for code in codes}
    tables: dict[str, list[Column]] = {}
    for place, measure in zip(st.columns(len(measures), gap="medium"), measures, strict=True):
        quantiles = {
            code: tuple(np.percentile(table.values(measure)[of_class[code]], _PERCENTILES).tolist())
            for code in codes
        }
        decimals = _MEASURES[measure]
        texts = {code: [format_number(value, decimals) for value in five] for code, five in quantiles.items()}
        figure = expression_boxes(
            quantiles,
            names=names,
            hovers={
                code: _(
                    "{expression}<br>median: {median}<br>middle half: {first} to {third}<br>middle nine tenths: "
                    "{low} to {high}"
                ).format(expression=names[code], low=low, first=first, median=median, third=third, high=high)
                for code, (low, first, median, third, high) in texts.items()
            },
            theme=current_theme(),
            value_name=column_name(measure),
            title=column_name(measure),
        )
        with place:
            show_chart(
                figure,
                key=f"statistics_{measure}",
                filename=f"fer2013-{measure}",
                columns=None,
                alt=_("{measure} of the pictures of each expression; the table below has its numbers").format(
                    measure=column_name(measure)
                ),
            )
        headings = (
            _("5th percentile"),
            _("1st quartile"),
            _("Median"),
            _("3rd quartile"),
            _("95th percentile"),
        )
        tables[measure] = [
            expressions_column(column_name(measure), codes),
            *(
                Column(heading, [quantiles[code][at] for code in codes], decimals=decimals)
                for at, heading in enumerate(headings)
            ),
        ]
    # Below the charts, which stand side by side: a third of the page is too narrow for them.
    with st.expander(_("Table"), icon=":material/table:"):
        for measure, columns in tables.items():
            show_table(columns, key=f"statistics_{measure}_table", filename=f"fer2013-{measure}")
    st.caption(
        _(
            "A box holds the middle half of the pictures, the line in it is the median; the ends hold nine tenths."
        )
    )

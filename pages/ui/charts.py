"""Charts and tables as every page shows them: in the reader's theme, with a table, PNG and CSV to take home.

A table is real HTML and not a canvas: it prints, and a screen reader reads it.
"""

from __future__ import annotations

import csv
import html
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import plotly.graph_objects as go
import streamlit as st

from fer_core import __version__
from fer_core.plots import LOOKS
from fer_core.recognition.table import VERSION_COLUMN, harmless_cell
from pages.ui.i18n import _, format_number, format_percent, language
from pages.ui.theme_watch import redraw_on_theme_change

STYLE = Path(__file__).parent / "assets" / "results.css"


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes:
        name: its heading, translated.
        values: texts, or numbers; None and NaN are undefined and shown as a dash.
        percent: numbers are shares, 0 to 1.
        decimals: of what is shown; the CSV has six digits.
    """

    name: str
    values: Sequence[object]
    percent: bool = False
    decimals: int = 0

    def cell_texts(self) -> list[str]:
        """The values as the reader's language writes them."""
        return [self._shown(value) for value in self.values]

    def _shown(self, value: object) -> str:
        if isinstance(value, str):
            return value
        number = float("nan") if value is None else float(value)  # type: ignore[arg-type]
        return format_percent(number, self.decimals) if self.percent else format_number(number, self.decimals)

    @property
    def is_text(self) -> bool:
        return all(isinstance(value, str) for value in self.values)


def current_theme() -> str:
    """ "light" or "dark", what the reader's page is in."""
    return "dark" if st.context.theme.type == "dark" else "light"


def result_style() -> None:
    """The rules for tables and grids, and the watch on the theme; once a page with charts."""
    redraw_on_theme_change(current_theme())
    paper = f"light-dark({LOOKS['light'].paper}, {LOOKS['dark'].paper})"
    st.html(f"<style>:root {{ --raut-paper: {paper}; }}\n{STYLE.read_text(encoding='utf-8')}</style>")


def camera(filename: str) -> dict[str, object]:
    """What Plotly is told so that nothing but a button for the PNG is at the chart's corner."""
    return {
        "displaylogo": False,
        "displayModeBar": True,
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": {"format": "png", "filename": filename, "scale": 2},
    }


def show_chart(
    figure: go.Figure,
    *,
    key: str,
    filename: str,
    columns: Sequence[Column] | None,
    alt: str,
    total: bool = False,
) -> None:
    """A chart, its PNG behind the camera at its corner, and its table and CSV below.

    Args:
        figure: from `fer_core.plots`, drawn for `current_theme()`.
        key: unique on the page.
        filename: of the downloads, without ending.
        columns: the table for who cannot see the chart; None where the page shows it anyway.
        alt: what a screen reader says of the chart.
        total: the table's last row is a sum.
    """
    figure.update_layout(separators=",." if language() == "id" else ".,")  # decimal sign, then thousands
    st.plotly_chart(
        figure,
        theme=None,
        key=key,
        alt=alt,
        config=camera(filename),
    )
    if columns is None:
        return
    with st.expander(_("Table"), icon=":material/table:"):
        show_table(columns, key=f"{key}_table", filename=filename, total=total)


def show_table(
    columns: Sequence[Column],
    *,
    key: str,
    filename: str | None,
    total: bool = False,
) -> None:
    """A table, the first column naming the rows, and a button for its CSV where there is a file name."""
    st.html(table_html(columns, total=total))
    if filename is not None:
        csv_button(columns, key=f"{key}_csv", filename=filename)


def csv_button(columns: Sequence[Column], *, key: str, filename: str) -> None:
    """A button that hands out the columns as CSV."""
    st.download_button(
        _("Download as CSV"),
        csv_text(columns).encode("utf-8-sig"),  # the mark at the start tells Excel that it is UTF-8
        file_name=f"{filename}.csv",
        mime="text/csv",
        key=key,
        icon=":material/download:",
        on_click="ignore",
    )


def table_html(columns: Sequence[Column], *, total: bool = False) -> str:
    """The table as HTML, everything in it escaped."""

    def cell(tag: str, text: str, column: Column, scope: str = "") -> str:
        kind = ' class="raut-text"' if column.is_text else ""
        return f"<{tag}{kind}{scope}>{html.escape(text)}</{tag}>"

    head = "".join(cell("th", column.name, column, ' scope="col"') for column in columns)
    rows = list(zip(*(column.cell_texts() for column in columns), strict=True))
    body = ""
    for index, row in enumerate(rows):
        cells = "".join(
            cell("th", text, column, ' scope="row"') if position == 0 else cell("td", text, column)
            for position, (text, column) in enumerate(zip(row, columns, strict=True))
        )
        last = ' class="raut-total"' if total and index == len(rows) - 1 else ""
        body += f"<tr{last}>{cells}</tr>"
    # The style sheet of the page may arrive after the table, and a phone would scroll sideways until then.
    scrolls = 'class="raut-table" style="overflow-x: auto"'
    return f"<div {scrolls}><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"


def csv_text(columns: Sequence[Column]) -> str:
    """The table as CSV: numbers with a decimal point whatever the language, undefined ones empty.

    A last column holds the version of Raut in each row.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([*(harmless_cell(column.name) for column in columns), VERSION_COLUMN])
    for row in zip(*(column.values for column in columns), strict=True):
        writer.writerow([*(_plain(value) for value in row), __version__])
    return text.getvalue()


def _plain(value: object) -> object:
    if isinstance(value, str):
        return harmless_cell(value)
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return f"{value:.6g}" if isinstance(value, float) else value

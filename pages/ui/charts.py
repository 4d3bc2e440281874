"""Charts and tables as every page shows them: in the reader's theme, with a table, PNG and CSV to take home.

A table is real HTML and not a canvas: it prints, and a screen reader reads it.
"""

from __future__ import annotations

import csv
import html
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import plotly.graph_objects as go
import streamlit as st

from fer_core.csv_files import harmless_cell
from fer_core.plots import LOOKS, enlarged
from fer_core.recognition.provenance import Provenance, download_name, local_now
from pages.ui.i18n import (
    _,
    emotion_name,
    format_number,
    format_percent,
    format_range,
    language,
    number_for_programs,
)
from pages.ui.signs import emotion_sign
from pages.ui.streamlit_inside import has_reader
from pages.ui.theme import redraw_on_look_change, text_scale

STYLE = Path(__file__).parent / "assets" / "results.css"


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes:
        name: its heading, translated.
        values: texts, or numbers; None and NaN are undefined and shown as a dash.
        percent: numbers are shares, 0 to 1.
        decimals: of what is shown; the CSV has six digits.
        intervals: lower and upper end of a confidence interval for each value: behind it in brackets, and two
            columns of the CSV.
        code: of the expression that the column is of: its sign stands before the name.
        codes: of the expressions that the values name, "" for another value: their signs stand before them.
    """

    name: str
    values: Sequence[object]
    percent: bool = False
    decimals: int = 0
    intervals: Sequence[tuple[float, float]] | None = None
    code: str = ""
    codes: Sequence[str] = ()

    def cell_texts(self) -> list[str]:
        """The values as the reader's language writes them."""
        shown = [self._shown(value) for value in self.values]
        if self.intervals is None:
            return shown
        return [
            text if math.isnan(low) else f"{text} ({format_range(low, high, self.decimals, brief=True)})"
            for text, (low, high) in zip(shown, self.intervals, strict=True)
        ]

    def plain_columns(self) -> list[tuple[str, Sequence[object]]]:
        """Heading and values of each column of the CSV."""
        columns = [(self.name, self.values)]
        if self.intervals is not None:
            low, high = zip(*self.intervals, strict=True) if self.intervals else ((), ())
            columns += [
                (_("{figure}, 95% interval from").format(figure=self.name), low),
                (_("{figure}, 95% interval to").format(figure=self.name), high),
            ]
        return columns

    def _shown(self, value: object) -> str:
        if isinstance(value, str):
            return value
        number = float("nan") if value is None else float(value)  # type: ignore[arg-type]
        return format_percent(number, self.decimals) if self.percent else format_number(number, self.decimals)

    @property
    def is_text(self) -> bool:
        return all(isinstance(value, str) for value in self.values)


def expressions_column(name: str, codes: Sequence[str]) -> Column:
    """The names of expressions, each with its sign.

    Args:
        name: heading, translated.
        codes: of the expressions.
    """
    return Column(name, [emotion_name(code) for code in codes], codes=codes)


def expression_column(
    code: str, values: Sequence[object], *, percent: bool = False, decimals: int = 0
) -> Column:
    """What belongs to one expression, whose sign and name are the heading; see `Column`."""
    return Column(emotion_name(code), values, percent, decimals, code=code)


def current_theme() -> str:
    """ "light" or "dark", what the reader's page is in."""
    return "dark" if st.context.theme.type == "dark" else "light"


def result_style() -> None:
    """The rules for tables and grids, and the watch on theme and size; once a page with charts."""
    redraw_on_look_change(current_theme())
    paper = f"light-dark({LOOKS['light'].paper}, {LOOKS['dark'].paper})"
    st.html(f"<style>:root {{ --raut-paper: {paper}; }}\n{STYLE.read_text(encoding='utf-8')}</style>")


def now_here() -> datetime:
    """The time now in the reader's zone, and in the server's where the browser does not name one that is known."""
    name = st.context.timezone if has_reader() else None
    try:
        return datetime.now(ZoneInfo(name)) if name else local_now()
    except (OSError, ValueError, LookupError):  # whatever a browser may say, also the name of a folder
        return local_now()


def camera(filename: str) -> dict[str, object]:
    """What Plotly is told so that nothing but a button for the PNG is at the chart's corner.

    Args:
        filename: what the picture shows; see `download_name`.
    """
    filename = download_name(filename, "png", now_here().date()).removesuffix(".png")  # Plotly adds it
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
    provenance: Provenance | None = None,
) -> None:
    """A chart, its PNG behind the camera at its corner, and its table and CSV below.

    Args:
        figure: from `fer_core.plots`, drawn for `current_theme()`.
        key: unique on the page.
        filename: what the downloads hold; see `download_name`.
        columns: the table for who cannot see the chart; None where the page shows it anyway.
        alt: what a screen reader says of the chart.
        total: the table's last row is a sum.
        provenance: of the numbers; None where no network gave them.
    """
    figure.update_layout(separators=",." if language() == "id" else ".,")  # decimal sign, then thousands
    scale = text_scale()
    st.plotly_chart(
        figure if scale == 1 else enlarged(figure, scale),
        theme=None,
        key=key,
        alt=alt,
        config=camera(filename),
    )
    if columns is None:
        return
    with st.expander(_("Table"), icon=":material/table:"):
        show_table(columns, key=f"{key}_table", filename=filename, total=total, provenance=provenance)


def show_table(
    columns: Sequence[Column],
    *,
    key: str,
    filename: str | None,
    total: bool = False,
    provenance: Provenance | None = None,
) -> None:
    """A table, the first column naming the rows, and a button for its CSV where there is a file name."""
    st.html(table_html(columns, total=total))
    if filename is not None:
        csv_button(columns, key=f"{key}_csv", filename=filename, provenance=provenance)


def csv_button(
    columns: Sequence[Column], *, key: str, filename: str, provenance: Provenance | None = None
) -> None:
    """A button that hands out the columns as CSV, written when it is pressed.

    Args:
        columns: of the table.
        key: unique on the page.
        filename: what the table holds; see `download_name`.
        provenance: of its numbers; None where no network gave them.
    """
    source = provenance or Provenance(now_here())
    st.download_button(
        _("Download as CSV"),
        lambda: csv_text(columns, source).encode(
            "utf-8-sig"
        ),  # the mark at the start tells Excel that it is UTF-8
        file_name=source.file_name(filename, "csv"),
        mime="text/csv",
        key=key,
        icon=":material/download:",
        on_click="ignore",
    )


def table_html(columns: Sequence[Column], *, total: bool = False) -> str:
    """The table as HTML, everything in it escaped."""

    def cell(tag: str, text: str, column: Column, code: str, scope: str = "") -> str:
        kind = ' class="raut-text"' if column.is_text else ""
        sign = f"{emotion_sign(code)} " if code else ""
        shown = html.escape(text)
        if column.intervals is not None and text.endswith(
            ")"
        ):  # the interval stays whole where a line is broken
            figure, _space, interval = shown.partition(" (")
            shown = f'{figure} <span class="raut-interval">({interval}</span>'
        return f"<{tag}{kind}{scope}>{sign}{shown}</{tag}>"

    head = "".join(
        cell("th", column.name, replace(column, intervals=None), column.code, ' scope="col"')
        for column in columns
    )
    rows = list(zip(*(column.cell_texts() for column in columns), strict=True))
    body = ""
    for index, row in enumerate(rows):
        codes = [column.codes[index] if column.codes else "" for column in columns]
        cells = "".join(
            cell("td", text, column, code) if position else cell("th", text, column, code, ' scope="row"')
            for position, (text, column, code) in enumerate(zip(row, columns, codes, strict=True))
        )
        last = ' class="raut-total"' if total and index == len(rows) - 1 else ""
        body += f"<tr{last}>{cells}</tr>"
    # The style sheet of the page may arrive after the table, and a phone would scroll sideways until then.
    # In the order of the tabulator key: the arrow keys scroll a table that is wider than the page.
    scrolls = 'class="raut-table" style="overflow-x: auto" tabindex="0"'
    return f"<div {scrolls}><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"


def csv_text(columns: Sequence[Column], provenance: Provenance) -> str:
    """The table as CSV: numbers with a decimal point whatever the language, undefined ones empty.

    The last columns say in each row where its numbers come from, as far as there is something to say.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    source = provenance.known_cells()
    plain = [column for shown in columns for column in shown.plain_columns()]
    writer.writerow([*(harmless_cell(name) for name, _values in plain), *source])
    for row in zip(*(values for _name, values in plain), strict=True):
        writer.writerow([*(_plain(value) for value in row), *source.values()])
    return text.getvalue()


def _plain(value: object) -> object:
    if isinstance(value, str):
        return harmless_cell(value)
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return number_for_programs(value) if isinstance(value, float) else value

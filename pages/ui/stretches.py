"""Times and shares of what faces were named over time, for the webcam and for videos."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import plotly.graph_objects as go
import streamlit as st

from fer_core.plots import RibbonPart, expression_ribbons
from fer_core.recognition.provenance import Provenance
from fer_core.recognition.stretches import FaceSummary, Stretch
from pages.ui.charts import Column, current_theme, expression_column, show_table
from pages.ui.guard import escape_markdown
from pages.ui.i18n import _, emotion_name, format_number
from pages.ui.network_choice import network_name


def clock(seconds: float, decimals: int = 1) -> str:
    """75.25 -> "1:15.2": minutes, seconds and tenths."""
    # Rounded first: 60.4 seconds are a little less than 0.4 above the minute.
    minutes, rest = divmod(int(round(max(0.0, seconds) * 10**decimals, 6)), 60 * 10**decimals)
    whole, part = divmod(rest, 10**decimals)
    return f"{minutes}:{whole:02d}{format_number(part / 10**decimals, decimals)[1:]}"


def clocks(times_s: Sequence[float]) -> dict[float, str]:
    """Each time as `clock` writes it, to the nearest tenth; finer where two would read alike.

    To a browser, entries of a list that read alike are one.
    """
    texts: dict[float, str] = {}
    for decimals in (1, 2, 3):
        texts = {time_s: clock(round(time_s, decimals), decimals) for time_s in times_s}
        if len(set(texts.values())) == len(texts):
            break
    return texts


def minutes_and_seconds(seconds: float) -> str:
    """75.25 -> "1:15"."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


TICK_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400)
"""Seconds between two ticks of a time axis; beyond the last, a day, so many days that ten of them fit."""


def time_ticks(end_s: float) -> dict[float, str]:
    """Round times for an axis that begins at 0, and what stands there; two at least, about ten at most."""
    end = max(1, int(end_s))
    step = next((step for step in TICK_STEPS if end <= 10 * step), None)
    if step is None:
        days = 10 ** len(str(end // (10 * TICK_STEPS[-1])))
        step = next(days // part for part in (5, 2, 1) if end <= 10 * (days // part) * TICK_STEPS[-1])
        step *= TICK_STEPS[-1]
    return {float(tick): minutes_and_seconds(tick) for tick in range(0, end + 1, step)}


def ribbons_of(
    parts: Sequence[Stretch],
    codes: Sequence[str],
    hover: Callable[[Stretch], str],
    *,
    moments: Sequence[tuple[float, str, str]] = (),
    marked_s: float | None = None,
    end_s: float = 0.0,
) -> go.Figure:
    """A ribbon for each face, from 0 to the end of the last stretch.

    Args:
        parts: at least one.
        codes: of the expressions, "unsure" included, for the legend.
        hover: the words for a stretch.
        moments: time in seconds, row and words of each point that can be clicked; see `face_row`.
        marked_s: time of the line that marks a moment.
        end_s: end of the time axis, where it is later than that.
    """
    end_s = max(end_s, *(part.end_s for part in parts))
    return expression_ribbons(
        [RibbonPart(face_row(part.face), part.begin_s, part.end_s, part.code, hover(part)) for part in parts],
        rows=[face_row(face) for face in sorted({part.face for part in parts})],
        codes=codes,
        names={code: emotion_name(code) for code in codes},
        span_s=(0.0, end_s),
        time_name=_("Time (minutes:seconds)"),
        theme=current_theme(),
        ticks=time_ticks(end_s),
        moments=moments,
        marked_s=marked_s,
    )


def face_row(face: int) -> str:
    """What the row of a face is called."""
    return _("Face {n}").format(n=face)


def shares_table(
    parts: Sequence[tuple[Provenance, Sequence[FaceSummary]]],
    codes: Sequence[str],
    *,
    key: str,
    filename: str,
) -> None:
    """One row for each face and network: time in sight, share of it for each expression, longest stretch, who read it.

    Args:
        parts: each network with its detector, and the faces that it read; all of one set of expressions.
        codes: of the expressions, "unsure" included.
        key: unique on the page.
        filename: what the CSV holds; see `download_name`.
    """
    rows = [row for _source, faces in parts for row in faces]
    sources = [source for source, faces in parts for _row in faces]
    columns = [
        Column(_("Face"), [_("Face {n}").format(n=row.face) for row in rows]),
        Column(_("Seconds in sight"), [row.seconds for row in rows], decimals=1),
        *(
            expression_column(code, [row.shares.get(code, 0.0) for row in rows], percent=True, decimals=1)
            for code in codes
        ),
        Column(
            _("Longest stretch"),
            [
                _("{expression}, {s} s from {time} on").format(
                    expression=emotion_name(row.longest.code),
                    s=format_number(row.longest.seconds, 1),
                    time=clock(row.longest.begin_s),
                )
                for row in rows
            ],
        ),
        Column(_("Network"), [network_name(source.network) if source.network else "" for source in sources]),
        Column(_("Detector"), [source.detector for source in sources]),
    ]
    # Of several networks, the columns alone say which.
    with st.container(key=f"shares_{key}"):
        show_table(columns, key=key, filename=filename, provenance=parts[0][0] if len(parts) == 1 else None)


def read_by(source: Provenance) -> str:
    """Which network read the faces, and what found them."""
    assert source.network is not None
    return _("Read by {network}; faces found by {detector}.").format(
        network=escape_markdown(network_name(source.network)), detector=source.detector
    )

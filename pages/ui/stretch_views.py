"""Times and shares of what faces were named over time, for the webcam and for videos."""

from __future__ import annotations

from collections.abc import Sequence

from fer_core.recognition.stretches import FaceSummary
from pages.ui.charts import Column, show_table
from pages.ui.i18n import _, emotion_label, emotion_name, format_number


def clock(seconds: float) -> str:
    """75.25 -> "1:15.2": minutes, seconds and tenths."""
    # Rounded first: 60.4 seconds are a little less than 0.4 above the minute.
    minutes, rest = divmod(int(round(max(0.0, seconds) * 10, 6)), 600)
    whole, tenths = divmod(rest, 10)
    return f"{minutes}:{whole:02d}{format_number(tenths / 10, 1)[1:]}"


def minutes_and_seconds(seconds: float) -> str:
    """75.25 -> "1:15"."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def shares_table(rows: Sequence[FaceSummary], codes: Sequence[str], *, key: str, filename: str) -> None:
    """One row a face: time in sight, share of it for each expression, longest stretch.

    Args:
        rows: the faces.
        codes: of the expressions, "unsure" included.
        key: unique on the page.
        filename: of the CSV, without ending.
    """
    columns = [
        Column(_("Face"), [_("Face {n}").format(n=row.face) for row in rows]),
        Column(_("Seconds in sight"), [row.seconds for row in rows], decimals=1),
        *(
            Column(emotion_label(code), [row.shares.get(code, 0.0) for row in rows], percent=True, decimals=1)
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
    ]
    show_table(columns, key=key, filename=filename)

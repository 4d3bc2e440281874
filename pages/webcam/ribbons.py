"""The last minute as ribbons, drawn as HTML: a chart by Plotly would be built anew with every renewal.

Streamlit takes a chart with other data for another chart, so that it flickers and costs the browser 30 ms a second.
The height does not depend on what is shown, so that nothing below jumps. Its style is in `webcam.css`.
"""

from __future__ import annotations

import html
from collections.abc import Sequence

import streamlit as st

from fer_core.labels import EXPRESSIONS, look_of
from fer_core.recognition.answers import Answerer
from fer_core.recognition.stretches import Stretch
from pages.ui.face_cards import emotion_style
from pages.ui.i18n import _, answer_name, format_number
from pages.ui.network_choice import network_name
from pages.ui.signs import emotion_html

LAST_SECONDS = 60
SECONDS_BETWEEN_TICKS = 10
ROWS = 3
"""Rows that there is always room for; with more faces all of them get lower."""


def ribbon_hover(part: Stretch, network: Answerer) -> str:
    """All that is known about a stretch, the network that read it included."""
    seconds = _("{s} seconds").format(s=format_number(part.seconds, 1))
    return f"{_('Face {n}').format(n=part.face)} · {answer_name(part.code, network.labels)} · {seconds} · {network_name(network)}"


def live_ribbons(
    parts: Sequence[tuple[Stretch, Answerer]],
    codes: Sequence[str],
    now_s: float,
    labels: Sequence[str] = EXPRESSIONS,
) -> None:
    """A ribbon for each face over the last minute; now is at the right edge, so that the axis stands still.

    Args:
        parts: stretches, in seconds of the session, each with the network that read it.
        codes: expressions of the legend, in its order, also those that do not occur.
        now_s: of the session.
        labels: of the network that answers, of which the legend has the colours.
    """
    faces = sorted({part.face for part, _network in parts})
    rows = "".join(_row(face, [one for one in parts if one[0].face == face], now_s) for face in faces)
    rows += '<div aria-hidden="true"><span></span><p></p></div>' * max(0, ROWS - len(faces))
    ticks = "".join(
        f'<span style="--at:{100 * (1 - second / LAST_SECONDS):.2f}%">{html.escape(_tick(second))}</span>'
        for second in range(LAST_SECONDS, -1, -SECONDS_BETWEEN_TICKS)
    )
    legend = "".join(
        f"<li{emotion_style(look_of(code, labels))}><i></i>{emotion_html(code, labels)}</li>"
        for code in codes
    )
    alt = html.escape(_("What each face resembled most in the last minute"))
    st.html(
        f'<figure class="raut-ribbons" aria-label="{alt}"><div class="rows" style="--rows:{max(ROWS, len(faces))}">'
        f'{rows}</div><div class="ticks" aria-hidden="true"><span></span><p>{ticks}</p></div>'
        f'<p class="unit" aria-hidden="true">{html.escape(_("Seconds"))}</p><ul aria-hidden="true">{legend}</ul></figure>'
    )


def _row(face: int, parts: Sequence[tuple[Stretch, Answerer]], now_s: float) -> str:
    bars = []
    for part, network in parts:
        begin = max(0.0, 1 - (now_s - part.begin_s) / LAST_SECONDS)
        end = min(1.0, 1 - (now_s - part.end_s) / LAST_SECONDS)
        if end > begin:
            bars.append(
                f'<span{emotion_style(look_of(part.code, network.labels))}><i style="--at:{100 * begin:.2f}%;--long:{100 * (end - begin):.2f}%" '
                f'title="{html.escape(ribbon_hover(part, network))}"></i></span>'
            )
    name = html.escape(_("Face {n}").format(n=face))
    return f"<div><span>{name}</span><p>{''.join(bars)}</p></div>"


def _tick(second: int) -> str:
    return f"−{format_number(second)}" if second else format_number(0)

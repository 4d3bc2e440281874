"""What the webcam page remembers of a session: the last minute beside the video, the summary after it."""

from __future__ import annotations

import streamlit as st

from fer_core.labels import UNSURE
from fer_core.live.record import GAP_S, ROWS_A_SECOND, LiveRecord
from fer_core.live.session import LiveSession
from fer_core.recognition.stretches import Stretch, stretches, summaries
from fer_core.store.network import NetworkInfo
from pages.ui.charts import result_style, show_chart
from pages.ui.guard import guarded_page
from pages.ui.i18n import _
from pages.ui.stretches import minutes_and_seconds, ribbons_of, shares_table
from pages.webcam.ribbons import LAST_SECONDS, live_ribbons, ribbon_hover

SECONDS_BETWEEN_TIMELINES = 1.0
FRAME_S = 1 / ROWS_A_SECOND


def last_minute(session: LiveSession, playing: bool, network: NetworkInfo, wait: float = 1.0) -> None:
    """A ribbon for each face over the last minute, renewed while the video runs; nothing while it does not.

    Args:
        session: what is shown.
        playing: whether its video runs.
        network: its expressions make the legend.
        wait: how many times as long as usual to wait between two renewals.
    """
    if not playing:
        return

    @st.fragment(run_every=SECONDS_BETWEEN_TIMELINES * wait)
    @guarded_page()
    def timeline() -> None:
        # By the clock and not by the newest row, or the ribbons would stand still while nobody is in sight.
        now_s = session.record.elapsed_s()
        parts = _stretches(session.record, max(0.0, now_s - LAST_SECONDS))
        with st.container(key="webcam_timeline"):
            live_ribbons(parts, (*network.expressions, UNSURE), now_s)

    timeline()


def session_summary(session: LiveSession, playing: bool) -> None:
    """After the video: shares of the time, the longest stretch, the whole session as ribbons, the table."""
    record = session.record
    parts = [] if playing else _stretches(record, 0.0)
    if not parts:
        return
    result_style()
    with st.container(border=True, key="webcam_summary"):
        st.subheader(_("This session"), anchor=False)
        st.caption(
            _("{time} minutes since {start}. It is kept until the next start, in this page only.").format(
                time=minutes_and_seconds(record.seconds),
                start=record.started.strftime("%H:%M"),
            )
        )
        codes = record.codes()
        show_chart(
            ribbons_of(parts, codes, ribbon_hover),
            key="webcam_session_ribbons",
            filename="raut-session-ribbons",
            columns=None,
            alt=_("What each face resembled most; the table below has the shares"),
        )
        shares_table(summaries(parts), codes, key="webcam_shares", filename="raut-session-shares")
        with st.container(horizontal=True):
            st.download_button(
                _("Download as CSV, with times"),
                lambda: record.csv().encode("utf-8-sig"),
                file_name=f"raut-session-{record.started:%Y-%m-%d-%H%M}.csv",
                mime="text/csv",
                icon=":material/download:",
                on_click="ignore",
                key="webcam_session_csv",
            )
            st.button(
                _("Delete this session"), icon=":material/delete:", on_click=record.begin, key="webcam_forget"
            )


def _stretches(record: LiveRecord, since_s: float) -> list[Stretch]:
    return stretches(record.answers(since_s), gap_s=GAP_S, frame_s=FRAME_S)

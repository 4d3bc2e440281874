"""What the webcam page remembers of a session: the last minute beside the video, the summary after it."""

from __future__ import annotations

import streamlit as st

from fer_core.labels import EXPRESSIONS, TASK_LABELS, UNSURE, are_expressions, in_reading_order
from fer_core.live.record import NetworkStretches
from fer_core.live.session import LiveSession
from fer_core.recognition.answers import Answerer
from fer_core.recognition.provenance import download_name
from fer_core.recognition.stretches import summaries
from pages.ui.charts import result_style, show_chart
from pages.ui.guard import guarded_page
from pages.ui.i18n import _, format_number, format_time, ngettext
from pages.ui.stretches import minutes_and_seconds, read_by, ribbons_of, shares_table
from pages.webcam.ribbons import LAST_SECONDS, live_ribbons, ribbon_hover

SECONDS_BETWEEN_TIMELINES = 1.0


def last_minute(session: LiveSession, playing: bool, network: Answerer, wait: float = 1.0) -> None:
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
        read = session.record.by_network(max(0.0, now_s - LAST_SECONDS))
        parts = [(part, one.network) for one in read for part in one.stretches]
        labels, codes = network.labels, network.expressions
        if are_expressions(labels):
            used = {label for one in read for label in one.labels if are_expressions(one.labels)}
            labels, codes = EXPRESSIONS, in_reading_order(used.union(codes))
        with st.container(key="webcam_timeline"):
            live_ribbons(parts, (*codes, UNSURE), now_s, labels)

    timeline()


def session_summary(session: LiveSession, playing: bool) -> None:
    """After the video: shares of the time, the longest stretch, the whole session as ribbons, the table.

    Networks that tell seven expressions apart and those with eight have a chart and a table of their own: their shares
    cannot be compared, and are never averaged.
    """
    record = session.record
    read = [] if playing else record.by_network()
    if not read:
        return
    result_style()
    with st.container(border=True, key="webcam_summary"):
        st.subheader(_("This session"), anchor=False)
        st.caption(
            _("{time} minutes since {start}. It is kept until the next start, in this page only.").format(
                time=minutes_and_seconds(record.seconds),
                start=format_time(record.started),
            )
        )
        tasks = [task for task in TASK_LABELS if any(one.network.task == task for one in read)]
        if len(tasks) > 1:
            st.markdown(
                _(
                    "Networks with seven and with eight expressions were used. They stand apart: with one expression "
                    "more, all shares are others."
                )
            )
        end_s = max(part.end_s for one in read for part in one.stretches)
        for task in tasks:
            _summary_of([one for one in read if one.network.task == task], end_s, titled=len(tasks) > 1)
        with st.container(horizontal=True):
            st.download_button(
                _("Download as CSV, with times"),
                lambda: record.csv().encode("utf-8-sig"),
                file_name=download_name(f"session-{record.started:%H%M}", "csv", record.started.date()),
                mime="text/csv",
                icon=":material/download:",
                on_click="ignore",
                key="webcam_session_csv",
            )
            st.button(
                _("Delete this session"), icon=":material/delete:", on_click=record.begin, key="webcam_forget"
            )


def _summary_of(read: list[NetworkStretches], end_s: float, *, titled: bool) -> None:
    """Chart and table of the networks of one set of expressions; the chart's axis goes to the end of the session."""
    expressions = read[0].network.expressions
    count, what = len(expressions), f"session-{len(expressions)}-expressions"
    if titled:
        st.markdown(
            f"#### {ngettext('{n} expression', '{n} expressions', count).format(n=format_number(count))}"
        )
    codes = (*expressions, UNSURE)
    names = {id(part): one.network for one in read for part in one.stretches}
    show_chart(
        ribbons_of(
            sorted((part for one in read for part in one.stretches), key=lambda part: part.face),
            codes,
            lambda part: ribbon_hover(part, names[id(part)]),
            end_s=end_s,
        ),
        key=f"webcam_session_ribbons_{count}",
        filename=what,
        columns=None,
        alt=_("What each face resembled most; the table below has the shares"),
    )
    for one in read:
        st.caption(read_by(one.source))
    shares_table(
        [(one.source, summaries(one.stretches)) for one in read],
        codes,
        key=f"webcam_shares_{count}",
        filename=f"{what}-shares",
    )

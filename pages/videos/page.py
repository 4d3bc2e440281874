"""Videos: one file, every face followed through it, its expressions over time, the table to take home."""

from __future__ import annotations

import streamlit as st

from fer_core.faces.search import DEFAULT_VIDEO_DETECTOR, video_search
from fer_core.videos.analysis import RATES
from pages.ui.access import is_shared
from pages.ui.blocks import no_network_card, page_header
from pages.ui.certainty import unsure_term
from pages.ui.charts import result_style
from pages.ui.detector_choice import choose_detector
from pages.ui.frame import css_texts
from pages.ui.guard import guarded_page
from pages.ui.i18n import _, format_number
from pages.ui.network_choice import choose_expressions, choose_network, damaged_networks_note, network_caption
from pages.ui.resources import networks, recognizer
from pages.ui.streamlit_inside import largest_upload_mb
from pages.videos.session import AnalysisKey, VideoSession, forget_video, set_video_aside, video_session
from pages.videos.views import facts, notices, results, running

TYPES = ("mp4", "mov", "m4v", "webm", "mkv", "avi")
MAX_MEGABYTES = 1000
USUAL_RATE = 5
ROUND_KEY = "video_round"
"""Part of the drop area's key: a new one is an empty drop area."""
IN_THE_AREA_KEY = "video_in_the_area"
"""Whether the video that is shown lies in the drop area, which a change of page empties."""


def area_key() -> str:
    return f"video_upload_{st.session_state.get(ROUND_KEY, 0)}"


def on_upload_change() -> None:
    """Where the reader takes a file out of the drop area: take out the video, if it is this one."""
    if st.session_state[area_key()] is None and st.session_state[IN_THE_AREA_KEY]:
        set_video_aside()


VIDEO_CHOICE_PX = 520
"""Of the choice of expressions beside the frames a second; a narrower page gives each its own row."""


def remove() -> None:
    """Forget the video, and take it out of the drop area."""
    st.session_state[ROUND_KEY] = st.session_state.get(ROUND_KEY, 0) + 1
    forget_video()


def choose_video() -> VideoSession | None:
    """The drop area; the video of before where it is empty."""
    if is_shared():
        label = _(
            "A video: MP4, MOV, WebM or AVI, up to {n} MB. It goes to the computer that serves this page, and "
            "no further."
        )
    else:
        label = _("A video: MP4, MOV, WebM or AVI, up to {n} MB. It stays on this computer.")
    most_mb = largest_upload_mb(MAX_MEGABYTES)
    css_texts("video_drop", choose=_("Choose a video, or drop it here"))
    with st.container(key="video_drop"):
        upload = st.file_uploader(
            label.format(n=format_number(most_mb)),
            TYPES,
            key=area_key(),
            max_upload_size=most_mb,
            on_change=on_upload_change,
        )
    session: VideoSession | None = None
    with guarded_page():
        session = video_session(upload)
    st.session_state[IN_THE_AREA_KEY] = upload is not None and session is not None
    return session


def render() -> None:
    page_header(
        _("Videos"),
        _("Every face is followed through the video. Nothing is stored, and the sound is not analysed."),
    )
    result_style()
    damaged_networks_note()
    if not networks():
        no_network_card()
        return
    session = choose_video()
    with st.container(horizontal=True, gap="medium"):
        # What is said below the choice stays below it, in any width.
        with st.container(gap="small", width=VIDEO_CHOICE_PX):
            task = choose_expressions()
        rate = st.segmented_control(
            _("Frames a second"),
            RATES,
            default=USUAL_RATE,
            required=True,
            key="video_rate",
            persist_state="session",
            help=_("More finds shorter expressions and takes longer."),
        )
    with st.expander(_("More"), icon=":material/tune:"):
        left, right = st.columns(2, gap="large")
        with left:
            network = choose_network(task=task)
        with right:
            search = video_search(choose_detector("video_detector", DEFAULT_VIDEO_DETECTOR))
    if session is None or network is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(facts(session))
        st.button(_("Remove the video"), icon=":material/delete:", on_click=remove)
    key = AnalysisKey(f"{network.id} {network.checksum}", float(rate or USUAL_RATE), search)
    if session.running:
        running(session)
        return
    if session.key != key:
        # Results of other settings would not be what the controls above say.
        if st.button(_("Analyse"), icon=":material/play_arrow:"):
            session.start(network, recognizer(network.id), key)
            st.rerun()
        return
    moments = session.moments
    notices(session, moments)
    with st.container(gap=None):
        network_caption(network)
        unsure_term(network)
    results(session, moments, key.frames_per_second)


render()

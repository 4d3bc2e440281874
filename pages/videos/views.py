"""What the Videos page shows: progress, the ribbon of each face, a moment's frame, figures, downloads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import cv2
import numpy as np
import streamlit as st

from fer_core.errors import N_, VideoError
from fer_core.faces.search import FaceSearch
from fer_core.labels import UNSURE
from fer_core.recognition.drawing import FaceDrawer, FaceMark
from fer_core.recognition.frames import LiveFace
from fer_core.recognition.stretches import Stretch, stretches, summaries
from fer_core.videos.analysis import FacesBetween, VideoMoment, moment_at, video_csv
from fer_core.videos.annotated import annotated_mp4
from fer_core.videos.file import VideoFrame
from pages.ui.captions import captions
from pages.ui.charts import camera
from pages.ui.choices import keep_choice
from pages.ui.guard import escape_markdown, guarded_page, show_error
from pages.ui.i18n import _, emotion_name, format_number, ngettext
from pages.ui.stretches import clock, clocks, face_row, read_by, ribbons_of, shares_table
from pages.videos.session import VideoSession

MARKS_SHOWN = 2_000
"""Moments that can be clicked in the chart; of more, every second, third … one."""

MOMENTS_OFFERED = 20_000
"""Moments that the slider offers, over an hour at five a second; of more, every second, third … one."""

DISPLAY_WIDTH = 1280

GAP_FRAMES = 2.5
"""Analysed frames without a face after which it was out of sight."""

MOST_PIXELS_COPIED = 20_000_000_000
"""Of a copy with all frames of its file: some minutes of work; five of 1920x1080 or half an hour of 640x480."""

BETWEEN_BARS = 10
"""Frames of a copy between two renewals of its bar."""


def facts(session: VideoSession) -> str:
    """One line about the file."""
    about = session.file.facts
    parts = [f"**{escape_markdown(session.name)}**", f"{about.width} × {about.height}"]
    if about.duration_s:
        parts.append(clock(about.duration_s))
    if about.frames_per_second:
        parts.append(_("{n} frames a second").format(n=format_number(about.frames_per_second, 1)))
    return " · ".join(parts)


def running(session: VideoSession) -> None:
    """A bar with the time left and a button to stop; renews itself, and the page when it is done."""

    @st.fragment(run_every=0.5)
    @guarded_page()
    def bar() -> None:
        if not session.running:
            st.rerun()
        assert session.job is not None
        text = _("{time} of the video looked at").format(time=clock(session.job.done))
        left = session.job.seconds_left()
        if left is not None:
            seconds = max(1, round(left))
            text += ", " + ngettext("about {s} second left", "about {s} seconds left", seconds).format(
                s=format_number(seconds)
            )
        st.progress(session.job.share or 0.0, text)
        st.button(
            _("Stop and keep what is done"), icon=":material/stop:", key="video_stop", on_click=session.stop
        )

    bar()


def notices(session: VideoSession, moments: list[VideoMoment]) -> None:
    """Why the result may be incomplete."""
    assert session.job is not None
    error = session.job.error
    if error is not None:
        show_error(error)
    elif session.job.cancelled:
        st.info(
            _("Stopped at {time}. What was done until then is below.").format(time=clock(session.job.done))
        )
    elif session.file.damage is not None:
        show_error(session.file.damage)
    if error is None and not any(moment.faces for moment in moments):
        assert session.key is not None
        st.info(_no_face(session.key.search))


def _no_face(search: FaceSearch) -> str:
    if search.uses_blazeface:
        return _("No face was found in this video. Faces may be turned or tilted, but not too small.")
    return _(
        "No face was found in this video. The Haar cascade finds faces seen from the front that are not too small; the "
        "face detector “Both” under “More” also finds turned and tilted ones."
    )


def results(session: VideoSession, moments: list[VideoMoment], rate: float) -> None:
    """Ribbons, the frame of a moment, the figures, and the downloads."""
    assert session.source is not None
    frame_s = 1.0 / rate
    parts = stretches(
        ((moment.time_s, face.number, face.answer) for moment in moments for face in moment.faces),
        gap_s=GAP_FRAMES * frame_s,
        frame_s=frame_s,
    )
    if parts:
        offered = moments[:: -(-len(moments) // MOMENTS_OFFERED)]
        key = _moment_key(session, offered, rate)
        clock_texts = clocks([moment.time_s for moment in offered])
        ribbons(session, offered, parts, key, clock_texts)
        one_moment(session, offered, key, clock_texts)
        st.subheader(_("Share of the time in sight"), anchor=False)
        shares_table(
            [(session.source, summaries(parts))],
            (*session.expressions, UNSURE),
            key="video_shares",
            filename="video-shares",
        )
    downloads(session, moments, rate)


def _moment_key(session: VideoSession, moments: list[VideoMoment], rate: float) -> str:
    """Session key of the moment that the reader looks at, which the slider and a click in the chart both set."""
    key = f"video_moment_{session.digest[:8]}_{rate}"
    times = [moment.time_s for moment in moments]
    if st.session_state.get(key) not in times:  # at first, and after a visit to another page
        with_faces = [moment.time_s for moment in moments if moment.faces]
        st.session_state[key] = session.shown_s if session.shown_s in times else (with_faces or times)[0]
    return key


def ribbons(
    session: VideoSession,
    moments: list[VideoMoment],
    parts: list[Stretch],
    moment_key: str,
    clock_texts: Mapping[float, str],
) -> None:
    """The chart; a click chooses the moment. `clock_texts`: the words for the time of each."""
    every = -(-sum(len(moment.faces) for moment in moments) // MARKS_SHOWN)
    marks = [
        (
            moment.time_s,
            face_row(face.number),
            f"{face_row(face.number)} · {clock_texts[moment.time_s]} · {emotion_name(face.answer)}",
        )
        for moment in moments[:: max(1, every)]
        for face in moment.faces
    ]
    figure = ribbons_of(
        parts,
        (*session.expressions, UNSURE),
        lambda part: emotion_name(part.code),
        moments=marks,
        marked_s=st.session_state[moment_key],
    )
    event = st.plotly_chart(
        figure,
        theme=None,
        key="video_ribbons",
        on_select="rerun",
        selection_mode="points",
        config=camera("video-ribbons"),
        alt=_("What each face resembled most over time; the table below has the shares"),
    )
    assert session.source is not None
    st.caption(_("Click a moment to see its frame, or move the slider.") + " " + read_by(session.source))
    points = event["selection"]["points"] if event else []
    clicked = [point["x"] for point in points if "x" in point]
    # A click on a bar says where the bar begins or how long it is; one on a moment says when it is.
    times = {moment.time_s for moment in moments}
    chosen = next((float(x) for x in clicked if float(x) in times), None)
    if chosen is not None and chosen != st.session_state[moment_key]:
        st.session_state[moment_key] = chosen
        st.rerun()


def one_moment(
    session: VideoSession, moments: list[VideoMoment], key: str, clock_texts: Mapping[float, str]
) -> None:
    """The frame of the chosen moment with its boxes; the keyboard moves it by the slider."""
    times = [moment.time_s for moment in moments]
    if len(times) > 1:
        keep_choice(key)
        st.select_slider(_("Moment"), times, format_func=lambda time_s: clock_texts[time_s], key=key)
    chosen: float = st.session_state[key]
    session.shown_s = chosen
    frame = session.file.frame_at(chosen - 1e-3)
    moment = moment_at(moments, chosen)
    if frame is None or moment is None:
        return
    drawn = _drawn(frame, moment.faces, FaceDrawer())
    faces = "; ".join(
        f"{_('Face {n}').format(n=face.number)}: {emotion_name(face.answer)}" for face in moment.faces
    )
    if drawn.shape[1] > DISPLAY_WIDTH:
        height = round(drawn.shape[0] * DISPLAY_WIDTH / drawn.shape[1])
        drawn = cv2.resize(drawn, (DISPLAY_WIDTH, height), interpolation=cv2.INTER_AREA)
    caption = f"{clock_texts[chosen]} · {faces or _('no face')}"
    st.image(drawn, caption=caption, alt=caption, channels="BGR", width="stretch", output_format="JPEG")


def downloads(session: VideoSession, moments: list[VideoMoment], rate: float) -> None:
    """The table of all frames, and a copy with the faces drawn in."""
    assert session.key is not None and session.source is not None
    source, name, damage = session.source, session.name, session.file.damage
    labels = session.labels
    stem = name.rpartition(".")[0] or name
    with st.container(horizontal=True):
        st.download_button(
            _("Download as CSV, a row for each frame and face"),
            lambda: video_csv(name, moments, labels, damage, source).encode("utf-8-sig"),
            file_name=source.file_name(stem, "csv"), mime="text/csv", icon=":material/download:",
            on_click="ignore",
        )  # fmt: skip
        if session.copy is not None and session.copy[0] == session.key:
            st.download_button(
                _("Download the copy (MP4)"), session.copy[1], file_name=source.file_name(stem, "mp4"),
                mime="video/mp4", icon=":material/movie:", on_click="ignore",
            )  # fmt: skip
        elif moments and st.button(_("Make a copy with the faces drawn in"), icon=":material/movie:"):
            session.copy = (session.key, _copy(session, moments, rate))
            st.rerun()
    if moments:
        st.caption(_rate_of_copy(session, moments, rate))


def _keeps_rate(session: VideoSession, moments: list[VideoMoment]) -> bool:
    """Whether a copy has all frames of the file, and not only those that were analysed."""
    about = session.file.facts
    if about.frames_per_second is None:
        return False
    frames = about.frames_per_second * moments[-1].time_s
    return frames * about.width * about.height <= MOST_PIXELS_COPIED


def _rate_of_copy(session: VideoSession, moments: list[VideoMoment], rate: float) -> str:
    """How many frames a second the copy has, and why."""
    of_file = session.file.facts.frames_per_second
    if _keeps_rate(session, moments):
        return _(
            "The copy has the file's {n} frames a second; between two that were analysed the boxes move along."
        ).format(n=format_number(of_file, 1))
    if of_file is None:
        return _("The copy has the {n} frames a second that were analysed: the file names no rate.").format(
            n=format_number(rate)
        )
    return _(
        "The copy has the {n} frames a second that were analysed, not the file's {m}: with all frames of so long or "
        "large a video it would take too long to make."
    ).format(n=format_number(rate), m=format_number(of_file, 1))


def _copy(session: VideoSession, moments: list[VideoMoment], rate: float) -> bytes:
    bar = st.progress(0.0, _("The copy is being made …"))
    drawer = FaceDrawer()
    faces = FacesBetween(moments, hold_s=GAP_FRAMES / 2 / rate)
    end_s = moments[-1].time_s
    of_file = session.file.facts.frames_per_second
    of_copy = of_file if of_file is not None and _keeps_rate(session, moments) else None
    count = 0

    def draw(frame: VideoFrame) -> np.ndarray:
        nonlocal count
        if count % BETWEEN_BARS == 0:
            bar.progress(min(1.0, frame.time_s / end_s) if end_s else 1.0, _("The copy is being made …"))
        count += 1
        return _drawn(frame, faces.at(frame.time_s), drawer)

    def until_the_end() -> Iterator[VideoFrame]:  # of what was analysed
        for frame in session.file.frames(rate if of_copy is None else None):
            if frame.time_s >= end_s + 1 / rate:
                return
            yield frame

    content = annotated_mp4(until_the_end(), of_copy or rate, draw)
    bar.empty()
    if not content:
        raise VideoError(
            N_("This video is damaged or cut short ({name}). Copy or download it again, or try another one."),
            name=session.name,
        )
    return content


def _drawn(frame: VideoFrame, faces: Sequence[LiveFace], drawer: FaceDrawer) -> np.ndarray:
    words = captions()
    marks = [FaceMark(face.box_xyxy, face.number, words.face_text(face), face.answer) for face in faces]
    return drawer.draw(frame.image_bgr, marks)

"""The video on the Videos page and its analysis: in memory, for this session only."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import NamedTuple

import streamlit as st

from fer_core.faces.search import FaceSearch
from fer_core.faces.uploads import clean_name
from fer_core.labels import in_reading_order
from fer_core.recognition.provenance import Provenance, search_provenance
from fer_core.recognition.recognizer import ExpressionRecognizer
from fer_core.store.network import NetworkInfo
from fer_core.videos.analysis import VideoJob, VideoMoment, analyze_video
from fer_core.videos.file import VideoFile
from pages.ui import session_keys
from pages.ui.charts import now_here
from pages.ui.streamlit_inside import UploadedFile, forget_uploads, session_lives

VIDEO_KEY = "video_session"
AWAY_S = 120.0
"""A reader who is gone for longer has no session to come back to: Streamlit forgets it."""


class AnalysisKey(NamedTuple):
    """What a video was analysed with."""

    network: str
    """Id and checksum of its weights."""
    frames_per_second: float
    """That were looked at."""
    search: FaceSearch
    """How faces were looked for in them."""


@dataclass
class VideoSession:
    """One video, and the newest analysis of it.

    Attributes:
        upload_id: Streamlit's, of the newest upload of the file.
        name, digest: of the file.
        file: readable.
        key: what the analysis was made with; None before the first.
        source: its network, detector, settings and time; None before the first.
        job: the analysis, running or ended.
        shown_s: the moment whose frame the reader looks at.
        copy: the annotated copy, once made, and what it was made for.
    """

    upload_id: str
    name: str
    digest: str
    file: VideoFile
    key: AnalysisKey | None = None
    source: Provenance | None = None
    job: VideoJob | None = None
    shown_s: float | None = None
    copy: tuple[AnalysisKey, bytes] | None = field(default=None, repr=False)
    _moments: list[VideoMoment] = field(default_factory=list, repr=False)

    def start(self, network: NetworkInfo, recognizer: ExpressionRecognizer, key: AnalysisKey) -> None:
        """Analyse anew, in a thread of its own; an analysis that still runs is cancelled."""
        self.stop()
        self.key = key
        self.source = search_provenance(
            now_here(), network, key.search, {"frames_per_second": key.frames_per_second}
        )
        self.shown_s = self.copy = None
        self._moments = []
        self.job = analyze_video(
            ((frame.time_s, frame.image_bgr) for frame in self.file.frames(key.frames_per_second)),
            recognizer,
            key.search,
            duration_s=self.file.facts.duration_s,
            lives=session_lives(),
            leniency_s=AWAY_S,
        )

    def stop(self) -> None:
        """Cancel what runs; what was done is kept."""
        if self.job is not None:
            self.job.cancel()

    @property
    def labels(self) -> tuple[str, ...]:
        """Of the network of the newest analysis, in the order of its probabilities; none before the first."""
        return self.source.network.labels if self.source and self.source.network else ()

    @property
    def expressions(self) -> tuple[str, ...]:
        """The same in the order in which people read them."""
        return in_reading_order(self.labels)

    @property
    def running(self) -> bool:
        """An analysis is under way."""
        return self.job is not None and self.job.running

    @property
    def moments(self) -> list[VideoMoment]:
        """What is analysed so far, in the order of time."""
        if self.job is not None:
            self._moments += self.job.take()
        return self._moments


def video_session(upload: UploadedFile | None) -> VideoSession | None:
    """The video in the uploader; the one from before where a change of page emptied it. None without any.

    Raises:
        VideoError: the file cannot be read as a video; the one from before is kept, or comes back where it was
            taken out for this file.
    """
    before: VideoSession | None = st.session_state.get(VIDEO_KEY)
    if upload is None:
        return before
    if before is not None and before.upload_id == upload.file_id:
        return before
    if before is None and session_keys.VIDEO_SET_ASIDE in st.session_state:
        before = st.session_state.pop(session_keys.VIDEO_SET_ASIDE)
        st.session_state[VIDEO_KEY] = before
    name = clean_name(upload.name)
    content = upload.getvalue()  # a gigabyte, perhaps: not to be read through at every rerun
    digest = hashlib.sha256(content).hexdigest()
    if before is not None and (before.digest, before.name) == (digest, name):
        forget_uploads([before.upload_id])
        before.upload_id = upload.file_id
        return before
    session = VideoSession(upload.file_id, name, digest, VideoFile(content, name))
    forget_video()
    st.session_state[VIDEO_KEY] = session
    return session


def set_video_aside() -> None:
    """Stop, and put out of sight until it is known what comes next.

    Streamlit takes a file out of a drop area before it puts another one in, and the other one may be unreadable.
    The next upload ends this, and so does another page (`pages/ui/frame.py`).
    """
    session: VideoSession | None = st.session_state.pop(VIDEO_KEY, None)
    if session is not None:
        session.stop()
        st.session_state[session_keys.VIDEO_SET_ASIDE] = session


def forget_video() -> None:
    """Stop and forget, with Streamlit's copy of the file."""
    session: VideoSession | None = st.session_state.pop(VIDEO_KEY, None)
    if session is not None:
        session.stop()
        forget_uploads([session.upload_id])

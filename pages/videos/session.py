"""The video on the Videos page and its analysis: in memory, for this session only."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import streamlit as st

from fer_core.recognition.recognizer import ExpressionRecognizer
from fer_core.videos.analysis import VideoAnalysis
from fer_core.videos.file import VideoFile
from pages.ui import session_keys
from pages.ui.streamlit_inside import UploadedFile, forget_uploads, session_lives

VIDEO_KEY = "video_session"
AWAY_S = 120.0
"""A reader who is gone for longer has no session to come back to: Streamlit forgets it."""

Which = tuple[str, float]  # network with its checksum, frames a second


@dataclass
class VideoSession:
    """One video, and the newest analysis of it.

    Attributes:
        upload_id: Streamlit's, of the newest upload of the file.
        name, digest: of the file.
        file: readable.
        which: what the analysis was made with; None before the first.
        analysis: running or finished.
        started_s: on the monotonic clock.
        shown_s: the moment whose frame the reader looks at.
        copy: the annotated copy, once made, and what it was made for.
    """

    upload_id: str
    name: str
    digest: str
    file: VideoFile
    which: Which | None = None
    analysis: VideoAnalysis | None = None
    started_s: float = 0.0
    shown_s: float | None = None
    copy: tuple[Which, bytes] | None = field(default=None, repr=False)

    def start(self, recognizer: ExpressionRecognizer, which: Which) -> None:
        """Analyse anew, in a thread of its own; an analysis that still runs is cancelled."""
        self.stop()
        lives = session_lives()

        def frames() -> Iterator[tuple[float, np.ndarray]]:
            there_s = time.monotonic()
            for frame in self.file.frames(which[1]):
                now_s = time.monotonic()
                if lives():
                    there_s = now_s
                elif now_s - there_s > AWAY_S:
                    analysis.cancel()
                yield frame.time_s, frame.image_bgr

        analysis = VideoAnalysis(frames, recognizer)
        self.which, self.analysis, self.started_s = which, analysis, time.monotonic()
        self.shown_s = self.copy = None
        threading.Thread(target=analysis.run, name="raut-video", daemon=True).start()

    def stop(self) -> None:
        """Cancel what runs; what was done is kept."""
        if self.analysis is not None:
            self.analysis.cancel()

    @property
    def running(self) -> bool:
        """An analysis is under way."""
        return self.analysis is not None and not self.analysis.progress.finished

    @property
    def share_done(self) -> float | None:
        """0 to 1; None where the file does not say how long it is."""
        duration_s = self.file.facts.duration_s
        if self.analysis is None or not duration_s:
            return None
        return min(1.0, self.analysis.progress.reached_s / duration_s)

    @property
    def seconds_left(self) -> float | None:
        """About how long the analysis still takes; None while nothing can be said."""
        done, gone_s = self.share_done, time.monotonic() - self.started_s
        return gone_s / done * (1 - done) if done and gone_s > 2 else None


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
    if before is None and session_keys.TAKEN_OUT_VIDEO in st.session_state:
        before = st.session_state.pop(session_keys.TAKEN_OUT_VIDEO)
        st.session_state[VIDEO_KEY] = before
    content = upload.getvalue()  # a gigabyte, perhaps: not to be read through at every rerun
    digest = hashlib.sha256(content).hexdigest()
    if before is not None and (before.digest, before.name) == (digest, upload.name):
        forget_uploads([before.upload_id])
        before.upload_id = upload.file_id
        return before
    session = VideoSession(upload.file_id, upload.name, digest, VideoFile(content, upload.name))
    forget_video()
    st.session_state[VIDEO_KEY] = session
    return session


def take_out_video() -> None:
    """Stop, and put out of sight until it is known what comes next.

    Streamlit takes a file out of a drop area before it puts another one in, and the other one may be unreadable.
    The next upload ends this, and so does another page (`pages/ui/frame.py`).
    """
    session: VideoSession | None = st.session_state.pop(VIDEO_KEY, None)
    if session is not None:
        session.stop()
        st.session_state[session_keys.TAKEN_OUT_VIDEO] = session


def forget_video() -> None:
    """Stop and forget, with Streamlit's copy of the file."""
    session: VideoSession | None = st.session_state.pop(VIDEO_KEY, None)
    if session is not None:
        session.stop()
        forget_uploads([session.upload_id])

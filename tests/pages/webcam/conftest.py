"""The Webcam page with a stand-in for the stream, which the harness cannot run."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from fer_core.errors import RautError
from fer_core.labels import FER2013_LABELS
from fer_core.live.session import LiveSession
from fer_core.recognition.answers import Prediction
from fer_core.recognition.frames import LiveFace, LiveResult
from tests.pages.conftest import OpenApp
from tests.pages.harness import assert_no_trouble
from tests.recognizers import SURELY_SAD, FixedRecognizer

if TYPE_CHECKING:
    from fer_core.store.network import NetworkInfo


PAGE = "pages/webcam/page.py"


class Stream:
    """Stands in for the component, which the harness cannot run: playing or not, with what it shows."""

    def __init__(self) -> None:
        self.playing = False
        self.result: LiveResult | None = None
        self.error: RautError | None = None
        self.sessions: list[LiveSession] = []

    def __call__(self, session: LiveSession, key: str, otherwise: str) -> bool:
        self.sessions.append(session)
        if self.result is not None:
            session.latest.put(self.result)
        if self.error is not None:
            session._note(self.error)
        return self.playing


def result_with(*numbers: int, prediction_set: tuple[str, ...] | None = None) -> LiveResult:
    prediction = Prediction(SURELY_SAD, "sad", float(SURELY_SAD.max()), prediction_set)
    faces = tuple(LiveFace(number, np.zeros(4, np.int32), prediction) for number in numbers)
    return LiveResult(faces, FER2013_LABELS, (640, 480), True, 1.0, 1.0)


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> Stream:
    replaced = Stream()
    monkeypatch.setattr("pages.ui.live.stream.webcam_stream", replaced)
    return replaced


OpenWebcam = Callable[..., AppTest]


@pytest.fixture
def open_webcam(
    open_app: OpenApp, one_network: NetworkInfo, monkeypatch: pytest.MonkeyPatch, stream: Stream
) -> OpenWebcam:
    monkeypatch.setattr("pages.ui.resources.find_network", lambda _id=None: one_network)
    monkeypatch.setattr("pages.ui.resources.ExpressionRecognizer", FixedRecognizer)
    # The harness formats the options once more outside of the run, where there is no language.
    monkeypatch.setattr("pages.ui.network_choice.network_label", lambda info: info.name)

    def open_(language: str = "en") -> AppTest:
        app = open_app(PAGE, language=language)
        assert_no_trouble(app)
        return app

    return open_


def html_of(app: AppTest) -> str:
    return "\n".join(str(element.proto.body) for element in app.main if element.type == "html")

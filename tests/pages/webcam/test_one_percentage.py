"""What stands in the video and on the card beside it at one time is one answer with one percentage."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from fer_core.faces.search import live_search
from fer_core.live.session import SHOWN_FOR_S, LiveSession, LiveSettings
from fer_core.recognition.answers import Prediction
from fer_core.recognition.drawing import FaceDrawer, FaceMark
from fer_core.store.network import NetworkInfo
from pages.ui.captions import captions
from pages.ui.face_cards import face_cards
from pages.ui.i18n import format_probability, speaking
from tests.clock import Clock
from tests.e2e.clips import moving_faces
from tests.recognizers import FixedRecognizer


class RisingRecognizer(FixedRecognizer):
    """Gives happy more with every face, and sad the rest."""

    given = 0.5

    def predict(self, faces_gray: np.ndarray) -> np.ndarray:
        self.given = min(0.99, self.given + 0.013)
        shares = np.zeros(len(self.labels), np.float32)
        shares[self.labels.index("happy")], shares[self.labels.index("sad")] = self.given, 1 - self.given
        return np.tile(shares, (len(faces_gray), 1))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Moves the time of the video."""
    moved = Clock()
    clocks = SimpleNamespace(monotonic=moved, perf_counter=time.perf_counter)
    for module in ("fer_core.live.session", "fer_core.recognition.frames", "fer_core.live.record"):
        monkeypatch.setattr(f"{module}.time", clocks)
    return moved


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is written at the face of each frame."""
    texts: list[str] = []
    draw = FaceDrawer.draw

    def draws(drawer: FaceDrawer, image: np.ndarray, marks: Sequence[FaceMark], **how: Any) -> np.ndarray:
        texts.append(" ".join(mark.text for mark in marks))
        return draw(drawer, image, marks, **how)

    monkeypatch.setattr(FaceDrawer, "draw", draws)
    return texts


def written_on_the_card(session: LiveSession, monkeypatch: pytest.MonkeyPatch) -> str:
    """The named expression with the percentage of its bar, as the page shows them now."""
    shown: list[str] = []
    monkeypatch.setattr("pages.ui.face_cards.st.html", shown.append)
    result = session.show()
    assert result is not None
    face_cards(result.faces, result.labels)
    name = re.findall(r"<strong>(.*?)</strong>", shown[0])[0]
    percent = re.findall(rf"<span>{name}</span>.*?<b>(.*?)</b>", shown[0])[0]
    return f"{name} {html.unescape(percent)}"


@pytest.mark.parametrize("language", ["en", "id"])
def test_the_video_says_what_the_card_says_until_the_card_is_renewed(
    tiny_network: NetworkInfo,
    clock: Clock,
    drawn: list[str],
    monkeypatch: pytest.MonkeyPatch,
    language: str,
) -> None:
    with speaking(language):
        session = LiveSession(LiveSettings(tiny_network, live_search(), captions()), RisingRecognizer)
        cards: list[str] = []
        for number, frame in enumerate(moving_faces(60)):
            clock.now_s += 1 / 30
            session.process(frame.frame_bgr)
            if cards:
                assert drawn[-1] == cards[-1], f"frame {number}"
            if number % 12 == 11:
                cards.append(written_on_the_card(session, monkeypatch))
        assert len(set(cards)) == len(cards) == 5, "the answer changes, and is the same all the same"
        clock.now_s += SHOWN_FOR_S
        session.process(frame.frame_bgr)
        assert drawn[-1] != cards[-1], "where no card is renewed, the video goes on"


def test_an_answer_that_hardly_changes_stays_on_both(tiny_network: NetworkInfo, clock: Clock) -> None:
    """Video and page reach the viewer at slightly different times: each change may be seen on one of them alone."""
    session = LiveSession(LiveSettings(tiny_network, live_search(), captions()), FixedRecognizer)
    shown: list[float] = []
    for frame in moving_faces(4):
        clock.now_s += 1 / 30
        session.process(frame.frame_bgr)
    result = session.latest.get()
    assert result is not None
    for happy in (0.50, 0.51, 0.52, 0.54, 0.55, 0.51):
        shares = np.array([0.0, 0.0, 0.0, happy, 1 - happy, 0.0, 0.0], np.float32)
        prediction = Prediction(shares, "happy", happy)
        session.latest.put(replace(result, faces=(replace(result.faces[0], prediction=prediction),)))
        now = session.show()
        assert now is not None
        shown.append(now.faces[0].probability)
    assert shown == [0.50, 0.50, 0.50, 0.54, 0.54, 0.51]


@pytest.mark.parametrize("language", ["en", "id"])
def test_video_and_page_round_alike(language: str) -> None:
    with speaking(language):
        words = captions()
        for share in np.linspace(0.0005, 1, 4001, dtype=np.float32):
            assert words.text("sad", share) == f"{words.names['sad']} {format_probability(float(share))}"

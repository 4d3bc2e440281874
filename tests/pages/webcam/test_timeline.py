"""What the webcam page keeps of a session: the last minute, and the summary after it."""

from __future__ import annotations

import json
import re

import pytest
from streamlit.testing.v1 import AppTest

from fer_core.labels import FER2013_LABELS
from fer_core.live.session import LiveSession
from fer_core.recognition.stretches import Stretch
from pages.webcam.ribbons import live_ribbons
from tests.network_records import network_of, source_of
from tests.pages.harness import assert_no_trouble, texts
from tests.pages.webcam.conftest import OpenWebcam, Stream, html_of, result_with

WAYANG = source_of(network_of("wayang", name="Wayang"))
WAYANG_PLUS = source_of(network_of("wayang-plus", task="ferplus", name="Wayang Plus"))


class Recorded(Stream):
    """Stands in for the component, with two seconds of a face that are over or go on."""

    seen_face = True

    def __call__(self, session: LiveSession, key: str, otherwise: str) -> bool:
        if self.seen_face and not self.sessions:
            session.record.begin(0.0)
            for moment in range(11):
                session.record.add(result_with(1).faces, FER2013_LABELS, WAYANG, moment / 5)
        return super().__call__(session, key, otherwise)


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> Recorded:
    """Takes the place of the one that `open_webcam` would use."""
    replaced = Recorded()
    monkeypatch.setattr("pages.ui.live.stream.webcam_stream", replaced)
    return replaced


def keys_of(app: AppTest) -> set[str]:
    """Keys of the buttons of both kinds."""
    kinds = ("button", "download_button")
    return {element.proto.id.rsplit("-", 1)[-1] for kind in kinds for element in app.get(kind)}


def press(app: AppTest, key: str) -> None:
    app.button(key=key).click().run()


@pytest.mark.parametrize(("language", "heading"), [("en", "This session"), ("id", "Sesi ini")])
def test_the_summary_comes_with_the_stop_and_not_before(
    stream: Recorded, open_webcam: OpenWebcam, language: str, heading: str
) -> None:
    stream.playing = True
    app = open_webcam(language)
    assert heading not in texts(app)
    assert not app.button(key="webcam_freeze").disabled
    stream.playing = False
    app.run()
    assert_no_trouble(app)
    assert heading in texts(app)
    assert {"webcam_session_csv", "webcam_forget"} <= keys_of(app)
    (chart,) = app.get("plotly_chart")
    axis = json.loads(chart.proto.spec)["layout"]["xaxis"]
    assert axis["ticktext"] == ["0:00", "0:01", "0:02"]
    assert axis["title"]["text"] == {"en": "Time (minutes:seconds)", "id": "Waktu (menit:detik)"}[language]
    assert "toImage" in chart.proto.config, "it can be saved as PNG"
    assert app.button(key="webcam_freeze").disabled


@pytest.mark.parametrize(
    ("language", "seven", "eight", "read_by"),
    [
        ("en", "7 expressions", "8 expressions", "Read by Wayang Plus; faces found by BlazeFace"),
        ("id", "7 ekspresi", "8 ekspresi", "Dibaca oleh Wayang Plus; wajah ditemukan oleh BlazeFace"),
    ],
)
def test_a_summary_names_networks_and_keeps_seven_and_eight_expressions_apart(
    stream: Recorded, open_webcam: OpenWebcam, language: str, seven: str, eight: str, read_by: str
) -> None:
    app = open_webcam(language)
    assert len(app.get("plotly_chart")) == 1
    assert eight not in texts(app)
    assert ">Wayang</td>" in html_of(app)
    for moment in range(11, 20):
        stream.sessions[0].record.add(result_with(1).faces, FER2013_LABELS, WAYANG_PLUS, moment / 5)
    app.run()
    assert_no_trouble(app)
    charts = [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]
    assert len(charts) == 2
    assert ["Wayang Plus" in json.dumps(chart) for chart in charts] == [False, True]
    assert [len(chart["layout"]["xaxis"]["ticktext"]) for chart in charts] == [5, 5], "one time axis"
    for words in (seven, eight, read_by):
        assert words in texts(app)
    assert html_of(app).count("<table") == 2
    assert ">Wayang Plus</td>" in html_of(app)


def test_the_summary_survives_a_change_of_page_and_goes_on_demand(
    stream: Recorded, open_webcam: OpenWebcam
) -> None:
    app = open_webcam()
    app.switch_page("pages/about/page.py").run()
    app.switch_page("pages/webcam/page.py").run()
    assert "This session" in texts(app)
    press(app, "webcam_forget")
    assert_no_trouble(app)
    assert "This session" not in texts(app)


def test_without_a_session_there_is_no_summary(stream: Recorded, open_webcam: OpenWebcam) -> None:
    stream.seen_face = False
    assert "This session" not in texts(open_webcam())


@pytest.mark.parametrize(("language", "name"), [("en", "Face 4"), ("id", "Wajah 4")])
def test_the_last_minute_has_room_for_three_faces_and_a_row_for_each_of_more(
    stream: Recorded, open_webcam: OpenWebcam, language: str, name: str
) -> None:
    stream.playing = True
    app = open_webcam(language)
    assert "--rows:3" in html_of(app)
    assert name not in html_of(app)
    record = stream.sessions[-1].record
    record.begin()
    app.run()
    assert "--rows:3" in html_of(app), "nobody in sight"
    record.add(result_with(1, 2, 3, 4).faces, FER2013_LABELS, WAYANG)
    app.run()
    assert "--rows:4" in html_of(app)
    assert f"<span>{name}</span>" in html_of(app)
    assert_no_trouble(app)


def test_ribbons_end_at_now_and_what_is_older_than_a_minute_is_cut_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown: list[str] = []
    monkeypatch.setattr("pages.webcam.ribbons.st.html", shown.append)
    parts = [Stretch(1, 0.0, 70.0, "happy"), Stretch(1, 85.0, 100.0, "unsure"), Stretch(2, 10.0, 39.0, "sad")]
    live_ribbons(
        [(part, network_of("wayang", name="Wayang")) for part in parts], ("happy", "sad", "unsure"), 100.0
    )
    bars = re.findall(r"--at:([\d.]+)%;--long:([\d.]+)%", shown[0])
    assert bars == [("0.00", "50.00"), ("75.00", "25.00")]
    assert shown[0].count('data-outline=""') == 2, (
        "unsure has no colour: its bar, and its place in the legend"
    )

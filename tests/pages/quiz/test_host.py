"""The teacher's side of a round, on the samples that ship, answered by a small untrained network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from fer_core.codes import spoken
from fer_core.quiz.question import Answer
from fer_core.quiz.room import Phase, Room, Stage
from fer_core.quiz.rooms import ROOMS, Rooms
from pages.quiz.classroom import host_buttons
from tests.clock import Clock
from tests.pages.conftest import OpenApp
from tests.pages.harness import assert_no_trouble, texts

PAGE = "pages/quiz/page.py"


@pytest.fixture(autouse=True)
def rooms(monkeypatch: pytest.MonkeyPatch, exported_models: Path, no_fer2013: None) -> Iterator[Rooms]:
    """Those of this test alone; no data set, and `tiny` as the only network."""
    monkeypatch.setenv("RAUT_MODELS_DIR", str(exported_models))
    monkeypatch.setattr(ROOMS._kept, "_things", {})
    monkeypatch.setattr(ROOMS._kept, "_found_s", {})
    yield ROOMS


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Of the buttons."""
    clock = Clock()
    monkeypatch.setattr(host_buttons.time, "monotonic", clock)
    return clock


def shown(app: AppTest) -> str:
    return texts(app) + "".join(element.value for element in app.main.get("html"))


def opened(open_app: OpenApp, rooms: Rooms) -> tuple[AppTest, Room]:
    app = open_app(PAGE, language="en", address={"way": "class"})
    assert_no_trouble(app)
    app.button(key="quiz_host_open").click().run()
    assert_no_trouble(app)
    (room,) = rooms._kept.all()
    return app, room


def press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert_no_trouble(app)
    return app


def keys(app: AppTest) -> set[str]:
    return {button.key for button in app.button if (button.key or "").startswith("quiz_host")}


def test_a_teacher_leads_a_round_from_the_lobby_to_its_end(
    open_app: OpenApp, rooms: Rooms, clock: Clock
) -> None:
    app, room = opened(open_app, rooms)
    assert spoken(room.code).split()[0] in shown(app)
    assert "0 phones have joined" in shown(app)
    phones = [room.join(None) for _ in range(2)]
    assert "2 phones have joined" in shown(app.run())

    press(app, "quiz_host_next")
    assert room.stage == Stage(Phase.ASKING, 0, 1)
    press(app, "quiz_host_next")  # the second half of a double press
    assert room.stage == Stage(Phase.ASKING, 0, 1)
    assert "0 of 2 answered" in shown(app)
    room.answer(phones[0], room.stage, Answer("happy"))
    assert "1 of 2 answered" in shown(app.run())
    room.answer(phones[1], room.stage, Answer("sad"))
    assert "All 2 have answered" in shown(app.run())
    assert "50%" not in shown(app), "nobody sees what others say before the answers are shown"

    clock.now_s += 1
    press(app, "quiz_host_next")
    assert room.stage.phase is Phase.SHOWN
    assert "50%" in shown(app)
    assert "Annotators" not in shown(app)
    clock.now_s += 1
    press(app, "quiz_host_again")
    assert room.stage == Stage(Phase.ASKING, 0, 2)
    for phone in phones:
        room.answer(phone, room.stage, Answer("sad"))
    clock.now_s += 1
    press(app, "quiz_host_next")
    assert "100%" in shown(app)
    assert "before talking" in shown(app)
    assert "quiz_host_again" not in keys(app), "two votes are all"
    clock.now_s += 1
    press(app, "quiz_host_next")
    assert room.stage.phase is Phase.REVEALED
    assert "Network" in shown(app)

    app.toggle(key="quiz_host_network").set_value(False).run()
    assert not room.shows_network
    assert "Network</" not in shown(app)

    clock.now_s += 1
    press(app, "quiz_host_next")
    clock.now_s += 1
    press(app, "quiz_host_skip")
    assert room.stage == Stage(Phase.ASKING, 2, 1)
    clock.now_s += 1
    press(app, "quiz_host_finish")
    assert room.stage.phase is Phase.SUMMARY
    press(app, "quiz_host_close_now")
    assert room.ended
    assert len(rooms) == 0
    assert app.button(key="quiz_host_open")


def test_a_round_goes_on_beside_the_way_alone_and_says_when_it_has_ended(
    open_app: OpenApp, rooms: Rooms
) -> None:
    app, room = opened(open_app, rooms)
    app.query_params["way"] = "alone"
    app.run()
    assert_no_trouble(app)
    assert f"Your round is still open: room **{spoken(room.code)}**." in texts(app)
    press(app, "quiz_host_back")
    assert "0 phones have joined" in shown(app)

    rooms.end(next(iter(rooms._kept._things)))
    app.run()
    assert_no_trouble(app)
    assert "Your round has ended" in texts(app)
    assert app.button(key="quiz_host_open")
    assert "Your round has ended" not in texts(app.run())

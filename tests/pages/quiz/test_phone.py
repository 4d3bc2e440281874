"""A phone in a round of the quiz: how it gets in, what it may see when, and what is left of it."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from fer_core.places import ACCESS_CODE_VARIABLE
from fer_core.quiz.question import CANNOT_TELL, Answer, Quiz
from fer_core.quiz.room import Action, Phase, Room
from fer_core.quiz.rooms import Rooms
from pages.quiz.classroom import phone
from pages.quiz.classroom.phone_summary import own_result
from pages.ui import access
from serving.access import Gatekeeper
from tests.fer_core.quiz.answered import NETWORK, question
from tests.pages.conftest import OpenApp
from tests.pages.harness import assert_no_trouble, texts

PAGE = "pages/quiz/page.py"
CODE = "48217390"


@pytest.fixture
def rooms(monkeypatch: pytest.MonkeyPatch, no_fer2013: None) -> Rooms:
    made = Rooms()
    monkeypatch.setattr(access, "ROOMS", made)
    monkeypatch.setattr(phone, "ROOMS", made)
    return made


@pytest.fixture
def gatekeeper(monkeypatch: pytest.MonkeyPatch) -> Gatekeeper:
    """Of `make serve`: whoever typed no code sees nothing."""
    made = Gatekeeper()
    monkeypatch.setattr(access, "GATEKEEPER", made)
    monkeypatch.setattr(access, "visitors_address", lambda: "192.168.1.7")
    monkeypatch.setenv(ACCESS_CODE_VARIABLE, CODE)
    return made


def opened(rooms: Rooms) -> tuple[str, Room]:
    faces = (question({"fear": 7, "surprise": 3}), question({"sad": 6, "neutral": 4}), question())
    return rooms.open(Quiz(faces, NETWORK), True)


def comes(app: AppTest) -> AppTest:
    """The browser says that it kept nothing, and the page runs anew."""
    app.session_state["quiz_phone_heard"] = True
    app.run()
    assert_no_trouble(app)
    return app


def shown(app: AppTest) -> str:
    """Texts, HTML and what the line at the lower edge says."""
    parts = [element.proto.json for element in app.main.get("bidi_component")]
    return "\n".join([texts(app), *(element.value for element in app.main.get("html")), *map(str, parts)])


def options(app: AppTest) -> list[str]:
    return [button.key for button in app.button if (button.key or "").startswith("quiz_option_")]


def test_a_guest_sees_its_room_and_nothing_else(
    open_app: OpenApp, rooms: Rooms, gatekeeper: Gatekeeper
) -> None:
    _host, room = opened(rooms)
    app = comes(open_app(PAGE, language="en", address={"room": room.code}))
    assert room.joined == 1
    assert "as soon as your teacher starts" in shown(app)
    assert "Access code" not in texts(app) and "Alone" not in texts(app)
    assert gatekeeper._guests and not gatekeeper._admitted
    app.switch_page("pages/about/page.py").run()
    assert app.title[0].value == "Access code" and len(app.title) == 1
    assert "You are in a round of the quiz" in texts(app)
    next(button for button in app.button if button.label == "Back to the round").click().run()
    assert not app.title and "as soon as your teacher starts" in shown(app)
    assert room.joined == 1


def test_a_room_code_typed_in_place_of_the_access_code_opens_the_room_alone(
    open_app: OpenApp, rooms: Rooms, gatekeeper: Gatekeeper
) -> None:
    _host, room = opened(rooms)
    app = open_app(language="en")
    app.text_input[0].input(f" {room.code[:4]}-{room.code[4:]} ")
    next(button for button in app.button if button.label == "Enter").click()
    app = comes(app.run())
    assert "as soon as your teacher starts" in shown(app)
    assert app.query_params["room"] == room.code
    assert not gatekeeper._admitted and not gatekeeper._wrong


def test_a_wrong_code_in_the_address_is_one_try_and_says_so_once(
    open_app: OpenApp, rooms: Rooms, gatekeeper: Gatekeeper
) -> None:
    _host, room = opened(rooms)
    wrong = f"{(int(room.code) + 1) % 10**8:08d}"
    app = open_app(PAGE, language="en", address={"room": wrong})
    assert "No round is open under the code in the address" in app.error[0].value
    assert app.title[0].value == "Access code"
    app.run()
    assert not app.error and "room" not in app.query_params
    assert len(gatekeeper._wrong) == 1


def test_the_code_of_a_round_that_has_ended_says_so_and_is_no_wrong_try(
    open_app: OpenApp, rooms: Rooms, gatekeeper: Gatekeeper
) -> None:
    host, room = opened(rooms)
    rooms.end(host)
    app = open_app(PAGE, language="en", address={"room": room.code})
    assert "The round with this code has ended" in app.error[0].value
    assert app.title[0].value == "Access code"
    assert not gatekeeper._wrong and not gatekeeper._guests


def test_an_answer_counts_until_the_class_is_shown_and_others_are_seen_at_the_reveal_only(
    open_app: OpenApp, rooms: Rooms
) -> None:
    _host, room = opened(rooms)
    app = comes(open_app(PAGE, language="en", address={"room": room.code}))  # as with `make run`
    token = app.session_state["quiz_phone_token"]
    other = room.join(None)
    asked = room.step(Action.START, room.stage)
    room.answer(other, asked, Answer("contempt", 0.95))

    app.run()
    assert len(options(app)) == len(room.quiz.options)
    app.button(key="quiz_option_happy").click().run()
    app.button(key="quiz_option_fear").click().run()
    assert "You can change it until the answers are shown" in shown(app)
    app.button(key="quiz_phone_sure_2").click().run()
    assert room.answer_of(token, 0, 1) == Answer("fear", 0.75)
    assert room.answered == 2
    assert "raut-reveal" not in shown(app)

    shown_class = room.step(Action.SHOW, asked)
    app.button(key="quiz_option_sad").click().run()  # the phone has not seen that yet
    assert room.answer_of(token, 0, 1) == Answer("fear", 0.75)
    assert "came too late" in shown(app)
    assert options(app) == [] and "Your answer: Fear, 75% sure" in shown(app)
    assert "raut-reveal" not in shown(app)

    room.step(Action.REVEAL, shown_class)
    app.run()
    assert_no_trouble(app)
    assert "raut-reveal" in shown(app) and "Network" in shown(app)
    room.show_network(False)
    app.run()
    assert "raut-reveal" in shown(app) and "Network" not in shown(app)


def test_the_end_shows_this_phones_own_answers_and_keeps_them_on_it_alone(
    open_app: OpenApp, rooms: Rooms
) -> None:
    host, room = opened(rooms)
    app = comes(open_app(PAGE, language="en", address={"room": room.code}))
    token = app.session_state["quiz_phone_token"]
    room.step(Action.START, room.stage)
    room.answer(token, room.stage, Answer("fear"))
    room.step(Action.FINISH, room.stage)
    app.run()
    assert "You said what most annotators said for 1 of 1 face." in texts(app)
    rooms.end(host)
    app.run()
    assert_no_trouble(app)
    assert "This round has ended, and all its answers are erased" in shown(app)
    assert "You said what most annotators said for 1 of 1 face." in texts(app)
    assert "quiz_phone_token" not in app.session_state and "room" not in app.query_params
    assert app.session_state["quiz_phone_refused"] == token  # which the browser erases


def test_a_reload_keeps_the_place_and_a_late_phone_comes_in_the_middle(
    open_app: OpenApp, rooms: Rooms
) -> None:
    _host, room = opened(rooms)
    token = room.join(None)
    room.step(Action.START, room.stage)
    room.answer(token, room.stage, Answer("sad"))
    app = open_app(PAGE, language="id", address={"room": room.code})
    assert "Sedang masuk" in texts(app) and room.joined == 1  # nobody knows yet who it is
    app.session_state["quiz_phone_token"] = token  # the browser says that it kept this
    comes(app)
    assert "Sudah dihitung" in shown(app) and room.joined == 1
    app.session_state["quiz_phone_token"] = "of somebody else"
    assert len(options(comes(app))) == len(room.quiz.options)
    assert room.joined == 2 and "Sudah dihitung" not in shown(app)


def test_whoever_is_in_joins_by_the_field_on_the_page(open_app: OpenApp, rooms: Rooms) -> None:
    _host, room = opened(rooms)
    app = open_app(PAGE, language="en")
    (field,) = [field for field in app.text_input if field.label == "Room code"]
    field.input(room.code)
    next(button for button in app.button if button.label == "Join").click()
    comes(app.run())
    assert room.joined == 1 and app.query_params["room"] == room.code
    app.button(key="quiz_phone_leave").click().run()
    assert app.title[0].value == "Quiz" and "room" not in app.query_params


def test_of_a_face_with_two_votes_the_last_answer_is_a_phones_own() -> None:
    _host, room = opened(Rooms())
    token = room.join(None)
    room.step(Action.START, room.stage)
    room.answer(token, room.stage, Answer("happy"))
    room.step(Action.SHOW, room.stage)
    room.step(Action.AGAIN, room.stage)
    room.answer(token, room.stage, Answer("fear"))
    room.step(Action.REVEAL, room.stage)
    room.step(Action.NEXT, room.stage)
    room.step(Action.REVEAL, room.stage)  # not answered
    room.step(Action.NEXT, room.stage)
    room.answer(token, room.stage, Answer(CANNOT_TELL))  # a face that nobody voted on
    room.step(Action.FINISH, room.stage)
    assert room.stage.phase is Phase.SUMMARY
    first, last = own_result(room, token).faces
    assert (first.number, first.option, first.agrees, first.network_agrees) == (0, "fear", True, False)
    assert (last.number, last.option, last.majority, last.network_agrees) == (2, CANNOT_TELL, (), None)

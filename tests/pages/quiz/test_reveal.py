"""What is shown of a face after its answers, and of a round at its end."""

from __future__ import annotations

import re
from dataclasses import replace

from streamlit.testing.v1 import AppTest

from fer_core.quiz.question import CANNOT_TELL, Answer, Quiz
from fer_core.recognition.answers import Prediction
from pages.quiz.reveal.face import compared_table, face_html
from pages.ui.i18n import speaking
from tests.fer_core.quiz.answered import NETWORK, question, tally
from tests.pages.harness import assert_no_trouble, texts

FACE = question(
    {"fear": 5, "surprise": 4, CANNOT_TELL: 1}, answered="surprise", probability=0.65, label="sad"
)
QUIZ = Quiz((FACE,), NETWORK)
CLASS = tally({"fear": 3, "sad": 1})


def row(shown: str, name: str) -> str:
    """The line of the table with that name."""
    return next(line for line in re.findall(r"<tr.*?</tr>", shown) if f"{name}</span>" in line)


def text(shown: str) -> str:
    """What is read of it."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", shown))


def test_class_voters_and_network_stand_in_one_row_for_each_answer() -> None:
    shown = face_html(QUIZ, FACE, CLASS)
    assert re.findall(r"--share:([\d.]+)%", row(shown, "Fear")) == ["75.0", "50.0", "5.0"]
    assert text(row(shown, "Fear")).split() == ["Fear", "75%", "5", "5%"]
    assert text(row(shown, "I cannot tell")).split() == ["I", "cannot", "tell", "1", "–"]
    assert len(re.findall("<tr", shown)) == 1 + len(QUIZ.options)


def test_the_label_the_own_answer_and_the_prediction_set_are_marked() -> None:
    shown = face_html(QUIZ, FACE, CLASS, own=Answer("happy"))
    assert "<em>label</em>" in row(shown, "Sad")
    assert "<em>your answer</em>" in row(shown, "Happy")
    assert [name for name in ("Fear", "Sad", "Surprise") if "framed" in row(shown, name)] == ["Surprise"]


def test_a_player_sees_a_mark_with_how_sure_and_no_bar_of_a_hundred_percent() -> None:
    shown = face_html(QUIZ, FACE, Answer("sad", 0.75))
    assert '<td class="mark"><b>75%</b>' in row(shown, "Sad")
    assert "100%" not in shown


def test_who_says_the_same_and_that_annotators_disagree_is_said() -> None:
    found = text(face_html(QUIZ, FACE, CLASS))
    assert "Fear Class (3 of 4) Annotators (5 of 10) Surprise Network" in re.sub(
        " +", " ", found.replace("Sad Label of FER2013", "")
    )
    assert "The annotators themselves disagree: the most frequent answer, fear, has 5 of 10 votes." in found
    tied = question({"fear": 5, "surprise": 5})
    assert "Equally frequent, with 5 of 10 votes each: fear, surprise." in text(face_html(QUIZ, tied, CLASS))
    assert "All 10 annotators say the same: happy." in text(face_html(QUIZ, question({"happy": 10}), CLASS))


def test_a_face_without_votes_has_no_column_of_annotators_and_says_so() -> None:
    photo, drawing = question(None, label=None, row=None), question(None, label=None, row=None, meant="fear")
    for face, said in ((photo, "No annotator has voted on this face"), (drawing, "A drawing: no annotator")):
        shown = face_html(QUIZ, face, CLASS)
        assert "Annotators<small>" not in shown
        assert said in text(shown)
    assert "<em>drawn as this</em>" in row(face_html(QUIZ, drawing, CLASS), "Fear")


def test_a_picture_of_the_training_data_is_told() -> None:
    told = "The network has learnt this picture"
    assert told in face_html(QUIZ, replace(FACE, learnt=True), CLASS)
    assert told not in face_html(QUIZ, FACE, CLASS)


def test_without_the_network_nothing_tells_what_it_says() -> None:
    shown = text(face_html(QUIZ, replace(FACE, learnt=True), CLASS, with_network=False)).lower()
    assert "network" not in shown and "prediction" not in shown and "65%" not in shown


def test_before_talking_stands_in_the_bar_of_after() -> None:
    shown = face_html(QUIZ, FACE, tally({"fear": 3, "sad": 1}, vote=2), before=tally({"sad": 4}))
    assert re.findall(r'<s style="--share:([\d.]+)%', row(shown, "Sad")) == ["100.0"]
    assert "0% → </small>75%" in row(shown, "Fear")


def test_nobody_answered_is_shown_as_nothing() -> None:
    shown = face_html(QUIZ, FACE, tally({}))
    assert text(row(shown, "Fear")).split() == ["Fear", "5", "5%"]
    assert "0 answers" in shown


def test_a_network_that_was_not_calibrated_has_no_prediction_set() -> None:
    found = FACE.prediction
    face = replace(FACE, prediction=Prediction(found.probabilities, found.label, found.probability))
    assert "prediction set" not in face_html(QUIZ, face, CLASS)


def test_it_is_said_in_indonesian() -> None:
    with speaking("id"):
        shown = text(face_html(QUIZ, FACE, CLASS))
    assert "Kelas (3 dari 4)" in shown and "Penilai" in shown and "Takut" in shown


def test_of_a_divided_face_only_what_somebody_said_is_compared() -> None:
    shown = compared_table(QUIZ, FACE, CLASS)
    assert [name for name in ("Fear", "Sad", "Surprise", "I cannot tell", "Happy") if f"{name}</span>" in shown] == [
        "Fear", "Sad", "Surprise", "I cannot tell",
    ]  # fmt: skip


def a_round() -> None:
    """A class that was asked three faces, one of them twice, and one without votes."""
    from fer_core.quiz.question import Answer, Quiz
    from fer_core.quiz.room import Action, Room
    from pages.quiz.reveal.end import end_of_room
    from tests.fer_core.quiz.answered import NETWORK, question

    faces = (
        question({"fear": 6, "sad": 4}),
        question({"happy": 10}, answered="happy"),
        question(None, label=None, row=None),
    )
    room = Room("12345678", Quiz(faces, NETWORK), True)
    phones = [room.join(None) for _phone in range(3)]
    room.step(Action.START, room.stage)
    for number in range(len(faces)):
        for vote in (1, 2) if number == 0 else (1,):
            for phone, option in zip(phones, ("fear", "sad", "happy"), strict=True):
                asked_sure = faces[number].votes is not None
                room.answer(
                    phone, room.stage, Answer("fear" if vote == 2 else option, 0.75 if asked_sure else None)
                )
            if number == 0 and vote == 1:
                room.step(Action.SHOW, room.stage)
                room.step(Action.AGAIN, room.stage)
        room.step(Action.REVEAL, room.stage)
        room.step(Action.NEXT, room.stage)
    end_of_room(room)


def test_the_end_of_a_round_has_what_it_came_to_and_no_score() -> None:
    app = AppTest.from_function(a_round, default_timeout=60).run()
    assert_no_trouble(app)
    headings = [each.value for each in app.subheader]
    assert headings == [
        "Where the class was divided most", "Agreement with the votes", "Who says the same, over all faces",
        "Before and after talking", "Confusion matrix", "Calibration of people and of the network", "All faces",
    ]  # fmt: skip
    found = texts(app)
    # Of the first face all three agree after talking, of the second one of three: (1 + 1/3) / 2.
    assert "The share of the class is 67%" in found
    assert "two of the class said the same more often for 1 of 1 faces" in found
    assert app.get("download_button")


def test_nothing_was_answered() -> None:
    def empty() -> None:
        from fer_core.quiz.question import Quiz
        from fer_core.quiz.room import Room
        from pages.quiz.reveal.end import end_of_room
        from tests.fer_core.quiz.answered import NETWORK, question

        end_of_room(Room("12345678", Quiz((question(),), NETWORK), False))

    app = AppTest.from_function(empty, default_timeout=60).run()
    assert_no_trouble(app)
    assert "Nobody has answered a face yet" in texts(app)

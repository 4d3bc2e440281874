from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, datetime

import pytest

from fer_core.quiz.question import CANNOT_TELL, Answer, Quiz
from fer_core.quiz.results import asked_in_room
from fer_core.quiz.room import Action, Room
from fer_core.quiz.table import answers_csv, answers_zip
from fer_core.recognition.provenance import Provenance
from tests.fer_core.quiz.answered import NETWORK, asked, question, tally

MADE = datetime(2026, 11, 28, 10, 0, tzinfo=UTC)
SOURCE = Provenance(MADE, NETWORK, settings={"players": "class", "set": "random", "seed": 7})
FACE = question(
    {"sad": 6, "fear": 3, CANNOT_TELL: 1}, answered="sad", probability=0.65, label="fear", row=28_709
)
DRAWING = question(None, label=None, row=None, split=None, meant="fear")
FACES = (
    asked(
        0, FACE,
        tally({"sad": 4, "fear": 2, CANNOT_TELL: 1}, {0.5: {"sad": 1, "fear": 2}, 0.95: {"sad": 2}}),
        tally({"sad": 7}, vote=2),
    ),
    asked(1, DRAWING, tally({"fear": 1})),
)  # fmt: skip
QUIZ = Quiz((FACE, DRAWING), NETWORK)


def read(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_there_is_a_row_for_each_answer_with_how_many_gave_it() -> None:
    lines = read(answers_csv(FACES, QUIZ, SOURCE))
    given = [tuple(line[name] for name in ("question", "vote", "option", "sure", "count")) for line in lines]
    assert given == [
        ("1", "1", "fear", "0.5", "2"),
        ("1", "1", "sad", "", "1"),
        ("1", "1", "sad", "0.5", "1"),
        ("1", "1", "sad", "0.95", "2"),
        ("1", "1", "cannot_tell", "", "1"),
        ("1", "2", "sad", "", "7"),
        ("2", "1", "fear", "", "1"),
    ]


def test_each_row_has_what_is_known_of_its_face_and_where_the_numbers_come_from() -> None:
    first, *_, last = read(answers_csv(FACES, QUIZ, SOURCE))
    assert (first["face"], first["row"], first["split"], first["label"]) == (
        "FER2013",
        "28709",
        "PublicTest",
        "fear",
    )
    votes = {name.removeprefix("votes:"): cell for name, cell in first.items() if name.startswith("votes:")}
    assert (votes["sadness"], votes["fear"], votes["unknown"], votes["NF"]) == ("6", "3", "1", "0")
    assert (first["predicted"], first["prediction_set"], first["probability:sad"]) == ("sad", "sad", "0.65")
    assert float(first["probability:contempt"]) == pytest.approx(0.05)
    assert (last["face"], last["row"], last["label"], last["meant"], last["votes:fear"]) == (
        "drawing",
        "",
        "",
        "fear",
        "",
    )
    assert (first["network"], first["settings"]) == ("wayang", "players=class; set=random; seed=7")
    assert (
        read(answers_csv([asked(0, question(None, row=None), tally({"sad": 1}))], QUIZ, SOURCE))[0]["face"]
        == "photo"
    )


def test_the_table_of_nothing_has_its_columns() -> None:
    content = answers_csv((), QUIZ, SOURCE)
    assert content.decode("utf-8-sig").startswith("question,face,row,split,learnt,label,")
    assert read(content) == []


def test_the_codebook_explains_every_column_and_warns_of_small_classes() -> None:
    with zipfile.ZipFile(io.BytesIO(answers_zip(FACES, QUIZ, SOURCE, lambda text: f"id: {text}"))) as packed:
        assert packed.namelist() == ["answers.csv", "codebook.csv"]
        lines, codebook = (read(packed.read(name)) for name in packed.namelist())
    assert [line["column"] for line in codebook] == list(lines[0])
    assert all(line["meaning"].startswith("id: ") for line in codebook)
    of_column = {line["column"]: line for line in codebook}
    assert "a class of one are the answers of that one" in of_column["count"]["meaning"]
    assert of_column["option"]["values"] == ", ".join(QUIZ.options)


def test_the_order_of_arrival_leaves_no_trace() -> None:
    written = []
    for answers in (("sad", "fear", "sad"), ("fear", "sad", "sad")):
        room = Room("12345678", QUIZ, False)
        phones = [room.join(None) for _answer in answers]
        room.step(Action.START, room.stage)
        for phone, answer in zip(phones, answers, strict=True):
            room.answer(phone, room.stage, Answer(answer))
        written.append(answers_csv(asked_in_room(room), QUIZ, SOURCE))
    assert written[0] == written[1]
    assert not any(phone.encode() in written[0] for phone in phones)

"""Which faces a quiz asks about, as a value and as an address."""

from __future__ import annotations

import pytest

from fer_core.quiz.choice import FEWEST, KINDS, MOST, MOST_QUESTIONS, SetChoice

CHOICES = (
    *(SetChoice(kind, seed=4711, count=12, pair=("happy", "contempt")) for kind in KINDS if kind != "rows"),
    SetChoice("rows", rows=(17, 5, 99)),
)


@pytest.mark.parametrize("choice", CHOICES, ids=lambda choice: choice.kind)
def test_the_address_of_a_choice_asks_for_the_same_faces_again(choice: SetChoice) -> None:
    again, problems = SetChoice.from_query({**choice.to_query(), "lang": "id"}, SetChoice())
    assert not problems
    assert again.to_query() == choice.to_query()
    if choice.kind == "pair":
        assert again == choice


def test_an_address_that_says_nothing_leaves_the_default() -> None:
    default = SetChoice("samples", seed=3)
    assert SetChoice.from_query({}, default) == (default, ())


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("set", "everything"), ("seed", "-1"), ("seed", str(2**32)), ("seed", "9" * 5000), ("seed", "１２"),
        ("count", str(FEWEST - 1)), ("count", str(MOST + 1)), ("count", "ten"), ("pair", "fear"),
        ("pair", "fear-fear"), ("pair", "fear-joy"), ("pair", "fear-sad-happy"),
    ],
)  # fmt: skip
def test_a_parameter_that_says_nothing_useful_is_named_and_left_out(name: str, text: str) -> None:
    chosen, problems = SetChoice.from_query({name: text}, SetChoice())
    assert chosen == SetChoice()
    assert len(problems) == 1
    assert text[:40] in str(problems[0])
    assert len(str(problems[0])) < 200


def test_each_wrong_row_is_named_and_the_others_stay_in_their_order() -> None:
    query = {"set": "rows", "rows": "99, 5,x,5,-3,17,1.5,,6e3,0"}
    chosen, problems = SetChoice.from_query(query, SetChoice())
    assert chosen.rows == (99, 5, 17, 0)
    assert [problem.fields.get("text", problem.fields.get("count")) for problem in problems] == [
        "x", "-3", "1.5", 1,
    ]  # fmt: skip


def test_a_round_takes_no_more_rows_than_it_may_have_and_says_so() -> None:
    query = {"set": "rows", "rows": ",".join(map(str, range(MOST_QUESTIONS + 10)))}
    chosen, problems = SetChoice.from_query(query, SetChoice())
    assert chosen.rows == tuple(range(MOST_QUESTIONS))
    assert [problem.fields for problem in problems] == [
        {"count": MOST_QUESTIONS + 10, "most": MOST_QUESTIONS}
    ]


@pytest.mark.parametrize(
    "wrong", [{"kind": "some"}, {"seed": -1}, {"count": 4}, {"pair": ("sad", "sad")}, {"rows": (-1,)}]
)
def test_a_choice_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="set of faces"):
        SetChoice(**wrong)  # type: ignore[arg-type]

"""Every figure is compared with one that was worked out by hand."""

from __future__ import annotations

import pytest

from fer_core.quiz.agreement import confusion_of, pair_agreements, standings, talked_about
from fer_core.quiz.question import CANNOT_TELL, Quiz
from fer_core.quiz.results import Asked
from tests.fer_core.quiz.answered import NETWORK, asked, question, tally

FACES = (
    # Voters 6 sad, 4 fear; of the class 3 of 4 say sad; the network says sad, the label fear.
    asked(0, question({"sad": 6, "fear": 4}, answered="sad", label="fear"), tally({"sad": 3, "fear": 1})),
    # All voters happy; of the class 1 of 2; the network and the label say happy.
    asked(1, question({"happy": 10}, answered="happy", label="happy"), tally({"happy": 1, "sad": 1})),
)


def test_agreement_with_the_votes_is_a_mean_over_faces() -> None:
    found = {each.rater: each for each in standings(FACES)}
    assert list(found) == ["players", "voters", "network", "label"]
    assert found["players"].estimate.value == pytest.approx((3 / 4 + 1 / 2) / 2)
    assert found["network"].estimate.value == 1
    assert found["label"].estimate.value == 0.5
    # Of the first face the six who say sad are with most of the other nine (5 to 4); the four are not (3 to 6).
    assert found["voters"].estimate.value == pytest.approx((0.6 + 1.0) / 2)
    assert {each.estimate.n for each in found.values()} == {2}


def test_the_interval_is_wilsons_over_the_faces_and_narrower_over_a_hundred() -> None:
    network = next(each for each in standings(FACES) if each.rater == "network")
    # 2 of 2: (2 + z²/2 - z²/2) / (2 + z²) with z = 1.96.
    assert network.estimate.low == pytest.approx(2 / (2 + 1.959964**2))
    assert network.at_many.low == pytest.approx(100 / (100 + 1.959964**2))
    label = next(each for each in standings(FACES) if each.rater == "label")
    assert (label.estimate.low, label.estimate.high) == pytest.approx((0.0945, 0.9055), abs=1e-4)
    assert (label.at_many.low, label.at_many.high) == pytest.approx((0.4038, 0.5962), abs=1e-4)


def test_more_people_do_not_narrow_the_interval() -> None:
    many = tuple(
        Asked(each.number, each.question, (tally({k: 50 * n for k, n in each.last.counts.items()}),))
        for each in FACES
    )
    assert standings(many) == standings(FACES)


def test_a_voter_whose_answer_is_as_frequent_as_another_is_not_helped_by_its_own_vote() -> None:
    # 5 to 5: without the one that is compared it is 4 to 5, so no voter agrees with most of the others.
    tied = asked(0, question({"sad": 5, "fear": 5}), tally({"fear": 1}))
    found = {each.rater: each.estimate.value for each in standings([tied])}
    assert found["voters"] == 0
    assert found["players"] == 1, "either of two equally frequent answers agrees"


def test_one_who_cannot_tell_agrees_only_where_most_voters_could_not() -> None:
    unclear = asked(0, question({CANNOT_TELL: 6, "sad": 4}), tally({CANNOT_TELL: 1}))
    clear = asked(1, question({CANNOT_TELL: 4, "sad": 6}), tally({CANNOT_TELL: 1}))
    assert next(iter(standings([unclear]))).estimate.value == 1
    assert next(iter(standings([clear]))).estimate.value == 0


def test_faces_without_votes_have_no_agreement() -> None:
    photo = asked(0, question(None, label=None, row=None), tally({"sad": 1}))
    assert standings([photo]) == standings([]) == ()
    pairs = pair_agreements([photo])
    assert [(pair.first, pair.second, pair.estimate.value) for pair in pairs] == [("players", "network", 1.0)]


def test_two_raters_agree_as_often_as_one_answer_of_each_is_the_same() -> None:
    found = {(pair.first, pair.second): pair.estimate.value for pair in pair_agreements(FACES)}
    assert found["players", "voters"] == pytest.approx((0.75 * 0.6 + 0.25 * 0.4 + 0.5 * 1.0) / 2)
    assert found["players", "network"] == pytest.approx((0.75 + 0.5) / 2)
    assert found["players", "label"] == pytest.approx((0.25 + 0.5) / 2)
    assert found["voters", "network"] == pytest.approx((0.6 + 1.0) / 2)
    assert found["voters", "label"] == pytest.approx((0.4 + 1.0) / 2)
    assert found["network", "label"] == 0.5
    # Two different ones of the class: 3·2 / 4·3 and 0; of the voters: (6·5 + 4·3) / 10·9 and 1.
    assert found["players", "players"] == pytest.approx(0.5 / 2)
    assert found["voters", "voters"] == pytest.approx((42 / 90 + 1) / 2)
    assert ("network", "network") not in found


def test_a_single_player_is_no_pair_with_itself() -> None:
    found = pair_agreements([asked(0, question({"sad": 10}), tally({"sad": 1}))])
    assert ("players", "players") not in {(pair.first, pair.second) for pair in found}


def test_the_diagonal_of_the_matrix_counts_what_agrees_also_where_two_answers_are_equally_frequent() -> None:
    tied = asked(2, question({"sad": 5, "fear": 5}), tally({"sad": 2, "fear": 1, "happy": 1}))
    quiz = Quiz(tuple(each.question for each in (*FACES, tied)), NETWORK)
    found = confusion_of((*FACES, tied), quiz)
    cells = {
        (row, column): int(count)
        for row, counts in zip(found.codes, found.counts, strict=True)
        for column, count in zip(found.codes, counts, strict=True)
        if count
    }
    assert cells == {
        ("sad", "sad"): 3 + 2, ("sad", "fear"): 1, ("happy", "happy"): 1, ("happy", "sad"): 1,
        ("fear", "fear"): 1, ("fear", "happy"): 1,  # fear is read before sad
    }  # fmt: skip
    assert found.codes[-1] == CANNOT_TELL
    agreed = sum(
        count
        for each in (*FACES, tied)
        for option, count in each.last.counts.items()
        if each.question.agrees(option)
    )
    assert found.counts.trace() == agreed


def test_the_matrix_of_nothing_is_empty() -> None:
    photo = asked(0, question(None), tally({"sad": 1}))
    assert confusion_of([photo], Quiz((photo.question,), NETWORK)).counts.sum() == 0


def test_before_and_after_talking() -> None:
    face = question({"sad": 8, "fear": 2})
    talked = asked(4, face, tally({"sad": 1, "fear": 3}), tally({"sad": 3, "fear": 1}, vote=2))
    (found,) = talked_about([FACES[0], talked])
    assert (found.number, found.agreed) == (4, (0.25, 0.75))
    assert found.same == pytest.approx((0.5, 0.5))
    (without,) = talked_about([asked(0, question(None), *talked.tallies)])
    assert without.agreed is None

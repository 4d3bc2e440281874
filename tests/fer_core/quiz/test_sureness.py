"""Every figure is compared with one that was worked out by hand."""

from __future__ import annotations

import math

import pytest

from fer_core.quiz.question import CANNOT_TELL
from fer_core.quiz.sureness import network_by_sureness, players_by_sureness, stored_calibration
from fer_core.store.folder import find_network
from tests.fer_core.quiz.answered import NETWORK, asked, question, tally

FACES = (
    asked(
        0,
        question({"sad": 6, "fear": 4}, answered="sad", probability=0.9),
        tally(
            {"sad": 4, "fear": 2, CANNOT_TELL: 1}, {0.5: {"sad": 1, "fear": 1}, 0.95: {"sad": 2, "fear": 1}}
        ),
    ),
    asked(
        1,
        question({"happy": 10}, answered="sad", probability=0.85),
        tally({"happy": 2}, {0.5: {"happy": 1}, 0.95: {"happy": 1}}),
    ),
    asked(2, question(None, probability=0.5), tally({"sad": 1}, {0.25: {"sad": 1}})),
)


def test_answers_are_grouped_by_how_sure_they_are_and_measured_by_the_votes() -> None:
    found = players_by_sureness(FACES)
    # Without the face that nobody voted on, and without answers that did not say how sure.
    assert [(group.sure, group.answers) for group in found.groups] == [(0.5, 3), (0.95, 4)]
    assert [group.agreed.value for group in found.groups] == pytest.approx([2 / 3, 3 / 4])
    assert found.error == pytest.approx((3 * (2 / 3 - 0.5) + 4 * (0.95 - 0.75)) / 7)
    assert [group.agreed.n for group in found.groups] == [2, 2], "intervals count faces"


def test_the_network_is_measured_on_the_same_faces_by_the_same_votes() -> None:
    found = network_by_sureness(FACES, NETWORK)
    (group,) = found.groups
    assert (group.answers, group.agreed.value) == (2, 0.5)
    assert group.sure == pytest.approx(0.875)
    assert found.error == pytest.approx(0.375)


def test_either_of_two_equally_frequent_answers_of_the_voters_agrees() -> None:
    for answered in ("sad", "fear"):
        tied = asked(0, question({"sad": 5, "fear": 5}, answered=answered), tally({"sad": 1}))
        assert network_by_sureness([tied], NETWORK).groups[0].agreed.value == 1


def test_nothing_has_no_calibration() -> None:
    assert players_by_sureness([FACES[2]]).groups == network_by_sureness([FACES[2]], NETWORK).groups == ()
    assert math.isnan(players_by_sureness([]).error)
    assert stored_calibration(NETWORK) is None


def test_the_stored_calibration_is_that_of_the_evaluation() -> None:
    found = stored_calibration(find_network("raut-plus"))
    assert found is not None
    assert sum(count for _sure, _right, count in found.groups) == found.pictures > 3000
    assert 0 < found.error < 0.2

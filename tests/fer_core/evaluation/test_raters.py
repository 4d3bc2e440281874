"""All raters compared: who counts, on which faces, and in which order."""

from __future__ import annotations

import pytest

from fer_core.evaluation.agreement import agreement, fleiss_kappa
from fer_core.evaluation.raters import NETWORK, OWN, RatedFace, agreement_of_raters

LABELS = ("angry", "happy", "sad")
FACES = [
    RatedFace((f"photo{number}", 1), (f"{number}.jpg", 1), label)
    for number, label in enumerate(("happy", "sad", "angry", "happy"))
]


def own(*codes: str) -> dict[tuple[str, int], str]:
    return {face.key: code for face, code in zip(FACES, codes, strict=False)}


def table(*codes: str) -> dict[tuple[str, int], str]:
    return {face.place: code for face, code in zip(FACES, codes, strict=False)}


def test_one_person_is_compared_with_the_network_alone() -> None:
    agreed = agreement_of_raters(FACES, own("happy", "sad", "happy"), {}, LABELS)
    assert agreed is not None
    assert [(pair.first, pair.second) for pair in agreed.pairs] == [(OWN, NETWORK)]
    assert (agreed.with_network.n, agreed.with_network.share) == (3, pytest.approx(2 / 3))
    assert agreed.groups == ()


def test_everybody_is_compared_with_everybody_and_groups_count_what_all_of_them_named() -> None:
    others = {"a.csv": table("happy", "angry", "happy", "sad"), "b.csv": table("happy", "sad")}
    agreed = agreement_of_raters(FACES, own("happy", "sad", "happy"), others, LABELS)
    assert agreed is not None
    assert [(pair.first, pair.second, pair.found.n) for pair in agreed.pairs] == [
        (OWN, "a.csv", 3), (OWN, "b.csv", 2), (OWN, NETWORK, 3),
        ("a.csv", "b.csv", 2), ("a.csv", NETWORK, 4), ("b.csv", NETWORK, 2),
    ]  # fmt: skip
    of_two = agreement(["happy", "sad", "happy"], ["happy", "angry", "happy"], LABELS)
    assert agreed.pairs[0].found.kappa == of_two.kappa
    people, everyone = agreed.groups
    assert people.raters == (OWN, "a.csv", "b.csv") and everyone.raters == (*people.raters, NETWORK)
    assert people.n == everyone.n == 2
    assert people.kappa == fleiss_kappa([["happy"] * 3, ["sad", "angry", "sad"]])


def test_what_is_no_label_of_the_network_and_faces_that_are_not_there_are_left_out() -> None:
    others = {"a.csv": {**table("unsure", "contempt", "angry"), ("elsewhere.jpg", 1): "happy"}}
    agreed = agreement_of_raters(FACES, {("gone", 1): "sad", **own("unsure")}, others, LABELS)
    assert agreed is not None
    assert [pair.found.n for pair in agreed.pairs] == [0, 0, 1]
    assert [group.n for group in agreed.groups] == [0, 0]


def test_a_face_that_lies_there_under_two_names_counts_once() -> None:
    twice = [FACES[0], RatedFace(FACES[0].key, ("copy.jpg", 1), "happy")]
    agreed = agreement_of_raters(twice, own("happy"), {}, LABELS)
    assert agreed is not None and agreed.with_network.n == 1


def test_without_a_face_that_two_named_there_is_nothing_to_compare() -> None:
    assert agreement_of_raters(FACES, {}, {}, LABELS) is None
    assert agreement_of_raters([], own("happy"), {"a.csv": table("happy")}, LABELS) is None

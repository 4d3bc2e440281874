"""Damaged files: each is read or gets a sentence; and the harness sees what is neither."""

from __future__ import annotations

from tests.fuzz import faulty, harness, pictures, videos
from tests.fuzz.mutations import mutated


def test_no_damaged_picture_crashes_hangs_or_takes_much_memory() -> None:
    outcome = harness.fuzz(pictures.corpus, pictures.decode, count=3_000, seed=1)
    assert outcome.bad == []
    assert outcome.read + outcome.refused == 3_000
    assert outcome.read > 100 and outcome.refused > 100  # the damage is neither harmless nor always deadly
    assert outcome.peak_mb < 700


def test_every_whole_picture_of_the_corpus_is_read() -> None:
    assert all(pictures.decode(content) for content in pictures.corpus())


def test_the_same_seed_makes_the_same_damage() -> None:
    originals = faulty.corpus()
    assert [mutated(originals, 1, n) for n in range(50)] == [mutated(originals, 1, n) for n in range(50)]
    assert [mutated(originals, 1, n) for n in range(50)] != [mutated(originals, 2, n) for n in range(50)]


def test_the_harness_finds_crashes_hangs_and_exceptions_and_goes_on() -> None:
    outcome = harness.fuzz(faulty.corpus, faulty.decode, count=10, seed=9, longest_s=0.2)
    faults = " ".join(outcome.bad)
    assert "KeyError: 'let out'" in faults and "ended its process (-11)" in faults and "took over" in faults
    assert outcome.read and outcome.refused


def test_no_damaged_video_crashes_hangs_or_takes_much_memory() -> None:
    outcome = harness.fuzz(videos.corpus, videos.decode, count=300, seed=1)
    assert outcome.bad == []
    assert outcome.read > 20 and outcome.refused > 20
    assert outcome.peak_mb < 700


def test_every_whole_video_of_the_corpus_is_read() -> None:
    assert all(videos.decode(content) for content in videos.corpus())

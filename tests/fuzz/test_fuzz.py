"""Damaged files: each is read or gets a sentence; and the harness sees what is neither."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from tests.fuzz import faulty, harness
from tests.fuzz.__main__ import KINDS
from tests.fuzz.mutations import mutated

COUNTS = {
    "archives": 300, "boxes": 300, "journals": 500, "labs": 300, "metadata": 200, "pictures": 3_000, "ratings": 1_000, "scans": 100,
    "tables": 200, "tiffs": 600, "videos": 300, "zips": 600,
}  # fmt: skip


@pytest.mark.parametrize("name", KINDS)
def test_no_damaged_file_crashes_hangs_or_takes_much_memory(name: str) -> None:
    kind, count = import_module(f"tests.fuzz.{name}"), COUNTS[name]
    mutate = getattr(kind, "mutate", mutated)
    outcome = harness.fuzz(kind.corpus, kind.decode, count=count, seed=1, mutate=mutate)
    assert outcome.bad == []
    assert outcome.read + outcome.refused == count
    least = count // 30  # the damage is neither harmless nor always deadly
    assert outcome.read > least and outcome.refused > least
    assert outcome.peak_mb < 700


@pytest.mark.parametrize("name", KINDS)
def test_every_whole_file_of_the_corpus_is_read_or_refused_as_its_kind_says(name: str) -> None:
    kind = import_module(f"tests.fuzz.{name}")
    files = kind.corpus()
    refused = getattr(kind, "REFUSED", 0)
    assert [kind.decode(content) for content in files] == [True] * (len(files) - refused) + [False] * refused


@pytest.mark.parametrize("name", [*KINDS, "faulty"])
def test_the_same_seed_makes_the_same_damage(name: str) -> None:
    kind = import_module(f"tests.fuzz.{name}")
    mutate = getattr(kind, "mutate", mutated)
    originals = kind.corpus()
    assert originals == kind.corpus()
    damage = [mutate(originals, 1, index) for index in range(30)]
    assert damage == [mutate(originals, 1, index) for index in range(30)]
    assert damage != [mutate(originals, 2, index) for index in range(30)]


def _of_kind(kind: int, seed: int) -> int:
    """Number of a file on which `faulty` has this fault, and the next one none."""
    files = [mutated(faulty.corpus(), seed, index) for index in range(500)]
    kinds = [content[-1] if content else 0 for content in files]
    return next(index for index in range(499) if kinds[index] == kind and kinds[index + 1] in (0, 1))


def test_the_harness_finds_crashes_hangs_and_exceptions_and_goes_on() -> None:
    for kind, fault in (
        (2, "KeyError: 'let out'"),
        (3, "ended its process (-11)"),
        (4, "was not done after 0.6 s"),
        (7, "took over 0.1 s"),
    ):
        number = _of_kind(kind, seed=9)
        outcome = harness.fuzz(faulty.corpus, faulty.decode, begin=number, count=2, seed=9, longest_s=0.1)
        assert outcome.bad == [f"file {number}: {fault}"]
        assert outcome.read + outcome.refused == 1


@pytest.mark.parametrize("kind", [5, 6], ids=["in the process", "in one that it starts"])
def test_the_harness_finds_the_file_that_takes_much_memory_and_goes_on(kind: int) -> None:
    number = _of_kind(kind, seed=9)
    files = {"make_corpus": faulty.corpus, "decode": faulty.decode, "begin": number, "count": 2, "seed": 9}
    outcome = harness.fuzz(**files, memory_mb=200)
    assert len(outcome.bad) == 1 and outcome.bad[0].startswith(f"file {number}: took ")
    assert outcome.bad[0].endswith("MB of memory and more, over the limit of 200")
    assert outcome.read + outcome.refused == 1
    assert outcome.peak_mb > 200
    if kind == 5:
        allowed = harness.fuzz(**files, memory_mb=faulty.TAKEN_MB + 200)
        assert allowed.bad == [] and allowed.read + allowed.refused == 2


@pytest.mark.parametrize(("memory_mb", "code"), [(5, 1), (700, 0)])
def test_the_command_ends_with_1_beyond_its_memory_limit(memory_mb: int, code: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", "ratings", "--count", "2", "--memory-mb", str(memory_mb)],
        cwd=Path(__file__).resolve().parents[2], capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    assert ("over the limit of 5" in done.stdout) == bool(code)


def test_a_fault_is_made_again_from_its_seed_and_number(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "tests.fuzz", "ratings", "--seed", "3", "--only", "7", "--save", tmp_path / "file"],
        cwd=Path(__file__).resolve().parents[2], capture_output=True, check=True,
    )  # fmt: skip
    from tests.fuzz import ratings

    assert (tmp_path / "file").read_bytes() == ratings.mutate(ratings.corpus(), 3, 7)

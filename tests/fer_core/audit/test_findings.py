"""What an audit finds: worked out by hand on a small set, the same in each form, and FER2013's known figures."""

from __future__ import annotations

import csv
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fer_core.audit.audited import Audited, audited_set
from fer_core.audit.findings import Findings, Groups, Leakage, findings_of
from fer_core.audit.lists import LISTS, list_csv, lists_of
from fer_core.datasets.columns import VOTE_CODES
from fer_core.datasets.load import load_fer2013
from fer_core.datasets.rows import RowTable
from fer_core.datasets.statistics.shipped import shipped_rows
from tests.fer_core.audit.conftest import LABELS, NOON, Forms


@pytest.fixture
def both(forms: Forms, tmp_path: Path) -> tuple[Audited, Audited]:
    """The audits of the table and of the folders."""
    sets = [load_fer2013(form, cache_dir=tmp_path) for form in forms]
    return audited_set(sets[0], NOON), audited_set(sets[1], NOON)


def rows_of_list(audit: Audited, name: str) -> list[dict[str, str]]:
    wanted = next(each for each in lists_of(audit) if each.name == name)
    return list(csv.DictReader(list_csv(audit, wanted).decode("utf-8-sig").splitlines()))


def test_a_small_set_has_what_was_put_into_it(both: tuple[Audited, Audited]) -> None:
    found = both[0].findings
    assert found.pictures == len(LABELS)
    assert found.classes == {label: LABELS.count(label) for label in found.classes}
    assert found.imbalance == 4
    assert {code: sum(counts.values()) for code, counts in found.splits.items()} == {
        "Training": 7, "PublicTest": 2, "PrivateTest": 1,
    }  # fmt: skip
    assert found.exact == Groups(
        groups=2, pictures=5, conflicting=0, across=2, leaked={"PublicTest": 1, "PrivateTest": 1}
    )
    assert found.near == found.exact, "nothing else is near in noise"
    assert (found.votes, found.leakage, found.undetected, found.doubted) == (None, (), None, None)


def test_table_and_folders_give_the_same_findings(both: tuple[Audited, Audited]) -> None:
    table, folders = both
    assert repr(table.findings) == repr(folders.findings), "NaN is not equal to itself, but reads the same"
    assert table.files == () and len(folders.files) == len(LABELS)
    assert "train/fear/=im1.png" in folders.files
    assert (table.form, folders.form) == ("csv", "folders")
    names = [{row["file"] for row in rows_of_list(folders, name)} for name in ("duplicates", "leaked")]
    assert names[1] == {"publictest/fear/=im8.png", "privatetest/happy/=im9.png"}
    assert names[0] == names[1] | {"train/fear/=im1.png", "train/fear/=im2.png", "train/happy/=im4.png"}
    assert {row["row"] for row in rows_of_list(table, "duplicates")} == {"1", "2", "4", "8", "9"}


def test_labels_of_a_group_that_differ_are_counted_and_marked() -> None:
    table = RowTable(
        {
            "row": np.arange(6), "split": np.array([0, 0, 0, 1, 1, 2]), "label": np.array([3, 3, 0, 1, 2, 3]),
            "duplicate_group": np.array([0, 0, 1, 1, -1, 0]), "near_group": np.array([0, 0, 1, 1, 0, 0]),
        },
    )  # fmt: skip
    found = findings_of(table)
    assert found.exact == Groups(2, 5, 1, 2, {"PublicTest": 1, "PrivateTest": 1})
    assert found.near == Groups(2, 6, 2, 2, {"PublicTest": 2, "PrivateTest": 1})
    rows = rows_of_list(of_table(table), "near-duplicates")
    assert [(row["row"], row["labels_differ"]) for row in rows] == [
        ("0", "yes"), ("1", "yes"), ("4", "yes"), ("5", "yes"), ("2", "yes"), ("3", "yes"),
    ]  # fmt: skip
    assert [row["labels_differ"] for row in rows_of_list(of_table(table), "duplicates")] == [
        "no", "no", "no", "yes", "yes",
    ]  # fmt: skip


@pytest.mark.parametrize("network", ["a", "paper-small-table1"])
def test_leakage_takes_out_the_pictures_that_training_has(network: str) -> None:
    table = RowTable(
        {
            "row": np.arange(5), "split": np.array([0, 2, 2, 2, 2]), "label": np.array([3, 3, 0, 1, 2]),
            "duplicate_group": np.array([0, 0, -1, -1, -1]), "near_group": np.array([0, 0, 0, -1, -1]),
            f"predicted:{network}": np.array([3, 3, 0, 1, 3]), f"certainty:{network}": np.ones(5),
        },
        {network: ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")},
    )  # fmt: skip
    known = (Leakage("a", "PrivateTest", 4, 0.75, 3, 2 / 3, 2, 0.5),)
    # The other one learnt from Table1Train, where pictures of the test splits are.
    assert findings_of(table).leakage == (known if network == "a" else ())


def test_votes_are_compared_by_name_and_not_by_number() -> None:
    votes = np.zeros((4, 10), np.uint8)
    for row, (code, number) in enumerate([("happy", 10), ("happy", 9), ("NF", 10), ("sad", 5)]):
        votes[row, VOTE_CODES.index(code)] = number
        votes[row, VOTE_CODES.index("neutral")] = 10 - number
    labels = np.array([3, 0, 3, 4])
    table = RowTable({"row": np.arange(4), "split": np.zeros(4, int), "label": labels, "votes": votes})
    found = findings_of(table).votes
    assert found is not None
    # Row 3: five votes for sad, five for neutral, which comes first.
    assert (found.pictures, found.same, found.expression, found.agreed_otherwise) == (4, 1, 3, 1)
    assert found.matrix[3][VOTE_CODES.index("NF")] == 1 and sum(map(sum, found.matrix)) == 4
    assert (found.not_a_face, found.by_agreement) == (1, (0, 0, 0, 0, 1, 0, 0, 0, 1, 2))
    bits = (1.0 + -(0.9 * math.log2(0.9) + 0.1 * math.log2(0.1))) / 4
    assert found.mean_entropy_bits == pytest.approx(bits, abs=1e-6)


def test_an_empty_class_has_no_looks_and_an_empty_set_no_imbalance(both: tuple[Audited, Audited]) -> None:
    assert math.isnan(both[0].findings.measures["brightness"]["disgust"].mean)
    nothing = np.empty(0, np.int64)
    assert math.isnan(findings_of(RowTable(dict.fromkeys(("row", "split", "label"), nothing))).imbalance)


def test_the_figures_of_fer2013_are_the_known_ones() -> None:
    audit = audited_set(None, NOON)
    found: Findings = audit.findings
    assert (audit.name, audit.is_fer2013, found.pictures) == ("FER2013", True, 35_887)
    assert found.exact is not None and found.votes is not None
    assert (found.exact.groups, found.exact.pictures, found.exact.conflicting) == (1_518, 3_374, 59)
    assert found.exact.leaked == {"PublicTest": 280, "PrivateTest": 288}
    voted = shipped_rows().values("vote") < VOTE_CODES.index("NF")
    assert round(found.votes.same / voted.sum(), 2) == 0.63
    assert len(rows_of_list(audit, "leaked")) >= 280 + 288
    assert len(rows_of_list(audit, "votes-against-label")) == found.votes.agreed_otherwise


def test_a_list_that_needs_what_is_not_there_is_left_out(both: tuple[Audited, Audited]) -> None:
    assert {each.name for each in lists_of(both[0])} == {"duplicates", "near-duplicates", "leaked"}
    assert {each.name for each in LISTS} > {"doubtful-labels", "near-duplicates", "undetected"}


def of_table(table: RowTable) -> Audited:
    return Audited(table, "made up", "", False, {}, NOON)


def test_near_duplicates_do_not_depend_on_how_rows_are_numbered(forms: Forms, tmp_path: Path) -> None:
    dataset = load_fer2013(forms.table, cache_dir=tmp_path)
    rng = np.random.default_rng(3)
    smooth = np.cumsum(np.cumsum(rng.normal(size=(5, 48, 48)), axis=1), axis=2)
    smooth = 255 * (smooth - smooth.min()) / np.ptp(smooth)
    images = np.concatenate([smooth, smooth[:, :, ::-1]]).astype(np.uint8)
    images[::3] = np.roll(images[::3], 1, axis=1)
    found = []
    for order in (np.arange(10), rng.permutation(10)):
        numbered = replace(dataset, images_gray=images[order].copy(), emotions=dataset.emotions[order].copy())
        audit = audited_set(numbered, NOON)
        groups = audit.table.values("near_group")
        found.append({frozenset(order[groups == group].tolist()) for group in set(groups.tolist()) - {-1}})
    assert found[0] == found[1] and found[0]

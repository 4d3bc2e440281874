"""The view "Forensics": each finding says its size, shows its rows, and leads to the filter of the view "Pictures"."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from fer_core.datasets.rows import RowTable
from fer_core.datasets.statistics.shipped import shipped_rows
from pages.dataset.forensics.findings import FINDINGS, findings_for

SCRIPT = """
from fer_core.datasets.filters import Filter, parse_query
from fer_core.datasets.statistics.shipped import shipped_rows
from pages.dataset.forensics import view
table = shipped_rows()
chosen, _problems = Filter.from_query(parse_query("{query}"), table)
view.render(table, chosen, None)
"""


def shown(finding: str, query: str = "") -> AppTest:
    app = AppTest.from_string(SCRIPT.format(query=query), default_timeout=60)
    app.query_params["finding"] = finding
    app.run()
    assert not app.exception
    return app


def words(app: AppTest) -> str:
    return "\n".join(each.value for each in app.markdown)


def test_the_known_figures_of_exact_duplicates_are_said():
    said = words(shown("exact"))
    assert "1,518 groups of pictures are the same in every pixel, 3,374 pictures in all. In 59 groups" in said
    assert "280 pictures of PublicTest have a duplicate in Training." in said
    assert "288 pictures of PrivateTest have a duplicate in Training." in said


@pytest.mark.parametrize(
    ("finding", "sentence"),
    [
        ("conflicting", "59 groups hold the same picture under different labels"),
        ("near", "2,512 groups, 6,363 pictures"),
        ("near", "Of 100 random pairs that we looked at, 100 show the same photo."),
        ("leakage", "has seen its answer"),
        ("doubtful", "agree on another expression for 65%, of the first 1,000 for 27%"),
        ("not-a-face", "In 675 pictures neither the Haar cascade nor BlazeFace finds a face"),
    ],
)
def test_each_finding_says_its_size(finding, sentence):
    assert sentence in words(shown(finding))


def test_the_address_names_the_finding_by_its_code_in_every_language():
    app = shown("near")
    app.segmented_control[0].set_value("leakage").run()
    assert app.query_params["finding"] in ("leakage", ["leakage"])
    assert "has seen its answer" in words(app)
    assert "in every pixel" in words(shown("no-such-finding"))


def test_a_filter_leaves_out_rows_of_a_finding():
    said = words(shown("exact", "split=PrivateTest&leaked=no"))
    assert "288" not in said
    assert "No picture of this list" not in said


@pytest.mark.parametrize("finding", FINDINGS, ids=lambda each: each.id)
def test_the_filter_of_a_finding_shows_its_rows(finding):
    table = shipped_rows()
    rows = finding.rows(table)
    assert len(rows) == len(set(rows.tolist())) > 0
    kept = np.flatnonzero(finding.shows(table).mask(table))
    if finding.id == "leakage":  # the list shows the duplicates in Training beside them
        assert set(kept.tolist()) == set(rows[table.values("split")[rows] > 0].tolist())
    else:
        assert set(kept.tolist()) == set(rows.tolist())


def test_the_pictures_of_a_group_stand_together():
    table = shipped_rows()
    for finding, column in (
        ("exact", "duplicate_group"),
        ("conflicting", "duplicate_group"),
        ("near", "near_group"),
    ):
        groups = table.values(column)[findings_for(table)[finding].rows(table)]
        assert (np.diff(groups) >= 0).all()


def test_a_set_without_near_duplicates_doubts_and_detectors_has_the_findings_that_it_can_have():
    columns = {name: shipped_rows().values(name) for name in ("row", "split", "label", "duplicate_group")}
    assert list(findings_for(RowTable(columns))) == ["exact", "conflicting", "leakage"]

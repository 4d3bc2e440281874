"""Which faces the detectors miss: the stored counts, and the table on About."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fer_core.faces import missed
from fer_core.faces.missed import MEASURED_FILE, missed_faces, searches_measured
from fer_core.faces.search import DETECTORS
from fer_core.labels import FER2013_LABELS
from pages.about.missed import _range
from pages.ui.i18n import speaking
from tests.pages.conftest import OpenApp
from tests.pages.harness import assert_no_trouble, texts

STORED = json.loads(MEASURED_FILE.read_text(encoding="utf-8"))


def stored(tmp_path: Path, settings: object) -> Path:
    file = tmp_path / "missed.json"
    file.write_text(json.dumps({**STORED, "settings": settings}), encoding="utf-8")
    return file


def test_groups_hold_every_face_once_and_no_more_are_missed_than_there_are(tmp_path: Path) -> None:
    found = missed_faces(stored(tmp_path, searches_measured()))
    assert found is not None
    assert [group.label for group in found.groups["label"]] == list(FER2013_LABELS)
    for name in ("label", "brightness"):
        assert sum(group.n for group in found.groups[name]) == found.everyone.n
        for detector in DETECTORS:
            assert (
                sum(group.missed[detector] for group in found.groups[name]) == found.everyone.missed[detector]
            )
    posed = [sum(group.n for group in found.groups[name]) for name in ("tilt", "turn")]
    assert posed[0] == posed[1] <= found.everyone.n
    for groups in found.groups.values():
        assert all(0 <= count <= group.n for group in groups for count in group.missed.values())
        ends = [(group.low, group.high) for group in groups]
        assert [low for low, _high in ends[1:]] == [high for _low, high in ends[:-1]]


def test_figures_of_other_settings_are_not_shown(tmp_path: Path) -> None:
    settings = searches_measured()
    settings["haar"] = {**settings["haar"], "upright_from_degrees": 21.0}
    assert missed_faces(stored(tmp_path, settings)) is None


@pytest.mark.parametrize(
    ("language", "heading", "said"),
    [
        ("en", "Which faces are missed", ("Haar cascade: missed", "Tilt 20° or more", "skin colour are not recorded", "labelled “Sad” the Haar cascade misses 41%, of those labelled “Surprise” 19%")),
        ("id", "Wajah mana yang terlewat", ("Haar cascade: terlewat", "Kemiringan 20° atau lebih", "warna kulit tidak dicatat", "berlabel “Sedih”, Haar cascade melewatkan 41%")),
    ],
)  # fmt: skip
def test_about_shows_the_share_of_each_group_with_its_limits(
    open_app: OpenApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    language: str, heading: str, said: tuple[str, ...],
) -> None:  # fmt: skip
    file = stored(tmp_path, searches_measured())
    monkeypatch.setattr("pages.about.missed.missed_faces", lambda: missed_faces(file))
    app = open_app("pages/about/page.py", language=language)
    assert_no_trouble(app)
    assert len([one for one in app.expander if heading in one.label]) == 1
    assert all(words in texts(app) for words in said)
    assert f"{STORED['everyone']['n']:,}".replace(",", "." if language == "id" else ",") in texts(app)
    monkeypatch.setattr("pages.about.missed.missed_faces", lambda: None)
    assert not [
        one for one in open_app("pages/about/page.py", language=language).expander if heading in one.label
    ]


def test_a_range_says_which_end_is_open() -> None:
    group = missed.MissedGroup(None, 10.0, 20.0, 1, {})
    with speaking("en"):
        assert _range(group, 0, "°") == "10° to 20°"
        assert _range(missed.MissedGroup(None, None, 10.0, 1, {}), 0) == "under 10"
        assert _range(missed.MissedGroup(None, 0.35, None, 1, {}), 2) == "0.35 or more"

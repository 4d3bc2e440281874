"""Where the numbers of a file come from, and what a download is called."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta, timezone

import pytest

from fer_core import __version__
from fer_core.faces.search import FaceSearch, HaarSettings, photo_search
from fer_core.recognition.provenance import (
    PROVENANCE_COLUMNS,
    Provenance,
    download_name,
    search_provenance,
)
from fer_core.store.folder import find_network

MADE = datetime(2026, 11, 24, 23, 5, 9, 123456, timezone(timedelta(hours=7)))


def test_the_cells_name_version_network_checksum_detector_settings_and_time() -> None:
    network = find_network("raut")
    provenance = search_provenance(MADE, network, photo_search("quick", "haar"), {"frames_per_second": 5})
    cells = provenance.cells()
    assert tuple(cells) == PROVENANCE_COLUMNS
    assert cells["raut_version"] == __version__
    assert (cells["network"], cells["network_sha256"]) == ("raut", network.checksum)
    assert cells["detector"] == "Haar cascade frontalface_alt2"
    assert cells["date"] == "2026-11-24T23:05:09+07:00"
    settings = dict(part.split("=") for part in cells["settings"].split("; "))
    assert (settings["effort"], settings["frames_per_second"]) == ("quick", "5")
    # Each setting of the search but the cascade, which names the detector.
    assert {"effort", "frames_per_second", "cascade"} ^ settings.keys() == vars(HaarSettings()).keys()


def test_settings_of_a_detector_that_took_no_part_are_left_out() -> None:
    told = {
        detector: search_provenance(MADE, find_network("raut"), photo_search("quick", detector))
        for detector in ("haar", "blazeface", "both")
    }
    names = {detector: set(provenance.settings) - {"effort"} for detector, provenance in told.items()}
    assert not names["haar"] & names["blazeface"] and "upright_from_degrees" in names["blazeface"]
    assert names["both"] == names["haar"] | names["blazeface"]
    network = photo_search("quick").blazeface.model
    assert told["blazeface"].detector == f"BlazeFace {network}"
    assert told["both"].detector == f"Haar cascade frontalface_alt2 + BlazeFace {network}"


def test_a_search_without_a_name_is_told_by_its_settings_alone() -> None:
    settings = search_provenance(
        MADE, find_network("raut"), FaceSearch(haar=HaarSettings(neighbours=7))
    ).settings
    assert "effort" not in settings and settings["neighbours"] == 7


def test_a_table_without_faces_says_version_and_date_only() -> None:
    assert Provenance(MADE).known_cells() == {
        "raut_version": __version__,
        "date": "2026-11-24T23:05:09+07:00",
    }


def test_json_holds_labels_and_every_setting() -> None:
    network = find_network("raut")
    stored = json.loads(
        json.dumps(search_provenance(MADE, network, photo_search("normal", "both")).as_dict())
    )
    assert stored["network"]["labels"] == list(network.labels)
    assert stored["network"]["sha256"] == network.checksum
    assert stored["settings"]["scale_factor"] == photo_search().haar.scale_factor
    assert stored["settings"]["blazeface_least_score"] == photo_search().blazeface.least_score
    assert json.loads(json.dumps(Provenance(MADE).as_dict()))["network"] is None


def test_a_time_without_its_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        Provenance(datetime(2026, 11, 24))


def test_no_cell_is_run_as_a_formula() -> None:
    assert Provenance(MADE, settings={"=1+1": 2}).cells()["settings"].startswith("'=")


@pytest.mark.parametrize(
    ("what", "name"),
    [
        ("photos", "raut-photos-2026-11-24.csv"),
        ("video holiday/../clip.mp4", "raut-video-holiday-clip-mp4-2026-11-24.csv"),
        ("صورة وجه", "raut-صورة-وجه-2026-11-24.csv"),
        ("raut-compact-layers", "raut-compact-layers-2026-11-24.csv"),
        ("...", "raut-file-2026-11-24.csv"),
        ("x" * 300, f"raut-{'x' * 100}-2026-11-24.csv"),
    ],
)
def test_a_download_is_named_by_what_it_holds_and_by_its_day(what: str, name: str) -> None:
    assert download_name(what, "csv", date(2026, 11, 24)) == name
    assert Provenance(MADE).file_name(what, "csv") == name

"""The parts of the statistics that ship: how they are made, and that they say what each network's evaluation says."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from fer_core.audit import kept
from fer_core.audit.detectors import found_in, make_detectors, with_room
from fer_core.audit.networks import make_networks
from fer_core.audit.statistics import check_complete, make_class_faces, make_rows
from fer_core.datasets.class_faces import faces_of_classes, mean_face
from fer_core.datasets.statistics.computed import rows_of
from fer_core.datasets.statistics.shipped import (
    checksums,
    read_part,
    shipped_class_faces,
    shipped_rows,
)
from fer_core.errors import DatasetError
from fer_core.faces.search import photo_search
from fer_core.store.network import NetworkInfo
from tests.fer_core.datasets.test_rows import small_set

OFFICIAL = ("PublicTest", "PrivateTest")


@pytest.fixture(autouse=True)
def parts_of_work_go_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAUT_RUNS_DIR", str(tmp_path / "runs"))


@pytest.fixture
def small_is_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("statistics", "networks", "detectors"):
        monkeypatch.setattr(f"fer_core.audit.{module}.check_complete", lambda dataset: None)


def test_work_goes_on_where_it_was_left(tmp_path: Path) -> None:
    images = np.arange(5, dtype=np.uint8).repeat(48 * 48).reshape(5, 48, 48)
    asked: list[int] = []

    def work(some: np.ndarray) -> np.ndarray:
        asked.extend(some[:, 0, 0].tolist())
        if 4 in asked and len(asked) == 5:
            raise KeyboardInterrupt
        return some[:, 0, 0] * 2

    file = tmp_path / "runs" / "answers.npy"
    with pytest.raises(KeyboardInterrupt):
        kept.in_pieces(images, work, file, 2)
    parts: list[float] = []
    assert kept.in_pieces(images, work, file, 2, parts.append).tolist() == [0, 2, 4, 6, 8]
    assert asked == [0, 1, 2, 3, 4, 4] and parts[-1] == 1
    file.write_bytes(b"damaged")
    assert kept.in_pieces(images, work, file, 5).tolist() == [0, 2, 4, 6, 8]


def test_an_incomplete_set_makes_no_statistics(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="complete"):
        check_complete(small_set())
    with pytest.raises(DatasetError, match="complete"):
        make_rows(small_set(), tmp_path)
    assert not list(tmp_path.glob("*.npz"))


@pytest.mark.usefixtures("small_is_complete")
def test_each_part_says_what_it_was_made_from(tmp_path: Path, tiny_network: NetworkInfo) -> None:
    dataset = small_set()
    for make in (make_rows, make_class_faces, make_networks):
        make(dataset, tmp_path)
    facts = json.loads((tmp_path / "statistics.json").read_text())
    assert list(facts) == ["rows", "class_faces", "networks"]
    for part, about in facts.items():
        assert about["made_from"] == {"rows": 5, **checksums(dataset)}
        assert about["command"].endswith(f"--write --only {part}")
    assert facts["networks"]["sha256"] == {"tiny": tiny_network.checksum}
    assert facts["networks"]["labels"] == {"tiny": list(tiny_network.labels)}
    arrays = read_part("networks", tmp_path)
    assert set(arrays) == {"predicted:tiny", "certainty:tiny"}
    assert (arrays["certainty:tiny"] / 65_535 > 1 / 7).all()
    before = (tmp_path / "rows.npz").read_bytes()
    make_rows(dataset, tmp_path)
    assert (tmp_path / "rows.npz").read_bytes() == before
    assert "networks" in json.loads((tmp_path / "statistics.json").read_text())


@pytest.mark.usefixtures("small_is_complete")
def test_an_even_picture_has_no_face(tmp_path: Path) -> None:
    make_detectors(small_set(), tmp_path)
    assert read_part("detectors", tmp_path)["undetected"].tolist() == [True] * 5
    facts = json.loads((tmp_path / "statistics.json").read_text())["detectors"]
    assert facts["found"] == {"none": 5, "haar": 0, "blazeface": 0, "both": 0}
    assert facts["search"]["detector"] == "both" and facts["room_px"] == 24
    (file,) = kept.kept_folder().iterdir()
    assert found_in(photo_search("normal", "both"))(small_set().images_gray[:1]).tolist() == [0]
    assert np.load(file).tolist() == [0] * 5


def test_room_repeats_the_border() -> None:
    image = np.arange(48 * 48, dtype=np.uint16).reshape(48, 48).astype(np.uint8)
    around = with_room(image)
    assert around.shape == (96, 96) and np.array_equal(around[24:72, 24:72], image)
    assert (around[:24, :24] == image[0, 0]).all() and (around[30, 72:] == image[6, -1]).all()


def test_a_mean_face_is_that_of_its_pictures_alone() -> None:
    dataset = small_set()
    face = mean_face(dataset.images_gray, np.array([True, True, False, False, False]))
    assert (face.n, face.mean.max(), face.mean.min(), face.deviation.max()) == (2, 15, 15, 5)
    everything = mean_face(dataset.images_gray)
    assert np.allclose(everything.mean, dataset.images_gray.mean(axis=0))
    assert np.allclose(everything.deviation, dataset.images_gray.std(axis=0), atol=1e-3)
    nothing = mean_face(dataset.images_gray, np.zeros(5, bool))
    assert nothing.n == 0 and np.isnan(nothing.mean).all()
    happy = faces_of_classes(rows_of(dataset), dataset.images_gray, "label")["happy"]
    assert (happy.n, happy.mean[0, 0]) == (2, 137.5)


def test_the_shipped_faces_are_of_whole_classes() -> None:
    of_labels, of_votes = shipped_class_faces("label"), shipped_class_faces("vote")
    table = shipped_rows()
    assert sum(face.n for face in of_labels.values()) == len(table)
    assert min(face.n for face in (*of_labels.values(), *of_votes.values())) > 200
    for code, face in of_labels.items():
        whole_class = table.values("brightness")[table.texts("label") == code]
        assert face.mean.mean() == pytest.approx(whole_class.mean(), abs=0.01)

"""FER2013 as folders of pictures, in the spellings that go around."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from fer_core.datasets.find import find_fer2013
from fer_core.datasets.formats import folders
from fer_core.datasets.formats.folders import Picture, usages_of
from fer_core.datasets.load import fer2013_signature, load_fer2013
from fer_core.datasets.splits import available_splits, split
from fer_core.errors import DatasetError

AddPicture = Callable[..., np.ndarray]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def add(root: Path) -> AddPicture:
    """Write one picture below the folder and return its grey values."""
    random = np.random.default_rng(48)

    def _add(name: str, shape: tuple[int, ...] = (48, 48)) -> np.ndarray:
        image = random.integers(0, 256, shape, dtype=np.uint8)
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(cv2.imencode(file.suffix.lower(), image)[1].tobytes())
        return image

    return _add


def picture(role: str, prefix_usage: int | None = None) -> Picture:
    return Picture("x.jpg", 1, 1, 0, role, prefix_usage)


def test_pictures_are_read_by_split_emotion_and_name(root: Path, add: AddPicture) -> None:
    happy = add("train/happy/b.png")
    angry = add("train/angry/Training_1.png")
    public = add("test/sad/PublicTest_7.png")
    private = add("test/sad/PrivateTest_3.png")
    dataset = load_fer2013(root)
    assert dataset.form == "folders"
    assert dataset.source == root
    assert dataset.votes is None
    assert dataset.rows.tolist() == [0, 1, 2, 3]
    assert np.array_equal(dataset.images_gray, [private, public, angry, happy])
    assert dataset.emotions.tolist() == [4, 4, 0, 3]
    assert dataset.usages.tolist() == [2, 1, 0, 0]
    assert set(available_splits(dataset)) == {"Training", "PublicTest", "PrivateTest"}


@pytest.mark.parametrize(
    ("folder", "code"),
    [("angry", 0), ("anger", 0), ("Disgusted", 1), ("FEARFUL", 2), ("happiness", 3), ("Sadness", 4),
     ("surprised", 5), ("Netral", 6), ("senang", 3), ("6", 6)],
)  # fmt: skip
def test_emotions_have_several_spellings(root: Path, add: AddPicture, folder: str, code: int) -> None:
    add(f"Training/{folder}/1.PNG")
    assert load_fer2013(root).emotions.tolist() == [code]


def test_jpeg_and_colour_pictures_become_grey(root: Path, add: AddPicture) -> None:
    add("train/fear/1.jpg", (48, 48, 3))
    add("train/fear/2.jpeg")
    add("train/fear/3.png", (48, 48, 4))
    assert load_fer2013(root).images_gray.shape == (3, 48, 48)


@pytest.mark.parametrize("where", ["fer2013/images", "archive", "."])
def test_folders_below_the_place_are_found(root: Path, add: AddPicture, where: str) -> None:
    add(f"{where}/train/happy/1.png")
    assert find_fer2013(root) == root / where


def test_a_test_folder_that_hides_the_official_sets_says_so(root: Path, add: AddPicture) -> None:
    add("train/happy/im0.png")
    add("test/happy/im0.png")
    add("test/sad/im1.png")
    dataset = load_fer2013(root)
    assert available_splits(dataset) == ("Training", "Test")
    assert len(split(dataset, "Test")) == 2
    for name in ("PublicTest", "PrivateTest"):
        with pytest.raises(DatasetError, match=f"do not say which picture belongs to {name}"):
            split(dataset, name)


def test_usage_comes_from_the_name_then_the_folder_then_nowhere() -> None:
    assert usages_of([picture("test", 1), picture("test", 2), picture("train", 0)]).tolist() == [1, 2, 0]
    assert usages_of([picture("public"), picture("private")]).tolist() == [1, 2]
    assert usages_of([picture("train"), picture("validation"), picture("test")]).tolist() == [0, 1, 2]
    assert usages_of([picture("train"), picture("test")]).tolist() == [0, 3]
    assert usages_of([picture("train"), picture("validation")]).tolist() == [0, 3]


def test_a_validation_folder_beside_all_7178_test_pictures_is_not_taken_for_public_test() -> None:
    usages = usages_of([picture("validation")] * 10 + [picture("test")] * 7_178)
    assert set(usages.tolist()) == {3}


@pytest.mark.parametrize("names", [["train"], ["train/happy", "test/sad"]])
def test_folders_without_pictures(root: Path, names: list[str]) -> None:
    for name in names:
        (root / name).mkdir(parents=True)
    (root / names[0] / "readme.txt").write_text("no picture")
    with pytest.raises(DatasetError, match=r"data has no pictures in train or test\."):
        load_fer2013(root)


def test_a_folder_of_an_unknown_emotion_is_named(root: Path, add: AddPicture) -> None:
    add("train/happy/1.png")
    add("train/bored/1.png")
    with pytest.raises(DatasetError, match=r"The folder .*bored is not named after one of the seven"):
        load_fer2013(root)


def test_remains_of_other_programs_are_passed_over(root: Path, add: AddPicture) -> None:
    add("train/happy/1.png")
    (root / "train/happy/._1.png").write_bytes(b"macOS")
    (root / "train/happy/Thumbs.db").write_bytes(b"Windows")
    for name in ("train/.ipynb_checkpoints", "train/__MACOSX", "models"):
        (root / name).mkdir()
    assert len(load_fer2013(root)) == 1


def test_every_ending_of_a_picture_counts_and_a_folder_called_so_does_not(
    root: Path, add: AddPicture
) -> None:
    for name in ("a.jpg", "b.png"):
        add(f"train/happy/{name}")
    jpeg = (root / "train/happy/a.jpg").read_bytes()
    for name in ("c.JFIF", "d.jpe", "e.mpo"):
        (root / "train/happy" / name).write_bytes(jpeg)
    (root / "train/happy/f.jpg").mkdir()
    assert len(load_fer2013(root)) == 5


def closed_to_everyone(monkeypatch: pytest.MonkeyPatch, closed: Path) -> None:
    """Also to root."""
    scandir = os.scandir

    def refused(path: str = ".") -> object:
        if Path(path) == closed:
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refused)


@pytest.mark.parametrize("closed", ["test", "test/happy", "train"])
def test_a_folder_that_cannot_be_read_is_refused_and_named(
    root: Path, add: AddPicture, monkeypatch: pytest.MonkeyPatch, closed: str
) -> None:
    add("train/happy/1.png")
    add("test/happy/1.png")
    closed_to_everyone(monkeypatch, root / closed)
    sentence = re.escape(f"{root / closed} cannot be read (Permission denied).")
    with pytest.raises(DatasetError, match=sentence):
        load_fer2013(root)
    if closed != "test/happy":  # of which only the time of change is looked at
        with pytest.raises(DatasetError, match=sentence):
            fer2013_signature(root)


@pytest.mark.parametrize("closed", [".", "below"])
def test_where_nothing_is_found_the_folder_that_cannot_be_read_is_named(
    root: Path, monkeypatch: pytest.MonkeyPatch, closed: str
) -> None:
    (root / "below").mkdir(parents=True)
    closed_to_everyone(monkeypatch, root / closed)
    with pytest.raises(
        DatasetError, match=re.escape(f"where {root / closed} cannot be read (Permission denied)")
    ):
        find_fer2013(root)


def test_a_closed_folder_beside_the_data_set_changes_nothing(
    root: Path, add: AddPicture, monkeypatch: pytest.MonkeyPatch
) -> None:
    add("inner/train/happy/1.png")
    (root / "aside").mkdir()
    closed_to_everyone(monkeypatch, root / "aside")
    assert len(load_fer2013(root)) == 1


@pytest.mark.skipif(os.name == "nt", reason="this system has no such files")
def test_links_are_followed_and_every_name_of_a_picture_counts(root: Path, add: AddPicture) -> None:
    add("../elsewhere/1.png")
    (root / "train").mkdir(parents=True)
    (root / "train/happy").symlink_to(root.parent / "elsewhere")
    (root / "train/sad").mkdir()
    for name in ("1.png", "2.png"):  # as a store by content keeps two equal pictures
        (root / "train/sad" / name).symlink_to(root.parent / "elsewhere/1.png")
    assert load_fer2013(root).emotions.tolist() == [3, 4, 4]


@pytest.mark.skipif(os.name == "nt", reason="this system has no such files")
@pytest.mark.parametrize("name", ["test", "train/sad"])
def test_a_link_that_leads_nowhere_is_not_passed_over(root: Path, add: AddPicture, name: str) -> None:
    add("train/happy/1.png")
    (root / name).symlink_to(root / "not mounted")
    with pytest.raises(DatasetError, match=rf"{name} cannot be read \(No such file"):
        load_fer2013(root)


@pytest.mark.skipif(os.name == "nt", reason="this system has no such files")
def test_one_folder_under_two_names_is_refused(root: Path, add: AddPicture) -> None:
    add("train/happy/1.png")
    (root / "test").symlink_to(root / "train")
    with pytest.raises(DatasetError, match=r"train.happy and .*test.happy are one and the same"):
        load_fer2013(root)


@pytest.mark.skipif(os.name == "nt", reason="this system has no such files")
@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_what_is_no_file_is_named_and_not_waited_for(root: Path, add: AddPicture, kind: str) -> None:
    add("train/happy/1.png")
    if kind == "pipe":
        os.mkfifo(root / "train/happy/2.png")
    else:
        (root / "train/happy/2.png").symlink_to("/dev/zero")
    with pytest.raises(DatasetError, match=r"^train.happy.2\.png cannot be read as a picture"):
        load_fer2013(root)


@pytest.mark.parametrize("content", [b"", b"not a picture", b"\x89PNG\r\n\x1a\n"])
def test_a_broken_picture_is_named(root: Path, add: AddPicture, content: bytes) -> None:
    add("train/happy/1.png")
    (root / "train/happy/2.png").write_bytes(content)
    with pytest.raises(DatasetError, match=r"^train.happy.2\.png cannot be read as a picture"):
        load_fer2013(root)


def test_a_picture_of_another_size_is_named(root: Path, add: AddPicture) -> None:
    add("train/happy/1.png", (48, 64))
    with pytest.raises(DatasetError, match=r"^train.happy.1\.png has 64 × 48 pixels"):
        load_fer2013(root)


def test_folders_come_from_the_cache_until_a_picture_changes(
    root: Path, add: AddPicture, monkeypatch: pytest.MonkeyPatch
) -> None:
    readings: list[int] = []
    original = folders.read_pictures

    def counted(folder: Path, pictures: list[Picture], progress: object) -> tuple[np.ndarray, ...]:
        readings.append(len(pictures))
        return original(folder, pictures, None)

    monkeypatch.setattr(folders, "read_pictures", counted)
    add("train/happy/1.png")
    first = load_fer2013(root)
    assert np.array_equal(load_fer2013(root).images_gray, first.images_gray)
    assert readings == [1]
    add("test/happy/1.png")
    assert len(load_fer2013(root)) == 2
    assert readings == [1, 2]


def test_progress_reaches_one(root: Path, add: AddPicture) -> None:
    add("train/happy/1.png")
    parts: list[float] = []
    load_fer2013(root, progress=parts.append)
    assert parts[-1] == 1.0

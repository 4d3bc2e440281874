"""Files that people name: what folders and patterns give, and that nothing which is no file is waited for."""

from __future__ import annotations

import io
import os
import re
import socket
import tempfile
import threading
from pathlib import Path

import pytest
from PIL import Image

from fer_core.batch.files import photo_files
from fer_core.errors import RautError
from fer_core.faces.images import decode_image
from fer_core.folders import (
    COMPANION_PATTERN,
    PICTURE_ENDINGS,
    FileTooLargeError,
    is_companion,
    is_companion_path,
    read_regular_file,
)

POSIX = pytest.mark.skipif(os.name == "nt", reason="this system has no such files")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def touch(*names: str) -> None:
    for name in names:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).touch()


def found(*paths: str) -> list[str]:
    """With an exclamation mark before the sentences."""
    errors: list[RautError] = []
    files = list(photo_files([Path(path) for path in paths], errors.append))
    return files + [f"! {error}" for error in errors]


def close(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Also for root, to whom no folder is closed."""
    scandir = os.scandir

    def closed(path: str = ".") -> object:
        if Path(path).name == name:
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", closed)


@pytest.mark.parametrize("ending", [*PICTURE_ENDINGS, ".JPG", ".JFIF", ".Hif", ".mPo"])
def test_every_ending_is_taken_in_any_case(ending: str) -> None:
    touch(f"d/a{ending}", "d/a.txt", "d/a.xmp", "d/a.aae", "d/jpg")
    assert found("d") == [os.path.join("d", f"a{ending}")]


def test_the_documents_name_the_endings() -> None:
    text = (Path(__file__).resolve().parents[2] / "docs/many-photos.md").read_text(encoding="utf-8")
    assert [ending for ending in PICTURE_ENDINGS if f" {ending}" not in text] == []


def test_a_picture_of_two_cameras_is_read_under_any_ending() -> None:
    file = io.BytesIO()
    Image.new("RGB", (8, 6), "red").save(
        file, "MPO", save_all=True, append_images=[Image.new("RGB", (8, 6), "blue")]
    )
    assert decode_image(file.getvalue(), "a.mpo").shape == (6, 8, 3)


def test_a_folder_is_looked_through_in_the_order_of_names_part_by_part() -> None:
    touch("d/b.jpg", "d/a/z.jpg", "d/a.jpg", "d/a-b/c.jpg", "d/B.jpg")
    by_parts = sorted(
        ("d/b.jpg", "d/a/z.jpg", "d/a.jpg", "d/a-b/c.jpg", "d/B.jpg"), key=lambda name: Path(name).parts
    )
    assert [Path(name) for name in found("d")] == [Path(name) for name in by_parts]
    assert found("d") == found("d/**/*.jpg") == found("d/**") == found("*")


def test_in_this_folder_names_come_without_a_dot_before_them() -> None:
    touch("a.jpg")
    assert found(".") == found("*.jpg") == ["a.jpg"]


@pytest.mark.parametrize(
    "name",
    ["._a.jpg", ".hidden.jpg", ".thumbnails/1.jpg", "@eaDir/a.jpg/SYNOPHOTO_THUMB_XL.jpg", "#recycle/b.jpg",
     "__MACOSX/c.jpg", "$RECYCLE.BIN/d.jpg", "lost+found/e.jpg"],
)  # fmt: skip
def test_what_systems_and_programs_put_there_is_left_out_of_folders_and_patterns(name: str) -> None:
    touch("d/a.jpg", f"d/{name}")
    for path in ("d", "d/**/*.jpg", "d/**", "d/*"):
        assert found(path) == [os.path.join("d", "a.jpg")]
    assert found(f"d/{name}") == [os.path.join("d", name)], "what is named itself is read"
    assert is_companion_path(name) and re.search(COMPANION_PATTERN, f"d/{name.upper()}", re.IGNORECASE)


@pytest.mark.parametrize(
    "name", ["a.jpg", "a/b.jpg", "../a.jpg", "./a.jpg", "a..jpg", "x@eaDir.jpg", "my Thumbs.db"]
)
def test_nothing_else_is_a_companion(name: str) -> None:
    assert not is_companion_path(name)
    assert not is_companion(Path(name).name)


def test_a_pattern_that_ends_in_a_star_leaves_out_files_that_a_folder_leaves_out() -> None:
    touch("d/a.jpg", "d/a.aae", "d/notes.txt", "d/raw.dat")
    assert found("d/*") == found("d/a*") == found("d/*.*") == [os.path.join("d", "a.jpg")]
    assert found("d/*.dat") == [os.path.join("d", "raw.dat")]


def test_a_folder_whose_name_ends_as_a_picture_is_a_folder() -> None:
    touch("d/album.jpg/1.png", "d/empty.png/notes.txt")
    assert found("d") == found("d/*.jpg") == [os.path.join("d", "album.jpg", "1.png")]


@pytest.mark.parametrize("folder", ["[2024] holiday", "a?b*c", "[", "**x"])
@POSIX
def test_the_part_of_a_pattern_that_exists_is_meant_by_its_name(folder: str) -> None:
    touch(f"{folder}/a.jpg", f"{folder}/b.png", "2 holiday/no.jpg", "axbyc/no.jpg")
    assert found(f"{folder}/*.jpg") == [f"{folder}/a.jpg"]
    assert found(folder) == [f"{folder}/a.jpg", f"{folder}/b.png"]
    touch("deep/x/photo[1].jpg", "deep/x/photo1.jpg", "deep/y/photo1.jpg")
    assert found("deep/x/photo[1].jpg") == ["deep/x/photo[1].jpg"]
    assert found("deep/*/photo[1].jpg") == ["deep/x/photo[1].jpg", "deep/y/photo1.jpg"]


def test_a_pattern_that_matches_nothing_and_a_path_that_is_not_there_are_given_back() -> None:
    touch("d/a.jpg")
    assert found("d/*.png", "gone.jpg", "d/a.jpg/*.jpg") == [
        os.path.join("d", "*.png"), "gone.jpg", os.path.join("d", "a.jpg", "*.jpg"),
    ]  # fmt: skip


def test_a_folder_without_a_photo_is_a_sentence_and_the_others_go_on() -> None:
    touch("d/notes.txt", "e/a.jpg")
    first, sentence = found("d", "e")
    assert first == os.path.join("e", "a.jpg")
    assert sentence.startswith(
        "! There is no photo in the folder d. Looked for were files that end in .jpg, "
    )


def test_every_file_comes_once_however_it_is_reached() -> None:
    touch("d/a.jpg", "d/b.jpg")
    a, b = os.path.join("d", "a.jpg"), os.path.join("d", "b.jpg")
    assert found("d", "d") == found("d", "d/*.jpg") == found("d", "d/b.jpg") == [a, b]
    assert found("d/b.jpg", "d") == [b, a]
    assert found("d/b.jpg", "d/b.jpg", "./d/b.jpg") == [b]


@POSIX
def test_links_are_followed_each_real_file_comes_once_and_loops_end() -> None:
    touch("real/a.jpg", "d/own.jpg")
    os.symlink("../real", "d/sub")
    os.symlink("../real/a.jpg", "d/x.jpg")
    os.symlink(".", "d/self")
    os.symlink("../d", "d/up")
    os.symlink("circle.jpg", "d/circle.jpg")
    os.symlink("nowhere.jpg", "d/gone.jpg")
    expected = ["d/circle.jpg", "d/gone.jpg", "d/own.jpg", "d/sub/a.jpg"]
    assert found("d") == found("d/**/*.jpg") == expected
    assert found("d/*/*.jpg") == ["d/self/circle.jpg", "d/self/gone.jpg", "d/self/own.jpg", "d/self/x.jpg"]
    assert found("d/**/**/*/**/*.jpg", "d/own.jpg")[0] == "d/self/circle.jpg"


@POSIX
def test_a_named_link_has_its_own_row_and_a_hard_link_is_a_file_of_its_own() -> None:
    touch("d/a.jpg")
    os.symlink("a.jpg", "d/link.jpg")
    os.link("d/a.jpg", "d/hard.jpg")
    assert found("d/a.jpg", "d/link.jpg") == ["d/a.jpg", "d/link.jpg"]
    assert found("d") == ["d/a.jpg", "d/hard.jpg"]


@POSIX
def test_folders_deeper_than_the_stack_of_python_are_looked_through() -> None:
    folders = ["/".join(["d"] * depth) for depth in range(1, 1201)]
    for folder in folders:
        os.mkdir(folder)
    photo = f"{folders[-1]}/a.jpg"
    touch(photo)
    try:
        assert found("d") == [photo]
    finally:
        os.remove(photo)
        for folder in reversed(folders):  # which pytest, by recursion, could not
            os.rmdir(folder)


def test_a_folder_that_cannot_be_read_is_named_and_the_rest_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    touch("d/a.jpg", "d/closed/b.jpg", "d/z.jpg")
    close(monkeypatch, "closed")
    closed = os.path.join("d", "closed")
    sentence = (
        f"! The folder {closed} cannot be read (Permission denied), and what is in it is left out. Check that "
        "you may open it."
    )
    files = [os.path.join("d", "a.jpg"), os.path.join("d", "z.jpg")]
    assert found("d") == found("d/**/*.jpg") == [*files, sentence]
    assert found("d/closed") == found("d/closed/*.jpg") == [sentence], "and no second sentence"


@POSIX
@pytest.mark.skipif(os.name == "posix" and not os.path.exists("/proc"), reason="names of files are text here")
def test_names_that_are_no_text_or_have_line_ends_are_names() -> None:
    for name in (os.fsdecode(b"d/caf\xe9.jpg"), "d/two\nlines.jpg"):
        touch(name)
    assert (
        found("d")
        == found("d/*.jpg")
        == found("d/*[e\udce9s].jpg")
        == [os.fsdecode(b"d/caf\xe9.jpg"), "d/two\nlines.jpg"]
    )


@POSIX
@pytest.mark.parametrize("kind", ["pipe", "socket", "device", "folder"])
def test_what_is_no_regular_file_is_refused_at_once(here: Path, kind: str) -> None:
    path = here / "a.jpg"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    elif kind == "folder":
        path.mkdir()
    else:
        with tempfile.TemporaryDirectory() as short, socket.socket(socket.AF_UNIX) as listener:
            listener.bind(f"{short}/s")
            os.rename(f"{short}/s", path)
    with pytest.raises(OSError, match="directory" if kind == "folder" else "not a regular file"):
        read_regular_file(str(path), 100)


@POSIX
def test_a_pipe_that_takes_the_place_of_a_file_is_not_waited_for(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    touch("a.jpg")
    as_it_was = os.stat("a.jpg")
    os.remove("a.jpg")
    os.mkfifo("a.jpg")
    monkeypatch.setattr(os, "stat", lambda path, **kwargs: as_it_was)
    told: list[str] = []

    def read() -> None:
        try:
            read_regular_file("a.jpg", 100)
        except OSError as error:
            told.append(str(error))

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    thread.join(5)
    assert told and "not a regular file" in told[0]


def test_no_more_is_read_than_allowed_whatever_the_size_is_said_to_be(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = here / "a"
    for size in (0, 1, 99, 100):
        file.write_bytes(b"x" * size)
        assert read_regular_file(str(file), 100) == b"x" * size
    file.write_bytes(b"x" * 101)
    with pytest.raises(FileTooLargeError) as caught:
        read_regular_file(str(file), 100)
    assert caught.value.size_bytes == 101
    nothing = os.stat_result([33188, 0, 0, 1, 0, 0, 0, 0, 0, 0])  # as the files of /proc
    monkeypatch.setattr(os, "fstat", lambda handle: nothing)
    with pytest.raises(FileTooLargeError):
        read_regular_file(str(file), 100)
    assert read_regular_file(str(file), 101) == b"x" * 101

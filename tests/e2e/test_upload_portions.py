"""Hundreds of files, and folders, through the browser: they come in portions, and none is lost."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from fer_core.places import SAMPLE_PHOTO
from tests.e2e.conftest import OpenPage, StartServer
from tests.e2e.watch import WatchedPage

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def pictures(folder: Path, count: int) -> list[Path]:
    """So many different small pictures without a face, some with names that are not ASCII."""
    files = []
    for number in range(count):
        files.append(folder / f"foto-è-{number:03}.png")
        Image.new("RGB", (48, 36), (number % 256, number // 256, 90)).save(files[-1])
    return files


def drop(watched: WatchedPage, paths: list[Path]) -> None:
    """Let a person's hand, as the browser sees it, drop files or folders on the drop area."""
    box = watched.page.get_by_test_id("stFileUploaderDropzone").bounding_box()
    assert box is not None
    devtools = watched.page.context.new_cdp_session(watched.page)
    for step in ("dragEnter", "dragOver", "drop"):
        devtools.send(
            "Input.dispatchDragEvent",
            {
                "type": step,
                "x": box["x"] + box["width"] / 2,
                "y": box["y"] + 20,
                "data": {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1},
            },
        )


def test_more_files_than_one_portion_all_come_also_when_the_reader_leaves_the_page_meanwhile(
    open_page: OpenPage, tmp_path: Path
) -> None:
    files = pictures(tmp_path, 450)
    watched = open_page("photos")
    watched.page.locator("input[type=file]").set_input_files(files)
    watched.page.get_by_text("250 more files wait in this tab").wait_for(timeout=30_000)
    watched.go("About")
    watched.go("Photos")
    watched.page.get_by_text("450 photos · 0 faces · 450 without a face", exact=True).wait_for(
        timeout=120_000
    )
    watched.page.get_by_text("foto-è-000.png").first.wait_for()  # under its own name, and not the zip's
    assert watched.page.get_by_text("more files wait").count() == 0
    assert watched.page.get_by_test_id("stFileChips").count() == 0
    # A picture that was asked for just when the reader left may be gone by then.
    assert watched.troubles == []
    assert watched.requests_outside == []


def test_a_folder_with_folders_can_be_dropped(open_page: OpenPage, tmp_path: Path) -> None:
    folder = tmp_path / "study"
    (folder / "day 2").mkdir(parents=True)
    for file in pictures(folder, 60):  # more than the 50 MB that one picture may have
        with file.open("ab") as end:
            end.write(bytes(1024 * 1024))
    (folder / "day 2" / SAMPLE_PHOTO.name).write_bytes(SAMPLE_PHOTO.read_bytes())
    (folder / ".DS_Store").write_bytes(b"what macOS leaves in each folder")
    preview = folder / "@EADIR" / "1.png" / "SYNOPHOTO_THUMB_XL.jpg"
    preview.parent.mkdir(parents=True)
    preview.write_bytes(b"what a storage device leaves in each folder")
    watched = open_page("photos")
    drop(watched, [folder])
    watched.page.get_by_text("61 photos · 1 face · 60 without a face", exact=True).wait_for(timeout=60_000)
    watched.settle()
    assert watched.page.get_by_text("study/foto-è-000.png").count() >= 1
    assert watched.troubles == []


def test_more_archives_than_files_of_a_portion_are_handed_over_once(
    open_page: OpenPage, tmp_path: Path
) -> None:
    archives = []
    for picture in pictures(tmp_path, 52):
        archives.append(picture.with_suffix(".zip"))
        with zipfile.ZipFile(archives[-1], "w") as archive:
            archive.write(picture, picture.name)
    watched = open_page("photos")
    watched.page.locator("input[type=file]").set_input_files(archives)
    watched.page.get_by_text("52 photos · 0 faces · 52 without a face", exact=True).wait_for(timeout=60_000)
    watched.settle()
    assert watched.troubles == []


def test_a_few_dropped_files_go_to_the_uploader_as_they_are(open_page: OpenPage) -> None:
    watched = open_page("photos")
    drop(watched, [SAMPLE_PHOTO])
    watched.page.locator(".raut-faces > li").wait_for(timeout=60_000)
    assert watched.page.get_by_test_id("stFileChips").count() == 1
    assert watched.troubles == []


def test_more_files_than_the_limit_are_looked_at_up_to_it_with_a_sentence(
    browser: Browser, start_server: StartServer, tmp_path: Path
) -> None:
    context = browser.new_context(locale="en-US")
    watched = WatchedPage(context.new_page(), start_server(RAUT_MAX_PHOTOS="210"))
    watched.visit("photos")
    watched.page.locator("input[type=file]").set_input_files(pictures(tmp_path, 450))
    watched.page.get_by_text(
        "210 photos · 0 faces · 210 without a face · 1 file could not be read", exact=True
    ).wait_for(timeout=90_000)
    watched.settle()
    assert watched.page.get_by_text("more files wait").count() == 0
    watched.page.get_by_role("button", name="Page 22").click()  # the last page, ten photos each
    watched.page.get_by_role("alert").filter(has_text="the limit is 210").wait_for(timeout=30_000)
    assert watched.troubles == []
    context.close()

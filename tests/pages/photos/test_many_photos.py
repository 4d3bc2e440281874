"""Many photos on the Photos page: zips, names, stopping, memory, table, gallery and charts."""

from __future__ import annotations

import io
import json
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from fer_core.errors import ImageError, RautError
from fer_core.faces.detection import FaceDetector
from fer_core.faces.limits import Limits
from fer_core.faces.search import photo_search
from fer_core.faces.uploads import UploadedPicture
from fer_core.photos import analysis as core_photos
from fer_core.photos import shelf as shelf_module
from fer_core.photos.shelf import PhotoShelf, _photos, find_faces
from fer_core.photos.work import look_at
from fer_core.places import SAMPLE_PHOTO
from pages.photos.table_and_gallery import FaceRow, face_rows
from tests.network_records import network_of
from tests.pages.harness import assert_no_trouble, texts
from tests.pages.photo_harness import Opened, encoded, page_html, shelf_of, upload
from tests.recognizers import SureRecognizer, WaitingRecognizer

if TYPE_CHECKING:
    from fer_core.store.network import NetworkInfo

ASTRONAUT = SAMPLE_PHOTO.read_bytes()


def wall(shade: int) -> bytes:
    return encoded(Image.new("RGB", (60, 40), (shade, 90, 90)), "PNG")


def zipped(*entries: tuple[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return file.getvalue()


ZIP = zipped(
    ("ani/1.jpg", ASTRONAUT), ("../../budi.png", wall(1)), ("notes.txt", b"Dear diary"), ("in.zip", zipped())
)


def open_view(app: AppTest, name: str) -> AppTest:
    app.session_state["photo_view"] = name
    return app.run()


class Dropped(NamedTuple):
    """A file as the drop area gives it."""

    file_id: str
    name: str
    content: bytes

    def getvalue(self) -> bytes:
        return self.content


def shelf_with(*contents: bytes) -> PhotoShelf:
    shelf = PhotoShelf()
    for photo in _photos((UploadedPicture(f"{n}.png", data) for n, data in enumerate(contents)), {}):
        shelf.kept[photo.key] = photo
    return shelf


@pytest.fixture
def sure(one_network: NetworkInfo) -> SureRecognizer:
    return SureRecognizer(one_network)


# --- what comes in ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "2 files that programs put beside the photos were left out (previews, settings)."),
        ("id", "2 berkas yang ditaruh program di samping foto dilewatkan (pratinjau, pengaturan)."),
    ],
)
def test_what_programs_put_beside_the_photos_of_a_zip_is_a_count_and_no_row(
    photos_page: Opened, language: str, sentence: str
) -> None:
    content = zipped(
        ("album.jpg/1.png", wall(1)),
        ("album.jpg/2.png", wall(2)),
        ("album.jpg/1.xmp", b"<x/>"),
        ("album.jpg/@eaDir/1.png/THUMB.jpg", wall(3)),
        ("__MACOSX/album.jpg/._1.png", b"x"),
        ("Thumbs.db", b"x"),
    )
    app = photos_page(("class.zip", content), language=language)
    assert_no_trouble(app)
    assert [photo.name for photo in shelf_of(app).photos] == ["album.jpg/1.png", "album.jpg/2.png"]
    assert sentence in [caption.value for caption in app.caption]
    app.run()
    assert sentence in [caption.value for caption in app.caption], "once, and not more with every run"
    shelf_of(app).clear()
    assert sentence not in [caption.value for caption in app.run().caption]


@pytest.mark.parametrize(("language", "sentence"), [("en", "a zip within a zip"), ("id", "zip di dalam zip")])
def test_a_zip_is_its_pictures_and_what_fails_is_a_row(
    photos_page: Opened, language: str, sentence: str
) -> None:
    app = photos_page(("class.zip", ZIP), language=language)
    assert_no_trouble(app)
    assert [photo.name for photo in shelf_of(app).photos] == ["ani/1.jpg", "budi.png", "notes.txt", "in.zip"]
    assert page_html(app).count('class="raut-face"') == 1
    assert len(app.error) == 2
    assert sentence in app.error[1].value.replace("\\", "")


def test_what_came_many_at_once_leaves_the_uploader_and_streamlits_own_memory(photos_page: Opened) -> None:
    app = photos_page(("class.zip", ZIP))
    assert app.file_uploader[0].value == []
    assert shelf_of(app).uploads == {} and shelf_of(app).round == 1
    upload(app, ("late.png", wall(9)))
    assert [photo.name for photo in shelf_of(app).photos][-1] == "late.png"


def test_two_files_of_one_name_are_told_apart_and_one_file_twice_is_one(photos_page: Opened) -> None:
    app = photos_page(("a.png", wall(1)), ("a.png", wall(2)), ("a.png", wall(1)), ("b.png", wall(1)))
    assert_no_trouble(app)
    assert [photo.name for photo in shelf_of(app).photos] == ["a.png", "a (2).png", "b.png"]


def test_pages_of_a_tiff_are_photos(photos_page: Opened) -> None:
    file = io.BytesIO()
    pages = [Image.open(io.BytesIO(ASTRONAUT)).convert("RGB"), Image.new("RGB", (60, 40))]
    pages[0].save(file, "TIFF", save_all=True, append_images=pages[1:])
    app = photos_page(("scan.tif", file.getvalue()))
    assert_no_trouble(app)
    assert [photo.name for photo in shelf_of(app).photos] == ["scan.tif, page 1", "scan.tif, page 2"]
    assert "1 without a face" in texts(app)


def test_photos_over_the_limit_are_one_sentence(photos_page: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf_module, "LIMITS", Limits(photos=3))
    app = photos_page(*((f"{n}.png", wall(n)) for n in range(9)))
    assert [photo.error is None for photo in shelf_of(app).photos] == [True, True, True, False]
    assert "more pictures than Raut takes" in app.error[0].value


# --- the thread ------------------------------------------------------------------------------------------


@pytest.fixture
def waiting(one_network: NetworkInfo) -> Iterator[WaitingRecognizer]:
    recognizer = WaitingRecognizer(one_network)
    yield recognizer
    recognizer.go.set()


def test_stopping_keeps_what_is_done_and_going_on_does_the_rest(waiting: WaitingRecognizer) -> None:
    shelf = shelf_with(*(wall(n) for n in range(4)))
    found = find_faces(shelf, waiting, photo_search("quick"), patience_s=0.5)
    assert [photo.name for photo, _finding in found] == ["0.png"]
    job = shelf.job
    assert job is not None and job.steps == 1 and job.seconds_left() is not None
    shelf.cancel()
    waiting.go.set()
    job.wait(20)
    assert len(find_faces(shelf, waiting, photo_search("quick"), patience_s=20)) == 1 and shelf.job is None
    shelf.go_on()
    assert len(find_faces(shelf, waiting, photo_search("quick"), patience_s=20)) == 4


def test_what_was_removed_meanwhile_does_not_come_back(waiting: WaitingRecognizer) -> None:
    shelf = shelf_with(*(wall(n) for n in range(4)))
    find_faces(shelf, waiting, photo_search("quick"), patience_s=0.5)
    job = shelf.job
    assert job is not None
    shelf.clear()
    waiting.go.set()
    job.wait(20)
    assert shelf.findings == {} and shelf.photos == []


def test_the_thread_ends_with_the_readers_page(sure: SureRecognizer) -> None:
    shelf = shelf_with(*(wall(n) for n in range(4)))
    answers, begin = iter([True, True, False]), threading.Event()
    find_faces(
        shelf, sure, photo_search("quick"), patience_s=0, lives=lambda: begin.wait(20) and next(answers)
    )
    job = shelf.job
    assert job is not None
    begin.set()
    job.wait(20)
    assert not job.running and job.steps == 2


def test_a_job_that_fails_as_a_whole_says_so_once_and_the_next_one_begins_anew(sure: SureRecognizer) -> None:
    shelf = shelf_with(*(wall(n) for n in range(3)))
    answers = iter([True])  # and then no more
    with pytest.raises(RautError, match="should not have"):
        find_faces(shelf, sure, photo_search("quick"), patience_s=20, lives=lambda: next(answers))
    assert len(shelf.findings) == 1 and shelf.job is None, "what was done is kept"
    assert len(find_faces(shelf, sure, photo_search("quick"), patience_s=20)) == 3


def test_what_was_found_of_a_photo_that_is_gone_stays_out(waiting: WaitingRecognizer) -> None:
    shelf = shelf_with(*(wall(n) for n in range(3)))
    find_faces(shelf, waiting, photo_search("quick"), patience_s=0.2)
    gone = shelf.photos[1]
    del shelf.kept[gone.key]
    waiting.go.set()
    found = find_faces(shelf, waiting, photo_search("quick"), patience_s=20)
    assert shelf.job is not None, "it goes on"
    shelf.job.wait(20)
    found = find_faces(shelf, waiting, photo_search("quick"), patience_s=20)
    assert [photo.name for photo, _finding in found] == ["0.png", "2.png"]
    assert gone.key not in {key[:2] for key in shelf.findings}


def test_settings_that_change_keep_what_was_found_with_those_before(waiting: WaitingRecognizer) -> None:
    shelf = shelf_with(*(wall(n) for n in range(3)))
    find_faces(shelf, waiting, photo_search("quick"), patience_s=0.5)
    waiting.go.set()
    assert len(find_faces(shelf, waiting, photo_search(), patience_s=20)) == 3
    assert ("0.png", photo_search("quick")) in {(key[0], key[3]) for key in shelf.findings}


def test_a_run_that_is_not_done_shows_how_far_it_is_and_can_be_stopped(
    photos_page: Opened, monkeypatch: pytest.MonkeyPatch, waiting: WaitingRecognizer
) -> None:
    monkeypatch.setattr("fer_core.photos.shelf.PATIENCE_S", 0.5)
    monkeypatch.setattr("pages.ui.resources._recognizer", lambda *_which: waiting)
    app = photos_page(*((f"{n}.png", wall(n)) for n in range(3)))
    assert_no_trouble(app)
    (stop,) = [button for button in app.button if button.label.startswith("Stop")]
    stop.click().run()
    assert "Stopped. 2 photos were not looked at." in texts(app)
    assert "1 photo " in texts(app)
    waiting.go.set()
    monkeypatch.setattr("fer_core.photos.shelf.PATIENCE_S", 60)
    next(button for button in app.button if button.label == "Go on").click().run()
    assert_no_trouble(app)
    assert "3 photos" in texts(app)


# --- memory ----------------------------------------------------------------------------------------------


def test_another_network_reads_the_faces_that_are_there_without_decoding_again(
    sure: SureRecognizer, one_network: NetworkInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = shelf_with(ASTRONAUT)
    ((_photo, first),) = find_faces(shelf, sure, photo_search(), patience_s=20)
    monkeypatch.setattr(core_photos, "decode_image", lambda *_args: pytest.fail("decoded again"))
    other = SureRecognizer(network_of("topeng", one_network.folder, labels=one_network.labels[::-1]))
    ((_photo, second),) = find_faces(shelf, other, photo_search(), patience_s=20)
    assert first.result.status == second.result.status == "ok"
    assert [face.label for face in first.result.faces] == ["sad"]
    assert [face.label for face in second.result.faces] == [other.labels[4]]
    assert second.result.labels == other.labels
    assert second.picture_jpeg is first.picture_jpeg


def test_bytes_are_let_go_over_the_limit_and_another_search_then_says_so(
    sure: SureRecognizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (3, 600, 600, 3)).astype(np.uint8)
    shelf = shelf_with(*(encoded(Image.fromarray(pixels), "PNG") for pixels in noise))  # 1 MB each
    monkeypatch.setattr(shelf_module, "LIMITS", Limits(kept_mb=2))
    find_faces(shelf, sure, photo_search("quick"), patience_s=20)
    assert [bool(photo.content) for photo in shelf.photos] == [False, False, True] or sum(
        len(photo.content or b"") for photo in shelf.photos
    ) <= 2 * 1024**2
    assert shelf.photos[0].content is None
    assert len(find_faces(shelf, sure, photo_search("quick"), patience_s=20)) == 3
    again = find_faces(shelf, sure, photo_search("thorough"), patience_s=20)
    assert "no longer in memory" in str(again[0][1].error)
    assert again[-1][1].error is None

    shelf.take_uploads([Dropped("again", shelf.photos[0].name, encoded(Image.fromarray(noise[0]), "PNG"))])
    after_the_drop = find_faces(shelf, sure, photo_search("thorough"), patience_s=20)
    assert len(after_the_drop) == 3 and after_the_drop[0][1].error is None, "as the sentence says"


def test_an_empty_file_is_called_empty_and_not_gone(sure: SureRecognizer) -> None:
    (photo,) = shelf_with(b"").photos
    assert "is empty" in str(look_at(photo, FaceDetector(), sure).error)


def test_a_failure_that_nobody_expected_is_logged_once_and_keeps_no_pixels(
    sure: SureRecognizer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_faces_gray: np.ndarray) -> np.ndarray:
        raise RuntimeError("broken")

    monkeypatch.setattr(sure, "predict", fail)
    (photo,) = shelf_with(ASTRONAUT).photos
    error = look_at(photo, FaceDetector(), sure).error
    assert isinstance(error, RautError) and "0.png" in str(error)
    assert error.__traceback__ is error.__context__ is None
    assert [record.exc_info is not None for record in caplog.records] == [True]


def test_what_failed_for_one_network_is_looked_at_anew_for_another_but_not_a_bad_file(
    sure: SureRecognizer, one_network: NetworkInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_faces_gray: np.ndarray) -> np.ndarray:
        raise RuntimeError("broken")

    shelf = shelf_with(ASTRONAUT, b"Dear diary")
    with monkeypatch.context() as broken:
        broken.setattr(sure, "predict", fail)
        found = find_faces(shelf, sure, photo_search(), patience_s=20)
    assert [finding.result.status for _photo, finding in found] == ["error", "error"]
    assert [finding.error is finding.result.error is not None for _photo, finding in found] == [True, True]
    other = SureRecognizer(network_of("topeng", one_network.folder, labels=one_network.labels[::-1]))
    (_photo, good), (_text, bad) = find_faces(shelf, other, photo_search(), patience_s=20)
    assert [face.label for face in good.result.faces] == [other.labels[4]]
    assert bad.error is found[1][1].error and bad.result.labels == other.labels


def test_a_picture_that_never_was_one_has_neither_content_nor_digest(sure: SureRecognizer) -> None:
    failed = [ImageError("{name} is damaged", name="a.png"), ImageError("{name} is locked", name="a.png")]
    pictures = [UploadedPicture("a.png", b"", error=error) for error in (*failed, failed[0])]
    first, second, _again = photos = list(_photos(pictures, {}))
    assert all(photo.content is photo.digest is None for photo in photos)
    assert [photo.name for photo in photos] == ["a.png", "a (2).png", "a.png"]
    assert len({photo.key for photo in photos}) == 2 and first.identity != second.identity
    found = look_at(first, FaceDetector(), sure)
    assert (found.result.status, found.error) == ("error", failed[0])


# --- table, gallery, charts ------------------------------------------------------------------------------


def test_the_table_has_a_picture_for_each_face_and_a_sentence_for_each_bad_file(photos_page: Opened) -> None:
    app = open_view(photos_page(("class.zip", ZIP)), "Table")
    assert_no_trouble(app)
    table = app.dataframe[0].value
    assert table["Photo"].tolist() == ["ani/1.jpg", "budi.png", "notes.txt", "in.zip"]
    assert table["Picture"][0].startswith("data:image/jpeg;base64,") and table["Picture"].isna().sum() == 3
    assert table["Probability"][0] == pytest.approx(91.76)
    shown_as = json.loads(app.dataframe[0].proto.columns)["Probability"]["type_config"]
    assert (shown_as["format"], shown_as["max_value"]) == ("%.0f%%", 100), "“91.76%” is English"
    assert table["Status"].tolist()[:2] == ["face found", "no face found"]
    assert "not a picture" in table["Status"][2] and "zip within a zip" in table["Status"][3]
    # A cell cuts a long sentence, so it also stands in whole.
    listed = next(found for found in app.expander if found.label == "2 files could not be read").markdown[0]
    assert "**notes.txt**: " in listed.value and "zip within a zip" in listed.value


@pytest.mark.parametrize(
    ("key", "value", "left"),
    [
        ("photos_answers", ["sad"], ["ani/1.jpg"]),
        ("photos_statuses", ["no_face"], ["budi.png"]),
        ("photos_probability", (90, 100), ["ani/1.jpg"]),
        ("photos_probability", (0, 90), []),
    ],
)
def test_a_filter_leaves_the_rows_that_fit(
    photos_page: Opened, key: str, value: object, left: list[str]
) -> None:
    app = open_view(photos_page(("class.zip", ZIP)), "Table")
    app.session_state[key] = value
    app.run()
    assert_no_trouble(app)
    assert f"{len(left)} of 4 rows" in texts(app)
    shown = app.dataframe[0].value["Photo"].tolist() if left else []
    assert shown == left


def test_gallery_and_charts_show_the_faces_and_say_so_without_any(photos_page: Opened) -> None:
    app = open_view(photos_page(("class.zip", ZIP)), "Gallery")
    assert_no_trouble(app)
    assert page_html(app).count("raut-gallery") == 1 and "ani/1.jpg · Face 1" in page_html(app)
    open_view(app, "Charts")
    assert_no_trouble(app)
    assert len(app.get("plotly_chart")) == 2
    upload(app, ("b.png", wall(3)))
    next(button for button in app.button if button.label == "Remove all photos").click().run()
    upload(app, ("a.png", wall(1)), ("b.png", wall(2)))
    for view in ("Charts", "Gallery", "Your rating"):
        open_view(app, view)
        assert_no_trouble(app)
        assert "There is no face to" in texts(app)


def test_a_row_stands_for_each_face_and_for_each_photo_without(sure: SureRecognizer) -> None:
    both = np.hstack([np.asarray(Image.open(io.BytesIO(ASTRONAUT)).convert("RGB"))] * 2)
    shelf = shelf_with(encoded(Image.fromarray(both), "PNG"), wall(1))
    rows: list[FaceRow] = face_rows(find_faces(shelf, sure, photo_search(), patience_s=20))
    assert [(row.photo.name, row.key[1], row.status) for row in rows] == [
        ("0.png", 1, "ok"),
        ("0.png", 2, "ok"),
        ("1.png", 0, "no_face"),
    ]
    assert all((row.picture is not None) == (row.face is not None) for row in rows)
    second = rows[1]
    result = second.finding.result
    assert result.status == "ok" and second.face is not None
    corrected = replace(
        second.finding, result=replace(result, faces=(second.face, replace(second.face, number=3)))
    )
    struck, drawn = face_rows([(second.photo, corrected)])
    assert struck.picture is second.picture, "the first face was struck out, the second keeps its picture"
    assert drawn.picture is not None and drawn.picture.small_url.startswith("data:image/png")

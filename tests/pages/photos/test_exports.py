"""Downloads of the Photos page: in the reader's language, made on demand, without photos unless asked for."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from fer_core.errors import ImageError
from fer_core.faces.detection import FaceDetector
from fer_core.faces.search import photo_search
from fer_core.photos.analysis import PhotoResult, analyze_photo
from fer_core.photos.findings import Finding, Photo
from fer_core.places import SAMPLE_PHOTO
from fer_core.recognition.recognizer import ExpressionRecognizer
from fer_core.store.folder import find_network, read_evaluation
from pages.photos.exports import EXPORTS, Asked, export
from pages.ui import i18n
from tests.pages.conftest import OpenApp
from tests.pages.harness import assert_no_trouble


@pytest.fixture(scope="module")
def parts() -> dict[str, Any]:
    """The sample photo, and one that cannot be read, as the page asks for files about them."""
    network = find_network("raut")
    content = SAMPLE_PHOTO.read_bytes()
    photo = Photo(SAMPLE_PHOTO.name, content, "a" * 64)
    result = analyze_photo(content, photo.name, FaceDetector(), ExpressionRecognizer(network))
    found = Finding(replace(result, image_rgb=None), content)
    error = ImageError("This file is empty ({name}). Copy or download it again.", name="空.jpg")
    unread = Finding(PhotoResult.unread("空.jpg", network.labels, error))
    return {
        "findings": [(photo, found), (Photo("空.jpg", b"", "b" * 64), unread)],
        "network": network,
        "search": photo_search(),
        "ratings": {("a" * 64, 1): "happy"},
        "raters": {},
        "made": datetime(2026, 11, 24, 14, 5, 9, tzinfo=UTC),
    }


@pytest.fixture(scope="module")
def asked(parts: dict[str, Any]) -> Asked:
    return Asked(**parts)


@pytest.mark.parametrize("kind", [kind for kind, *_rest in EXPORTS])
@pytest.mark.parametrize("code", i18n.LANGUAGES)
def test_every_file_can_be_made_where_there_is_no_reader(kind: str, code: str, asked: Asked) -> None:
    content = export(kind, asked, pictures=False, code=code)
    assert content == export(kind, asked, pictures=False, code=code)


def accuracy(asked: Asked) -> str:
    """Of the network on PrivateTest, as its evaluation has it: "72.1%"."""
    share = read_evaluation(asked.network)["splits"]["PrivateTest"]["accuracy"]
    return f"{100 * share:.1f}%"


def test_a_report_speaks_the_reader_s_language_and_the_data_do_not(asked: Asked) -> None:
    page = export("html", asked, pictures=False, code="id").decode()
    for text in (
        '<html lang="id">',
        "Senang",
        "Tingkat kesalahan model",
        accuracy(asked).replace(".", ","),
        "Berkas ini kosong (空.jpg)",
    ):
        assert text in page
    book = openpyxl.load_workbook(io.BytesIO(export("excel", asked, pictures=False, code="id")))
    assert book.sheetnames == ["Hasil", "Pengaturan", "Tentang"]
    assert [cell.value for cell in book["Hasil"][1]][:4] == ["photo", "file", "sha256", "page"]
    data = export("json", asked, pictures=False, code="id")
    assert data == export("json", asked, pictures=False, code="en")
    assert json.loads(data)["photos"][0]["faces"][0]["label"] == "happy"


def test_the_bundle_has_the_paragraph_in_both_languages(asked: Asked) -> None:
    with zipfile.ZipFile(io.BytesIO(export("bundle", asked, pictures=False, code="id"))) as bundle:
        assert bundle.read("README.md").decode().startswith("# Paket riset")
        assert f"its accuracy is {accuracy(asked)}" in bundle.read("methods-en.md").decode()
        assert f"akurasinya {accuracy(asked).replace('.', ',')}" in bundle.read("methods-id.md").decode()


@pytest.mark.parametrize("kind", ["html", "pdf", "bundle"])
def test_photos_are_in_a_report_only_when_asked_for(kind: str, asked: Asked) -> None:
    without, shown = (export(kind, asked, pictures=pictures, code="en") for pictures in (False, True))
    assert len(shown) > len(without) + 10_000
    if kind == "html":
        assert b"data:image" not in without
        assert shown.count(b"data:image") == 2  # the photo and its one face


def test_the_page_offers_the_files_and_leaves_photos_out_at_first(open_app: OpenApp) -> None:
    app: AppTest = open_app("pages/photos/page.py")
    assert not app.checkbox, "nothing to export yet"
    app.button[0].click().run()
    assert_no_trouble(app)
    labels = [element.label for element in app.get("download_button")]
    assert labels[1:] == [label for _kind, label, *_rest in EXPORTS]
    assert not app.checkbox(key="export_pictures").value


def test_pages_of_one_file_share_its_checksum_and_keep_their_own_ratings(asked: Asked) -> None:
    (photo, found), _unread = asked.findings
    second = Photo("b.tiff", b"", "c" * 64 + "-2", page=1)
    more = replace(asked, findings=[(photo, found), (second, found)], ratings={("c" * 64 + "-2", 1): "sad"})
    one, two = json.loads(export("json", more, pictures=False, code="en"))["photos"]
    assert (two["sha256"], two["page"], two["faces"][0]["rating"]) == ("c" * 64, 2, "sad")
    assert (one["page"], one["faces"][0]["rating"]) == (1, None)


def test_speaking_ends_where_it_began() -> None:
    with i18n.speaking("id"):
        assert i18n.format_number(1.5, 1) == "1,5"
        with i18n.speaking("en"):
            assert i18n.emotion_name("happy") == "Happy"
        assert i18n.emotion_name("happy") == "Senang"
    assert i18n.format_number(np.float64(1.5), 1) == "1.5"

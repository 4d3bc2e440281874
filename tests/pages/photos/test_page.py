"""The Photos page: numbered faces, bad files, CSV, and what outlasts a rerun."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import numpy as np
import pytest
import skimage.data
from PIL import Image
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block

from fer_core import __version__
from fer_core.faces.search import photo_search
from fer_core.labels import EXPRESSIONS
from fer_core.photos import analysis as core_photos
from fer_core.places import SAMPLE_PHOTO
from pages.photos.exports import Asked, csv_bytes
from pages.ui import resources
from pages.ui.charts import now_here
from pages.ui.i18n import speaking
from pages.ui.photo_block import marked_picture
from pages.ui.signs import emotion_sign
from tests.network_records import with_facts
from tests.pages.conftest import OpenApp
from tests.pages.harness import assert_no_trouble, texts
from tests.pages.photo_harness import PAGE, Opened, encoded, page_html, shelf_of, upload
from tests.recognizers import DoubtingRecognizer, SureRecognizer, WaveringRecognizer

if TYPE_CHECKING:
    from fer_core.photos.findings import Findings
    from fer_core.store.network import NetworkInfo

ASTRONAUT = SAMPLE_PHOTO.read_bytes()


WALL = encoded(Image.new("RGB", (300, 200), "tan"), "PNG")
DEEP = np.tile(np.linspace(0, 65_535, 300).astype(np.uint16), (200, 1))
FRAMES = [Image.new("RGB", (40, 40), colour) for colour in ("red", "blue")]
BOMB = encoded(Image.new("1", (20_000, 20_000)), "PNG")

BAD_FILES = {
    "empty.jpg": (b"", "is empty"),
    "text.jpg": (b"Dear diary", "not a picture"),
    "cut.jpg": (ASTRONAUT[:9000], "damaged or cut short"),
    "bomb.png": (BOMB, "too many pixels"),
}
ODD_FILES = {
    "dot.png": encoded(Image.new("RGB", (1, 1)), "PNG"),
    "cmyk.jpg": encoded(Image.new("CMYK", (200, 100)), "JPEG"),
    "deep.png": encoded(Image.fromarray(DEEP), "PNG"),
    "alpha.png": encoded(Image.new("RGBA", (200, 100), (9, 9, 9, 9)), "PNG"),
    "palette.png": encoded(Image.new("RGB", (200, 100), "red").quantize(8), "PNG"),
    "moving.gif": encoded(FRAMES[0], "GIF", save_all=True, append_images=FRAMES[1:]),
}


@pytest.mark.parametrize(
    ("language", "drop", "sample"),
    [("en", "Drop photos here", "Try a sample photo"), ("id", "Taruh foto di sini", "Coba foto contoh")],
)
def test_at_first_there_are_the_drop_area_and_the_sample(
    photos_page: Opened, language: str, drop: str, sample: str
) -> None:
    app = photos_page(language=language)
    assert_no_trouble(app)
    assert app.file_uploader[0].label.startswith(drop)
    assert [button.label for button in app.button] == [sample]
    assert len(app.pills(key="drawn_samples").options) == len(EXPRESSIONS) + 1
    assert SureRecognizer.calls == 0


@pytest.mark.parametrize(
    ("language", "drawn", "other", "nothing"),
    [
        ("en", "made to show “Happy”", "answer is another one", "says nothing about people"),
        ("id", "dimaksudkan menunjukkan “Senang”", "Jawaban model berbeda", "tidak menunjukkan apa pun"),
    ],
)
def test_a_click_analyses_a_drawing_or_all_of_them_and_says_what_they_are(
    photos_page: Opened, language: str, drawn: str, other: str, nothing: str
) -> None:
    """The network of this test always answers "sad"."""
    app = photos_page(language=language)
    with speaking(language):  # the test names the choice outside of a run of the page
        app.pills(key="drawn_samples").set_value("sad").run()
    assert_no_trouble(app)
    assert [photo.name for photo in shelf_of(app).photos] == ["drawing-sad.png"]
    assert other not in texts(app) and nothing in texts(app)
    shelf_of(app).clear()
    app.run()
    with speaking(language):
        app.pills(key="drawn_samples").set_value("all").run()
    assert_no_trouble(app)
    assert len(shelf_of(app).photos) == 8
    assert drawn in texts(app) and other in texts(app)


@pytest.mark.parametrize("language", ["en", "id"])
def test_without_a_network_a_card_says_what_to_do(
    open_app: OpenApp, no_networks: None, language: str
) -> None:
    app = open_app(PAGE, language=language)
    assert_no_trouble(app)
    assert "python -m fer_core train" in texts(app)
    assert len(app.file_uploader) == 0


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Expression resembles", "Sad", "92%", "91.8%", "71.2%", "<1%", "PrivateTest", "NASA")),
        ("id", ("Paling mirip dengan", "Sedih", "92%", "91,8%", "71,2%", "<1%", "PrivateTest", "NASA")),
    ],
)
def test_the_sample_is_analysed_at_a_click(
    photos_page: Opened, language: str, words: tuple[str, ...]
) -> None:
    app = photos_page(language=language)
    app.button[0].click().run()
    assert_no_trouble(app)
    shown = texts(app) + page_html(app) + app.dataframe[0].value.to_string()
    for word in words:
        assert word.replace("<", "&lt;") in shown or word in shown, word
    assert page_html(app).count('class="raut-face"') == 1


def test_numbers_on_the_picture_are_those_of_the_rows(photos_page: Opened) -> None:
    both = np.hstack([skimage.data.astronaut()] * 2)
    app = photos_page(("pair.png", encoded(Image.fromarray(both), "PNG")))
    assert_no_trouble(app)
    for number in (1, 2):
        assert f'aria-label="Face {number}">{number}</span>' in page_html(app)
    assert app.dataframe[0].value["Face"].tolist() == ["1", "2"]
    (finding,) = shelf_of(app).findings.values()
    assert finding.result is not None
    assert [face.number for face in finding.result.faces] == [1, 2]
    drawn = np.asarray(Image.open(io.BytesIO(marked_picture(finding, finding.result))))
    assert drawn.shape[1] == both.shape[1] == 1024
    for face in finding.result.faces:  # the sad blue at the left edge of each box
        x1, y1, _x2, y2 = face.box_xyxy
        # JPEG mixes the colours of neighbouring columns.
        edge = drawn[(y1 + y2) // 2, x1 - 3 : x1 + 2].astype(int)
        assert np.abs(edge - (0, 114, 178)).max(axis=1).min() < 60


def test_no_face_is_a_normal_result_with_what_to_try(photos_page: Opened) -> None:
    app = photos_page(("wall.png", WALL))
    assert_no_trouble(app)
    assert not app.error
    assert "No face found" in texts(app)
    assert "1 without a face" in texts(app)


@pytest.mark.parametrize("name", BAD_FILES)
@pytest.mark.parametrize("language", ["en", "id"])
def test_a_bad_file_gets_its_sentence_and_the_others_still_work(
    photos_page: Opened, name: str, language: str
) -> None:
    data, sentence = BAD_FILES[name]
    app = photos_page((name, data), ("astronaut.jpg", ASTRONAUT), language=language)
    assert_no_trouble(app)
    assert len(app.error) == 1
    assert name.replace(".", "") in app.error[0].value.replace("\\", "").replace(".", "")
    assert (sentence in app.error[0].value) == (language == "en")
    assert page_html(app).count('class="raut-face"') == 1


@pytest.mark.parametrize("name", ODD_FILES)
def test_an_odd_picture_is_simply_a_picture(photos_page: Opened, name: str) -> None:
    app = photos_page((name, ODD_FILES[name]))
    assert_no_trouble(app)
    assert not app.error
    assert "1 without a face" in texts(app)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_phone_photo_is_shown_the_right_way_up(photos_page: Opened, orientation: int) -> None:
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    upright = Image.fromarray(skimage.data.astronaut()[:400])
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = upright.transpose(undo[orientation]) if orientation in undo else upright
    app = photos_page(("phone.jpg", encoded(stored, "JPEG", exif=exif, quality=95)))
    assert_no_trouble(app)
    (finding,) = shelf_of(app).findings.values()
    assert finding.result is not None
    assert len(finding.result.faces) == 1
    shown = Image.open(io.BytesIO(finding.picture_jpeg)).resize(upright.size)
    assert np.abs(np.asarray(shown).astype(int) - np.asarray(upright)).mean() < 8


def test_what_nobody_expected_costs_one_photo_and_not_the_others(
    photos_page: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = core_photos.decode_image

    def decode(data: bytes, name: str, page: int = 0) -> np.ndarray:
        if name == "cursed.png":
            raise MemoryError
        return original(data, name, page)

    monkeypatch.setattr(core_photos, "decode_image", decode)
    app = photos_page(("cursed.png", WALL), ("astronaut.jpg", ASTRONAUT))
    assert not app.exception
    assert len(app.error) == 1
    assert "MemoryError" not in app.error[0].value
    assert page_html(app).count('class="raut-face"') == 1


def test_a_rerun_another_language_and_another_page_cost_nothing(photos_page: Opened) -> None:
    app = photos_page(("astronaut.jpg", ASTRONAUT), ("wall.png", WALL))
    calls = SureRecognizer.calls
    assert calls == 2
    app.run()
    app.session_state["lang"] = "id"
    app.run()
    assert "Paling mirip dengan" in page_html(app)
    app.switch_page("pages/about/page.py").run()
    app.switch_page(PAGE).run()
    assert_no_trouble(app)
    assert page_html(app).count('class="raut-face"') == 1
    assert "1 tanpa wajah" in texts(app)
    assert SureRecognizer.calls == calls


def test_a_removed_photo_is_forgotten(photos_page: Opened) -> None:
    app = photos_page(("astronaut.jpg", ASTRONAUT), ("wall.png", WALL))
    assert len(shelf_of(app).findings) == 2
    upload(app, ("wall.png", WALL))
    assert [key[0] for key in shelf_of(app).findings] == ["wall.png"]
    remove = next(button for button in app.button if button.label == "Remove all photos")
    remove.click().run()
    assert_no_trouble(app)
    assert shelf_of(app).photos == []
    assert shelf_of(app).findings == {}
    assert len(app.dataframe) == 0


IN_THE_TOP_BAR = ("Language", "Projector size")


def controls(block: Block) -> list[str]:
    """What can be pressed or filled in without opening anything: what opens counts as one, what explains not."""
    found = []
    for node in block.children.values():
        inside = controls(node) if isinstance(node, Block) else []
        if node.type in ("expander", "popover"):
            found += [node.type] if inside or node.type == "expander" else []
        elif isinstance(node, Block):
            found += inside
        elif getattr(node, "label", "") and not getattr(node, "label", "").endswith(IN_THE_TOP_BAR):
            found.append(node.type)
    return found


def test_at_most_five_controls_are_in_sight(photos_page: Opened) -> None:
    app = photos_page()
    assert controls(app.main) == ["file_uploader", "button", "button_group", "expander"]
    upload(app, ("astronaut.jpg", ASTRONAUT))
    one_photo = controls(app.main)
    assert one_photo == ["file_uploader", "expander", "download_button", "popover", "expander"]
    upload(app, ("astronaut.jpg", ASTRONAUT), ("wall.png", WALL))
    assert controls(app.main) == one_photo  # the tabs are ways to look, as the pages are


def test_the_page_of_a_tiff_is_called_so_in_the_readers_language(photos_page: Opened) -> None:
    pages = [Image.new("L", (60, 40), shade) for shade in (10, 20)]
    tiff = encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    app = photos_page(("scan.tif", tiff), language="id")
    assert_no_trouble(app)
    assert "scan.tif, halaman 2" in [heading.value for heading in app.subheader]
    assert [photo.name for photo in shelf_of(app).photos] == ["scan.tif, page 1", "scan.tif, page 2"]


def test_another_search_looks_again_and_going_back_does_not(photos_page: Opened) -> None:
    app = photos_page(("astronaut.jpg", ASTRONAUT))
    for effort, calls in (("quick", 2), ("normal", 2)):
        app.session_state["photo_effort"] = effort
        app.run()
        assert_no_trouble(app)
        assert SureRecognizer.calls == calls


def csv_rows(findings: Findings, network: NetworkInfo) -> list[dict[str, str]]:
    """What the button for the table gives."""
    asked = Asked(findings, network, photo_search(), {}, {}, now_here())
    return list(csv.DictReader(io.StringIO(csv_bytes(asked).decode("utf-8-sig"), newline="")))


def test_the_csv_holds_every_photo_also_those_without_figures(
    photos_page: Opened, one_network: NetworkInfo
) -> None:
    app = photos_page(("astronaut.jpg", ASTRONAUT), ("wall.png", WALL), ("text.jpg", b"Dear diary"))
    assert any(element.type == "download_button" for element in app.main)
    shelf = shelf_of(app)
    rows = csv_rows(
        [(photo, next(f for k, f in shelf.findings.items() if k[0] == photo.name)) for photo in shelf.photos],
        one_network,
    )
    assert list(rows[0])[:7] == ["file", "face", "x", "y", "width", "height", "angry"]
    assert [(row["file"], row["status"]) for row in rows] == [
        ("astronaut.jpg", "ok"), ("wall.png", "no_face"), ("text.jpg", "error"),
    ]  # fmt: skip


def test_many_photos_come_in_pages_with_one_summary(photos_page: Opened) -> None:
    walls = [(f"{n}.png", encoded(Image.new("RGB", (60, 60), (n * 9, 90, 90)), "PNG")) for n in range(12)]
    app = photos_page(*walls)
    assert_no_trouble(app)
    assert "12 photos" in texts(app)
    assert texts(app).count("No face found") == 10


# --- sets and "unsure" -----------------------------------------------------------------------------------


def with_recognizer(
    photos_page: Opened, monkeypatch: pytest.MonkeyPatch, made: type, language: str
) -> AppTest:
    monkeypatch.setattr("pages.ui.resources.ExpressionRecognizer", made)
    # Recognisers are kept by checksum, and the one of another test would answer.
    find = resources.find_network
    named = {"checksum": {"model.tflite": made.__name__}}
    monkeypatch.setattr(
        "pages.ui.resources.find_network",
        lambda name=None: with_facts(find(name), **named),
    )
    both = np.hstack([skimage.data.astronaut()] * 2)
    app = photos_page(("pair.png", encoded(Image.fromarray(both), "PNG")), language=language)
    assert_no_trouble(app)
    return app


@pytest.mark.parametrize(
    ("language", "unsure", "could_be", "column", "content"),
    [
        ("en", "Unsure", "could be sad, fear or angry", "Could be", "Sad, Fear, Angry"),
        (
            "id",
            "Tidak yakin",
            "bisa jadi sedih, takut, atau marah",
            "Bisa jadi",
            "Sedih, Takut, Marah",
        ),
    ],
)
def test_an_unsure_face_says_so_and_what_it_may_be(
    photos_page: Opened, monkeypatch: pytest.MonkeyPatch, language: str, unsure: str, could_be: str, column: str,
    content: str,
) -> None:  # fmt: skip
    app = with_recognizer(photos_page, monkeypatch, DoubtingRecognizer, language)
    shown = page_html(app)
    assert shown.count(f"{emotion_sign('unsure')} {unsure}</em>") == 2
    assert shown.count(could_be) == 2
    assert '<li data-outline="">' in shown
    assert f"{emotion_sign('unsure')} {unsure} <strong>2</strong>" in shown  # the summary
    assert shown.count('<span class="share"></span>') == 2, "no probability beside the word"
    table = app.dataframe[0].value
    assert table[column].tolist() == [content] * 2
    assert set(table["Expression resembles" if language == "en" else "Paling mirip dengan"]) == {unsure}


def test_an_unsure_face_is_drawn_as_an_outline_and_its_csv_row_keeps_the_label(
    photos_page: Opened, monkeypatch: pytest.MonkeyPatch, one_network: NetworkInfo
) -> None:
    app = with_recognizer(photos_page, monkeypatch, DoubtingRecognizer, "en")
    ((photo, finding),) = [(p, f) for p in shelf_of(app).photos for f in shelf_of(app).findings.values()]
    assert finding.result is not None
    drawn = np.asarray(Image.open(io.BytesIO(marked_picture(finding, finding.result))))
    for face in finding.result.faces:
        x1, y1, _x2, y2 = face.box_xyxy
        assert drawn[(y1 + y2) // 2, x1 - 1].min() > 200, "white at the left edge"
    rows = csv_rows([(photo, finding)], one_network)
    columns = (
        "file,face,x,y,width,height,angry,disgust,fear,happy,sad,surprise,neutral,label,status,raut_version"
    )
    assert ",".join(rows[0]).startswith(columns)
    assert [(row["label"], row["status"], row["answer"]) for row in rows] == [("sad", "ok", "unsure")] * 2
    assert {row["raut_version"] for row in rows} == {__version__}


@pytest.mark.parametrize(
    ("language", "name", "words"), [("en", "Sad", "or fear"), ("id", "Sedih", "atau takut")]
)
def test_a_sure_face_names_the_second_expression_of_its_set(
    photos_page: Opened, monkeypatch: pytest.MonkeyPatch, language: str, name: str, words: str
) -> None:
    shown = page_html(with_recognizer(photos_page, monkeypatch, WaveringRecognizer, language))
    assert shown.count(f'{emotion_sign("sad")} {name}</em><span class="maybe">{words}</span>') == 2
    assert emotion_sign("unsure") not in shown


def test_without_calibration_there_is_no_set_and_no_column_for_it(photos_page: Opened) -> None:
    app = photos_page(("astronaut.jpg", ASTRONAUT))
    assert 'class="maybe"' not in page_html(app)
    assert "Could be" not in app.dataframe[0].value.columns
    assert "has not been calibrated" in texts(app)


@pytest.mark.parametrize("name", ["*b*_$c$_<i>.png", "😊 [x](y).png"])
def test_a_strange_name_is_shown_as_it_is(photos_page: Opened, name: str) -> None:
    app = photos_page((name, WALL))
    assert_no_trouble(app)
    assert app.subheader[0].value.replace("\\", "") == name
    assert name not in page_html(app), "no name goes into HTML unescaped"

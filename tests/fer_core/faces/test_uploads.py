"""Zips of every kind and TIFFs of several pages: pictures come out, trouble is a row, nothing is written."""

from __future__ import annotations

import io
import struct
import tracemalloc
import unicodedata
import zipfile
from dataclasses import fields
from pathlib import Path

import pytest
from PIL import Image

from fer_core.faces.images import decode_image
from fer_core.faces.limits import MB, Limits, variable
from fer_core.faces.tiff import pages_of_tiff
from fer_core.faces.uploads import UploadedPicture, clean_name, pictures_in
from fer_core.zip_files import ZIP_BEGINS
from tests.fer_core.faces.built_pictures import gray_page, tiff_of_fields

SMALL = Limits(file_mb=2, unpacked_mb=4, photos=50, pages=5)


def png(colour: str = "red", size: tuple[int, int] = (8, 8)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return file.getvalue()


def tiff(*colours: str) -> bytes:
    file = io.BytesIO()
    first, *others = (Image.new("RGB", (8, 8), colour) for colour in colours)
    first.save(file, "TIFF", save_all=True, append_images=others)
    return file.getvalue()


def zipped(*entries: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in entries:
            archive.writestr(zipfile.ZipInfo(name), content, compress_type=method)
    return file.getvalue()


def looked_at(content: bytes, limits: Limits = SMALL, name: str = "class.zip") -> list[UploadedPicture]:
    return list(pictures_in(name, content, limits))


def sentences(pictures: list[UploadedPicture]) -> list[str]:
    return [str(picture.error) for picture in pictures if picture.error]


def test_an_ordinary_picture_is_itself() -> None:
    (picture,) = looked_at(png(), name="a.png")
    assert picture == UploadedPicture("a.png", png())


def test_a_zip_gives_its_pictures_with_their_folders_and_not_what_systems_put_beside_them() -> None:
    pictures = looked_at(
        zipped(
            ("angry/1.png", png()),
            ("sad/1.png", png("blue")),
            ("sad/", b""),
            ("__MACOSX/sad/._1.png", b"x"),
            ("sad/.DS_Store", b"x"),
            ("Thumbs.db", b"x"),
        )
    )
    assert [(p.name, p.content) for p in pictures] == [("angry/1.png", png()), ("sad/1.png", png("blue"))]


def test_what_programs_put_beside_photos_is_one_count_and_what_systems_put_there_is_none() -> None:
    content = zipped(
        ("album.jpg/", b""),
        ("album.jpg/1.png", png()),
        ("album.jpg/1.xmp", b"<x/>"),
        ("album.jpg/1.AAE", b"<x/>"),
        ("album.jpg/1.png.json", b"{}"),
        ("album.jpg/@eaDir/1.png/SYNOPHOTO_THUMB_XL.jpg", png()),
        (".thumbnails/1.png", png()),
        ("#recycle/2.png", png()),
        ("__MACOSX/album.jpg/._1.png", b"x"),
        ("album.jpg/._1.png", b"x"),
        ("album.jpg/Icon\r", b""),
        ("THUMBS.DB", b"x"),
        ("a\\ehthumbs.db", b"x"),
    )
    counts: list[int] = []
    (picture,) = pictures_in("class.zip", content, SMALL, on_left_out=counts.append)
    assert (picture.name, picture.error) == ("album.jpg/1.png", None)
    assert counts == [6]


@pytest.mark.parametrize("name", ["__MACOSX/._1.png", "@eaDir/1.png", "1.xmp", "folder/"])
def test_a_zip_without_a_photo_says_so(name: str) -> None:
    assert sentences(looked_at(zipped((name, b"")))) == [
        "This zip holds no photo, only what programs put beside photos (class.zip). Pack the photos again."
    ]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.png", "passwd.png"),
        ("/etc/a.png", "a.png"),
        ("C:\\Windows\\a.png", "a.png"),
        ("..\\..\\a.png", "a.png"),
        ("a/./b.png", "a/b.png"),
        ("..", "?"),
        ("", "?"),
        ("evil\u202egnp.exe", "evil gnp.exe"),
        ("line\nbreak\x00.png", "line break .png"),
    ],
)
def test_a_name_that_leads_out_of_its_folder_or_deceives_is_shown_cleanly(name: str, shown: str) -> None:
    assert clean_name(name) == shown


def test_a_path_out_of_the_folder_is_looked_at_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    monkeypatch.chdir(inner)
    (picture,) = looked_at(zipped(("../escaped.png", png())))
    assert (picture.name, picture.content) == ("escaped.png", png())
    assert list(tmp_path.rglob("*")) == [inner]


@pytest.mark.parametrize(
    "name", ["ꦮꦗꦃ.png", "表情/微笑.png", "وجه.png", "Gesicht-ä.png", "лицо.png", "😊.png"]
)
@pytest.mark.parametrize("said", [True, False], ids=["said to be UTF-8", "not said"])
def test_names_in_any_script_come_out_as_they_went_in(name: str, said: bool) -> None:
    content = zipped((unicodedata.normalize("NFD", name), png()))
    if not said:  # flag 0x800 of the local header, byte 7, and of the central one, byte 9
        content = bytearray(content)
        for begin, offset in ((b"PK\x03\x04", 7), (b"PK\x01\x02", 9)):
            place = content.index(begin)
            content[place + offset] &= ~0x08
        content = bytes(content)
    (picture,) = looked_at(content)
    assert picture.name == unicodedata.normalize("NFC", name)


def test_an_entry_without_a_name_is_looked_at_like_the_others() -> None:
    content = zipped(("a.png", png()), ("x", png())).replace(b"x", b"\0")  # what is behind it is not read
    assert [picture.name for picture in looked_at(content)] == ["a.png", "?"]


def test_two_entries_of_one_name_are_two_pictures() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        content = zipped(("a.png", png()), ("a.png", png("blue")))
    assert [picture.content for picture in looked_at(content)] == [png(), png("blue")]


def test_a_bomb_is_stopped_at_its_ratio_before_it_takes_memory() -> None:
    content = zipped(("bomb.png", bytes(200 * MB)), ("good.png", png()))
    tracemalloc.start()
    bomb, good = looked_at(content, Limits(file_mb=1000, unpacked_mb=1000, zip_ratio=20))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "so tightly" in str(bomb.error) and good.error is None
    assert peak < 10 * MB


def test_a_size_is_counted_and_not_believed() -> None:
    content = bytearray(zipped(("big.png", bytes(range(256)) * 4 * 4096 * 3), method=zipfile.ZIP_STORED))
    size_in_central = content.index(b"PK\x01\x02") + 24
    struct.pack_into("<I", content, size_in_central, 10)  # says: 10 bytes
    (picture,) = looked_at(bytes(content), Limits(file_mb=2, unpacked_mb=4))
    assert picture.error is not None, "neither 12 MB nor ten bytes of them come through"


def test_a_file_over_the_limit_is_a_row_and_the_others_go_on() -> None:
    pictures = looked_at(
        zipped(("big.png", bytes(range(256)) * 12_000), ("a.png", png()), method=zipfile.ZIP_STORED)
    )
    assert sentences(pictures) == [
        "This file in the zip is too large (big.png). Use pictures of at most 2 MB."
    ]
    assert pictures[1].content == png()


def test_a_zip_over_the_total_ends_with_one_sentence() -> None:
    part = bytes(range(256)) * 6000  # 1.5 MB
    pictures = looked_at(zipped(*((f"{n}.png", part) for n in range(9)), method=zipfile.ZIP_STORED))
    assert [picture.name for picture in pictures] == ["0.png", "1.png", "class.zip"]
    assert "more than 4 MB" in str(pictures[-1].error)


def test_what_was_unpacked_in_vain_counts_as_well() -> None:
    part = bytes(range(256)) * 12_000  # 3 MB, given up after 2
    pictures = looked_at(zipped(*((f"{n}.png", part) for n in range(9)), method=zipfile.ZIP_STORED))
    assert [picture.name for picture in pictures] == ["0.png", "class.zip"]
    assert all(picture.error is not None and picture.error.__traceback__ is None for picture in pictures)


def test_a_zip_of_more_entries_than_are_looked_through_is_one_sentence_and_little_memory() -> None:
    count = 100_000
    entry = struct.pack("<4s4B4HL2L5H2L", b"PK\x01\x02", 20, 0, 20, *[0] * 15)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0, 0, count * len(entry), 0, 0)
    content = ZIP_BEGINS[0] + entry * count + end
    tracemalloc.start()
    (picture,) = looked_at(content)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "more files than Raut looks through (class.zip)" in str(picture.error)
    assert peak < 2 * len(content)


def test_a_zip_in_a_zip_is_one_row_and_stays_closed() -> None:
    inner = zipped(*((f"{n}.png", png()) for n in range(5)))
    pictures = looked_at(zipped(("inner.zip", inner), ("a.png", png())))
    assert [picture.name for picture in pictures] == ["inner.zip", "a.png"]
    assert "zip within a zip" in str(pictures[0].error)


def test_locked_entries_are_one_sentence_and_the_open_ones_are_looked_at() -> None:
    content = bytearray(zipped(("a.png", png()), ("b.png", png()), ("open.png", png())))
    place = 0
    for _entry in range(2):
        place = content.index(b"PK\x01\x02", place)
        content[place + 8] |= 1
        place += 4
    pictures = looked_at(bytes(content))
    assert [picture.name for picture in pictures] == ["class.zip", "open.png"]
    assert "password" in str(pictures[0].error)


@pytest.mark.parametrize("keep", [30, 0.5, 0.95])
def test_a_zip_cut_short_is_one_sentence(keep: float) -> None:
    content = zipped(*((f"{n}.png", png()) for n in range(20)))
    cut = content[: int(keep if keep > 1 else keep * len(content))]
    (picture,) = looked_at(cut)
    assert "damaged or cut short (class.zip)" in str(picture.error)


def test_an_entry_whose_check_sum_is_wrong_is_a_row() -> None:
    content = bytearray(zipped(("a.png", png()), ("b.png", png("blue")), method=zipfile.ZIP_STORED))
    content[content.index(png("blue")) + 20] ^= 0xFF
    good, bad = looked_at(bytes(content))
    assert good.error is None and "damaged in the zip (b.png)" in str(bad.error)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_way_of_packing_without_bound_is_not_opened(method: int) -> None:
    (picture,) = looked_at(zipped(("a.png", png()), method=method))
    assert "ordinary zip" in str(picture.error)


def test_an_empty_zip_says_so() -> None:
    assert sentences(looked_at(zipped())) == ["This zip is empty (class.zip)."]


def test_more_pictures_than_there_is_room_for_end_with_a_sentence() -> None:
    pictures = looked_at(zipped(*((f"{n}.png", png()) for n in range(70))))
    assert len(pictures) == 51
    assert "the limit is 50" in str(pictures[-1].error)


def test_thousands_of_entries_come_out() -> None:
    content = zipped(*((f"{n}.png", png()) for n in range(5000)), method=zipfile.ZIP_STORED)
    assert sum(picture.error is None for picture in pictures_in("many.zip", content)) == 5000


def test_every_page_of_a_tiff_is_a_picture_of_its_own() -> None:
    pictures = looked_at(tiff("red", "lime", "blue"), name="scan.tif")
    assert [p.name for p in pictures] == ["scan.tif, page 1", "scan.tif, page 2", "scan.tif, page 3"]
    colours = [decode_image(p.content, p.name, p.page)[0, 0].tolist() for p in pictures]
    assert colours == [[255, 0, 0], [0, 255, 0], [0, 0, 255]]


def test_a_tiff_of_one_page_and_a_damaged_one_keep_their_name() -> None:
    whole = tiff("red", "blue")
    assert [p.name for p in looked_at(tiff("red"), name="a.tif")] == ["a.tif"]
    assert [p.name for p in looked_at(whole[:9], name="cut.tif")] == ["cut.tif"]


def test_a_tiff_whose_pages_go_round_in_a_circle_comes_to_an_end() -> None:
    content = bytearray(tiff("red", "blue"))
    first = struct.unpack_from("<I", content, 4)[0]
    entries = struct.unpack_from("<H", content, first)[0]
    second = struct.unpack_from("<I", content, first + 2 + 12 * entries)[0]
    entries = struct.unpack_from("<H", content, second)[0]
    struct.pack_into("<I", content, second + 2 + 12 * entries, first)
    assert len(pages_of_tiff(bytes(content), 100)) == 2


def test_pages_over_the_limit_are_told() -> None:
    pictures = looked_at(tiff(*["red"] * 7), name="scan.tif")
    assert len(pictures) == 6 and "more pages" in str(pictures[-1].error)


def test_the_pixels_of_all_pages_have_a_limit_and_the_rest_is_one_row() -> None:
    pages = [gray_page(1000, 600)] * 6
    content = tiff_of_fields(*pages, data=bytes(600_000))
    pictures = looked_at(content, Limits(pages_megapixels=2), name="scan.tif")
    assert [p.name for p in pictures] == [
        "scan.tif, page 1",
        "scan.tif, page 2",
        "scan.tif, page 3",
        "scan.tif",
    ]
    assert "more than 2 megapixels in all (scan.tif). What comes from page 4 on" in str(pictures[-1].error)
    assert len(looked_at(content, Limits(pages_megapixels=4))) == 6
    # A page that is refused for its own size costs nothing.
    assert len(looked_at(tiff_of_fields(gray_page(9000, 9000), *pages), Limits(pages_megapixels=4))) == 7


def test_pages_are_numbered_as_they_count() -> None:
    content = tiff_of_fields(gray_page(), gray_page(_254=1), gray_page(), gray_page(_254=4), data=bytes(16))
    assert [p.name for p in looked_at(content, name="scan.tif")] == ["scan.tif, page 1", "scan.tif, page 2"]
    assert [p.name for p in looked_at(tiff_of_fields(gray_page(), gray_page(_254=1)), name="a.tif")] == [
        "a.tif"
    ]


def test_a_limit_comes_from_the_environment_and_nonsense_does_not() -> None:
    limits = Limits.of_environment(
        {"RAUT_MAX_PHOTOS": "7", "RAUT_MAX_FILE_MB": "lots", "RAUT_MAX_PAGES": "0"}
    )
    assert limits == Limits(photos=7)


def test_every_limit_has_its_row_in_the_settings() -> None:
    settings = (Path(__file__).parents[3] / "docs" / "settings.md").read_text(encoding="utf-8")
    for field in fields(Limits):
        (row,) = [line for line in settings.splitlines() if line.startswith(f"| `{variable(field.name)}` |")]
        assert row.replace(",", "").endswith(f"else {field.default} |")

"""Files that ask a decoder for minutes or gigabytes are told from their bytes; photos are not mistaken for them."""

from __future__ import annotations

import io
import struct
import time
from collections.abc import Sequence

import numpy as np
import pytest
from PIL import Image

from fer_core.errors import ImageError
from fer_core.faces import images, structure, tiff
from fer_core.faces.heif import ENDLESS, decoding_of_heif
from fer_core.faces.images import decode_image
from fer_core.faces.limits import Limits
from fer_core.faces.structure import is_costly
from fer_core.faces.tiff import pages_of_tiff
from tests.fer_core.faces.built_pictures import (
    DATA,
    gray_page,
    heif_of_tiles,
    jpeg_of_scans,
    png_chunk,
    tiff_of_fields,
)

MOST_PIXELS = Limits().megapixels * 1_000_000
MOST_SCANS = Limits().scans


def is_refused(data: bytes, most_pixels: int = MOST_PIXELS, most_scans: int = MOST_SCANS) -> bool:
    for page in pages_of_tiff(data, 1):
        return page.is_costly(most_pixels, most_pixels * most_scans)
    return is_costly(data, most_pixels, most_scans)


def saved(image: Image.Image, form: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


@pytest.fixture
def noise() -> Image.Image:
    return Image.fromarray(np.random.default_rng(0).integers(0, 255, (64, 96, 3), np.uint8))


def test_a_jpeg_of_six_hundred_scans_says_so_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "MAX_PIXELS", 96 * 64)
    start = time.thread_time()
    with pytest.raises(ImageError, match=r"far longer than any photo does \(x.jpg\)"):
        decode_image(jpeg_of_scans((96, 64), 600), "x.jpg")
    assert time.thread_time() - start < 0.2


def test_a_small_jpeg_may_have_as_many_more_scans() -> None:
    assert decode_image(jpeg_of_scans((96, 64), 100), "x.jpg").shape == (64, 96, 3)


@pytest.mark.parametrize(
    "options",
    [
        {"progressive": True},
        {"progressive": True, "restart_marker_blocks": 1},
        {"restart_marker_blocks": 1},
        # What looks like a scan within a segment is none: the small picture of a camera, a comment.
        {"progressive": True, "exif": b"Exif\0\0" + jpeg_of_scans((16, 16), 90), "comment": b"\xff\xda" * 99},
    ],
)
def test_scans_are_counted_as_a_decoder_goes_through_them(
    noise: Image.Image, options: dict[str, object]
) -> None:
    data = saved(noise, "JPEG", quality=95, **options)
    scans = 10 if options.get("progressive") else 1
    assert not is_costly(data, 96 * 64, scans)
    # What follows the end is not decoded, as the second picture of an MPO.
    assert not is_costly(data + b"\0" * 9 + jpeg_of_scans((96, 64), 90), 96 * 64, scans)
    assert is_costly(data, 96 * 64, scans - 1)


@pytest.mark.parametrize("filling", [b"\xff\xfe\0\x02", b"\xff", b"\0", b"\xff\xd9"], ids=str)
def test_a_jpeg_of_segments_or_filling_without_end_is_refused(noise: Image.Image, filling: bytes) -> None:
    data = saved(noise, "JPEG")
    assert not is_refused(data[:2] + filling * 50 + data[2:])
    assert is_refused(data[:2] + filling * 200_000 + data[2:])
    assert is_refused(data[:2] + filling * 200_000)


def test_a_png_of_chunks_without_end_is_refused(noise: Image.Image) -> None:
    data = saved(noise, "PNG")
    assert not is_refused(data[:33] + png_chunk(b"abCd") * 500 + data[33:])
    assert is_refused(data[:33] + png_chunk(b"abCd") * 60_000 + data[33:])


@pytest.mark.parametrize("block", [b"!\xfe\0", b"\0", b"!\xfe\x01a\0"], ids=str)
def test_a_gif_of_blocks_without_end_before_its_picture_is_refused(noise: Image.Image, block: bytes) -> None:
    data = saved(noise.quantize(256), "GIF")
    begin = 13 + 768
    assert not is_refused(data[:begin] + b"!\xfe" + b"\x01a" * 500 + b"\0" + data[begin:])
    assert is_refused(data[:begin] + block * 60_000 + data[begin:])
    assert is_refused(data[:begin] + b"!\xfe" + b"\x01a" * 60_000)


def test_run_lengths_of_a_bmp_are_bounded_and_other_bmps_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    header = struct.pack("<IHHI", 0, 0, 0, 54) + struct.pack("<IiiHHI", 40, 8000, 6000, 1, 8, 1)
    assert is_refused(b"BM" + header + b"\0" * 60)
    small = struct.pack("<IHHI", 0, 0, 0, 54) + struct.pack("<IiiHHI", 40, 80, 60, 1, 8, 1)
    assert not is_refused(b"BM" + small + b"\0" * 60)
    monkeypatch.setattr(structure, "_MOST_RUN_LENGTH", 0)
    assert not is_refused(saved(Image.new("RGB", (64, 64)), "BMP"))


@pytest.mark.parametrize("form", ["JPEG", "HEIF", "PNG", "TIFF", "GIF", "BMP", "AVIF", "WEBP"])
def test_a_picture_of_too_many_pixels_is_refused_for_them(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import pillow_heif

    pillow_heif.register_heif_opener()
    data = saved(Image.new("L" if form in ("GIF", "BMP") else "RGB", (640, 480)), form)
    if form == "BMP":  # run lengths
        data = data[:30] + b"\1" + data[31:]
    monkeypatch.setattr(images, "MAX_PIXELS", 1000)
    with pytest.raises(ImageError, match="too many pixels"):
        decode_image(data, "large")


# --- HEIC and AVIF -------------------------------------------------------------------------------------


def test_the_tiles_of_a_heic_count_as_often_as_they_are_named() -> None:
    assert decoding_of_heif(heif_of_tiles((512, 256), 48)) == (0, 512 * 256 * 48, 48)
    assert not is_refused(heif_of_tiles((512, 512), 192))  # a phone's 48 megapixels
    assert is_refused(heif_of_tiles((4096, 4096), 900))
    assert is_refused(heif_of_tiles((16, 16), 65_000))


def test_pictures_of_a_heic_that_are_made_of_themselves_are_refused() -> None:
    assert decoding_of_heif(heif_of_tiles((64, 64), 2, item_of_parts=2)) == (0, ENDLESS, ENDLESS)


def test_a_heic_with_transparency_and_an_avif_are_one_picture_each(noise: Image.Image) -> None:
    import pillow_heif

    file = io.BytesIO()
    pillow_heif.from_pillow(noise).save(file)
    size, pixels, pictures = decoding_of_heif(file.getvalue())
    assert pixels == size >= 96 * 64 and pictures == 1
    file = io.BytesIO()
    pillow_heif.from_pillow(noise.convert("RGBA")).save(file)
    assert decoding_of_heif(file.getvalue())[2] == 2
    assert decoding_of_heif(saved(noise, "AVIF")) == (96 * 64, 96 * 64, 1)


def test_a_damaged_list_of_items_is_left_to_the_decoder() -> None:
    data = heif_of_tiles((64, 64), 4)
    for end in range(len(data)):
        _size, pixels, pictures = decoding_of_heif(data[:end])
        assert 0 <= pixels <= 4 * 64 * 64 and 0 <= pictures <= 4


# --- TIFF ----------------------------------------------------------------------------------------------

PIXELS = bytes(range(16))


def is_refused_tiff(fields: dict[int, int | Sequence[int]], data: bytes = PIXELS) -> bool:
    return is_refused(tiff_of_fields(fields, data=data))


@pytest.mark.parametrize("big", [False, True], ids=["TIFF", "BigTIFF"])
def test_reduced_copies_and_masks_are_no_pages(big: bool) -> None:
    pages = [
        gray_page(_254=1),
        gray_page(_254=4),
        gray_page(4, 2),
        gray_page(_255=2),
        gray_page(2, 4, _254=2),
        gray_page(_254=5),
    ]
    data = tiff_of_fields(*pages, data=PIXELS, big=big)
    assert [page.pixels for page in pages_of_tiff(data, 9)] == [8, 8]
    assert decode_image(data, "scan.tif", 0).shape == (2, 4, 3)
    assert decode_image(data, "scan.tif", 1).shape == (4, 2, 3)
    with pytest.raises(ImageError, match="damaged"):
        decode_image(data, "scan.tif", 2)


def test_a_tiff_of_reduced_copies_alone_is_its_first() -> None:
    data = tiff_of_fields(gray_page(_254=1), gray_page(2, 2, _254=1), data=PIXELS)
    assert [page.pixels for page in pages_of_tiff(data, 9)] == [16]
    assert decode_image(data, "small.tif")[..., 0].tolist() == np.arange(16).reshape(4, 4).tolist()


def test_every_page_of_a_tiff_is_decoded_as_pillow_decodes_it(noise: Image.Image) -> None:
    data = saved(
        noise,
        "TIFF",
        save_all=True,
        append_images=[noise.rotate(90), noise.convert("L"), noise.convert("1")],
        compression="tiff_lzw",
    )
    for page in range(4):
        with Image.open(io.BytesIO(data)) as image:
            image.seek(page)
            expected = np.asarray(image.convert("RGB"))
        assert np.array_equal(decode_image(data, "scan.tif", page), expected)


def test_pages_that_are_packed_as_usual_are_not_refused(noise: Image.Image) -> None:
    for options in ({}, {"compression": "jpeg"}, {"compression": "tiff_deflate"}, {"compression": "group4"}):
        image = noise.convert("1") if options.get("compression") == "group4" else noise
        assert not is_refused(saved(image, "TIFF", **options))
    tiled = {key: value for key, value in gray_page().items() if key not in (273, 278, 279)}
    assert not is_refused_tiff({**tiled, 322: 256, 323: 256, 324: DATA, 325: 16})


@pytest.mark.parametrize(
    "fields",
    [
        {278: 1, 257: 200_000},  # more strips than any photo has
        {273: [0] * 40, 279: [1 << 31] * 40},  # all at one place
        {278: 4, 273: [DATA] * 200_000},
        {322: 40_000, 323: 40_000, 324: DATA, 325: 16},  # a tile of 1.6 gigapixels for 16 pixels
        {256: 1, 257: 90_000, 322: 16_000, 323: 16, 324: DATA, 325: 16},  # and many of 256,000 for a line
        {**dict.fromkeys(range(1000, 5200), 1)},
        {50_000: [1] * 1_000_001},
    ],
    ids=["strips", "overlap", "offsets", "tile", "tiles", "tags", "values"],
)
def test_a_page_that_is_packed_as_no_photo_is_refused(fields: dict[int, int | Sequence[int]]) -> None:
    assert not is_refused_tiff(gray_page())
    assert is_refused_tiff({**gray_page(), **fields})


def test_a_size_that_is_said_twice_is_refused() -> None:
    data = tiff_of_fields(gray_page(_280=9), data=PIXELS)
    assert not is_refused(data)
    assert is_refused(data.replace(struct.pack("<HHII", 280, 4, 1, 9), struct.pack("<HHII", 256, 4, 1, 9)))


def test_the_scans_of_jpegs_within_a_tiff_are_counted() -> None:
    jpeg = jpeg_of_scans((96, 64), 60)
    data = tiff_of_fields(gray_page(96, 64, _259=7, _279=len(jpeg)), data=jpeg)
    assert not is_refused(data, 96 * 64, 60)
    assert is_refused(data, 96 * 64, 59)


def test_a_second_page_that_hurts_does_not_cost_the_first() -> None:
    data = tiff_of_fields(gray_page(), gray_page(_322=40_000, _323=40_000, _324=DATA, _325=16), data=PIXELS)
    assert decode_image(data, "a.tif", 0).shape == (4, 4, 3)
    with pytest.raises(ImageError, match="far longer"):
        decode_image(data, "a.tif", 1)


def test_directories_without_end_come_to_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiff, "_MOST_TAGS", 12)
    reduced = [gray_page(_254=1)] * 300
    assert len(pages_of_tiff(tiff_of_fields(*reduced, data=PIXELS), 3)) == 1


@pytest.mark.filterwarnings("ignore:Tag offset too large")
def test_a_place_beyond_all_addresses_is_one_in_no_file() -> None:
    data = tiff_of_fields(gray_page(), data=PIXELS, big=True)
    where = struct.pack("<HHQ", 257, 4, 1)
    beyond = data.replace(where + struct.pack("<Q", 4), struct.pack("<HHQQ", 257, 4, 9, (1 << 64) - 1))
    assert beyond != data and pages_of_tiff(beyond, 1) == []
    with pytest.raises(ImageError):
        decode_image(beyond, "a.tif")

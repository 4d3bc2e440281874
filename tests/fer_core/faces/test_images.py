"""Decoding of everything people upload, and what must only give a sentence."""

from __future__ import annotations

import io
import os
import resource
import struct
import subprocess
import sys
import time
import zlib

import numpy as np
import pytest
from PIL import Image

from fer_core.errors import ImageError
from fer_core.faces import images
from fer_core.faces.images import decode_image, shrink, square_crop, to_gray
from fer_core.faces.limits import Limits

RED, GREEN, BLUE, GRAY = (200, 30, 30), (30, 160, 30), (30, 30, 200), (128, 128, 128)


def encoded(image: Image.Image, form: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def four_corners(width: int = 64, height: int = 32) -> Image.Image:
    """Red top left, green top right, blue bottom left, grey bottom right."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[: height // 2, : width // 2] = RED
    pixels[: height // 2, width // 2 :] = GREEN
    pixels[height // 2 :, : width // 2] = BLUE
    pixels[height // 2 :, width // 2 :] = GRAY
    return Image.fromarray(pixels)


def corners(pixels_rgb: np.ndarray) -> list[np.ndarray]:
    return [pixels_rgb[4, 4], pixels_rgb[4, -5], pixels_rgb[-5, 4], pixels_rgb[-5, -5]]


def assert_four_corners(pixels_rgb: np.ndarray, tolerance: int) -> None:
    assert pixels_rgb.shape == (32, 64, 3)
    assert pixels_rgb.dtype == np.uint8
    for found, expected in zip(corners(pixels_rgb), (RED, GREEN, BLUE, GRAY), strict=True):
        assert np.abs(found.astype(int) - expected).max() <= tolerance


def png_header_only(width: int, height: int) -> bytes:
    """A PNG whose header promises `width` x `height` and whose data holds one short row."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


# --- what is read --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "options", "tolerance"),
    [
        ("PNG", {}, 0),
        ("BMP", {}, 0),
        ("TIFF", {}, 0),
        ("WEBP", {"lossless": True}, 0),
        ("JPEG", {"quality": 95}, 12),
        ("JPEG", {"quality": 95, "progressive": True}, 12),
    ],
)
def test_ordinary_forms_keep_their_colours(form: str, options: dict[str, object], tolerance: int) -> None:
    assert_four_corners(decode_image(encoded(four_corners(), form, **options), "a"), tolerance)


def test_heic_is_read_and_pillow_learns_it_only_then() -> None:
    import pillow_heif

    file = io.BytesIO()
    pillow_heif.from_pillow(four_corners(128, 64)).save(file, quality=95)
    pixels = decode_image(file.getvalue(), "IMG_0001.HEIC")
    assert pixels.shape == (64, 128, 3)
    for found, expected in zip(corners(pixels), (RED, GREEN, BLUE, GRAY), strict=True):
        assert np.abs(found.astype(int) - expected).max() <= 16


def test_a_heic_gives_its_primary_picture_wherever_it_stands() -> None:
    import pillow_heif

    heif = pillow_heif.from_pillow(Image.new("RGB", (64, 64), "white"))
    heif.add_from_pillow(four_corners(128, 64))
    file = io.BytesIO()
    heif.save(file, primary_index=1)
    assert decode_image(file.getvalue(), "burst.heic").shape == (64, 128, 3)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_turns_the_picture_the_right_way_up(orientation: int, form: str) -> None:
    upright = four_corners()
    # What a camera does: it stores the picture turned and notes how to turn it back.
    undo = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    stored = upright if undo is None else upright.transpose(undo)
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"JPEG": {"quality": 95}, "WEBP": {"lossless": True}}.get(form, {})
    pixels = decode_image(encoded(stored, form, exif=exif, **options), "phone.jpg")
    assert_four_corners(pixels, 12)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_damaged_exif_does_not_cost_the_picture() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = encoded(four_corners(), "JPEG", exif=exif, quality=95)
    at = data.index(b"Exif\0\0") + 6
    broken = data[: at + 4] + b"\xff\xff\xff\x7f" + data[at + 8 :]  # directory far outside the file
    assert_four_corners(decode_image(broken, "a.jpg"), 12)


def test_alpha_lies_over_white() -> None:
    picture = four_corners().convert("RGBA")
    picture.putalpha(Image.new("L", picture.size, 0))
    assert (decode_image(encoded(picture, "PNG"), "a.png") == 255).all()
    half = Image.new("RGBA", (8, 8), (0, 0, 0, 128))
    assert np.abs(decode_image(encoded(half, "PNG"), "a.png").astype(int) - 127).max() <= 1


def test_gray_with_alpha_lies_over_white() -> None:
    picture = Image.new("LA", (8, 8), (0, 0))
    assert (decode_image(encoded(picture, "PNG"), "a.png") == 255).all()


def test_palette_keeps_its_colours_and_its_transparent_entry_is_white() -> None:
    palette = four_corners().quantize(4)
    assert_four_corners(decode_image(encoded(palette, "PNG"), "a.png"), 2)
    blue = palette.getpixel((4, 28))
    pixels = decode_image(encoded(palette, "PNG", transparency=blue), "a.png")
    assert (corners(pixels)[2] == 255).all()
    assert np.abs(corners(pixels)[0].astype(int) - RED).max() <= 2


@pytest.mark.parametrize("form", ["PNG", "TIFF"])
def test_16_bit_gray_is_scaled_and_not_clipped(form: str) -> None:
    levels = np.linspace(0, 65_535, 256).astype(np.uint16)
    pixels = decode_image(encoded(Image.fromarray(np.tile(levels, (16, 1))), form), "a")
    assert pixels.shape == (16, 256, 3)
    np.testing.assert_array_equal(pixels[0, :, 0], np.arange(256))


def test_floating_point_and_32_bit_gray_are_scaled() -> None:
    ramp = np.tile(np.linspace(0, 1, 256, dtype=np.float32), (4, 1))
    np.testing.assert_array_equal(
        decode_image(encoded(Image.fromarray(ramp), "TIFF"), "a")[0, :, 1], range(256)
    )
    wide = Image.fromarray((ramp * 2_000_000).astype(np.int32))
    pixels = decode_image(encoded(wide, "TIFF"), "a")
    assert pixels[0, 0, 0] == 0
    assert pixels[0, -1, 0] == 255


def test_black_and_white_bits_are_read() -> None:
    pixels = decode_image(encoded(four_corners().convert("1"), "PNG"), "a.png")
    assert set(np.unique(pixels)) <= {0, 255}


def test_cmyk_keeps_its_colours() -> None:
    pixels = decode_image(encoded(four_corners().convert("CMYK"), "JPEG", quality=95), "print.jpg")
    assert_four_corners(pixels, 20)


def test_an_animation_gives_its_first_frame() -> None:
    frames = [Image.new("RGB", (20, 10), colour) for colour in (RED, GREEN, BLUE)]
    for form in ("GIF", "WEBP", "PNG", "AVIF"):
        data = encoded(frames[0], form, save_all=True, append_images=frames[1:], duration=50)
        pixels = decode_image(data, "a")
        assert pixels.shape == (10, 20, 3)
        assert np.abs(pixels[5, 5].astype(int) - RED).max() <= 12, form


def test_one_pixel_is_a_picture() -> None:
    assert decode_image(encoded(Image.new("RGB", (1, 1), RED), "PNG"), "dot.png").tolist() == [[list(RED)]]


def test_the_form_is_read_from_the_content_and_not_from_the_name() -> None:
    assert_four_corners(decode_image(encoded(four_corners(), "PNG"), "holiday.txt"), 0)


# --- what gives a sentence -----------------------------------------------------------------------------


def sentence_for(data: bytes, name: str = "photo.jpg") -> str:
    with pytest.raises(ImageError) as caught:
        decode_image(data, name)
    sentence = str(caught.value)
    assert name in sentence
    assert sentence.endswith(".")
    return sentence


def test_an_empty_file_says_so() -> None:
    assert "is empty" in sentence_for(b"")


@pytest.mark.parametrize(
    "data", [b"Dear diary, today", b"%PDF-1.7 ...", b"%!PS-Adobe-3.0 EPSF-3.0\n", b"\0" * 500, b"<svg/>"]
)
def test_what_is_no_picture_says_so_whatever_its_name(data: bytes) -> None:
    assert "not a picture" in sentence_for(data, "diary.jpg")


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"])
@pytest.mark.parametrize("keep", [0.02, 0.3, 0.7])
def test_a_picture_cut_short_gives_a_sentence(form: str, keep: float) -> None:
    noise = Image.fromarray(np.random.default_rng(7).integers(0, 255, (200, 200, 3), dtype=np.uint8))
    data = encoded(noise, form)
    sentence_for(data[: int(len(data) * keep)])


def test_a_heic_cut_short_gives_a_sentence() -> None:
    import pillow_heif

    file = io.BytesIO()
    pillow_heif.from_pillow(four_corners(128, 64)).save(file)
    data = file.getvalue()
    for keep in (16, len(data) // 3, len(data) - 20):
        sentence_for(data[:keep], "IMG_0001.HEIC")


def test_garbage_inside_a_picture_is_read_or_gives_a_sentence() -> None:
    """A scratched memory card: whatever Pillow raises, it is no traceback."""
    random = np.random.default_rng(3)
    for form in ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"):
        data = bytearray(encoded(four_corners(), form))
        for _ in range(60):
            scratched = bytearray(data)
            for place in random.integers(0, len(data), 6):
                scratched[place] = random.integers(0, 256)
            try:
                pixels = decode_image(bytes(scratched), "card.jpg")
            except ImageError:
                continue
            assert pixels.ndim == 3


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("side", [8_100, 11_000, 20_000, 60_000])
def test_a_bomb_is_refused_from_its_header_fast_and_without_memory(side: int) -> None:
    """One at each step: over our limit, over Pillow's warning, over Pillow's own limit."""
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.thread_time()  # what else the computer does at the time is not counted
    sentence = sentence_for(png_header_only(side, side), "bomb.png")
    assert time.thread_time() - start < 0.5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb < 50_000
    assert "too many pixels" in sentence
    assert f"{Limits().megapixels} megapixels" in sentence


@pytest.mark.parametrize("size", [(8160, 6144), (8192, 6144), (8000, 8000)])
def test_the_picture_of_a_phone_has_not_too_many_pixels(size: tuple[int, int]) -> None:
    assert "damaged" in sentence_for(png_header_only(*size), "phone.png")


@pytest.mark.parametrize(
    ("megapixels", "width", "allowed"), [(700, 30_000, True), (700, 36_000, False), (1, 60, False)]
)
def test_a_limit_that_is_set_holds_and_no_other_with_it(megapixels: int, width: int, allowed: bool) -> None:
    """Pillow's own limit, of 178 megapixels, follows it."""
    code = (
        "import sys; from fer_core.faces.images import decode_image\n"
        "try: decode_image(sys.stdin.buffer.read(), 'x')\n"
        "except Exception as error: print(error)"
    )
    said = subprocess.run(
        [sys.executable, "-c", code],
        input=png_header_only(width, 20_000),
        capture_output=True,
        env={**os.environ, "RAUT_MAX_MEGAPIXELS": str(megapixels)},
        check=True,
    ).stdout.decode()
    assert ("damaged" in said) if allowed else (f"at most {megapixels} megapixels" in said)


def test_an_mpo_gives_its_first_picture() -> None:
    data = encoded(four_corners(), "MPO", save_all=True, append_images=[Image.new("RGB", (8, 8))], quality=95)
    assert_four_corners(decode_image(data, "3d.mpo"), 12)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1", "CMYK", "I;16", "F"])
def test_a_picture_converted_in_bands_is_the_one_converted_at_once(
    mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = np.random.default_rng(0).integers(0, 255, (37, 23, 4), np.uint8)
    if mode == "I;16":
        image = Image.fromarray(values[..., 0].astype(np.uint16) * 200)
    elif mode == "F":
        image = Image.fromarray(values[..., 0].astype(np.float32) * 900 - 70)
    else:
        image = Image.fromarray(values).convert(mode)
    data = encoded(image, "TIFF" if mode in ("CMYK", "F", "LA") else "PNG")
    at_once = decode_image(data, "a")
    monkeypatch.setattr(images, "_BAND_PIXELS", 100)
    assert np.array_equal(decode_image(data, "a"), at_once)


def test_a_file_of_too_many_bytes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "MAX_BYTES", 1024 * 1024)
    assert "2 MB" in sentence_for(b"\xff\xd8" + b"\0" * (1024 * 1024))


# --- crops ---------------------------------------------------------------------------------------------


def test_gray_weighs_colours_as_the_eye_does() -> None:
    colours = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]]], np.uint8)
    assert to_gray(colours).tolist() == [[76, 150, 29, 255]]


def test_gray_refuses_another_shape_and_says_which() -> None:
    with pytest.raises(ValueError, match=r"Received: uint8 \(4, 4\)"):
        to_gray(np.zeros((4, 4), np.uint8))


@pytest.mark.parametrize(
    ("size", "expected"), [((4000, 100), (1000, 25)), ((50, 80), (50, 80)), ((9000, 2), (1000, 1))]
)
def test_shrink_keeps_the_shape_and_never_enlarges(size: tuple[int, int], expected: tuple[int, int]) -> None:
    width, height = size
    assert shrink(np.zeros((height, width), np.uint8), 1000).shape == expected[::-1]


def test_a_crop_of_48_pixels_is_the_very_pixels() -> None:
    picture = np.random.default_rng(0).integers(0, 255, (100, 120), dtype=np.uint8)
    crop = square_crop(picture, np.array([30, 20, 78, 68]))
    np.testing.assert_array_equal(crop, picture[20:68, 30:78])


def test_the_margin_is_added_on_each_side() -> None:
    picture = np.random.default_rng(0).integers(0, 255, (100, 100), dtype=np.uint8)
    crop = square_crop(picture, np.array([34, 34, 66, 66]), margin=0.25)  # 32 + 2 * 8 = 48
    np.testing.assert_array_equal(crop, picture[26:74, 26:74])


def test_at_the_border_the_square_moves_inwards_and_stays_square() -> None:
    picture = np.random.default_rng(0).integers(0, 255, (100, 100), dtype=np.uint8)
    crop = square_crop(picture, np.array([84, -16, 116, 16]), margin=0.25)
    np.testing.assert_array_equal(crop, picture[0:48, 52:100])


def test_a_box_wider_than_the_picture_takes_what_there_is() -> None:
    picture = np.random.default_rng(0).integers(0, 255, (48, 200), dtype=np.uint8)
    crop = square_crop(picture, np.array([60, 0, 140, 48]))
    np.testing.assert_array_equal(crop, picture[:, 76:124])


@pytest.mark.parametrize("box", [(5, 5, 5, 9), (9, 9, 5, 5)])
def test_a_box_without_area_is_refused(box: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="area"):
        square_crop(np.zeros((20, 20), np.uint8), np.array(box))


def test_a_picture_that_is_read_in_spite_of_damage_leaves_nothing_on_standard_error() -> None:
    """In a process of its own, since pytest has filters of its own."""
    code = (
        "import io; from PIL import Image; from fer_core.faces.images import decode_image; out = io.BytesIO();"
        "Image.new('RGB', (8, 8)).save(out, 'JPEG'); jpeg = out.getvalue();"
        "several = b'\\xff\\xe2\\x00\\x1eMPF\\0MM\\0*\\0\\0\\0\\x08' + bytes(16);"
        "assert decode_image(jpeg[:2] + several + jpeg[2:], 'album.jpg').shape == (8, 8, 3)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == ""

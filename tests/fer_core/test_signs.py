"""The drawn signs: each its own, also small, and the same in every form."""

from __future__ import annotations

import itertools
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest

from fer_core.labels import COLOURS
from fer_core.signs import FIELD, SIGNS, WIDTH, sign_image, sign_path, sign_svg

ROOT = Path(__file__).resolve().parents[2]
EMOJI = re.compile("[\U0001f000-\U0001faff\u2753-\u2755]")


def ink(code: str, size: int) -> np.ndarray:
    """How much of each pixel is covered, 0 to 1."""
    return np.asarray(sign_image(code, size, (0, 0, 0)))[..., 3] / 255


def test_every_look_has_a_sign() -> None:
    assert set(SIGNS) == set(COLOURS)


@pytest.mark.parametrize("code", SIGNS)
def test_a_sign_stays_on_its_field(code: str) -> None:
    points = np.concatenate([stroke.sampled() for stroke in SIGNS[code]])
    assert points.min() - WIDTH / 2 >= 0 and points.max() + WIDTH / 2 <= FIELD


@pytest.mark.parametrize(("first", "second"), list(itertools.combinations(SIGNS, 2)))
def test_two_signs_differ_at_16_pixels_without_colour(first: str, second: str) -> None:
    assert np.abs(ink(first, 16) - ink(second, 16)).sum() > 10, "pixels, of 256"


@pytest.mark.parametrize("code", SIGNS)
def test_a_path_has_a_letter_before_each_piece_and_one_subpath_a_stroke(code: str) -> None:
    path = sign_path(code, 0.5, (-12, -12), upwards=True)
    assert path.count("M") == len(SIGNS[code])
    numbers_after = {"M": 2, "L": 2, "C": 6}
    for letter, numbers in re.findall(r"([MLC])([^MLC]*)", path):
        assert len(re.findall(r"-?[\d.]+", numbers)) == numbers_after[letter], "Plotly drops the rest"


def test_the_svg_is_well_formed_and_takes_the_colour_of_the_text() -> None:
    for code in SIGNS:
        root = ET.fromstring(sign_svg(code))
        assert root.get("stroke") == "currentColor" and root.get("fill") == "none"


def test_a_sign_has_soft_edges_in_its_colour() -> None:
    pixels = np.asarray(sign_image("sad", 24, (10, 20, 30)))
    assert (pixels[..., :3] == (10, 20, 30)).all()
    assert pixels[0, 0, 3] == 0 and pixels[..., 3].max() == 255
    assert ((pixels[..., 3] > 0) & (pixels[..., 3] < 255)).sum() > 50


def test_no_emoji_stands_where_a_drawn_sign_does() -> None:
    shown = [
        path
        for folder in ("pages", "fer_core", "models")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".po", ".css", ".js", ".md"}
    ]
    assert len(shown) > 200
    assert not [str(path) for path in shown if EMOJI.search(path.read_text(encoding="utf-8"))]

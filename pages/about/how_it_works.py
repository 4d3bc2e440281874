"""The picture on About: from a photo to an expression in six steps.

A list rather than one image: its text is translated and read aloud, and the steps move under each other on a
phone. Streamlit drops inline SVG from HTML, so a drawing is a mask filled with the colour of the text, which
follows the theme, and where it needs them an image with the colours of the expressions above it. The drawings
explain; the bars in them are no measurement.
"""

from __future__ import annotations

import base64
import html
from collections.abc import Iterator

from fer_core.labels import EMOTIONS, FER2013_LABELS
from fer_core.signs import sign_svg
from pages.ui.i18n import _, emotion_name
from pages.ui.steps import step_list

FACE = (
    "M6 21C8 13 19 10 25.5 15.5C31 20.5 29.5 28 27 33.5C25.2 37.8 28 40.2 32 39.6C38.5 38.6 36.5 30 36.2 24"
    "C36 17 40.5 11 48 11.5C56.5 12 60.5 22 59 33C57 47 45.5 57 31.5 57C20.5 57 11.5 51.5 7 43"
)
"""Raut's face in one line, on a field of 64 by 64: the mark of `pages/ui/assets/favicon.svg`."""

PIXELS = (
    "3322222233",
    "3211111123",
    "2155115512",
    "2111111112",
    "2161111612",
    "2111331112",
    "2111331112",
    "2161111612",
    "3216666123",
    "3322222233",
)
"""A face of ten by ten greys, 1 bright to 6 dark: the idea of a small picture."""


def _face(x: float, y: float, scale: float) -> str:
    return (
        f'<path transform="translate({x} {y}) scale({scale})" d="{FACE}" fill="none" stroke="currentColor" '
        f'stroke-width="{2.6 / scale:.1f}" stroke-linecap="round"/>'
    )


def _frame(width: int = 108) -> str:
    return (
        f'<rect x="{60 - width / 2}" y="8" width="{width}" height="74" rx="6" fill="none" '
        'stroke="currentColor" stroke-width="2" opacity=".45"/>'
    )


def _photo() -> str:
    hills = (
        '<path d="M8 70L32 46L50 62L74 40L112 74" fill="none" stroke="currentColor" '
        'stroke-width="2" opacity=".3"/>'
    )
    return _frame() + hills + _face(38, 22, 0.62)


def _haar() -> str:
    box = '<rect x="30" y="15" width="58" height="58" fill="none" stroke="currentColor" stroke-width="3"/>'
    patches = (
        '<rect x="38" y="24" width="42" height="8" fill="currentColor" opacity=".75"/>'
        '<rect x="38" y="32" width="42" height="8" fill="none" stroke="currentColor" stroke-width="1.5"/>'
    )
    return _frame() + _face(38, 22, 0.62) + box + patches


def _grey() -> str:
    def square(row: int, column: int, shade: int) -> str:
        grey = 250 - 36 * shade
        return (
            f'<rect x="{23 + 7.4 * column:.1f}" y="{8 + 7.4 * row:.1f}" width="7.5" height="7.5" '
            f'fill="rgb({grey},{grey},{grey})"/>'
        )

    return "".join(
        square(row, column, int(shade))
        for row, shades in enumerate(PIXELS)
        for column, shade in enumerate(shades)
    )


def _layers() -> Iterator[str]:
    x = 8.0
    for side, count in ((58, 2), (42, 3), (28, 4), (16, 5)):
        for _index in range(count):
            yield (
                f'<rect x="{x:.0f}" y="{45 - side / 2:.0f}" width="6" height="{side}" rx="1.5" '
                f'fill="currentColor" opacity="{0.2 + 0.15 * count:.2f}"/>'
            )
            x += 7.2
        x += 2.4


def _softmax() -> str:
    lengths = (14, 6, 10, 84, 12, 22, 18)
    return "".join(
        f'<rect x="12" y="{8 + 10.8 * row:.1f}" width="{length}" height="8" rx="1.5" '
        f'fill="{EMOTIONS[code].colour}"/>'
        for row, (code, length) in enumerate(zip(FER2013_LABELS, lengths, strict=True))
    )


def _answer() -> str:
    happy = EMOTIONS["happy"]
    name = html.escape(emotion_name("happy"))
    return (
        f'<rect x="27" y="22" width="66" height="60" fill="none" stroke="{happy.colour}" stroke-width="3"/>'
        f'<rect x="25.5" y="4" width="69" height="19" fill="{happy.colour}"/>'
        + sign_svg("happy", 15, 29, 6, "black")
        + '<text x="48" y="18" font-family="sans-serif" font-size="12" font-weight="700" '
        f'textLength="43" lengthAdjust="spacingAndGlyphs">{name}</text>'
    )


def _data_url(drawing: str) -> str:
    head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 90" width="120" height="90">'
    svg = f"{head}{drawing}</svg>"
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def _drawing(ink: str, coloured: str) -> str:
    """Hidden from a screen reader, which reads the text below it."""
    image = f'<img alt="" src="{_data_url(coloured)}">' if coloured else ""
    mask = f'<i style="--ink:url({_data_url(ink)})"></i>'
    return f'<span class="raut-drawing" aria-hidden="true">{mask}{image}</span>'


def how_it_works() -> None:
    """The six steps, numbered; across on a wide page, down on a phone."""
    steps = (
        (_photo(), "", _("Picture"), _("A photo, or a frame of the webcam's video.")),
        (
            _haar(),
            "",
            _("Find the face"),
            _("A Haar cascade looks for the bright and dark patches of a face."),
        ),
        ("", _grey(), _("Cut it out"), _("The face becomes 48×48 grey pixels. The background is dropped.")),
        (
            "".join(_layers()),
            "",
            _("Look for patterns"),
            _("A convolutional network finds edges, then mouths and brows."),
        ),
        ("", _softmax(), _("Compare"), _("Softmax turns the scores into shares that add up to 100%.")),
        (
            _face(38, 29, 0.68),
            _answer(),
            _("Answer"),
            _("The expression that the face resembles most, if one stands out."),
        ),
    )
    step_list([(_drawing(ink, coloured), title, text) for ink, coloured, title, text in steps])

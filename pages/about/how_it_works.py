"""The pictures on About: from a photo to an expression in six steps, and how BlazeFace finds a face in five.

A list rather than one image: its text is translated and read aloud, and the steps move under each other on a
phone. Streamlit drops inline SVG from HTML, so a drawing is a mask filled with the colour of the text, which
follows the theme, and where it needs them an image with the colours of the expressions above it. The drawings
explain; the bars in them are no measurement.
"""

from __future__ import annotations

import base64
import html
from collections.abc import Iterator

from fer_core.faces.anchors import anchor_centres
from fer_core.faces.blazeface_networks import MODELS
from fer_core.faces.search import photo_search
from fer_core.labels import EMOTIONS, FER2013_LABELS
from fer_core.signs import sign_svg
from pages.ui.i18n import _, emotion_name, format_number
from pages.ui.steps import step_list

FACE = (
    "M6 21C8 13 19 10 25.5 15.5C31 20.5 29.5 28 27 33.5C25.2 37.8 28 40.2 32 39.6C38.5 38.6 36.5 30 36.2 24"
    "C36 17 40.5 11 48 11.5C56.5 12 60.5 22 59 33C57 47 45.5 57 31.5 57C20.5 57 11.5 51.5 7 43"
)
"""Raut's face in one line, on a field of 64 by 64: the mark of `pages/ui/assets/favicon.svg`."""

TILT = 32
"""Degrees, clockwise."""

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


def _tilted(drawing: str) -> str:
    """Around the middle of the field, as far as the heads of the five steps lean."""
    return f'<g transform="rotate({TILT} 60 45)">{drawing}</g>'


def _box(x: float, y: float, side: float, width: float, opacity: float = 1.0) -> str:
    return (
        f'<rect x="{x}" y="{y}" width="{side}" height="{side}" fill="none" stroke="currentColor" '
        f'stroke-width="{width}" opacity="{opacity}"/>'
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


def _square_picture() -> str:
    bars = "".join(
        f'<rect x="22" y="{y}" width="76" height="12" fill="currentColor" opacity=".6"/>' for y in (7, 71)
    )
    return _box(22, 7, 76, 2) + bars + _tilted(_face(40, 26, 0.62))


def _candidates() -> str:
    anchors = "".join(
        f'<circle cx="{26 + 9.7 * column:.1f}" cy="{11 + 9.7 * row:.1f}" r="1.1" fill="currentColor" opacity=".6"/>'
        for row in range(8)
        for column in range(8)
    )
    boxes = _box(31, 14, 50, 1.5, 0.6) + _box(38, 24, 50, 2, 0.8) + _box(41, 15, 47, 1.5, 0.6)
    return anchors + _tilted(_face(40, 26, 0.62)) + boxes + _box(35, 20, 50, 3)


def _one_box() -> str:
    return _frame() + _tilted(_face(40, 26, 0.62)) + _box(35, 20, 50, 3.5)


def _six_points() -> str:
    head = '<ellipse cx="60" cy="46" rx="25" ry="33" fill="none" stroke="currentColor" stroke-width="2" opacity=".6"/>'
    places = ((49, 39), (71, 39), (60, 50), (60, 63), (34, 43), (86, 43))
    points = "".join(f'<circle cx="{x}" cy="{y}" r="4" fill="currentColor"/>' for x, y in places)
    eyes = '<path d="M30 39L90 39" stroke="currentColor" stroke-width="1.5"/>'
    level = '<path d="M22 45L98 45" stroke="currentColor" stroke-width="1.5" stroke-dasharray="4 4" opacity=".6"/>'
    return level + _tilted(head + eyes + points)


def _turned() -> str:
    before = f'<g transform="rotate({TILT} 30 45)">{_face(14, 29, 0.5)}{_box(11, 26, 38, 2.5)}</g>'
    arrow = '<path d="M62 58A20 20 0 0 0 62 32M57 37L62 31L68 35" fill="none" stroke="currentColor" stroke-width="2"/>'
    return before + arrow + _face(81, 29, 0.5) + _box(78, 26, 38, 2.5)


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


def how_blazeface_works() -> None:
    """How the second face detector finds a face, in five steps; figures are those of its settings for photos."""
    search = photo_search()
    model = MODELS[search.blazeface.model]
    side = format_number(model.side)
    anchors = len(anchor_centres(model.side, model.strides, model.anchors_a_layer))
    steps = (
        (
            _square_picture(),
            _("Square picture"),
            _("The whole picture, reduced to {side}×{side} pixels in colour; the rest is black.").format(
                side=side
            ),
        ),
        (
            _candidates(),
            _("Candidates"),
            _("Each of {n} anchors gives a score and a box. A high score makes a candidate.").format(
                n=format_number(anchors)
            ),
        ),
        (
            _one_box(),
            _("One box for each face"),
            _("Candidates that overlap are one face: non-maximum suppression.")
            + (
                f" {_('Each is looked at again, larger.')}"
                if search.blazeface.confirm_score is not None
                else ""
            ),
        ),
        (_six_points(), _("Six points"), _("Eyes, nose, mouth and ears show how the face is tilted.")),
        (
            _turned(),
            _("Turned upright"),
            _("A face that is tilted far is turned upright as it is cut out."),
        ),
    )
    step_list([(_drawing(ink, ""), title, text) for ink, title, text in steps])

"""The report as PDF: a page or two to read first, then a table of all faces."""

from __future__ import annotations

import io

import cv2

from fer_core.cards.words import Words
from fer_core.errors import N_
from fer_core.labels import in_reading_order, shares_in_reading_order
from fer_core.reports.analysis import Analysis, ReportedPhoto
from fer_core.reports.content import Content, report_content
from fer_core.reports.detectors import found_words
from fer_core.reports.pdf_pages import (
    FAINT,
    INK,
    MISSING,
    SIGN_PX,
    Pages,
    shortened_to_width,
    showable,
    write_section,
    write_tally,
)
from fer_core.reports.phrases import face_words, rater_words, status_words
from fer_core.signs import sign_image

ROW = 6.2  # mm
CROP_ROW = 12.5  # mm
RATERS_BESIDE = 6
"""People whose ratings stand beside each other on a page."""
TEXT_SIZES = 8, 7, 6, 5
"""In points: what is too wide for its cell is set smaller, and only then shortened."""


def pdf_report(analysis: Analysis, words: Words, *, pictures: bool) -> bytes:
    """Make the report as PDF: a page or two to read first, then a table of all faces.

    Args:
        analysis: what to report.
        words: its language.
        pictures: show the photos, and the grey crops that the network was shown.

    Returns:
        The file; the same bytes for the same input.
    """
    content = report_content(analysis, words)
    settings = analysis.settings
    raut = f"Raut {settings.raut_version}"
    foot = f"{raut} · {settings.network.id} · {content.title} · {words.date(settings.made)}"
    pdf = Pages(foot, settings.made)
    pdf.set_title(content.title)
    pdf.set_creator(raut)
    pdf.set_lang(words.language)
    _first_page(pdf, content, words)
    pdf.add_page(orientation="landscape")
    pdf.write_line(words.say(N_("All faces")), 13, bold=True)
    _table(pdf, analysis, words, pictures)
    _ratings(pdf, analysis, words)
    if any(showable(photo.result.name) != photo.result.name for photo in analysis.photos):
        pdf.ln(2)
        pdf.write_small(
            words.say(
                N_(
                    "{box} stands for a character that the font of this file lacks. The tables and the HTML "
                    "report have the whole names, under the same numbers."
                ),
                box=MISSING,
            )
        )
    if pictures:
        for number, photo in enumerate(analysis.photos, start=1):
            _picture(pdf, number, photo)
    return bytes(pdf.output())


def _first_page(pdf: Pages, content: Content, words: Words) -> None:
    pdf.write_line(content.title, 20, bold=True)
    pdf.write_line(content.lead, 10, 2)
    pdf.write_line(content.summary, 11, 3)
    write_tally(pdf, content.tally, words)
    for section in (content.known, *([content.rated] if content.rated else []), content.limits, content.use):
        write_section(pdf, section)
    if pdf.will_page_break(3.3 * (len(content.settings.rows) + 3) + 6):  # three take two lines
        pdf.add_page()
    write_section(pdf, content.settings)


def _table(pdf: Pages, analysis: Analysis, words: Words, pictures: bool) -> None:
    """Drawn cell by cell: thousands of rows take seconds that way."""
    if not analysis.photos:
        pdf.write_line(words.say(N_("There are no photos.")), 9, 2)
        return
    shares = tuple(words.emotion(label) for label in in_reading_order(analysis.labels))
    # Several raters have a table of their own: there is no room for them beside the probabilities.
    rated = analysis.rater_names if len(analysis.rater_names) == 1 else ()
    names = (
        words.say(N_("No.")), words.say(N_("Photo")), words.say(N_("Face")), words.say(N_("Expression resembles")),
        words.say(N_("Probability")), words.say(N_("Could be")), words.say(N_("Found by")),
        *(rater_words(name, analysis, words) for name in rated), *shares,
    )  # fmt: skip
    widths = (10.0, 0.0, 10.0, 30.0, 16.0, 36.0, 28.0, *((20.0,) * len(rated)), *((12.6,) * len(shares)))
    widths = tuple(width or pdf.epw - sum(widths) for width in widths)
    height = CROP_ROW if pictures else ROW

    def line(cells: tuple[str, ...], tall: float, indent: float = 0) -> None:
        _line(pdf, widths, cells, tall, indent)

    def head() -> None:
        pdf.set_text_color(*FAINT)
        line(names, ROW)
        pdf.set_text_color(*INK)

    pdf.set_draw_color(201, 206, 214)
    pdf.ln(2)
    head()
    for number, photo in enumerate(analysis.photos, start=1):
        start = (words.number(number), photo.result.name)
        problem = status_words(photo, words)
        for face, struck in [*([(None, False)] if problem else []), *photo.every_face]:
            if pdf.will_page_break(height):
                pdf.add_page(same=True)
                head()
            if face is None:
                line((*start, problem), ROW)
                continue
            answer, share, could_be = face_words(face, words)
            ordered = shares_in_reading_order(photo.result.labels, face.probabilities)
            cells = (
                *start, words.number(face.number), answer, share, could_be, found_words(face, struck, words),
                *(words.emotion(said) if said else "–" for said in analysis.ratings_of(photo, face) if rated),
                *(words.probability(part, 1) for part in ordered.values()),
            )  # fmt: skip
            left = pdf.l_margin + sum(widths[:3]) + 1
            middle = pdf.get_y() + height / 2
            indent = 6.0
            if pictures:
                _ok, png = cv2.imencode(".png", face.crop_gray)
                pdf.image(io.BytesIO(png.tobytes()), left, middle - 5.5, 11)
                left, indent = left + 12, 18.0
            pdf.image(sign_image(face.answer, SIGN_PX, INK), left, middle - 2.2, 4.4)
            pdf.set_text_color(*(FAINT if struck else INK))
            line(cells, height, indent)
            pdf.set_text_color(*INK)


def _line(
    pdf: Pages, widths: tuple[float, ...], cells: tuple[str, ...], tall: float, indent: float = 0
) -> None:
    """A row with a line below it; its last cell takes what is left, and its fourth one begins that much later."""
    for place, (width, cell) in enumerate(zip(widths, cells, strict=False)):
        inset = indent if place == 3 else 0
        last = place == len(cells) - 1 < len(widths) - 1
        room = sum(widths[place:]) if last else width - inset
        pdf.set_x(pdf.get_x() + inset)
        for size in TEXT_SIZES:
            pdf.set_font("Inter", size=size)
            if pdf.get_string_width(showable(cell)) <= room - 2:
                break
        pdf.cell(room, tall, shortened_to_width(pdf, cell, room - 2))
    pdf.ln(tall)
    pdf.line(pdf.l_margin, pdf.get_y(), pdf.w - pdf.r_margin, pdf.get_y())


def _ratings(pdf: Pages, analysis: Analysis, words: Words) -> None:
    """What each of several people said of the faces, some of them beside each other."""
    raters = analysis.rater_names
    if len(raters) < 2:
        return
    rated = [
        (number, photo, face, analysis.ratings_of(photo, face))
        for number, photo in enumerate(analysis.photos, start=1)
        for face, _struck in photo.every_face
        if any(analysis.ratings_of(photo, face))
    ]
    for first in range(0, len(raters) if rated else 0, RATERS_BESIDE):
        beside = raters[first : first + RATERS_BESIDE]
        room = (pdf.epw - 100) / RATERS_BESIDE
        widths = (12.0, 74.0, 14.0, *((room,) * len(beside)))
        names = (
            words.say(N_("No.")), words.say(N_("Photo")), words.say(N_("Face")),
            *(rater_words(name, analysis, words) for name in beside),
        )  # fmt: skip

        def head(names: tuple[str, ...] = names, widths: tuple[float, ...] = widths) -> None:
            pdf.set_text_color(*FAINT)
            _line(pdf, widths, names, ROW)
            pdf.set_text_color(*INK)

        if pdf.will_page_break(12 + 2 * ROW):
            pdf.add_page(same=True)
        pdf.write_line(words.say(N_("Ratings")), 13, 4, bold=True)
        pdf.ln(2)
        head()
        for number, photo, face, said in rated:
            if pdf.will_page_break(ROW):
                pdf.add_page(same=True)
                head()
            answers = (words.emotion(code) if code else "–" for code in said[first : first + RATERS_BESIDE])
            _line(
                pdf,
                widths,
                (words.number(number), photo.result.name, words.number(face.number), *answers),
                ROW,
            )


def _picture(pdf: Pages, number: int, photo: ReportedPhoto) -> None:
    if photo.picture_jpeg:
        pdf.add_page(same=True)
        pdf.write_line(f"{number}: {photo.result.name}", 10)
        pdf.image(
            io.BytesIO(photo.picture_jpeg), pdf.l_margin, pdf.get_y() + 2, pdf.epw,
            pdf.h - pdf.get_y() - 24, keep_aspect_ratio=True,
        )  # fmt: skip

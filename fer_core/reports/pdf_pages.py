"""What PDF reports are made of: pages with a foot, text reduced to what the font has, sections, tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from fpdf import FPDF
from fpdf.enums import VAlign, XPos, YPos

from fer_core.cards.sections import Section
from fer_core.cards.words import Words
from fer_core.places import ASSETS_DIR
from fer_core.signs import sign_image

FONT = ASSETS_DIR / "fonts" / "Inter-Regular.otf"
HEADING_FONT = ASSETS_DIR / "fonts" / "Inter-SemiBold.otf"
MISSING = "□"
"""Stands for a character that the font lacks."""
INK = 21, 24, 29
FAINT = 90, 96, 106
SIGN_PX = 96  # on 5 mm: 480 dots an inch


class Pages(FPDF):
    """A4 pages with a foot; text is first reduced to what the font can show."""

    def __init__(self, foot: str, made: datetime) -> None:
        super().__init__(format="A4")
        self.foot = foot
        # The library would write the present time otherwise.
        self.set_creation_date(made)
        self.set_margin(16)
        self.set_auto_page_break(True, 15)
        self.add_font("Inter", fname=FONT)
        self.add_font("Inter", style="B", fname=HEADING_FONT)
        self.add_page()

    def footer(self) -> None:
        self.set_y(-13)
        self.write_small(f"{self.foot} · {self.page_no()}")

    def write_small(self, text: str) -> None:
        self.set_font("Inter", size=8)
        self.set_text_color(*FAINT)
        self.paragraph(text, 4)

    def paragraph(self, text: str, height: float) -> None:
        self.multi_cell(0, height, showable(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def write_line(self, text: str, size: float, above: float = 0, *, bold: bool = False) -> None:
        self.ln(above)
        self.set_font("Inter", style="B" if bold else "", size=size)
        self.set_text_color(*INK)
        self.paragraph(text, size * 0.5)


def showable(text: str) -> str:
    """Replace each character that the font lacks by `MISSING`."""
    available = _characters()
    return "".join(letter if ord(letter) in available else MISSING for letter in text)


@lru_cache(maxsize=1)
def _characters() -> frozenset[int]:
    from fontTools.ttLib import TTFont

    with TTFont(FONT, lazy=True) as font:
        return frozenset(font.getBestCmap())


def write_section(pdf: Pages, section: Section) -> None:
    """A heading, its sentences, and its table: names of rows at the left, all other columns at the right."""
    pdf.write_line(section.title, 12, 2, bold=True)
    for paragraph in section.paragraphs:
        pdf.write_line(paragraph, 8.5, 0.8)
    pdf.ln(1)
    if not section.header:
        # Names as long as their language makes them, so each cell takes the lines that it needs.
        pdf.set_font("Inter", size=7)
        with pdf.table(
            col_widths=(64, pdf.epw - 64), borders_layout="NONE", first_row_as_headings=False, line_height=3.3,
            align="LEFT", text_align="LEFT", v_align=VAlign.T, padding=0,
        ) as table:  # fmt: skip
            for name, value in section.rows:
                table.row((showable(name), showable(value)))
        return
    pdf.set_font("Inter", size=8)
    rows = [section.header, *section.rows]
    wanted = [
        max(pdf.get_string_width(showable(row[place])) for row in rows) + 5
        for place in range(len(section.header))
    ]
    tight = min(1.0, pdf.epw / sum(wanted))
    widths = [width * tight for width in wanted]
    for number, row in enumerate(rows):
        pdf.set_text_color(*FAINT)
        pdf.cell(widths[0], 4.2, shortened_to_width(pdf, row[0], widths[0] - 2))
        pdf.set_text_color(*INK)
        for width, cell in zip(widths[1:], row[1:], strict=True):
            pdf.cell(width, 4.2, shortened_to_width(pdf, cell, width - 2), align="R")
        pdf.ln(4.2)
        if not number:
            pdf.set_draw_color(*FAINT)
            pdf.line(pdf.l_margin, pdf.get_y(), pdf.l_margin + sum(widths), pdf.get_y())


def write_tally(pdf: Pages, tally: Sequence[tuple[str, int]], words: Words) -> None:
    """How often each expression is there, with its sign, some beside each other; nothing for an empty tally."""
    if not tally:
        return
    pdf.ln(2)
    for code, count in tally:
        if pdf.get_x() > pdf.w - pdf.r_margin - 38:
            pdf.ln(7)
        pdf.image(sign_image(code, SIGN_PX, INK), pdf.get_x(), pdf.get_y(), 5)
        pdf.set_x(pdf.get_x() + 6)
        pdf.set_font("Inter", size=9)
        pdf.cell(32, 5, showable(f"{words.emotion(code)} {words.number(count)}"))
    pdf.ln(6)


def shortened_to_width(pdf: Pages, text: str, width: float) -> str:
    """The text, shortened in its middle where it is too wide: the end of a file name tells files apart."""
    text = showable(text)[:400]
    if pdf.get_string_width(text) <= width:
        return text
    low, high = 0, len(text)  # characters that are kept
    while low < high:
        kept = (low + high + 1) // 2
        if pdf.get_string_width(_shortened(text, kept)) <= width:
            low = kept
        else:
            high = kept - 1
    return _shortened(text, low)


def _shortened(text: str, kept: int) -> str:
    end = kept // 2
    return f"{text[: kept - end]}…{text[len(text) - end :]}"

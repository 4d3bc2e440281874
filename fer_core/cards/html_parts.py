"""What HTML reports are made of: the whole page, its style, its sections and bars; nothing is fetched."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from html import escape

from fer_core.cards.sections import Section
from fer_core.cards.words import Words
from fer_core.labels import EMOTIONS
from fer_core.signs import FIELD, SIGNS, WIDTH, sign_path

STYLE = """
:root { color-scheme: light; }
body { font: 15px/1.5 Inter, system-ui, "Noto Sans", Arial, sans-serif; color: #15181d; background: #fff;
  max-width: 76rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; break-after: avoid; }
p { max-width: 48rem; margin: .4rem 0; }
.lead { font-size: 1.05rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .6rem; text-align: left; vertical-align: top; border-bottom: 1px solid #c9ced6; }
thead th { border-bottom: 2px solid #15181d; vertical-align: bottom; }
td.n, th.n { text-align: right; white-space: nowrap; }
td.file { overflow-wrap: anywhere; min-width: 9rem; }
td.facts { overflow-wrap: anywhere; }
tr { break-inside: avoid; }
.sign { width: 1.25em; height: 1.25em; vertical-align: -.28em; }
.signs { position: absolute; }
.first { font-weight: 700; }
.crop { width: 48px; height: 48px; display: block; }
.wave { border-left: 6px solid var(--emotion, #fff); }
.note { color: #4a505a; }
tr.struck td { color: #4a505a; }
tr.struck .wave { text-decoration: line-through; }
figure { margin: 1rem 0; break-inside: avoid; }
figure img { max-width: 100%; max-height: 160mm; }
svg { max-width: 100%; height: auto; }
@page { size: A4 landscape; margin: 14mm; }
@media print {
  body { font-size: 10.5px; margin: 0; padding: 0; max-width: none; }
  .scroll { overflow: visible; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
""".strip()


def html_document(title: str, language: str, version: str, parts: Iterable[str]) -> bytes:
    """Put parts together to a page that fetches and runs nothing.

    Args:
        title: of the report, which is not yet escaped.
        language: its code.
        version: of Raut.
        parts: HTML; empty ones are left out.

    Returns:
        The file, in UTF-8.
    """
    page = (
        f'<!DOCTYPE html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        # Whatever a file name may hold: the browser fetches and runs nothing.
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src data:; '
        "style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="generator" content="Raut {escape(version)}">\n'
        f"<title>Raut · {escape(title)}</title>\n<style>\n{STYLE}\n</style>\n</head>\n<body>\n"
        + "\n".join(part for part in parts if part)
        + "\n</body>\n</html>\n"
    )
    return page.encode("utf-8", "replace")


def section_html(section: Section) -> str:
    """A section with its sentences and its table; the first column names the rows, all others are numbers."""
    text = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in section.paragraphs)
    head = "".join(
        f'<th scope="col"{number_class(place)}>{escape(cell)}</th>'
        for place, cell in enumerate(section.header)
    )
    cell_class = ' class="n"' if section.header else ' class="facts"'
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(f"<td{cell_class}>{escape(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in section.rows
    )
    table = f'<div class="scroll"><table>{f"<thead><tr>{head}</tr></thead>" if head else ""}<tbody>{body}</tbody></table></div>'
    return f"<section><h2>{escape(section.title)}</h2>{text}{table if body else ''}</section>"


def number_class(is_number: object) -> str:
    """The class of a cell that holds a number."""
    return ' class="n"' if is_number else ""


def sign_html(code: str) -> str:
    """The sign of an expression, of which `sign_drawings` has the drawing."""
    return f'<svg class="sign" aria-hidden="true"><use href="#sign-{code}"/></svg>'


def sign_drawings() -> str:
    """The drawing of each sign, once: a report of thousands of faces only refers to it."""
    symbols = "".join(
        f'<symbol id="sign-{code}" viewBox="0 0 {FIELD} {FIELD}"><path d="{sign_path(code)}" fill="none" '
        f'stroke="currentColor" stroke-width="{WIDTH:g}" stroke-linecap="round" stroke-linejoin="round"/></symbol>'
        for code in SIGNS
    )
    return f'<svg class="signs" width="0" height="0" aria-hidden="true">{symbols}</svg>'


def tally_html(tally: Sequence[tuple[str, int]], title: str, words: Words) -> str:
    """Bars of how often each expression is there; name and count stand beside each, so colour is not needed.

    Args:
        tally: code and count.
        title: of the section.
        words: its language.

    Returns:
        HTML; "" for an empty tally.
    """
    if not tally:
        return ""
    largest_count = max(1, *(count for _code, count in tally))
    bars = []
    for place, (code, count) in enumerate(tally):
        y = 34 * place
        fill = EMOTIONS[code].colour or "none"
        width = max(2, round(420 * count / largest_count))
        bars.append(
            f'<use href="#sign-{code}" x="0" y="{y + 5}" width="22" height="22"/>'
            f'<text x="28" y="{y + 21}">{escape(words.emotion(code))}</text>'
            f'<rect x="140" y="{y + 5}" width="{width}" height="22" fill="{fill}" stroke="#15181d"/>'
            f'<text x="{150 + width}" y="{y + 21}">{words.number(count)}</text>'
        )
    height = 34 * len(tally)
    return (
        f'<section><h2>{escape(title)}</h2><svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(title)}" '
        f'width="640" height="{height}" viewBox="0 0 640 {height}" font-size="15">{"".join(bars)}</svg></section>'
    )


def data_url(form: str, content: bytes) -> str:
    """A picture as the address of an image."""
    return f"data:image/{form};base64,{base64.b64encode(content).decode('ascii')}"

"""The report of an audit as HTML and PDF, and the bundle: both, the lists of rows, and descriptions of the data set."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from html import escape
from typing import Any

from fer_core.audit.audited import Audited
from fer_core.audit.croissant import ROWS_FILE, croissant_json
from fer_core.audit.lists import list_csv, lists_of
from fer_core.audit.row_tables import Chosen, codebook_csv, column_sources, rows_csv
from fer_core.cards.html_parts import html_document, section_html, sign_drawings, tally_html
from fer_core.cards.words import Words
from fer_core.errors import N_
from fer_core.plain_text import in_markdown
from fer_core.reports.audit_content import audit_content
from fer_core.reports.datasheet import datasheet_html, datasheet_markdown
from fer_core.reports.pdf_pages import Pages, write_section, write_tally
from fer_core.reports.tables import as_json
from fer_core.zip_files import checksums, zipped

README_FILE = "README.md"
FILES = {
    "audit.html": N_("the report, for a browser"),
    "audit.pdf": N_("the report, for printing"),
    "audit.json": N_("all figures of the report, for programs"),
    "datasheet.html": N_("the datasheet of the data set, for a browser"),
    "datasheet.md": N_("the same as Markdown"),
    ROWS_FILE: N_("every row with everything that is known of it"),
    "codebook.csv": N_("what the columns of that table mean"),
    "croissant.json": N_("the description of the data set for programs (Croissant 1.1)"),
}
"""Name of a file in the bundle to what is in it; the lists of rows come behind them."""


def audit_html(audit: Audited, words: Words) -> bytes:
    """Write the report as one HTML file."""
    content = audit_content(audit, words)
    return html_document(
        content.title,
        words.language,
        audit.raut_version,
        [
            sign_drawings(),
            f"<h1>{escape(content.title)}</h1>",
            f'<p class="lead">{escape(content.lead)}</p>',
            f"<p><strong>{escape(content.summary)}</strong></p>",
            tally_html(content.tally, words.say(N_("Pictures for each expression")), words),
            *(section_html(section) for section in content.sections),
        ],
    )


def audit_pdf(audit: Audited, words: Words) -> bytes:
    """Write the report as PDF; the same bytes for the same input."""
    content = audit_content(audit, words)
    raut = f"Raut {audit.raut_version}"
    pdf = Pages(f"{raut} · {content.title} · {words.date(audit.made)}", audit.made)
    pdf.set_title(content.title)
    pdf.set_creator(raut)
    pdf.set_lang(words.language)
    pdf.write_line(content.title, 20, bold=True)
    pdf.write_line(content.lead, 10, 2)
    pdf.write_line(content.summary, 11, 3)
    write_tally(pdf, content.tally, words)
    for section in content.sections:
        # A table that fits onto a page is not parted; a paragraph has some two lines.
        if pdf.will_page_break(min(14 + 9 * len(section.paragraphs) + 4.2 * len(section.rows), 180)):
            pdf.add_page()
        write_section(pdf, section)
    return bytes(pdf.output())


def audit_json(audit: Audited) -> bytes:
    """Write all figures of an audit, ready for programs; null where something is not known."""
    return as_json(
        {
            "data_set": audit.name,
            "form": audit.form or None,
            "is_fer2013": audit.is_fer2013,
            "checksums": dict(audit.checksums),
            "raut_version": audit.raut_version,
            "date": audit.made.isoformat(timespec="seconds"),
            "versions": dict(audit.versions),
            "made_from": dict(audit.made_from),
            "findings": plain(dataclasses.asdict(audit.findings)),
        }
    )


def plain(value: Any) -> Any:
    """A value of dictionaries and tuples as JSON has it, NaN as None."""
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def audit_bundle(audit: Audited, words: Words) -> bytes:
    """Make a zip of everything, with checksums and a README; the same bytes for the same input."""
    return zipped(audit_files(audit, words))


def audit_files(audit: Audited, words: Words) -> dict[str, bytes]:
    """Make every file of an audit: its name to its content."""
    chosen = Chosen(audit.table)
    source = chosen.provenance(audit.made, audit.name)
    rows = rows_csv(audit.table, chosen.positions(), source)
    lists = {f"{each.name}.csv": each for each in lists_of(audit)}
    tables = {name: list_csv(audit, each) for name, each in lists.items()}
    files = {
        "audit.html": audit_html(audit, words),
        "audit.pdf": audit_pdf(audit, words),
        "audit.json": audit_json(audit),
        "datasheet.html": datasheet_html(audit, words),
        "datasheet.md": datasheet_markdown(audit, words).encode(),
        "croissant.json": croissant_json(audit, rows),
        ROWS_FILE: rows,
        "codebook.csv": codebook_csv(audit.table, source, words.text, column_sources(dict(audit.made_from))),
        **tables,
    }
    what = {**FILES, **{name: each.what for name, each in lists.items()}}
    readme = [
        f"# {in_markdown(audit_content(audit, words).title)}",
        words.say(
            N_("Made with Raut {version} on {date}."),
            version=audit.raut_version,
            date=words.date(audit.made),
        ),
        "\n".join(f"- `{name}`: {words.text(what[name])}" for name in files),
        words.say(
            N_(
                "Rows are those of fer2013.csv, the first picture being row 0; in folders they are numbered as they are read, "
                "and the column `file` names the picture. `SHA256SUMS` holds a checksum for each file: `sha256sum -c SHA256SUMS`. "
                "No picture is in here."
            )
        ),
    ]
    return {
        README_FILE: ("\n\n".join(readme) + "\n").encode(),
        **files,
        "SHA256SUMS": checksums(files),
    }

"""Report: the audit of the data set, to read here and to take home with its lists of rows, datasheet and Croissant."""

from __future__ import annotations

import dataclasses
from functools import partial
from weakref import WeakKeyDictionary

import streamlit as st

from fer_core.audit.audited import Audited, audited_set
from fer_core.cards.sections import Section
from fer_core.datasets.fer2013 import Fer2013
from fer_core.datasets.filters import Filter
from fer_core.datasets.rows import RowTable
from fer_core.recognition.provenance import download_name
from fer_core.reports.audit_content import AuditContent, audit_content
from pages.dataset.material import is_shipped
from pages.ui.charts import Column, now_here, table_html
from pages.ui.guard import escape_markdown
from pages.ui.i18n import N_, _, language, speaking
from pages.ui.report_words import words

DOWNLOADS = (
    ("html", N_("Report (HTML)"), ":material/web:", "audit", "html", "text/html"),
    ("pdf", N_("Report (PDF)"), ":material/picture_as_pdf:", "audit", "pdf", "application/pdf"),
    ("bundle", N_("All with lists of rows (zip)"), ":material/folder_zip:", "audit", "zip", "application/zip"),
)  # fmt: skip
"""Kind, label, icon, what the file holds, its ending, media type."""
FURTHER = (
    ("datasheet", N_("Datasheet (HTML)"), ":material/description:", "datasheet", "html", "text/html"),
    ("markdown", N_("Datasheet (Markdown)"), ":material/description:", "datasheet", "md", "text/markdown"),
    ("croissant", N_("For programs (Croissant 1.1)"), ":material/data_object:", "croissant", "json",
     "application/ld+json"),
    ("json", N_("All figures (JSON)"), ":material/data_object:", "audit", "json", "application/json"),
)  # fmt: skip
_audits: WeakKeyDictionary[RowTable, Audited] = WeakKeyDictionary()


class _Numbers(Column):
    """A column of numbers that are already written as the reader's language has them."""

    @property
    def is_text(self) -> bool:
        return False


def render(table: RowTable, chosen: Filter, dataset: Fer2013 | None) -> None:
    """The audit of the whole set, whatever the filter is."""
    audit = _audit(table, dataset)
    content = audit_content(audit, words(language()))
    st.header(escape_markdown(content.title), anchor=False)
    st.markdown(escape_markdown(content.summary))
    if chosen:
        st.caption(_("A report is about the whole data set, not about the filter."))
    with st.container(horizontal=True, vertical_alignment="center"):
        for entry in DOWNLOADS:
            _download(audit, *entry)
        with st.popover(_("More"), icon=":material/more_horiz:"):
            for entry in FURTHER:
                _download(audit, *entry)
    st.caption(escape_markdown(content.lead))
    _show(content)


def _audit(table: RowTable, dataset: Fer2013 | None) -> Audited:
    """The audit of a table, which is worked out once for all sessions, with the time of now."""
    audit = _audits.get(table)
    wanted = "" if dataset is None else dataset.form
    if audit is None or audit.form != wanted:
        audit = audited_set(None if is_shipped(table) and dataset is None else dataset, now_here(), table)
        _audits[table] = audit
    return dataclasses.replace(audit, made=now_here())


def _download(audit: Audited, kind: str, label: str, icon: str, what: str, ending: str, mime: str) -> None:
    name = f"{what}-{audit.name}"
    st.download_button(
        _(label),
        partial(audit_file, kind, audit, language()),
        file_name=download_name(name, ending, audit.made.date()),
        mime=mime,
        icon=icon,
        key=f"audit_{kind}",
        on_click="ignore",
    )


def audit_file(kind: str, audit: Audited, code: str) -> bytes:
    """One file, made when its button is pressed.

    Args:
        kind: of `DOWNLOADS` or `FURTHER`.
        audit: what to report.
        code: the reader's language.
    """
    # Imported here: the libraries of PDF take a while, which most readers never need.
    from fer_core.audit.croissant import croissant_json
    from fer_core.reports.audit_files import audit_bundle, audit_html, audit_json, audit_pdf
    from fer_core.reports.datasheet import datasheet_html, datasheet_markdown

    with speaking(code):
        spoken = words(code)
        if kind == "croissant":
            return croissant_json(audit)
        if kind == "json":
            return audit_json(audit)
        if kind == "markdown":
            return datasheet_markdown(audit, spoken).encode()
        make = {"html": audit_html, "pdf": audit_pdf, "bundle": audit_bundle, "datasheet": datasheet_html}
        return make[kind](audit, spoken)


def _show(content: AuditContent) -> None:
    """Every section of the report, those with figures open to read, the others below each other."""
    for section in content.sections:
        st.subheader(escape_markdown(section.title), anchor=False)
        for paragraph in section.paragraphs:
            st.markdown(escape_markdown(paragraph))
        if section.rows:
            st.html(_table(section))


def _table(section: Section) -> str:
    names = section.header or ("",) * len(section.rows[0])
    cells = list(zip(*section.rows, strict=True))
    kind = _Numbers if section.header else Column
    columns = [Column(names[0], cells[0])]
    columns += [kind(name, values) for name, values in zip(names[1:], cells[1:], strict=True)]
    return table_html(columns)

"""What can be taken away from the Photos page: tables, reports, a bundle for research, a paragraph to cite.

A file is made when its button is pressed, in memory, by a thread that knows no reader: so language and date
are settled beforehand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import cv2
import streamlit as st

from fer_core.cards.words import Words
from fer_core.faces.images import own_picture, shrink
from fer_core.faces.search import FaceSearch
from fer_core.photos.counts import count_photos
from fer_core.photos.findings import Finding, Findings, Photo, RaterTable
from fer_core.photos.table import results_to_csv
from fer_core.recognition.answers import Answerer
from fer_core.recognition.provenance import Provenance
from fer_core.reports.analysis import Analysis, ReportedPhoto, Settings, package_versions, photos_provenance
from fer_core.store.network import NetworkInfo
from pages.ui import i18n
from pages.ui.choices import keep_choice
from pages.ui.guard import guarded_page
from pages.ui.i18n import LANGUAGES, N_, _, language
from pages.ui.photo_block import marked_picture
from pages.ui.report_words import words

REPORT_SIDE = 900
"""Longest side of a photo in a report, in pixels."""

POPOVER_KEY = "photos_downloads"
EXPORTS = (
    ("html", N_("Report (HTML)"), ":material/web:", "photos-report", "html", "text/html"),
    ("pdf", N_("Report (PDF)"), ":material/picture_as_pdf:", "photos-report", "pdf", "application/pdf"),
    (
        "excel", N_("Excel"), ":material/table:", "photos-faces", "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    ("json", N_("JSON"), ":material/data_object:", "photos-faces", "json", "application/json"),
    ("bundle", N_("Research bundle (zip)"), ":material/folder_zip:", "photos-research", "zip", "application/zip"),
)  # fmt: skip
"""Kind, label, icon, what the file holds, its ending, media type."""


@dataclass(frozen=True)
class Asked:
    """What to export, as it is when a button is pressed."""

    findings: Findings
    """As the reader corrected them."""
    network: Answerer
    """That read the faces."""
    search: FaceSearch
    """Of the search that found them."""
    ratings: Mapping[tuple[str, int], str]
    """The reader's."""
    raters: Mapping[str, RaterTable]
    """Those of other people, by the name of their table."""
    made: datetime
    """When."""

    @property
    def provenance(self) -> Provenance:
        """Where the numbers come from."""
        counts = count_photos(finding.result for _photo, finding in self.findings)
        return photos_provenance(self.made, self.network, self.search, counts)

    def analysis(self, *, pictures: bool = False) -> Analysis:
        """What reports are made of: those of networks that ship."""
        assert isinstance(self.network, NetworkInfo)  # the page offers no report of another one
        return Analysis(
            tuple(_reported(photo, finding, pictures) for photo, finding in self.findings),
            Settings(self.network, self.search, package_versions(), self.made),
            self.ratings,
            self.raters,
        )


def csv_download(asked: Asked, on_download: Callable[[], None]) -> None:
    """A button for the table of all faces, with a function that is called when it is pressed."""
    st.download_button(
        _("Download as CSV"),
        partial(csv_bytes, asked),
        file_name=asked.provenance.file_name("photos-faces", "csv"),
        mime="text/csv",
        icon=":material/download:",
        key="photos_csv",
        on_click=on_download,
    )


def csv_bytes(asked: Asked) -> bytes:
    """The table of all faces as a file; with the mark by which Excel knows UTF-8."""
    results = [finding.result for _photo, finding in asked.findings]
    return results_to_csv(results, asked.provenance).encode("utf-8-sig", "replace")


def exports(asked: Asked, on_download: Callable[[], None]) -> None:
    """A button that opens the other downloads, with a function that is called when one of them is pressed."""
    keep_choice(POPOVER_KEY)
    with st.popover(
        _("Downloads and citation"), icon=":material/download:", key=POPOVER_KEY, on_change="rerun"
    ):
        # The dialog would lie below what is open here.
        if st.button(
            _("Read the methods paragraph"),
            icon=":material/format_quote:",
            key="read_methods",
            width="stretch",
            on_click=_close_downloads,
        ):
            dialog = st.dialog(_("Paragraph for a methods section"), width="large")
            dialog(guarded_page()(methods_paragraph))(asked)
        st.caption(_("Each file is made when you press its button."))
        pictures = st.checkbox(
            _("Show the photos in the reports"),
            key="export_pictures",
            help=_(
                "Off, because a report with faces in it is easily passed on to people who should not see them. "
                "Tick this only if everyone shown agrees."
            ),
        )
        for kind, label, icon, what, ending, mime in EXPORTS:
            st.download_button(
                _(label),
                partial(export, kind, asked, pictures=pictures, code=language()),
                file_name=asked.provenance.file_name(what, ending),
                mime=mime,
                icon=icon,
                key=f"export_{kind}",
                on_click=on_download,
                width="stretch",
            )


def _close_downloads() -> None:
    st.session_state[POPOVER_KEY] = False


def methods_paragraph(asked: Asked) -> None:
    """The paragraph for a methods section in both languages, to be read and copied."""
    # Imported here: statistics take half a second to load.
    from fer_core.reports.methods import methods_plain

    analysis = asked.analysis()
    codes = sorted(LANGUAGES, key=lambda code: code != language())
    for code, tab in zip(codes, st.tabs([LANGUAGES[code] for code in codes]), strict=True):
        with tab:
            st.caption(_("To copy it, use the sign at the upper right of the text."))
            st.code(methods_plain(analysis, words(code)), language=None, wrap_lines=True)


def export(kind: str, asked: Asked, *, pictures: bool, code: str) -> bytes:
    """One file.

    Args:
        kind: of `EXPORTS`.
        asked: what to export.
        pictures: show the photos in the reports.
        code: the reader's language.
    """
    with i18n.speaking(code):
        shown = pictures and kind in ("html", "pdf", "bundle")
        return _make(kind, asked.analysis(pictures=shown), words(code), pictures)


def _make(kind: str, analysis: Analysis, spoken: Words, pictures: bool) -> bytes:
    # Imported here: the libraries of PDF and Excel take a quarter of a second, which most readers never need.
    from fer_core.reports.bundle import research_bundle
    from fer_core.reports.html_page import html_report
    from fer_core.reports.pdf_file import pdf_report
    from fer_core.reports.tables import excel, results_json

    if kind == "html":
        return html_report(analysis, spoken, pictures=pictures)
    if kind == "pdf":
        return pdf_report(analysis, spoken, pictures=pictures)
    if kind == "excel":
        return excel(analysis, spoken)
    if kind == "json":
        return results_json(analysis)
    return research_bundle(analysis, spoken, {other: words(other) for other in LANGUAGES}, pictures=pictures)


def _reported(photo: Photo, finding: Finding, pictures: bool) -> ReportedPhoto:
    return ReportedPhoto(
        finding.result,
        sha256="" if photo.digest is None else photo.digest.partition("-")[0],
        key=photo.identity,
        page=photo.page + 1,
        picture_jpeg=_small(marked_picture(finding, finding.result, struck=True))
        if pictures and finding.picture_jpeg
        else b"",
        error=finding.error,
    )


def _small(jpeg: bytes) -> bytes:
    _ok, small = cv2.imencode(".jpg", shrink(own_picture(jpeg), REPORT_SIDE), [cv2.IMWRITE_JPEG_QUALITY, 85])
    return small.tobytes()

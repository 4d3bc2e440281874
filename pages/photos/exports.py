"""What can be taken away from the Photos page besides the CSV: reports, tables, a bundle for research.

A file is made when its button is pressed, in memory, by a thread that knows no reader: so language and date
are settled beforehand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial, wraps
from typing import Any

import cv2
import streamlit as st

from fer_core.faces.images import own_picture, shrink
from fer_core.faces.search import EFFORTS
from fer_core.photos.findings import Finding, Findings, Photo
from fer_core.reports.analysis import Analysis, ReportedPhoto, Settings, package_versions
from fer_core.reports.words import Words
from fer_core.store.network import NetworkInfo
from pages.ui import i18n
from pages.ui.i18n import LANGUAGES, N_, _, language
from pages.ui.photo_block import marked_picture

REPORT_SIDE = 900
"""Longest side of a photo in a report, in pixels."""

EXPORTS = (
    ("html", N_("Report (HTML)"), ":material/web:", "raut-report.html", "text/html"),
    ("pdf", N_("Report (PDF)"), ":material/picture_as_pdf:", "raut-report.pdf", "application/pdf"),
    (
        "excel", N_("Excel"), ":material/table:", "raut-photos.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    ("json", N_("JSON"), ":material/data_object:", "raut-photos.json", "application/json"),
    ("bundle", N_("Research bundle (zip)"), ":material/folder_zip:", "raut-research.zip", "application/zip"),
)  # fmt: skip
"""Kind, label, icon, file name, media type."""


def exports(
    findings: Findings, network: NetworkInfo, effort: str, ratings: Mapping[tuple[str, int], str]
) -> None:
    """A button that opens the downloads.

    Args:
        findings: what to export.
        network: that read the faces.
        effort: of the search that found them.
        ratings: the reader's, as they are when a button is pressed.
    """
    with st.popover(_("More downloads"), icon=":material/download:"):
        st.caption(_("Each file is made when you press its button."))
        pictures = st.checkbox(
            _("Show the photos in the reports"),
            key="export_pictures",
            help=_(
                "Off, because a report with faces in it is easily passed on to people who should not see them. "
                "Tick this only if everyone shown agrees."
            ),
        )
        make = partial(
            export, findings=findings, network=network, effort=effort, ratings=ratings, pictures=pictures,
            code=language(), date=datetime.now(UTC).date().isoformat(),
        )  # fmt: skip
        for kind, label, icon, name, mime in EXPORTS:
            st.download_button(
                _(label),
                partial(make, kind),
                file_name=name,
                mime=mime,
                icon=icon,
                key=f"export_{kind}",
                on_click="ignore",
                width="stretch",
            )


def export(
    kind: str,
    *,
    findings: Findings,
    network: NetworkInfo,
    effort: str,
    ratings: Mapping[tuple[str, int], str],
    pictures: bool,
    code: str,
    date: str,
) -> bytes:
    """One file.

    Args:
        kind: of `EXPORTS`.
        findings, network, effort, ratings: see `exports`.
        pictures: show the photos in the reports.
        code: the reader's language.
        date: of today, as 2026-11-24.
    """
    with i18n.speaking(code):
        shown = pictures and kind in ("html", "pdf", "bundle")
        analysis = Analysis(
            tuple(_reported(photo, finding, shown) for photo, finding in findings),
            Settings(network, effort, EFFORTS[effort], package_versions(), date),
            dict(ratings),
        )
        return _make(kind, analysis, words(code), pictures)


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


def words(code: str) -> Words:
    """How a report speaks in that language."""

    def spoken(function: Callable[..., str]) -> Callable[..., str]:
        @wraps(function)
        def call(*args: Any) -> str:
            with i18n.speaking(code):
                return function(*args)

        return call

    return Words(
        language=code,
        text=spoken(i18n._),
        number=spoken(i18n.format_number),
        percent=spoken(i18n.format_percent),
        probability=spoken(i18n.format_probability),
        either=spoken(i18n.either),
        problem=spoken(i18n.error_sentence),
    )


def _reported(photo: Photo, finding: Finding, pictures: bool) -> ReportedPhoto:
    return ReportedPhoto(
        finding.result,
        sha256="" if photo.digest is None else photo.digest.partition("-")[0],
        key=photo.identity,
        page=photo.page + 1,
        picture_jpeg=_small(marked_picture(finding, finding.result))
        if pictures and finding.picture_jpeg
        else b"",
        error=finding.error,
    )


def _small(jpeg: bytes) -> bytes:
    _ok, small = cv2.imencode(".jpg", shrink(own_picture(jpeg), REPORT_SIDE), [cv2.IMWRITE_JPEG_QUALITY, 85])
    return small.tobytes()

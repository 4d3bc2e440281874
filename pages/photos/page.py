"""Photos: drop one or many, see every face numbered with its probabilities, take the table home."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from fer_core.faces.limits import LIMITS
from fer_core.faces.search import DEFAULT_DETECTOR, EFFORTS, FaceSearch, photo_search
from fer_core.folders import PICTURE_ENDINGS
from fer_core.photos.findings import Findings
from fer_core.photos.shelf import PhotoShelf, find_faces
from fer_core.store.network import NetworkInfo
from pages.photos.corrections import corrected_findings
from pages.photos.exports import Asked, csv_download, exports
from pages.photos.one_face import one_face
from pages.photos.rating import rating
from pages.photos.samples import choose_samples
from pages.photos.summary import figures_table, summary
from pages.photos.summary_charts import summary_charts
from pages.photos.table_and_gallery import (
    FaceRow,
    choose_rows,
    face_rows,
    face_table,
    gallery,
    progress_bar,
    unreadable,
)
from pages.photos.unsaved import REMOVE_ALL_KEY, ask_before_loss
from pages.photos.upload_portions import PLACE, files_to_follow, receive_portions
from pages.ui.blocks import no_network_card, page_header
from pages.ui.certainty import unsure_term
from pages.ui.charts import now_here, result_style
from pages.ui.choices import keep_tab
from pages.ui.detector_choice import choose_detector
from pages.ui.frame import ASSETS, css_texts
from pages.ui.guard import guarded_page
from pages.ui.i18n import N_, _, format_number, ngettext
from pages.ui.network_choice import (
    choose_any_network,
    choose_expressions,
    damaged_networks_note,
    network_caption,
)
from pages.ui.photo_block import photo_block
from pages.ui.photo_session import photo_shelf
from pages.ui.resources import AnyNetwork, networks, recognizer_of
from pages.ui.streamlit_inside import forget_uploads, largest_upload_mb, session_lives

TYPES = (*PICTURE_ENDINGS, ".zip")
EFFORT_NAMES = {"quick": N_("Quick"), "normal": N_("Normal"), "thorough": N_("Thorough")}
PHOTOS_A_PAGE = 10
FEW_FACES = 4
"""One photo with so many has no tabs: all of it is in sight."""


def settings(shelf: PhotoShelf) -> tuple[AnyNetwork | None, FaceSearch]:
    """Which network reads the faces, and how thoroughly they are looked for; and what is rarely needed."""
    with st.expander(_("More"), icon=":material/tune:"):
        task = choose_expressions(lab=True)
        left, right = st.columns(2, gap="large")
        with left:
            network = choose_any_network(task)
        with right:
            effort = st.segmented_control(
                _("Search for faces"),
                EFFORTS,
                default="normal",
                required=True,
                format_func=lambda code: _(EFFORT_NAMES[code]),
                key="photo_effort",
                persist_state="session",
                help=_(
                    "“Thorough” finds smaller faces, for example of a whole class, and takes several "
                    "times as long. “Quick” is for portraits."
                ),
            )
            detector = choose_detector("photo_detector", DEFAULT_DETECTOR)
        if shelf.photos:
            st.button(
                _("Remove all photos"), icon=":material/delete:", key=REMOVE_ALL_KEY, on_click=shelf.clear
            )
    return network, photo_search(effort or "normal", detector)


def choose_photos(shelf: PhotoShelf) -> None:
    """The drop area."""
    # More than the server takes would end in an error without words.
    most_mb = largest_upload_mb(max(LIMITS.file_mb, LIMITS.upload_mb))
    formats = _(
        "JPEG, PNG, WebP, HEIC, GIF, BMP or TIFF, up to {n} MB each; or a folder or zip of them"
    ).format(n=format_number(min(LIMITS.file_mb, most_mb)))
    words = {
        "drop": _("Drop photos here"),
        "choose": _("Choose photos"),
        "more": _("Add photos"),
        "formats": formats,
    }
    css_texts("photo_drop", **words)
    with st.container(key="photo_drop"):
        files = st.file_uploader(
            f"{words['drop']}: {formats}",
            TYPES,
            accept_multiple_files=True,
            key=shelf.uploader_key,
            label_visibility="collapsed",
            max_upload_size=most_mb,
        )
    to_follow = files_to_follow(files)
    if to_follow is not None:
        shelf.to_follow = to_follow
    if shelf.take_uploads(files, take_out=to_follow is not None):
        forget_uploads([file.file_id for file in files])
        st.rerun()
    if shelf.left_out:
        st.caption(
            ngettext(
                "{n} file that a program put beside the photos was left out (a preview or settings).",
                "{n} files that programs put beside the photos were left out (previews, settings).",
                shelf.left_out,
            ).format(n=format_number(shelf.left_out))
        )


def results(shelf: PhotoShelf, network: AnyNetwork, search: FaceSearch) -> bool:
    """Summary, photos, table; a progress bar while new photos are looked at.

    Returns:
        All photos were looked at.
    """
    found = find_faces(shelf, recognizer_of(network), search, lives=session_lives())
    findings = corrected_findings(shelf, found, recognizer_of(network), search)
    progress_bar(shelf, len(found))
    if found:
        show(shelf, found, findings, network, search)
    return len(found) == len(shelf.photos)


def show(
    shelf: PhotoShelf, found: Findings, findings: Findings, network: AnyNetwork, search: FaceSearch
) -> None:
    """What was found, as it was and with the reader's corrections."""
    asked = Asked(findings, network, search, shelf.ratings(search), shelf.raters, now_here())
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container(width="stretch", key="photo_summary"):
            summary(findings)
        downloads(shelf, asked)
    with st.container(gap=None):
        network_caption(network)
        if isinstance(network, NetworkInfo):
            unsure_term(network)
        else:
            st.caption(
                _(
                    "With a network of the lab there are photos, table, gallery and CSV. Charts, ratings, reports, the stress "
                    "test and the comparison of networks are made for the expressions of FER2013 and FER+."
                )
            )
    if len(shelf.photos) == 1 and len(face_rows(findings)) <= FEW_FACES:
        one_after_the_other(findings, search)
        st.subheader(_("All figures"), anchor=False)
        figures_table(findings)
        in_sight, in_table = face_rows(findings), False
    else:
        unreadable(face_rows(findings))
        in_sight, in_table = views(shelf, asked)
    one_face(shelf, found, findings, network, search, [row.place for row in in_sight], in_table)


@st.fragment
@guarded_page()
def downloads(shelf: PhotoShelf, asked: Asked) -> None:
    """What can be taken home; what was is no longer asked about before it is lost."""

    def save_corrections() -> None:
        shelf.saved.keep_corrections(shelf.corrections, asked.search)

    def save_all() -> None:
        save_corrections()
        shelf.saved.keep_ratings(shelf.ratings(asked.search), asked.search)

    with st.container(horizontal=True, vertical_alignment="center", width="content", key="photo_downloads"):
        csv_download(asked, save_corrections)
        if isinstance(asked.network, NetworkInfo):
            exports(asked, save_all)
    ask_before_loss(shelf, "downloads")


def views(shelf: PhotoShelf, asked: Asked) -> tuple[list[FaceRow], bool]:
    """Several photos, or many faces, in the ways to look at them; only the open one is made.

    Returns:
        The faces in the order in which they are in sight, without those that a filter hides; and whether they are
        in the table.
    """
    findings, network, search = asked.findings, asked.network, asked.search
    rows = in_sight = face_rows(findings)
    names = [_("Photos"), _("Table"), _("Gallery")]
    if isinstance(network, NetworkInfo):
        names += [_("Charts"), _("Your rating")]
    keep_tab("photo_view", names)
    photos, table, faces, *of_shipped = st.tabs(names, key="photo_view", on_change="rerun")
    if photos.open:
        with photos:
            one_after_the_other(findings, search)
    if table.open:
        with table:
            in_sight = choose_rows(rows)
            face_table(in_sight, search)
            with st.expander(_("All figures"), icon=":material/table:"):
                figures_table(findings)
    if faces.open:
        with faces:
            in_sight = gallery(choose_rows(rows))
    if isinstance(network, NetworkInfo):
        charts, rate = of_shipped
        if charts.open:
            with charts:
                summary_charts(rows, network, asked.provenance)
        if rate.open:
            with rate:
                rating(shelf, search, rows, network, asked.provenance)
    return in_sight, bool(table.open)


def one_after_the_other(findings: Findings, search: FaceSearch) -> None:
    """The photos with their faces, some at a time."""
    first = 0
    if len(findings) > PHOTOS_A_PAGE:
        first = (st.pagination(-(-len(findings) // PHOTOS_A_PAGE), key="photo_page") - 1) * PHOTOS_A_PAGE
    for photo, finding in findings[first : first + PHOTOS_A_PAGE]:
        photo_block(photo, finding, search)


def render() -> None:
    page_header(
        _("Photos"),
        _("Every face gets a number and the expression that it resembles most. Nothing is stored."),
    )
    st.html(ASSETS / "photos.css")
    st.html(Path(__file__).with_name("many.css"))
    result_style()
    damaged_networks_note()
    if not networks():
        no_network_card()
        return
    shelf = photo_shelf()
    choose_photos(shelf)
    portions = st.container(key=PLACE)
    question = st.container(key="unsaved_place")
    if not shelf.photos:
        choose_samples(shelf)
    network, search = settings(shelf)
    idle = True
    if shelf.photos and network is not None:
        idle = results(shelf, network, search)
    with portions:
        receive_portions(shelf, idle)
    with question:
        ask_before_loss(shelf, "page")


render()

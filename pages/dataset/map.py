"""View "Map": all pictures in two dimensions by the default network's features, and what is drawn around beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from fer_core.datasets.columns import PREDICTED, RIGHT
from fer_core.datasets.fer2013 import Fer2013
from fer_core.datasets.filters import Filter
from fer_core.datasets.map import FaceMap, nearest_to, shipped_map
from fer_core.datasets.rows import RowTable
from fer_core.errors import RautError
from fer_core.store.folder import find_network
from pages.dataset import selection, sheet
from pages.dataset.filter_bar import filter_bar
from pages.dataset.grid import Shown, picture_grid
from pages.dataset.map_points import PlacedFace, pictures_for_map, points
from pages.dataset.material import is_shipped
from pages.dataset.strip import picture_strip
from pages.dataset.words import network_name
from pages.ui import session_keys
from pages.ui.guard import guarded_page, show_error
from pages.ui.i18n import N_, _, format_number, format_percent, ngettext
from pages.ui.resources import feature_reader

COLOURS = {
    "label": N_("Label"),
    "vote": N_("FER+ majority"),
    PREDICTED: N_("Prediction"),
    RIGHT: N_("Right or wrong"),
    "split": N_("Split"),
}
"""What points can be coloured by: column of the table, of a network without its id."""

_COLOUR_KEY = "dataset_map_colour"


def render(table: RowTable, chosen: Filter, dataset: Fer2013 | None) -> None:
    """The map on the left; on the right the pictures that were chosen on it, and a face from Photos with the nearest."""
    if not is_shipped(table):
        st.info(
            _("The map is of FER2013 as it is passed around, and this data set is another one."),
            icon=":material/map:",
        )
        return
    drawn = shipped_map()
    network = str(drawn.facts["network"])
    opened = selection.opened_row(table)
    if opened is not None:
        order = selection.order_of_address(table)
        sheet.render(table, dataset, opened, selection.shown_positions(table, chosen, order), network)
        return
    face = _placed_face(drawn)
    filter_bar(
        table, chosen, _("Draw around points: their pictures stand beside the map. A click opens a picture.")
    )
    left, right = st.columns([9, 5], gap="medium")
    with left:
        column_id = _colour_control(table, network)
        inside = chosen.mask(table)
        rows = table.values("row")
        points(
            table,
            column_id=column_id,
            network=network,
            inside=inside,
            selected=np.isin(rows, selection.selected_rows()),
            has_pictures=dataset is not None,
            placed=face,
            on_pick=lambda positions, how: selection.select(
                rows[positions], on=how != "less", only=how == "only"
            ),
            on_open=lambda position: selection.open_row(int(rows[position])),
        )
        if dataset is not None:
            pictures_for_map(dataset)
        _how_good(drawn)
    with right:
        st.markdown(
            _(
                "Points that lie together are pictures that the network “{network}” finds similar. **What distances "
                "do not mean:** how far groups lie apart, how large or dense a group is, and where it lies say nothing."
            ).format(network=network_name(network))
        )
        if face is not None:
            _nearest(table, dataset, face)
        _chosen(table, dataset, inside, network)


def _colour_control(table: RowTable, network: str) -> str:
    """Column that colours the points."""
    columns = {code: f"{code}:{network}" if code in (PREDICTED, RIGHT) else code for code in COLOURS}
    offered = [code for code, column_id in columns.items() if table.has(column_id)]
    picked = st.segmented_control(
        _("Colour by"),
        offered,
        default="label",
        required=True,
        format_func=lambda code: _(COLOURS[code]),
        key=_COLOUR_KEY,
        persist_state="session",
        label_visibility="collapsed",
    )
    return columns[picked or "label"]


# --- what was chosen ---------------------------------------------------------------------------------


@st.fragment
@guarded_page()
def _chosen(table: RowTable, dataset: Fer2013 | None, inside: np.ndarray, network: str) -> None:
    """The grid of the pictures that are selected; runs alone for each of its windows."""
    if selection.opened_row(table) is not None:
        st.rerun()
    selected = np.isin(table.values("row"), selection.selected_rows())
    positions = np.flatnonzero(selected & inside)
    if not selected.any():
        st.markdown(f"**{_('Nothing is selected')}**")
        st.caption(
            _("With lasso or box, draw around points. Their pictures then stand here, and are selected in the other views, too.")
        )  # fmt: skip
        return
    with st.container(key="dataset_selected", horizontal=True, vertical_alignment="center", gap="small"):
        text = ngettext("{n} selected", "{n} selected", int(selected.sum())).format(
            n=format_number(int(selected.sum()))
        )
        if len(positions) < selected.sum():
            text += " " + _("({n} of them in this filter)").format(n=format_number(len(positions)))
        st.markdown(f"**{text}**", width="content")
        if st.button(_("Select none"), key="map_select_none", type="tertiary"):
            selection.select(selection.selected_rows(), on=False)
            st.rerun()
    if len(positions):
        order = hashlib.sha256(positions.tobytes()).hexdigest()[:12]
        picture_grid(Shown(table, dataset, positions, f"map-{order}", network, "small"))


# --- a face from Photos ------------------------------------------------------------------------------


def _placed_face(drawn: FaceMap) -> PlacedFace | None:
    """The face that was brought from Photos, among the pictures; in memory only."""
    brought: Mapping[str, Any] | None = st.session_state.get(session_keys.PLACED_FACE)
    if brought is None:
        return None
    try:
        network = find_network(str(drawn.facts["network"]))
        if network.checksum != drawn.facts["sha256"]:
            st.info(_("The map was made with other weights of the network than those that are here, so that no face can be placed on it."))  # fmt: skip
            return None
        features = feature_reader(network).features(brought["face_gray"][None])[0]
    except RautError as error:
        show_error(error)
        return None
    nearest = nearest_to(features)
    return PlacedFace(
        brought["face_gray"], _("Your face"), drawn.place(nearest), nearest.rows, brought["turn"]
    )


def _nearest(table: RowTable, dataset: Fer2013 | None, face: PlacedFace) -> None:
    title = _("The ten pictures most similar to the face from Photos")
    with st.container(border=True):
        left, right = st.columns([1, 4], gap="small", vertical_alignment="center")
        left.image(face.face_gray, width=72, alt=face.name)
        right.markdown(f"**{title}**")
        picture_strip(table, dataset, face.nearest.tolist(), title=title, key="map_nearest")
        st.caption(
            _("Similar to the network, in what tells expressions apart; not who it is. The face stands at the mean of their places.")
        )  # fmt: skip
        st.button(
            _("Take the face off the map"),
            icon=":material/close:",
            key="map_face_off",
            on_click=lambda: st.session_state.pop(session_keys.PLACED_FACE, None),
        )


# --- how good the map is -----------------------------------------------------------------------------


def _how_good(drawn: FaceMap) -> None:
    """How the map was made and what it keeps, in generated numbers."""
    measured = drawn.facts["measured"]
    training, test = measured["Training"], measured["PrivateTest"]
    st.caption(
        _(
            "t-SNE (openTSNE, perplexity {perplexity}, seed {seed}) of {n} pictures. Of the ten nearest on the map "
            "{near} are among the thirty nearest in the network's features (PrivateTest). The same label have {trained} "
            "of the ten nearest for pictures of Training, whose labels the network has learnt, and {new} for those of "
            "PrivateTest."
        ).format(
            perplexity=format_number(int(drawn.facts["perplexity"])),
            seed=int(drawn.facts["seed"]),
            n=format_number(len(drawn)),
            near=format_percent(test["neighbours"], 0),
            trained=format_percent(training["purity"], 0),
            new=format_percent(test["purity"], 0),
        )
    )

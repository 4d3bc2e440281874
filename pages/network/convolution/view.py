"""Step Convolution: a kernel slides over a patch of the face, number by number, and the map that comes of it."""

from __future__ import annotations

import streamlit as st

from fer_core.errors import ExplanationError
from pages.network.convolution.chosen import chosen_of_address, usual
from pages.network.convolution.first import first_convolution
from pages.network.convolution.part import convolution_part, edited_picture
from pages.network.convolution.question import brighter, two_places
from pages.network.convolution.tables import tables
from pages.network.seen import Seen
from pages.ui.blocks import term
from pages.ui.guard import guarded_page
from pages.ui.i18n import _

_OPENED_KEY = "network_convolution_opened"


def render(seen: Seen) -> None:
    """The step."""
    st.markdown(
        _(
            "A kernel slides over the picture: what lies under it is multiplied with its weights and added up. Each "
            "place gives one number of the map."
        )
    )
    _worked(seen)
    with st.container(horizontal=True, gap="small"):
        for name in ("kernel", "stride", "padding", "bias", "relu", "feature_map"):
            term(name)


@st.fragment
@guarded_page()
def _worked(seen: Seen) -> None:
    first = first_convolution(seen.reader, seen.values)
    if first is None:
        st.info(_("This network does not begin with a convolution. Choose another network above."))
        return
    places = two_places(seen.face_gray)
    at_edge = (places[0].x, places[0].y)
    chosen = chosen_of_address(first, at_edge)
    try:
        answered = brighter(seen, first, chosen, places)
        problem = None
    except ExplanationError as error:  # the part in the browser says so where the numbers are
        answered, problem = False, error
    # Once answered, another kernel does not hide the map again.
    if answered:
        st.session_state[_OPENED_KEY] = seen.key
    convolution_part(
        seen,
        first,
        chosen,
        usual(first, at_edge),
        places=places,
        is_open=st.session_state.get(_OPENED_KEY) == seen.key,
    )
    if problem is None:
        try:
            tables(seen, first, chosen, edited_picture(seen, first, chosen))
        except ExplanationError:
            return

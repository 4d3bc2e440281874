"""The small head of every step: face, network and answer in one line, and what chooses others."""

from __future__ import annotations

import html

import streamlit as st

from fer_core.store.network import NetworkInfo
from pages.network import selection
from pages.network.face_choice import choose_face
from pages.network.faces import Face, face_words
from pages.network.map_pictures import url_of
from pages.network.seen import Seen
from pages.ui import session_keys
from pages.ui.i18n import _, either, emotion_name, format_probability
from pages.ui.network_choice import choose_network, first_network
from pages.ui.resources import networks
from pages.ui.signs import emotion_sign

CHOICE_KEY = "network_choice"
"""Of what opens and holds the choices."""
_NETWORK_KEY = "network_seen_by"


def network_of_address() -> NetworkInfo:
    """The network that the address names, else the one chosen on other pages, else the first. There must be one."""
    offered = {info.id: info for info in networks()}
    first = first_network() or next(iter(offered.values()))
    before = st.session_state.get(session_keys.NETWORK)
    default = str(before) if before in offered else first.id
    return offered[selection.choice_of_address(selection.NETWORK, tuple(offered), default)]


def choices(face: Face, info: NetworkInfo) -> None:
    """Another face or another network; nothing inside is made before it is opened."""
    choice = st.popover(
        _("Face and network"),
        icon=":material/face_retouching_natural:",
        key=CHOICE_KEY,
        on_change="rerun",
    )
    if not choice.open:
        return

    def follow() -> None:
        selection.choose_network(str(st.session_state[_NETWORK_KEY]))

    with choice:
        st.session_state[_NETWORK_KEY] = info.id
        choose_network(_NETWORK_KEY, on_change=follow)
        choose_face(face)


def small_head(seen: Seen) -> None:
    """Which face, which network, and its answer, in one line."""
    answer = seen.answer
    if answer.unsure:
        names = either([emotion_name(code).lower() for code in answer.prediction_set or ()])
        said = f"<b>{html.escape(emotion_name(answer.answer))}</b> ({html.escape(_('could be {expressions}').format(expressions=names))})"
    else:
        said = (
            f"{html.escape(_('Expression resembles'))} <b>{emotion_sign(answer.answer)} "
            f"{html.escape(emotion_name(answer.answer))}</b> {html.escape(format_probability(answer.probability))}"
        )
    words = html.escape(face_words(seen.face_code))
    st.html(
        f'<div class="raut-seen"><img src="{url_of(seen.face_gray)}" alt="{words}">'
        f"<span>{words}</span><span>{html.escape(_(seen.info.name))}</span><span>{said}</span></div>"
    )

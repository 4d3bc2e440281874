"""The classifying part of the network for the face of the page, worked out once for each face and network."""

from __future__ import annotations

import streamlit as st

from fer_core.explanation.contributions import Classification, ScoreParts, read_classification
from pages.network.seen import Seen


@st.cache_resource(show_spinner=False, max_entries=2, scope="session")
def _classification(key: str, _seen: Seen) -> Classification:
    return read_classification(_seen.reader.layers, _seen.values, _seen.info.name)


@st.cache_resource(show_spinner=False, max_entries=6, scope="session")
def _score_parts(key: str, kind: str, _taken: Classification) -> ScoreParts:
    kinds = {"features": _taken.of_features, "maps": _taken.of_maps, "places": _taken.of_positions}
    return kinds[kind]()


def taken_apart(seen: Seen) -> Classification:
    """The classifying part of the network, for the face as it is.

    Raises:
        NetworkError: it is built in another way.
    """
    return _classification(seen.key, seen)


def score_parts(seen: Seen, taken: Classification, kind: str) -> ScoreParts:
    """What the scores are made of: by "features", "maps" or "places"."""
    return _score_parts(seen.key, kind, taken)

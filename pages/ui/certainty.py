"""What a face may show besides its answer, and how often the network is wrong when it is sure and when not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from fer_core.evaluation.headline import headline_of
from fer_core.recognition.answers import RecognizedFace
from fer_core.recognition.conformal import PredictionSets, read_prediction_sets
from fer_core.store.network import NetworkInfo
from pages.ui.glossary import TERMS
from pages.ui.guard import escape_markdown
from pages.ui.i18n import _, either, emotion_name, format_number, format_percent


def set_in_words(face: RecognizedFace, order: Sequence[str] | None = None) -> str:
    """What goes below the answer: "could be angry, fear or sad", "or sad", or nothing.

    Args:
        face: with its set, the most probable expression first.
        order: codes in another order to name them in, for a live picture where a fixed one reads calmer.
    """
    found = face.prediction_set or ()
    if face.unsure:
        codes = [code for code in order if code in found] if order else found
        names = [emotion_name(code).lower() for code in codes]
        return _("could be {expressions}").format(expressions=either(names))
    others = [emotion_name(code).lower() for code in found if code != face.label]
    return _("or {expression}").format(expression=either(others)) if others else ""


@dataclass(frozen=True)
class MeasuredCertainty:
    """What `evaluation.json` says about sets and "unsure" on the split that stands for the network."""

    sets: PredictionSets
    split: str
    n: int
    coverage: float | None
    unsure_share: float | None
    error_when_sure: float | None
    error_when_unsure: float | None


def measured_certainty(info: NetworkInfo) -> MeasuredCertainty | None:
    """None for a network that was not calibrated, or not measured since on other pictures than those."""
    sets, part = read_prediction_sets(info), headline_of(info)
    if sets is None or part is None or part.name == sets.split:
        return None
    try:
        unsure = part.certainty["unsure"]
        return MeasuredCertainty(
            sets=sets,
            split=part.name,
            n=part.n,
            coverage=part.certainty["prediction_sets"]["coverage"],
            unsure_share=unsure["share"],
            error_when_sure=unsure["error_when_sure"],
            error_when_unsure=unsure["error_when_unsure"],
        )
    except (KeyError, TypeError):
        return None


def unsure_term(info: NetworkInfo) -> None:
    """A "What is this?" for sets and "unsure", with the figures of this network."""
    title, text = TERMS["unsure"]
    with st.popover(_(title), icon=":material/help:", type="tertiary", help=_("What is this?")):
        st.markdown(f"**{_(title)}**")
        st.markdown(_(text))
        st.markdown(_figures(info))


def _figures(info: NetworkInfo) -> str:
    name = escape_markdown(_(info.name))
    found = measured_certainty(info)
    if found is None:
        return _(
            "The network “{name}” has not been calibrated. It always names the most probable expression and "
            "cannot say that it is unsure."
        ).format(name=name)
    return _(
        "**Measured with the network “{name}” on {n} test images ({split}):**\n\n- The {level} "
        "prediction set is built to contain the right label for {level} of the images. It did for "
        "{coverage}.\n- {share} of the answers were “unsure”. Of these, the most probable expression is "
        "wrong for {when_unsure}; of the other answers, {when_sure} are wrong.\n\nThis holds only for "
        "pictures like those of FER2013. With a camera or with photos of your own, the set can miss the "
        "right label more often."
    ).format(
        name=name,
        n=format_number(found.n),
        split=escape_markdown(found.split),
        level=format_percent(found.sets.level, 0),
        coverage=format_percent(found.coverage),
        share=format_percent(found.unsure_share, 0),
        when_unsure=format_percent(found.error_when_unsure, 0),
        when_sure=format_percent(found.error_when_sure, 0),
    )

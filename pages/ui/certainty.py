"""What a face may show besides its answer, and how often the network is wrong when it is sure and when not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from fer_core.evaluation.headline import headline_of
from fer_core.evaluation.report import SplitReport
from fer_core.recognition.answers import RecognizedFace
from fer_core.recognition.conformal import PredictionSets, read_prediction_sets
from fer_core.store.network import NetworkInfo
from pages.ui.glossary import explained
from pages.ui.guard import escape_markdown
from pages.ui.i18n import _, either, emotion_name, format_number, format_percent


def set_in_words(face: RecognizedFace, order: Sequence[str] | None = None) -> str:
    """What goes below the answer: "could be angry, fear or sad", "or sad", or nothing; and that a face is turned away.

    Args:
        face: with its set, the most probable expression first.
        order: codes in another order to name them in, for a live picture where a fixed one reads calmer.
    """
    found = face.prediction_set or ((face.label,) if face.turned_away else ())
    if face.unsure:
        codes = [code for code in order if code in found] if order else found
        names = [emotion_name(code).lower() for code in codes]
        if face.turned_away:
            return _("Turned away: could be {expressions}").format(expressions=either(names))
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
    coverage_by_class: Mapping[str, tuple[float | None, int]]
    """Code to the share of its pictures whose set holds it, and how many those are."""
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
            coverage_by_class=coverage_by_class(part),
            unsure_share=unsure["share"],
            error_when_sure=unsure["error_when_sure"],
            error_when_unsure=unsure["error_when_unsure"],
        )
    except (KeyError, TypeError):
        return None


def coverage_by_class(part: SplitReport) -> dict[str, tuple[float | None, int]]:
    """Code to the share of its pictures whose set holds the right label, and the number of those pictures.

    Raises:
        KeyError: the split was measured without sets.
    """
    shares = part.certainty["prediction_sets"]["coverage_by_class"]
    counts = part.confusion.sum(axis=1).tolist()
    return {code: (shares[code], count) for code, count in zip(part.labels, counts, strict=True)}


def coverage_is_a_mean() -> str:
    """That the share of sets with the right label holds over all faces, and not for each expression."""
    return _("This share is an average over all faces. For a single expression it can be much lower:")


def unsure_term(info: NetworkInfo) -> None:
    """A "What is this?" for sets and "unsure", with the figures of this network."""
    title = _("When is Raut unsure?")
    with st.popover(title, icon=":material/help:", type="tertiary", help=_("What is this?")):
        st.markdown(f"**{title}**")
        st.markdown(explained("unsure")[1])
        found = measured_certainty(info)
        st.markdown(_figures(info, found))
        if found is not None:
            st.markdown(coverage_is_a_mean())
            st.markdown(_table_by_class(found))


def _table_by_class(found: MeasuredCertainty) -> str:
    """As Markdown: not every page has the style of the larger tables."""
    rows = [(_("Expression"), _("Sets with the right label"), _("Images (n)")), ("---", "--:", "--:")]
    rows += [
        (emotion_name(code), format_percent(share, 0), format_number(count))
        for code, (share, count) in found.coverage_by_class.items()
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _figures(info: NetworkInfo, found: MeasuredCertainty | None) -> str:
    name = escape_markdown(_(info.name))
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

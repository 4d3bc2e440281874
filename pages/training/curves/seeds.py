"""Other trainings of the networks, with other seeds: as a band where their epochs were kept, else as their final accuracy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from fer_core.errors import RautError
from fer_core.evaluation.learning_curves import band
from fer_core.evaluation.repetition import Repetition, read_repetitions, seeds_with_history
from fer_core.plain_text import in_plotly
from fer_core.plots import LearningBand, LearningMark
from pages.training.curves.series import Series, series_of, short_name, value_text
from pages.training.curves.settings import CurveSettings
from pages.training.networks import NetworkResults, Rows, finite_history
from pages.ui.guard import escape_markdown, show_error
from pages.ui.i18n import _, format_number, format_percent, ngettext


@dataclass(frozen=True)
class OtherTrainings:
    """What is drawn of the trainings that do not ship.

    Attributes:
        bands: by place and data of a curve, over all trainings of the network whose epochs are known, the one that
            ships among them.
        marks: final accuracies of those whose epochs are not known.
        sentences: what has to be said of them, translated, as Markdown.
    """

    bands: dict[tuple[int, str], LearningBand]
    marks: list[LearningMark]
    sentences: list[str]


def other_trainings(
    drawn: Sequence[Series], networks: Sequence[NetworkResults], settings: CurveSettings
) -> OtherTrainings:
    """The trainings with other seeds of the networks that are drawn; an error is shown for each that cannot be read.

    Args:
        drawn: the curves of the trainings that ship.
        networks: that are shown, by their places.
        settings: how they are drawn.
    """
    found = OtherTrainings({}, [], [])
    if not settings.seeds:
        return found
    final: dict[str, list[Repetition]] = {}
    for place in dict.fromkeys(series.place for series in drawn):
        results = networks[place]
        name = escape_markdown(short_name(place, networks))
        with_curve = _histories(results)
        if with_curve:
            own = [series for series in drawn if series.place == place]
            found.bands.update({(place, one.part): _band(one, with_curve, settings) for one in own})
            found.sentences.append(
                _(
                    "{network}: the shade reaches from the lowest to the highest of {n} trainings with different seeds."
                ).format(network=name, n=format_number(len(with_curve) + 1))
            )
        kept = seeds_with_history(results.info)
        rest = [one for one in read_repetitions(results.info) if one.seed not in kept]
        if rest:
            final[name] = rest
            found.marks.extend(_final_marks(rest, results, place, networks, settings))
    if final:
        found.sentences.append(_about_final(final, drawn=bool(found.marks)))
    return found


def _histories(results: NetworkResults) -> list[Rows]:
    histories = []
    for seed in seeds_with_history(results.info):
        try:
            histories.append(finite_history(results.info, seed=seed))
        except RautError as error:
            show_error(error)
    return [rows for rows in histories if rows]


def _band(series: Series, histories: Sequence[Rows], settings: CurveSettings) -> LearningBand:
    others = [series_of(series.results, series.place, series.part, settings, rows) for rows in histories]
    x, low, high = band(series.x, [(one.x, one.values) for one in (series, *others)])
    return LearningBand(x, low, high, series.place)


def _final_marks(
    rest: Sequence[Repetition],
    results: NetworkResults,
    place: int,
    networks: Sequence[NetworkResults],
    settings: CurveSettings,
) -> list[LearningMark]:
    """Final accuracies beside the curve of the data that they were measured on; none beside other curves."""
    if settings.measure != "accuracy" or settings.part == "training":
        return []
    return [
        LearningMark(
            "final",
            float(one.epochs) if settings.axis == "epoch" else one.seconds / 60,
            one.accuracy,
            _("{network}<br>training with seed {seed}: {accuracy} at the end ({split})").format(
                network=in_plotly(short_name(place, networks)),
                seed=format_number(one.seed),
                accuracy=value_text(one.accuracy, "accuracy"),
                split=in_plotly(one.split),
            ),
            place,
        )
        for one in rest
        if one.split == results.info.watched_split
    ]


def _about_final(final: Mapping[str, Sequence[Repetition]], *, drawn: bool) -> str:
    """One sentence for all trainings without a curve, by the name of their network."""
    figures = [
        _("{network} {accuracy} ({split}, seed {seed})").format(
            network=name,
            accuracy=format_percent(one.accuracy),
            split=escape_markdown(one.split),
            seed=format_number(one.seed),
        )
        for name, rest in final.items()
        for one in rest
    ]
    text = ngettext(
        "Of {n} training with another seed only the final accuracy is known; no curve of it was kept: {figures}.",
        "Of {n} trainings with another seed only the final accuracy is known; no curve of them was kept: {figures}.",
        len(figures),
    ).format(n=format_number(len(figures)), figures="; ".join(figures))
    return f"✕ {text}" if drawn else text


def say(others: OtherTrainings) -> None:
    """The sentences, below the chart."""
    for sentence in others.sentences:
        st.caption(sentence)

"""What reports say of one face, one photo, raters: the same words wherever they stand."""

from __future__ import annotations

from collections.abc import Callable

from fer_core.cards.words import Words
from fer_core.errors import N_
from fer_core.evaluation.raters import NETWORK, OWN, Group, Pair
from fer_core.photos.analysis import PhotoFace
from fer_core.reports.analysis import Analysis, ReportedPhoto


def face_words(face: PhotoFace, words: Words) -> tuple[str, str, str]:
    """Of one face: the answer, with the reason where the face is turned away, its probability ("–" where unsure), and
    what else it could be."""
    share = "–" if face.unsure else words.probability(face.probability, 1)
    names = [words.emotion(code) for code in face.prediction_set or ()]
    answer = words.emotion(face.answer)
    if face.turned_away:
        answer = words.say(N_("{answer} (turned away)"), answer=answer)
    return answer, share, words.either(names) if names else "–"


def rater_words(rater: str, analysis: Analysis, words: Words) -> str:
    """Name a rater: a table goes by its file, whoever rated on the page by "Own ratings", the network by its name."""
    if rater == NETWORK:
        return words.text(analysis.settings.network.name)
    return words.say(N_("Own ratings")) if rater == OWN else rater


def corrections_words(analysis: Analysis, words: Words) -> str:
    """Say how many faces a person drew and struck out; "none" without corrections."""
    counts = analysis.counts
    if not counts.photos_corrected:
        return words.say(N_("none"))
    return words.say(
        N_("Faces drawn by hand: {drawn}. Faces struck out: {struck}. Photos corrected: {photos}."),
        drawn=words.number(counts.drawn),
        struck=words.number(counts.struck),
        photos=words.number(counts.photos_corrected),
    )


def status_words(photo: ReportedPhoto, words: Words) -> str:
    """Say why no face of a photo counts; "" where one does."""
    if photo.result.status == "error":
        return words.problem(photo.error or RuntimeError("no result"))
    if photo.result.faces:
        return ""
    return words.say(N_("every face was struck out") if photo.result.struck else N_("no face found"))


def pair_in_methods(pair: Pair, analysis: Analysis, words: Words, mark: Callable[[str], str]) -> str:
    """Say how far two raters agree, as a paper has it; `mark` is what becomes of their names."""
    return words.say(
        N_(
            "Between “{first}” and “{second}”, {share} of {n} labels were the same (Cohen's κ = {kappa}, 95% confidence "
            "interval {interval}; {source})."
        ),
        first=mark(rater_words(pair.first, analysis, words)),
        second=mark(rater_words(pair.second, analysis, words)),
        share=words.percent(pair.found.share),
        n=words.number(pair.found.n),
        kappa=words.number(pair.found.kappa, 2),
        interval=words.ends(pair.found.interval, words.say(N_("not defined"))),
        source="Cohen, 1960",
    )


def group_in_methods(group: Group, words: Words) -> str:
    """Say how far several raters agree, as a paper has it."""
    text = (
        N_(
            "Among all {raters} raters, the network among them, Fleiss' κ = {kappa} on {n} faces (95% bootstrap interval "
            "{interval}; {source})."
        )
        if NETWORK in group.raters
        else N_(
            "Among all {raters} people, Fleiss' κ = {kappa} on {n} faces (95% bootstrap interval {interval}; {source})."
        )
    )
    return words.say(
        text,
        raters=words.number(len(group.raters)),
        kappa=words.number(group.kappa, 2),
        n=words.number(group.n),
        interval=words.ends(group.interval, words.say(N_("not defined"))),
        source="Fleiss, 1971; Efron, 1979",
    )

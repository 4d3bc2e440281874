"""What a report says, before it is laid out: the same sentences and figures for HTML, PDF and Excel."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from fer_core.cards.sections import Section
from fer_core.cards.words import Words
from fer_core.errors import N_
from fer_core.evaluation.agreement import Agreement
from fer_core.evaluation.raters import NETWORK, Group
from fer_core.labels import EXPRESSIONS, UNSURE
from fer_core.reports.analysis import Analysis
from fer_core.reports.detectors import search_rows
from fer_core.reports.known_error import KnownError, known_error
from fer_core.reports.phrases import corrections_words, rater_words


@dataclass(frozen=True)
class Content:
    """The sentences and figures of a report in one language."""

    title: str
    lead: str
    """What an answer means."""
    summary: str
    tally: tuple[tuple[str, int], ...]
    """Code of the answer and number of faces, the most frequent first."""
    settings: Section
    known: Section
    rated: Section | None
    limits: Section
    use: Section

    @property
    def about(self) -> list[Section]:
        """The sections that one must read to judge the figures."""
        return [section for section in (self.known, self.rated, self.limits, self.use) if section]


def report_content(analysis: Analysis, words: Words) -> Content:
    """Write all sentences and figures of a report but the faces themselves."""
    known = known_error(analysis.settings.network)
    tally = Counter(face.answer for _photo, face in analysis.faces())
    order = {code: place for place, code in enumerate((*EXPRESSIONS, UNSURE))}
    return Content(
        title=words.say(N_("Facial expressions in photos")),
        lead=words.say(
            N_(
                "Each face gets the name of the expression that it resembles most, according to a trained "
                "network. That is not what the person feels. “Unsure” means that no expression is clear enough."
            )
        ),
        summary=_summary_sentence(analysis, words),
        tally=tuple(sorted(tally.items(), key=lambda item: (-item[1], order[item[0]]))),
        settings=_settings_section(analysis, words),
        known=_known_error_section(known, words),
        rated=_agreement_section(analysis, words),
        limits=_limits_section(known, words),
        use=Section(
            words.say(N_("Intended use")),
            (
                words.say(
                    N_(
                        "For teaching and research with people who agreed to it. Not for decisions about "
                        "people, and no diagnosis. In the European Union, Article 5(1)(f) of the AI Act forbids "
                        "inferring emotions of people at work and in education, medical and safety reasons "
                        "apart."
                    )
                ),
            ),
        ),
    )


def _summary_sentence(analysis: Analysis, words: Words) -> str:
    counts = analysis.counts
    sentence = words.say(
        N_(
            "Photos analysed: {photos}. Faces: {faces}. Photos without a face: {without}. Files that could not be "
            "read: {unread}."
        ),
        photos=words.number(counts.read),
        faces=words.number(counts.faces),
        without=words.number(counts.without_faces),
        unread=words.number(counts.unread),
    )
    return f"{sentence} {corrections_words(analysis, words)}" if counts.photos_corrected else sentence


def _settings_section(analysis: Analysis, words: Words) -> Section:
    settings, provenance = analysis.settings, analysis.provenance
    network = settings.network
    raters = analysis.rater_names
    rows = [
        (words.say(N_("Date")), words.moment(settings.made)),
        (words.say(N_("Version of Raut")), settings.raut_version),
        (words.say(N_("Network")), f"{words.text(network.name)} ({network.id})"),
        (words.say(N_("Parameters of the network")), words.number(network.parameters)),
        (words.say(N_("SHA-256 of {file}"), file=network.file.name), provenance.checksum or "–"),
        (words.say(N_("Expressions")), ", ".join(words.emotion(label) for label in network.expressions)),
        *search_rows(settings.search, words),
        (words.say(N_("Manual corrections")), corrections_words(analysis, words)),
        *(
            [(words.say(N_("Raters")), ", ".join(rater_words(name, analysis, words) for name in raters))]
            if raters
            else []
        ),
        (words.say(N_("All settings")), provenance.settings_text),
        (words.say(N_("Packages")), ", ".join(f"{name} {text}" for name, text in settings.versions.items())),
    ]
    return Section(words.say(N_("Settings")), rows=tuple(rows))


def _known_error_section(known: KnownError | None, words: Words) -> Section:
    title = words.say(N_("Known error of the network"))
    if known is None:
        return Section(
            title, (words.say(N_("This network was not evaluated: how often it is wrong is not known.")),)
        )
    paragraphs = [
        words.say(
            N_("Accuracy on {n} test images ({split}): {accuracy}; 95% confidence interval {interval}."),
            n=words.number(known.n),
            split=known.split,
            accuracy=words.percent(known.accuracy),
            interval=words.interval(known.interval),
        )
    ]
    if known.accuracy_without_duplicates is not None:
        paragraphs.append(
            words.say(
                N_(
                    "Without test images that have an exact duplicate among the training images: {accuracy} of {n}."
                ),
                accuracy=words.percent(known.accuracy_without_duplicates),
                n=words.number(known.n_without_duplicates),
            )
        )
    if known.calibration_error is not None:
        paragraphs.append(
            words.say(
                N_("Calibration error on the same images (expected calibration error): {ece}."),
                ece=words.percent(known.calibration_error),
            )
        )
    paragraphs += _certainty_sentences(known, words)
    rows = tuple(
        (
            words.emotion(entry.label),
            words.number(entry.n),
            words.percent(entry.sensitivity),
            words.interval(entry.interval) if entry.n else "–",
        )
        for entry in known.classes
    )
    header = (
        words.say(N_("Expression")),
        words.say(N_("Images")),
        words.say(N_("Sensitivity (recall)")),
        words.say(N_("95% interval")),
    )
    return Section(title, tuple(paragraphs), header, rows)


def _certainty_sentences(known: KnownError, words: Words) -> list[str]:
    if not known.certainty or known.sets is None:
        return []
    sets, unsure = known.certainty["prediction_sets"], known.certainty["unsure"]
    return [
        words.say(
            N_(
                "“Could be” names the expressions of a {level} prediction set. It is built to contain the label "
                "of {level} of such images (fitted on {n} images of {fitted}); on {split} it did for {coverage}. "
                "Where it is larger than {largest}, the answer is “unsure”: {share} of the images; wrong {sure} "
                "of the time when sure, {not_sure} when unsure."
            ),
            level=words.percent(known.sets.level, 0),
            n=words.number(known.sets.n),
            fitted=known.sets.split,
            split=known.split,
            coverage=words.percent(sets["coverage"]),
            largest=words.number(known.sets.largest_sure),
            share=words.percent(unsure["share"]),
            sure=words.percent(unsure["error_when_sure"]),
            not_sure=words.percent(unsure["error_when_unsure"]),
        )
    ]


def _agreement_section(analysis: Analysis, words: Words) -> Section | None:
    agreed = analysis.agreement
    if agreed is None:
        return None
    title = words.say(N_("Agreement of raters"))
    paragraphs = _agreement_sentences(agreed.with_network, words) if agreed.with_network.n else []
    if not agreed.groups:  # one person: the sentences say all of it
        return Section(title, tuple(paragraphs))
    paragraphs += [_group_sentence(group, words) for group in agreed.groups]
    paragraphs.append(
        words.say(
            N_(
                "The network counts with its most probable label, also where it is unsure. Faces rated “I cannot "
                "tell” are left out. “–” means that a figure is not defined, for example where all faces got one "
                "label."
            )
        )
    )
    rows = tuple(
        (
            f"{rater_words(pair.first, analysis, words)} – {rater_words(pair.second, analysis, words)}",
            words.number(pair.found.n),
            words.percent(pair.found.share),
            words.number(pair.found.kappa, 2),
            words.ends(pair.found.interval),
        )
        for pair in agreed.pairs
    )
    header = (
        words.say(N_("Raters compared")),
        words.say(N_("Faces")),
        words.say(N_("Same label")),
        words.say(N_("Cohen's kappa")),
        words.say(N_("95% interval")),
    )
    return Section(title, tuple(paragraphs), header, rows)


def _group_sentence(group: Group, words: Words) -> str:
    name = N_("All people and the network") if NETWORK in group.raters else N_("All people")
    return words.say(
        N_(
            "{name}: Fleiss' kappa {kappa}, 95% bootstrap interval {interval} ({raters} raters, {n} faces that all of "
            "them rated)."
        ),
        name=words.say(name),
        kappa=words.number(group.kappa, 2),
        interval=words.ends(group.interval),
        raters=words.number(len(group.raters)),
        n=words.number(group.n),
    )


def _agreement_sentences(rater_agreement: Agreement, words: Words) -> list[str]:
    text = words.say(
        N_(
            "A person rated {n} of these faces. The network's most probable expression was the same for {share}."
        ),
        n=words.number(rater_agreement.n),
        share=words.percent(rater_agreement.share),
    )
    if rater_agreement.tells_nothing:
        kappa = words.say(
            N_(
                "Cohen's kappa cannot be interpreted here: either the person or the network gave all of these "
                "faces one label."
            )
        )
    elif math.isnan(rater_agreement.interval[0]):
        kappa = words.say(
            N_("Cohen's kappa: {kappa}; its confidence interval is not defined for these ratings."),
            kappa=words.number(rater_agreement.kappa, 2),
        )
    else:
        kappa = words.say(
            N_("Cohen's kappa: {kappa}; 95% confidence interval {low} to {high}."),
            kappa=words.number(rater_agreement.kappa, 2),
            low=words.number(rater_agreement.interval[0], 2),
            high=words.number(rater_agreement.interval[1], 2),
        )
    return [text, kappa]


def _limits_section(known: KnownError | None, words: Words) -> Section:
    paragraphs = []
    measured_classes = [entry for entry in known.classes if entry.n] if known else []
    if known and measured_classes:
        least_found = min(measured_classes, key=lambda entry: entry.sensitivity)
        paragraphs.append(
            words.say(
                N_("Lowest sensitivity (recall): “{expression}”, {share} in {split}."),
                expression=words.emotion(least_found.label),
                share=words.percent(least_found.sensitivity),
                split=known.split,
            )
        )
    paragraphs += [
        words.say(
            N_(
                "These figures come from FER2013: pictures from the web whose labels are not always right; posed "
                "and young faces are likely too frequent. On other photos the network can be wrong more often."
            )
        ),
        words.say(
            N_(
                "It was trained on faces seen from the front. For turned, covered or badly lit faces it gives "
                "answers that look just as sure. The search can miss faces and take other things for faces; how "
                "often it did in these photos was not measured."
            )
        ),
    ]
    return Section(words.say(N_("Limits")), tuple(paragraphs))

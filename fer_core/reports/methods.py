"""The paragraph for a methods section, every figure read from the network's files, with its references."""

from __future__ import annotations

import math
from collections.abc import Callable

from fer_core.cards.words import Words
from fer_core.citations import apa
from fer_core.errors import N_
from fer_core.evaluation.agreement import Agreement
from fer_core.evaluation.raters import NETWORK, OWN
from fer_core.plain_text import in_markdown
from fer_core.references import REFERENCES
from fer_core.reports.analysis import Analysis
from fer_core.reports.detectors import found_sentences, search_sentences
from fer_core.reports.known_error import KnownError, known_error
from fer_core.reports.phrases import group_in_methods, pair_in_methods

Mark = Callable[[str], str]
"""What becomes of names that may hold anything."""


def methods_text(analysis: Analysis, words: Words) -> str:
    """Write the paragraph and the references that it cites, as Markdown."""
    paragraph = _paragraph(analysis, words, in_markdown)
    return "\n\n".join(
        (
            f"# {words.say(N_('Paragraph for a methods section'))}",
            paragraph,
            f"## {words.say(N_('References'))}",
            "\n".join(f"- {full}" for full in _cited(paragraph, markdown=True)) + "\n",
        )
    )


def methods_plain(analysis: Analysis, words: Words) -> str:
    """Write the same paragraph and references without any markup, to be copied into a paper."""
    paragraph = _paragraph(analysis, words, str)
    references = "\n".join(_cited(paragraph, markdown=False))
    return f"{paragraph}\n\n{words.say(N_('References'))}\n{references}\n"


def _paragraph(analysis: Analysis, words: Words, mark: Mark) -> str:
    known = known_error(analysis.settings.network)
    sentences = [
        *_detection_sentences(analysis, words),
        *_network_sentences(analysis, words, known, mark),
        *(
            _error_sentences(known, words, mark)
            if known
            else [words.say(N_("Its accuracy was not measured."))]
        ),
        *_result_sentences(analysis, words, mark),
    ]
    return " ".join(sentences)


def _cited(paragraph: str, *, markdown: bool) -> list[str]:
    return [apa(work, markdown=markdown) for work in REFERENCES if work.cited in paragraph]


def _detection_sentences(analysis: Analysis, words: Words) -> list[str]:
    settings = analysis.settings
    return [
        words.say(
            N_(
                "Facial expressions in photos were classified with Raut {version}, which follows the procedure of "
                "{source}, on {date}."
            ),
            version=settings.raut_version,
            source="Ekawati et al. (2024)",
            date=words.date(settings.made),
        ),
        *search_sentences(settings, words),
    ]


def _network_sentences(analysis: Analysis, words: Words, known: KnownError | None, mark: Mark) -> list[str]:
    network = analysis.settings.network
    voted = network.task == "ferplus" or network.recipe.companion is not None
    sentences = [
        words.say(
            N_(
                "The convolutional network “{name}” ({id}; {parameters} parameters; SHA-256 of {file}: "
                "{checksum}) gives a probability for each of {count} expressions: {expressions}."
            ),
            name=mark(words.text(network.name)),
            id=mark(network.id),
            parameters=words.number(network.parameters),
            file=network.file.name,
            checksum=mark(analysis.provenance.checksum or "–"),
            count=words.number(len(network.labels)),
            expressions=", ".join(words.emotion(label).lower() for label in network.expressions),
        )
    ]
    if network.training.split:
        sources = "Goodfellow et al., 2013" + ("; Barsoum et al., 2016" if voted else "")
        sentences.append(
            words.say(
                N_("It was trained on the split {split} of FER2013 ({sources})."),
                split=mark(network.training.split),
                sources=sources,
            )
        )
    if known and known.temperature != 1.0 and known.choice_split:
        sentences.append(
            words.say(
                N_(
                    "Its probabilities are calibrated with a temperature of {temperature}, fitted on "
                    "{split} ({source})."
                ),
                temperature=words.number(known.temperature, 4),
                split=mark(known.choice_split),
                source="Guo et al., 2017",
            )
        )
    return sentences


def _error_sentences(known: KnownError, words: Words, mark: Mark) -> list[str]:
    sentences = [
        words.say(
            N_(
                "On {split} (n = {n}) its accuracy is {accuracy}, 95% confidence interval {interval} (score "
                "interval; {source})."
            ),
            split=mark(known.split),
            n=words.number(known.n),
            accuracy=words.percent(known.accuracy),
            interval=words.interval(known.interval),
            source="Wilson, 1927",
        )
    ]
    if known.seeds is not None:
        sentences.append(
            words.say(
                N_(
                    "Over {n} trainings with different seeds, the one used here among them, its accuracy on {split} "
                    "was {interval}."
                ),
                n=words.number(known.seeds.trainings),
                split=mark(known.seeds.split),
                interval=words.interval((known.seeds.lowest, known.seeds.highest)),
            )
        )
    if known.accuracy_without_duplicates is not None:
        sentences.append(
            words.say(
                N_(
                    "Without images that have an exact duplicate in the training set it is {accuracy} (n = {n})."
                ),
                accuracy=words.percent(known.accuracy_without_duplicates),
                n=words.number(known.n_without_duplicates),
            )
        )
    if known.calibration_error is not None:
        sentences.append(
            words.say(
                N_("The expected calibration error on {split} is {ece}."),
                split=mark(known.split),
                ece=words.percent(known.calibration_error),
            )
        )
    if known.sets and known.certainty:
        sets, unsure = known.certainty["prediction_sets"], known.certainty["unsure"]
        sentences.append(
            words.say(
                N_(
                    "Conformal prediction sets ({source}) with a nominal coverage of {level}, fitted on {fitted} (n "
                    "= {n}), contained the label of {coverage} of the images in {split}; where the set is larger "
                    "than {largest} the answer is “unsure” ({share} of the images)."
                ),
                source="Sadinle et al., 2019",
                level=words.percent(known.sets.level, 0),
                fitted=mark(known.sets.split),
                n=words.number(known.sets.n),
                coverage=words.percent(sets["coverage"]),
                split=mark(known.split),
                largest=words.number(known.sets.largest_sure),
                share=words.percent(unsure["share"]),
            )
        )
    return sentences


def _result_sentences(analysis: Analysis, words: Words, mark: Mark) -> list[str]:
    counts = analysis.counts
    sentences = [
        words.say(
            N_(
                "Photos analysed: {photos} (files that could not be read: {unread}). Faces found by the search: "
                "{found}; how many it misses in such photos was not measured."
            ),
            unread=words.number(counts.unread),
            photos=words.number(counts.read),
            found=words.number(counts.found),
        ),
        *found_sentences(analysis, words),
        words.say(
            N_(
                "Manual corrections: faces drawn by hand, {drawn}; faces struck out, {struck}; photos corrected, "
                "{corrected}."
            ),
            corrected=words.number(counts.photos_corrected),
            drawn=words.number(counts.drawn),
            struck=words.number(counts.struck),
        )
        if counts.photos_corrected
        else words.say(N_("The faces were not corrected by hand.")),
        words.say(
            N_(
                "Faces analysed: {faces}, in photos with a face: {with_faces}; photos without a face: {without}."
            ),
            faces=words.number(counts.faces),
            with_faces=words.number(counts.with_faces),
            without=words.number(counts.without_faces),
        ),
    ]
    agreed = analysis.agreement
    if agreed is not None:
        if agreed.with_network.n:
            sentences.append(_agreement_sentence(agreed.with_network, words))
        sentences += [
            pair_in_methods(pair, analysis, words, mark)
            for pair in agreed.pairs
            if pair.found.n and (pair.first, pair.second) != (OWN, NETWORK)
        ]
        sentences += [group_in_methods(group, words) for group in agreed.groups]
    sentences.append(
        words.say(
            N_("A label says which expression a face resembles, not what the person feels ({source})."),
            source="Barrett et al., 2019",
        )
    )
    return sentences


def _agreement_sentence(rater_agreement: Agreement, words: Words) -> str:
    figures = {"n": words.number(rater_agreement.n), "share": words.percent(rater_agreement.share)}
    if rater_agreement.tells_nothing:
        return words.say(
            N_(
                "A rater's labels of {n} faces agreed with the most probable expression for {share}. Cohen's κ is "
                "not given, because either the rater or the network gave all of these faces one label."
            ),
            **figures,
        )
    figures |= {"kappa": words.number(rater_agreement.kappa, 2), "source": "Cohen, 1960"}
    if math.isnan(rater_agreement.interval[0]):
        return words.say(
            N_(
                "A rater's labels of {n} faces agreed with the most probable expression for {share} "
                "(Cohen's κ = {kappa}, whose confidence interval is not defined for these ratings; {source})."
            ),
            **figures,
        )
    return words.say(
        N_(
            "A rater's labels of {n} faces agreed with the most probable expression for {share} (Cohen's κ = "
            "{kappa}, 95% confidence interval {low} to {high}; {source})."
        ),
        **figures,
        low=words.number(rater_agreement.interval[0], 2),
        high=words.number(rater_agreement.interval[1], 2),
    )

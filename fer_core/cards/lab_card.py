"""The model card of a network of the lab: a class writes what it is for, and the figures are filled in.

Sections after Mitchell et al. 2019 (arXiv:1810.03993), in short form: details, intended use, the people in the data,
training, figures by group and condition, and limits. What the class wrote is plain text in every form of the card.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape
from typing import Final

import numpy as np

from fer_core import __version__
from fer_core.cards.html_parts import html_document, section_html
from fer_core.cards.markdown import table
from fer_core.cards.sections import Section
from fer_core.cards.words import Words
from fer_core.citations import apa
from fer_core.errors import N_
from fer_core.evaluation.figures import Estimate, share_of_groups
from fer_core.lab.network import Answers, LabNetwork
from fer_core.lab.settings import Architecture
from fer_core.labels import are_expressions
from fer_core.plain_text import COMMENT, in_markdown, printable
from fer_core.references import MODEL_CARDS

LONGEST_TEXT: Final = 4000
"""Characters that a class writes under one heading; what is behind them is left out."""
_UNDEFINED: Final = "–"
_METHODS: Final = {
    "scratch": N_("A whole network, from random weights"),
    "head": N_("Only the last layer, on the features of “{base}”"),
}
_WAYS: Final = {"fer2013": N_("Pictures of FER2013"), "own": N_("Faces that the class recorded or added")}
_CHANGES: Final = {"none": N_("None"), "moderate": N_("Moderate"), "strong": N_("Strong")}
_ENDS: Final = {
    "finished": N_("After all epochs"),
    "stopped": N_("The class stopped it"),
    "time": N_("At the bound of time"),
    "memory": N_("At the bound of memory"),
    "died": N_("Its process ended by itself"),
}


@dataclass(frozen=True)
class CardTexts:
    """What a class writes about its network, as it was typed; "" for what it left empty.

    Attributes:
        purpose: what it is for.
        not_for: what it is not for.
        people: who was in front of the camera: numbers, and no names.
        judgement: how good the class thinks it is.
    """

    purpose: str = ""
    not_for: str = ""
    people: str = ""
    judgement: str = ""


def card_markdown(network: LabNetwork, texts: CardTexts, words: Words, empty: str = COMMENT) -> str:
    """Write the card as Markdown.

    Args:
        network: whose card.
        texts: of the class.
        words: the language.
        empty: what shows nothing to the reader of this Markdown; see `fer_core.plain_text.in_markdown`.
    """

    def shown(text: str) -> str:
        return in_markdown(text, empty)

    lines = [f"# {shown(_title(network, words))}"]
    for section in card_sections(network, texts, words):
        lines += [f"## {shown(section.title)}", *map(shown, section.paragraphs)]
        if section.rows:
            width = len(section.rows[0])
            header = tuple(map(shown, section.header)) or ("",) * width
            alignment = "-" + ("r" if section.header else "-") * (width - 1)
            lines.append(table(header, [tuple(map(shown, row)) for row in section.rows], alignment))
    return "\n\n".join(lines) + "\n"


def card_html(network: LabNetwork, texts: CardTexts, words: Words) -> bytes:
    """Write the card as one HTML file that fetches and runs nothing."""
    title = _title(network, words)
    sections = map(section_html, card_sections(network, texts, words))
    return html_document(title, words.language, __version__, [f"<h1>{escape(title)}</h1>", *sections])


def card_sections(network: LabNetwork, texts: CardTexts, words: Words) -> tuple[Section, ...]:
    """All sections of the card, in one language."""
    return (
        _details(network, words),
        Section(words.say(N_("What it is for")), _written(texts.purpose, words)),
        Section(
            words.say(N_("What it is not for")),
            (
                *_written(texts.not_for, words),
                words.say(
                    N_(
                        "It names the class that a face resembles most. It does not say what a person feels or thinks, and is "
                        "not for judging, watching or grading anybody."
                    )
                ),
            ),
        ),
        _faces(network, texts, words),
        _training(network, words),
        _accuracy(network, words),
        _of_classes(network, words),
        _confusion(network, words),
        Section(words.say(N_("How good we think it is")), _written(texts.judgement, words)),
        _limits(network, words),
        Section(words.say(N_("References")), (apa(MODEL_CARDS),)),
    )


def _title(network: LabNetwork, words: Words) -> str:
    return words.say(N_("Model card of {name}"), name=printable(network.name))


def _written(text: str, words: Words) -> tuple[str, ...]:
    """The paragraphs of what a class wrote, or that it wrote nothing."""
    lines = (" ".join(printable(line).split()) for line in text[:LONGEST_TEXT].splitlines())
    return tuple(line for line in lines if line) or (words.say(N_("Not filled in.")),)


def _names(network: LabNetwork, words: Words) -> tuple[str, ...]:
    labels = network.labels
    return tuple(map(words.emotion, labels)) if are_expressions(labels) else labels


def _details(network: LabNetwork, words: Words) -> Section:
    settings, base = network.settings, network.base
    method = words.say(_METHODS[settings.method], **({} if base is None else {"base": base[0]}))
    rows = [
        (words.say(N_("Made by")), words.say(N_("A class, in the lab of Raut"))),
        (words.say(N_("Trained on")), words.moment(network.made)),
        (words.say(N_("Classes")), ", ".join(_names(network, words))),
        (words.say(N_("What is learnt")), method),
    ]
    if settings.method == "scratch":
        rows.append((words.say(N_("Architecture")), _architecture(settings.architecture, words)))
    rows += [
        (words.say(N_("Parameters")), words.number(network.parameters)),
        (words.say(N_("Raut version")), network.raut_version),
        ("SHA-256", network.checksum),
    ]
    no_names = words.say(N_("The names of the people who made it do not belong in this card."))
    return Section(words.say(N_("Model details")), (no_names,), rows=tuple(rows))


def _architecture(architecture: Architecture, words: Words) -> str:
    blocks = ", ".join(
        words.number(block.channels) + ("" if block.convolutions == 1 else f"×{block.convolutions}")
        for block in architecture.blocks
    )
    parts = [words.say(N_("Blocks with {blocks} feature maps"), blocks=blocks)]
    parts.append(words.say(N_("Flatten") if architecture.ending == "flatten" else N_("Mean of each map")))
    if architecture.dense_units:
        units = ", ".join(words.number(units) for units in architecture.dense_units)
        parts.append(words.say(N_("Dense layers: {units}"), units=units))
    if architecture.normalised:
        parts.append(words.say(N_("Batch normalisation")))
    if architecture.dropout:
        parts.append(words.say(N_("Dropout {share}"), share=words.percent(architecture.dropout, 0)))
    return "; ".join(parts)


def _faces(network: LabNetwork, texts: CardTexts, words: Words) -> Section:
    """On whose faces it learnt and was tested: counts, and no identities."""
    figures, own = network.figures, network.settings.way == "own"
    title = words.say(N_("Who was in front of the camera") if own else N_("On whose faces"))
    paragraphs = _written(texts.people, words) if own or texts.people.strip() else ()
    if not own:
        told = N_(
            "Pictures of FER2013, found on the web in 2013. Nobody knows who the people are, how old they are and where "
            "they live, or whether they agreed. It learnt from Training and was tested on PublicTest."
        )
        paragraphs = (words.say(told), *paragraphs)
    header = (N_("Class"), N_("Faces learnt"), N_("Test faces"))
    columns = [words.say(each) for each in header]
    if own:
        columns.append(words.say(N_("Test bursts and photos")))
    rows = []
    for place, (name, learnt) in enumerate(zip(_names(network, words), figures.learnt, strict=True)):
        labelled = figures.test.true == place
        row = [name, words.number(learnt), words.number(int(labelled.sum()))]
        rows.append((*row, *([words.number(_groups(figures.test, labelled))] if own else [])))
    return Section(title, paragraphs, tuple(columns), tuple(rows))


def _groups(answers: Answers, of: np.ndarray | None = None) -> int:
    return len(np.unique(answers.origins if of is None else answers.origins[of]))


def _training(network: LabNetwork, words: Words) -> Section:
    settings, figures = network.settings, network.figures
    kept = figures.history[figures.kept_epoch - 1]
    rows = [
        (words.say(N_("Faces")), words.say(_WAYS[settings.way])),
        (words.say(N_("Epochs")), words.number(settings.epochs)),
        (words.say(N_("Kept epoch")), words.number(figures.kept_epoch)),
        (words.say(N_("How it ended")), words.say(_ENDS[figures.end])),
        (words.say(N_("Batch size")), words.number(settings.batch_size)),
        (words.say(N_("Learning rate")), _rate(settings.learning_rate, words)),
    ]
    if settings.method == "scratch":
        rows.append((words.say(N_("Change of faces")), words.say(_CHANGES[settings.change])))
    rows += [
        (words.say(N_("Seed")), str(settings.seed)),
        (words.say(N_("Loss, first epoch")), _number(figures.history[0]["loss"], words)),
        (words.say(N_("Loss, kept epoch")), _number(kept["loss"], words)),
        (words.say(N_("Accuracy in training, kept epoch")), words.percent(kept["accuracy"])),
        (words.say(N_("Seconds")), words.number(figures.seconds)),
        (words.say(N_("Computer")), figures.machine),
    ]
    return Section(words.say(N_("Training")), rows=tuple(rows))


def _rate(value: float, words: Words) -> str:
    """With two digits that count: 0.002, 0.00015."""
    decimals = max(1, 1 - math.floor(math.log10(value)))
    return words.number(value, decimals - 1 if round(value, decimals - 1) == value else decimals)


def _number(value: float, words: Words) -> str:
    return _UNDEFINED if math.isnan(value) else words.number(value, 2)


def _accuracy(network: LabNetwork, words: Words) -> Section:
    figures, own = network.figures, network.settings.way == "own"
    measured = [
        (N_("By burst: recordings that it did not learn from") if own else "PublicTest", figures.test)
    ]
    if figures.frames is not None:
        measured.append((N_("By frame: other frames of what it learnt from"), figures.frames))
    rows = [_figures_row(words.say(name), answers, words) for name, answers in measured]
    rows += [_figures_row(printable(each.name), each.answers, words) for each in figures.conditions]
    header = (
        N_("Measured on"), N_("Faces (n)"), N_("Bursts and photos") if own else N_("Pictures"), N_("Accuracy"),
        N_("95% interval"),
    )  # fmt: skip
    guessing = words.say(
        N_("Guessing among {n} classes would be right for {share}."),
        n=words.number(len(network.labels)),
        share=words.percent(1 / len(network.labels), 0),
    )
    paragraphs = [guessing]
    if network.from_file:
        paragraphs.insert(
            0,
            words.say(
                N_("These figures are from the file of the network. They were not measured on this computer.")
            ),
        )
    if own:
        paragraphs.append(
            words.say(
                N_(
                    "Neighbouring frames of a burst are nearly the same picture. By frame, the network has practically seen the "
                    "test, so that this figure is too good; by burst, whole recordings are kept back, and that is the figure "
                    "to expect. The interval counts a burst or photo once, however many frames it has."
                )
            )
        )
    if figures.conditions:
        paragraphs.append(words.say(N_("The last rows are recordings under other conditions.")))
    return Section(words.say(N_("Accuracy")), tuple(paragraphs), tuple(map(words.say, header)), tuple(rows))


def _figures_row(name: str, answers: Answers, words: Words) -> tuple[str, ...]:
    accuracy = share_of_groups(answers.right, answers.origins)
    return (
        name,
        words.number(answers.n),
        words.number(_groups(answers)),
        _percent(accuracy, words),
        _interval(accuracy, words),
    )


def _percent(estimate: Estimate, words: Words) -> str:
    return words.percent(estimate.value) if estimate.is_defined else _UNDEFINED


def _interval(estimate: Estimate, words: Words) -> str:
    return words.interval(estimate.ends) if estimate.is_defined else _UNDEFINED


def _of_classes(network: LabNetwork, words: Words) -> Section:
    """How many faces of each class are found."""
    answers = network.figures.test
    rows = []
    for place, name in enumerate(_names(network, words)):
        labelled = answers.true == place
        found = share_of_groups(answers.right[labelled], answers.origins[labelled])
        rows.append(
            (name, words.number(int(labelled.sum())), _percent(found, words), _interval(found, words))
        )
    header = N_("Class"), N_("Faces (n)"), N_("Sensitivity (recall)"), N_("95% interval")
    explained = words.say(
        N_("Sensitivity is the share of the faces of a class that are answered as that class.")
    )
    return Section(words.say(N_("Each class")), (explained,), tuple(map(words.say, header)), tuple(rows))


def _confusion(network: LabNetwork, words: Words) -> Section:
    names = _names(network, words)
    matrix = network.figures.test.confusion
    rows = tuple(
        (name, *(words.number(int(count)) for count in counts))
        for name, counts in zip(names, matrix, strict=True)
    )
    explained = words.say(N_("Test faces: true classes by row, answers by column."))
    return Section(words.say(N_("Confusion matrix")), (explained,), ("", *names), rows)


def _limits(network: LabNetwork, words: Words) -> Section:
    of_own = (
        N_(
            "It was trained on few faces. On people, cameras, rooms and light that were not among them it is right less "
            "often, and this card does not say how much less."
        ),
        N_(
            "The same people may be in what it learnt and in its test. The figures do not say how it does on others."
        ),
    )
    of_fer2013 = (
        N_(
            "It was chosen and tested by a class in a lesson. On other pictures than those of FER2013 it is right less "
            "often, and this card does not say how much less."
        ),
    )
    of_all = (
        N_("Its probabilities were not calibrated: 90% does not mean that 9 of 10 such answers are right."),
        N_("A class that is not among those above is never answered: every face gets one of them."),
    )
    chosen = of_own if network.settings.way == "own" else of_fer2013
    return Section(words.say(N_("Limits")), tuple(map(words.say, (*chosen, *of_all))))

"""The datasheet of a data set: questions of Gebru et al. (2021), answered from counts and from what its makers wrote.

What nobody wrote down is said to be unknown. Figures of the set come from the audit; the few of how it was collected are
those that Goodfellow et al. (2013) give. For a set other than FER2013 only its composition is known here.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from fer_core.audit.audited import Audited
from fer_core.audit.croissant import FERPLUS_PLACE, KAGGLE
from fer_core.cards.html_parts import html_document
from fer_core.cards.words import Words
from fer_core.citations import apa
from fer_core.datasets.fer2013 import IMAGE_SIDE
from fer_core.errors import N_
from fer_core.labels import FER2013_LABELS, in_reading_order
from fer_core.plain_text import in_markdown
from fer_core.references import DATASHEETS, FER2013, FERPLUS
from fer_core.reports.datasheet_texts import PARTS, UNKNOWN, UNKNOWN_HERE


@dataclass(frozen=True)
class Answer:
    """One question of a datasheet with its answer, both in one language."""

    question: str
    answer: str


@dataclass(frozen=True)
class Part:
    """One part of a datasheet, such as its composition."""

    title: str
    answers: tuple[Answer, ...]


def datasheet(audit: Audited, words: Words) -> tuple[Part, ...]:
    """Answer every question of `PARTS`, from the counts of the audit and from what the makers of FER2013 wrote."""
    counted = _counted(audit, words)
    known = {
        "source": FER2013.cited, "votes_source": FERPLUS.cited, "rules": f"{KAGGLE}/rules", "kaggle": KAGGLE,
        "ferplus": FERPLUS_PLACE, "year": str(FER2013.year),
        "networks": words.number(len(audit.network_names)),
        "expressions": ", ".join(words.emotion(label) for label in in_reading_order(FER2013_LABELS)),
        "side": words.number(IMAGE_SIDE), "levels": words.number(IMAGE_SIDE * IMAGE_SIDE),
    }  # fmt: skip

    def answer(key: str, text: str) -> str:
        if key in counted:
            return counted[key]
        if not audit.is_fer2013:
            return words.say(UNKNOWN_HERE)
        return words.say(text, **known) if text != UNKNOWN else words.say(UNKNOWN)

    return tuple(
        Part(
            words.say(title),
            tuple(Answer(words.say(question), answer(key, text)) for key, question, text in questions),
        )
        for title, questions in PARTS
    )


def _counted(audit: Audited, words: Words) -> dict[str, str]:
    """Answers that are counted, by the keys of their questions."""
    found = audit.findings
    classes = ", ".join(
        f"{words.emotion(label)} {words.number(found.classes[label])}"
        for label in in_reading_order(FER2013_LABELS)
    )
    splits = ", ".join(
        f"{words.say(N_('Test data')) if code == 'Test' else code} {words.number(sum(counts.values()))}"
        for code, counts in found.splits.items()
    )
    number = words.say(
        N_("{n} pictures: {classes}. The largest class has {ratio} times as many as the smallest."),
        n=words.number(found.pictures),
        classes=classes,
        ratio=words.number(found.imbalance, 1),
    )
    return {
        "number": number,
        "splits": " ".join([f"{splits}.", *_leaks(audit, words)]),
        "related": " ".join(_related(audit, words)),
        "errors": " ".join(_errors(audit, words)),
    }


def _leaks(audit: Audited, words: Words) -> list[str]:
    exact = audit.findings.exact
    if not exact or not exact.leaked:
        return []
    leaked = ", ".join(f"{code} {words.number(count)}" for code, count in exact.leaked.items())
    return [words.say(N_("Test pictures with an exact duplicate in Training: {leaked}."), leaked=leaked)]


def _related(audit: Audited, words: Words) -> list[str]:
    sentences = []
    if exact := audit.findings.exact:
        sentences.append(
            words.say(
                N_("{pictures} pictures are exact duplicates, in {groups} groups."),
                pictures=words.number(exact.pictures),
                groups=words.number(exact.groups),
            )
        )
    if near := audit.findings.near:
        sentences.append(
            words.say(
                N_("With near duplicates it is {pictures} pictures in {groups} groups."),
                pictures=words.number(near.pictures),
                groups=words.number(near.groups),
            )
        )
    sentences.append(words.say(N_("Which pictures show the same person is not recorded.")))
    return sentences


def _errors(audit: Audited, words: Words) -> list[str]:
    found, sentences = audit.findings, []
    if found.exact:
        sentences.append(
            words.say(
                N_("The labels of {n} groups of exact duplicates differ."),
                n=words.number(found.exact.conflicting),
            )
        )
    if found.votes:
        sentences.append(
            words.say(
                N_(
                    "The label is the majority of the votes of FER+ for {share} of {n} pictures; {face} pictures were taken "
                    "for no face by most annotators."
                ),
                share=words.percent(found.votes.same / found.votes.pictures),
                n=words.number(found.votes.pictures),
                face=words.number(found.votes.not_a_face),
            )
        )
    if found.undetected is not None:
        sentences.append(
            words.say(
                N_("In {n} pictures neither the Haar cascade nor BlazeFace finds a face."),
                n=words.number(found.undetected),
            )
        )
    return sentences or [words.say(UNKNOWN)]


def _frame(audit: Audited, words: Words) -> tuple[str, str, list[str]]:
    """Title, what it is and how it was made, and references."""
    title = words.say(N_("Datasheet of {name}"), name=audit.name)
    lead = words.say(
        N_(
            "Questions after {source}. Figures were counted by Raut {version} on {date}; what is known of the collection is "
            "what its makers wrote."
        ),
        source=DATASHEETS.cited,
        version=audit.raut_version,
        date=words.date(audit.made),
    )
    works = [DATASHEETS, *([FER2013, FERPLUS] if audit.is_fer2013 else [])]
    return title, lead, [apa(work) for work in sorted(works, key=lambda work: work.cited)]


def datasheet_html(audit: Audited, words: Words) -> bytes:
    """Write the datasheet as one HTML file."""
    title, lead, references = _frame(audit, words)
    parts = [f"<h1>{escape(title)}</h1>", f'<p class="lead">{escape(lead)}</p>']
    for part in datasheet(audit, words):
        answers = "".join(
            f"<h3>{escape(each.question)}</h3><p>{escape(each.answer)}</p>" for each in part.answers
        )
        parts.append(f"<section><h2>{escape(part.title)}</h2>{answers}</section>")
    works = "".join(f"<p>{escape(work)}</p>" for work in references)
    parts.append(f"<section><h2>{escape(words.say(N_('References')))}</h2>{works}</section>")
    return html_document(title, words.language, audit.raut_version, parts)


def datasheet_markdown(audit: Audited, words: Words) -> str:
    """Write the datasheet as Markdown."""
    title, lead, references = _frame(audit, words)
    lines = [f"# {in_markdown(title)}", in_markdown(lead)]
    for part in datasheet(audit, words):
        lines.append(f"## {in_markdown(part.title)}")
        for each in part.answers:
            lines += [f"### {in_markdown(each.question)}", in_markdown(each.answer)]
    lines.append(f"## {words.say(N_('References'))}")
    lines.append("\n".join(f"- {in_markdown(work)}" for work in references))
    return "\n\n".join(lines) + "\n"

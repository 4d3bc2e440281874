"""How the figures of an audit are defined and counted, what they were made from, and the works that they rest on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fer_core.audit.audited import Audited
from fer_core.cards.sections import Section
from fer_core.cards.words import Words
from fer_core.citations import apa
from fer_core.datasets.columns import column
from fer_core.datasets.near_duplicates import LARGEST_DISTANCE, LARGEST_SHIFT, LEAST_CORRELATION
from fer_core.errors import N_
from fer_core.references import CONFIDENT_LEARNING, FER2013, FERPLUS, RAUT, Reference

_DEFINED = ("brightness", "contrast", "sharpness", "entropy", "undetected", "doubt")


def methods_section(audit: Audited, words: Words) -> Section:
    """How the figures were counted."""
    found = audit.findings
    paragraphs = []
    if found.exact:
        paragraphs.append(
            words.say(
                N_(
                    "Exact duplicates are pictures that are the same in all 48 × 48 pixels. A picture of a test split is also "
                    "in Training where one of its group is. Labels of a group differ where any two of them do."
                )
            )
        )
    if found.near:
        paragraphs += _near_sentences(audit, words)
    if found.votes:
        paragraphs.append(
            words.say(
                N_(
                    "The majority of the votes of FER+ ({source}) is the column with the most of the ten votes, of a tie the "
                    "first in the order of its file; pictures without votes have none."
                ),
                source=FERPLUS.cited,
            )
        )
    if found.doubted is not None:
        paragraphs.append(
            words.say(
                N_(
                    "Doubts about labels come from five-fold cross-validation, with groups of duplicates in one fold, and from "
                    "confident learning ({source})."
                ),
                source=CONFIDENT_LEARNING.cited,
            )
        )
    paragraphs += [
        f"{words.text(column(name).name)}: {words.text(column(name).meaning)}"
        for name in _DEFINED
        if audit.table.has(name)
    ]
    rows = tuple(
        (words.say(N_("Made from: {part}"), part=part), _facts(facts))
        for part, facts in audit.made_from.items()
    )
    return Section(words.say(N_("Methods")), tuple(paragraphs), rows=rows)


def _near_sentences(audit: Audited, words: Words) -> list[str]:
    """How near duplicates are told, and how often that was right where pairs were looked at."""
    sentences = [
        words.say(
            N_(
                "Near duplicates are pictures whose 64-bit difference hashes differ in at most {bits} bits and whose pixels "
                "correlate with {r} or more at the best shift of up to {pixels} pixels, also mirrored. What is near to a "
                "picture of a group belongs to it."
            ),
            bits=words.number(LARGEST_DISTANCE),
            r=words.number(LEAST_CORRELATION, 2),
            pixels=words.number(LARGEST_SHIFT),
        )
    ]
    looked_at = audit.made_from.get("near_duplicates", {}).get("looked_at", {})
    if looked_at.get("pairs"):
        sentences.append(
            words.say(
                N_("Of {n} such pairs that were drawn at random and looked at, {same} show the same photo."),
                n=words.number(looked_at["pairs"]),
                same=words.number(looked_at["same_photo"]),
            )
        )
    return sentences


def _facts(facts: Mapping[str, Any]) -> str:
    """How a part of the shipped statistics is made anew, and with what, in one cell; `audit.json` has everything."""
    return "; ".join(
        f"{name} {value}" for name, value in facts.items() if isinstance(value, str | int | float)
    )


def references_section(audit: Audited, words: Words) -> Section:
    """The works that the figures rest on, in APA style."""
    return Section(words.say(N_("References")), tuple(apa(work) for work in cited_works(audit)))


def cited_works(audit: Audited) -> tuple[Reference, ...]:
    """The works that an audit of this set cites, by author."""
    works = [FER2013] if audit.is_fer2013 else []
    if audit.findings.votes:
        works.append(FERPLUS)
    if audit.findings.doubted is not None:
        works.append(CONFIDENT_LEARNING)
    return tuple(sorted([*works, RAUT], key=lambda work: work.cited))

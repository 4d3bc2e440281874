"""A term is one word in each language: pages, reports and documents use the glossary's, and no other for it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from fer_core.cards.glossary import DOCUMENT, Term, glossary, glossary_document

ROOT = Path(__file__).resolve().parents[1]
CATALOGUES = tuple(sorted((ROOT / "pages" / "locale" / "id" / "LC_MESSAGES").glob("*.po")))
DOCUMENTS = (
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "models").glob("*/MODEL_CARD.md")),
)


def plainly(text: str) -> str:
    """The words of a text, without code, addresses, and the names of fields, files and commands."""
    return re.sub(
        r"`[^`]*`|\{[^}]*\}|\]\([^)]*\)|https?://\S+|[\w./-]+\.(?:csv|py|md|json)\b|--[\w-]+", " ", text
    )


def translated_otherwise(term: Term, english: str, indonesian: str) -> Iterator[str]:
    """What is wrong with a text and its translation, as far as that term goes."""
    words, said = plainly(english), plainly(indonesian)
    found = term.found or rf"\b{re.escape(term.english)}\b"
    if re.search(found, words, re.IGNORECASE) and not re.search(
        term.said or re.escape(term.indonesian), said, re.IGNORECASE
    ):
        yield f"“{term.english}” is not “{term.indonesian}”: {english!r} -> {indonesian!r}"
    yield from uses(term.not_english, words, term.english)
    yield from uses(term.not_indonesian, said, term.indonesian)


def uses(patterns: Iterable[str], text: str, instead: str) -> Iterator[str]:
    for pattern in patterns:
        if found := re.search(pattern, text, re.IGNORECASE | re.MULTILINE):
            yield f"“{found.group()}” in place of “{instead}”: {text[max(0, found.start() - 60) : found.end() + 60]!r}"


@cache
def catalogue() -> tuple[tuple[str, str], ...]:
    """Each English text, plural forms apart, with its Indonesian."""
    pairs = []
    for path in CATALOGUES:
        with path.open("rb") as file:
            for message in read_po(file, locale="id", abort_invalid=True):
                if message.id:
                    plural = isinstance(message.id, tuple)
                    indonesian = message.string[0] if plural else message.string
                    pairs += [(text, indonesian) for text in (message.id if plural else (message.id,))]
    return tuple(pairs)


@pytest.mark.parametrize("key", glossary())
def test_a_term_is_said_with_its_own_words_in_both_languages(key: str) -> None:
    term = glossary()[key]
    wrong = [problem for pair in catalogue() for problem in translated_otherwise(term, *pair)]
    wrong += [
        problem
        for other in glossary().values()
        for problem in translated_otherwise(term, other.in_english, other.in_indonesian)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("key", glossary())
def test_a_heading_with_a_term_has_the_term_of_the_other_language(key: str) -> None:
    term = glossary()[key]
    headings = [indonesian for english, indonesian in catalogue() if english.lower() == term.english.lower()]
    assert {heading.lower() for heading in headings} <= {term.indonesian.lower()}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_documents_use_no_other_words_for_a_term(path: Path) -> None:
    text = plainly(re.sub(r"```.*?```", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL))
    text = re.sub(r"\s*\n(?=\w)", " ", text)  # a term may be broken over two lines
    wrong = [
        problem for term in glossary().values() for problem in uses(term.not_english, text, term.english)
    ]
    assert not wrong, "\n".join(wrong)


def test_the_document_is_made_from_the_source() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == glossary_document(), "run: python -m fer_core card"


def test_each_term_stands_once() -> None:
    terms = glossary().values()
    for names in (
        [term.english.lower() for term in terms],
        [(term.indonesian.lower(), term.english) for term in terms],
    ):
        assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("key", "english", "indonesian"),
    [
        ("duplicate", "Accuracy without duplicates", "Akurasi tanpa kembaran"),
        ("duplicate", "Accuracy without twins", "Akurasi tanpa duplikat"),
        ("network", "The network answers.", "Jaringan menjawab."),
        ("pixel", "48×48 grey pixels", "48×48 titik abu-abu"),
        ("confusion_matrix", "Confusion matrix of {split}", "Matriks kebingungan {split}"),
        ("ferplus_votes", "FER+ votes", "Suara FER+"),
        ("label", "True label", "Label"),
        ("unsure", "The answer is “unsure”.", "Jawabannya “belum pasti”."),
        ("split", "Who learns from what", "Pembagian data"),
    ],
)
def test_another_word_for_a_term_is_found(key: str, english: str, indonesian: str) -> None:
    assert list(translated_otherwise(glossary()[key], english, indonesian))


def test_the_words_of_the_glossary_pass() -> None:
    network = glossary()["network"]
    assert not list(translated_otherwise(network, "A neural network", "Sebuah jaringan saraf"))
    assert not list(translated_otherwise(network, "`network` is a column", "`network` adalah kolom"))

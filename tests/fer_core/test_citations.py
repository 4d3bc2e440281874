"""References as APA, BibTeX, RIS and CITATION.cff: complete, of one source, and safe whatever a network is called."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from fer_core import __version__
from fer_core.citations import apa, bibtex, citation_file, ris
from fer_core.references import (
    EKAWATI,
    FER2013,
    FERPLUS,
    RAUT,
    REFERENCES,
    Person,
    Reference,
    network_reference,
)

ROOT = Path(__file__).resolve().parents[2]
NETWORK = network_reference("raut-compact", "Raut, compact", "ab" * 32)
CITED = (RAUT, NETWORK, EKAWATI, FER2013, FERPLUS)


def test_the_citation_file_says_what_the_references_say() -> None:
    stored = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert stored == citation_file(), "run: python -m fer_core card"


def test_the_citation_file_is_yaml_with_the_fields_that_its_format_wants() -> None:
    yaml = pytest.importorskip("yaml")
    told = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert (told["cff-version"], told["type"], told["title"]) == ("1.2.0", "software", "Raut")
    assert told["version"] == __version__
    assert told["message"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert told["authors"] == project["authors"]
    assert [(work["title"], work["year"]) for work in told["references"]] == [
        (work.title, work.year) for work in (EKAWATI, FER2013, FERPLUS)
    ]
    for work in told["references"]:
        assert work["type"] in ("article", "conference-paper")
        assert all(set(author) == {"family-names", "given-names"} for author in work["authors"])


def test_the_year_of_raut_is_that_of_its_licence() -> None:
    assert f"Copyright (c) {RAUT.year} The Raut authors" in (ROOT / "LICENSE").read_text(encoding="utf-8")


def test_apa_lists_a_paper_of_a_journal_and_one_of_proceedings() -> None:
    assert apa(EKAWATI, markdown=True) == (
        "Ekawati, I., Putra, F. N. R., Sumadyo, M., & Whidhiasih, R. N. (2024). Deteksi emosi menggunakan "
        "convolutional neural network berdasarkan ekspresi wajah. *Journal of Students’ Research in Computer "
        "Science, 5*(1)."
    )
    assert apa(FERPLUS) == (
        "Barsoum, E., Zhang, C., Canton Ferrer, C., & Zhang, Z. (2016). Training deep networks for facial "
        "expression recognition with crowd-sourced label distribution. In Proceedings of the 18th ACM "
        "International Conference on Multimodal Interaction (pp. 279–283). "
        "https://doi.org/10.1145/2993148.2993165"
    )


def test_apa_lists_the_first_19_of_more_than_20_authors_and_the_last() -> None:
    assert len(FER2013.authors) == 28
    listed = apa(FER2013)
    assert ", Park, J., … Bengio, Y. (2013)." in listed
    assert "Ionescu" not in listed
    twenty = replace(FER2013, authors=FER2013.authors[:20])
    assert ", Park, J., & Ionescu, R. (2013)." in apa(twenty)


@pytest.mark.parametrize(
    ("given", "initials"), [("Dong-Hyun", "D.-H."), ("Ian J.", "I. J."), ("L. F.", "L. F.")]
)
def test_given_names_are_shortened_to_initials(given: str, initials: str) -> None:
    assert Person("Somebody", given).initials == initials


def test_raut_is_cited_with_its_version_and_a_network_with_id_and_checksum() -> None:
    assert apa(RAUT) == f"The Raut authors. ({RAUT.year}). Raut (Version {__version__}) [Computer software]."
    for text in (apa(NETWORK), bibtex([NETWORK]), ris([NETWORK])):
        assert "raut-compact" in text
        assert "ab" * 32 in text
        assert __version__ in text
    assert "SHA-256" not in apa(network_reference("mine", "Mine", ""))


@pytest.mark.parametrize("work", (*CITED, *REFERENCES), ids=lambda work: work.key)
def test_every_form_says_the_same_of_a_work(work: Reference) -> None:
    told = {"apa": apa(work), "bibtex": bibtex([work]), "ris": ris([work])}
    for form, text in told.items():
        for fact in (str(work.year), work.title, work.doi or work.arxiv, work.volume):
            assert fact in text, form
        first = work.authors[0]
        assert (first if isinstance(first, str) else first.family) in text
    for form in ("bibtex", "ris"):
        assert all(
            (author if isinstance(author, str) else f"{author.family}, {author.given}") in told[form]
            for author in work.authors
        )


def test_bibtex_has_one_entry_for_each_work_with_balanced_braces_and_keys_of_their_own() -> None:
    text = bibtex(CITED)
    keys = re.findall(r"^@\w+\{([^,]+),$", text, re.MULTILINE)
    assert keys == [work.key for work in CITED]
    for entry in text.split("\n\n"):
        assert entry.count("{") == entry.count("}")
    assert "pages = {117--124}" in text


def test_ris_has_one_record_for_each_work_and_nothing_but_tags() -> None:
    text = ris(CITED)
    lines = [line for line in text.splitlines() if line]
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines)
    assert [line for line in lines if line.startswith(("TY", "ER"))][1::2] == ["ER  - "] * len(CITED)
    assert "SP  - 117\nEP  - 124\n" in text


def test_a_name_cannot_begin_a_field_of_its_own() -> None:
    odd = network_reference("odd_id", "A & B }\nER  - \nnote = {100%}", "")
    assert r"{{A \& B \} ER - note = \{100\%\}}}" in bibtex([odd])
    assert ris([odd]).count("\nER  - ") == 1
    assert r"odd\_id" in bibtex([odd])

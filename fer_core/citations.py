"""References in the forms that readers take along: APA, BibTeX, RIS, and the citation file of a repository."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Final

from fer_core.references import EKAWATI, FER2013, FERPLUS, RAUT, Person, Reference

MOST_AUTHORS: Final = 20
"""As many as APA lists; of more it gives the first 19 and the last."""

_RIS_TYPES: Final = {"article": "JOUR", "conference": "CPAPER", "software": "COMP", "network": "COMP"}
_BIBTEX_TYPES: Final = {
    "article": "article",
    "conference": "inproceedings",
    "software": "misc",
    "network": "misc",
}
_APA_SIGNS: Final = {"software": " [Computer software]", "network": " [Trained neural network]"}


def apa(work: Reference, *, markdown: bool = False) -> str:
    """Return one entry of a list of references in APA style (7th edition).

    Args:
        work: to cite.
        markdown: set what is italic between asterisks; else the text is plain.
    """
    italic = "*" if markdown else ""
    people = _apa_authors([_apa_author(author) for author in work.authors])
    begin = f"{people}{'' if people.endswith('.') else '.'} ({work.year})."
    pages = work.pages.replace("-", "–")
    if work.kind == "article":
        volume = f", {work.volume}" if work.volume else ""
        issue = f"({work.issue})" if work.issue else ""
        place = f"{italic}{work.container}{volume}{italic}{issue}{f', {pages}' if pages else ''}."
        parts = [begin, f"{work.title}.", place]
    elif work.kind == "conference":
        place = f"In {italic}{work.container}{italic}{f' (pp. {pages})' if pages else ''}."
        parts = [begin, f"{work.title}.", place]
    else:
        title = f"{italic}{work.title}{italic} ({'; '.join(_version(work))}){_APA_SIGNS[work.kind]}."
        parts = [begin, title]
    return " ".join([*parts, work.address]).rstrip()


def _apa_author(author: Person | str) -> str:
    return author if isinstance(author, str) else f"{author.family}, {author.initials}"


def _apa_authors(names: Sequence[str]) -> str:
    if len(names) == 1:
        return names[0]
    if len(names) > MOST_AUTHORS:
        return f"{', '.join(names[: MOST_AUTHORS - 1])}, … {names[-1]}"
    return f"{', '.join(names[:-1])}, & {names[-1]}"


def _version(work: Reference) -> list[str]:
    """What says which program it was, or which network: ["Version …"], or its id and checksum."""
    if work.kind == "software":
        return [f"Version {work.version}"]
    checksum = [f"SHA-256 {work.sha256}"] if work.sha256 else []
    return [f"Network {work.network} of Raut {work.version}", *checksum]


def _note(work: Reference) -> str:
    """For styles that have no field for it: what it is and which; "" for a paper."""
    return "; ".join([_APA_SIGNS[work.kind].strip(" []"), *_version(work)]) if work.kind in _APA_SIGNS else ""


def bibtex(works: Iterable[Reference]) -> str:
    """Return the references as a BibTeX file, one entry after the other."""
    return "\n".join(_bibtex_entry(work) for work in works)


def _bibtex_entry(work: Reference) -> str:
    authors = " and ".join(
        f"{{{_tex(author)}}}" if isinstance(author, str) else _tex(f"{author.family}, {author.given}")
        for author in work.authors
    )
    container = {"article": "journal", "conference": "booktitle"}.get(work.kind, "")
    fields = {
        "author": authors,
        "title": f"{{{_tex(work.title)}}}",  # braces, so that no style writes FER+ as fer+
        **({container: _tex(work.container)} if container else {}),
        "year": str(work.year),
        "volume": work.volume,
        "number": work.issue,
        "pages": work.pages.replace("-", "--"),
        "version": work.version if work.kind == "software" else "",
        "note": _tex(_note(work)),
        "doi": work.doi,
        "eprint": work.arxiv,
        "archiveprefix": "arXiv" if work.arxiv else "",
        "language": "indonesian" if work.language == "id" else "",
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    key = re.sub(r"[^A-Za-z0-9_-]", "-", work.key)
    return f"@{_BIBTEX_TYPES[work.kind]}{{{key},\n" + ",\n".join(lines) + "\n}\n"


def _tex(text: str) -> str:
    """Write what TeX would take for a command as a sign."""
    special = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    special |= {sign: f"\\{sign}" for sign in "&%$#_{}"}
    special |= {"–": "--", "’": "'"}
    return "".join(special.get(sign, sign) for sign in _line(text))


def ris(works: Iterable[Reference]) -> str:
    """Return the references as a RIS file, which Zotero, Mendeley and EndNote read."""
    return "\n".join(_ris_entry(work) for work in works)


def _ris_entry(work: Reference) -> str:
    first, _, last = work.pages.partition("-")
    tags = [
        ("TY", _RIS_TYPES[work.kind]),
        *(
            ("AU", author if isinstance(author, str) else f"{author.family}, {author.given}")
            for author in work.authors
        ),
        ("PY", str(work.year)),
        ("TI", work.title),
        ("T2", work.container),
        ("VL", work.volume),
        ("IS", work.issue),
        ("SP", first),
        ("EP", last),
        ("ET", work.version if work.kind == "software" else ""),
        ("DO", work.doi),
        ("UR", work.address),
        ("N1", _note(work)),
        ("LA", work.language),
    ]
    lines = [f"{tag}  - {_line(value)}" for tag, value in tags if value]
    return "\n".join([*lines, "ER  - "]) + "\n"


def _line(text: str) -> str:
    """The text on one line: a line end would begin another tag or field."""
    return " ".join(text.split())


def citation_file() -> str:
    """Return `CITATION.cff`, by which services that host code say how Raut is cited (Citation File Format 1.2.0)."""
    return "\n".join(
        [
            "cff-version: 1.2.0",
            'message: "If you use Raut, please cite it and the works below."',
            "type: software",
            f"title: {_quoted(RAUT.title)}",
            f"version: {_quoted(RAUT.version)}",
            "license: MIT",
            "authors:",
            *_cff_authors(RAUT, "  "),
            "references:",
            *(line for work in (EKAWATI, FER2013, FERPLUS) for line in _cff_reference(work)),
            "",
        ]
    )


def _cff_reference(work: Reference) -> list[str]:
    first, _, last = work.pages.partition("-")
    article = work.kind == "article"
    fields = {
        "title": work.title,
        "journal": work.container if article else "",
        "collection-title": "" if article else work.container,
        "volume": work.volume,
        "issue": work.issue,
        "start": first,
        "end": last,
        "doi": work.doi,
        "url": f"https://arxiv.org/abs/{work.arxiv}" if work.arxiv else "",
    }
    return [
        f"  - type: {'article' if article else 'conference-paper'}",
        *(f"    {name}: {_quoted(value)}" for name, value in fields.items() if value),
        f"    year: {work.year}",
        f"    languages: [{work.language}]",
        "    authors:",
        *_cff_authors(work, "      "),
    ]


def _cff_authors(work: Reference, indent: str) -> list[str]:
    lines = []
    for author in work.authors:
        if isinstance(author, str):
            lines.append(f"{indent}- name: {_quoted(author)}")
        else:
            lines.append(f"{indent}- family-names: {_quoted(author.family)}")
            lines.append(f"{indent}  given-names: {_quoted(author.given)}")
    return lines


def _quoted(text: str) -> str:
    """As JSON, which YAML reads."""
    return json.dumps(text, ensure_ascii=False)

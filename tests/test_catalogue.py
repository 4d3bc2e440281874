"""Every text that a reader sees exists in Indonesian, fits its fields, and is still used."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[1]
SOURCES = (
    ROOT / "app.py",
    *sorted((ROOT / "pages").rglob("*.py")),
    *sorted((ROOT / "fer_core").rglob("*.py")),
)
CATALOGUES = tuple(sorted((ROOT / "pages" / "locale" / "id" / "LC_MESSAGES").glob("*.po")))
MARKERS = {"_": 1, "N_": 1, "ngettext": 2}
"""Function to the number of texts it takes."""


@dataclass(frozen=True)
class Marked:
    """One call of a marker: its texts, or None where an argument is no plain literal."""

    place: str
    marker: str
    texts: tuple[str, ...] | None
    built: bool  # put together on the spot, which no catalogue can hold


def marked_in(source: str, place: str) -> Iterator[Marked]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", None)
        if name not in MARKERS:
            continue
        arguments = node.args[: MARKERS[name]]
        texts = tuple(a.value for a in arguments if isinstance(a, ast.Constant) and isinstance(a.value, str))
        built = any(isinstance(a, ast.JoinedStr | ast.BinOp | ast.Call) for a in arguments)
        yield Marked(f"{place}:{node.lineno}", name, texts if len(texts) == MARKERS[name] else None, built)


@cache
def marked() -> tuple[Marked, ...]:
    return tuple(
        found
        for path in SOURCES
        for found in marked_in(path.read_text(encoding="utf-8"), str(path.relative_to(ROOT)))
    )


@cache
def translations() -> dict[str, dict[str, tuple[str, ...]]]:
    """Text to file name to translation."""
    result: dict[str, dict[str, tuple[str, ...]]] = {}
    for path in CATALOGUES:
        with path.open("rb") as file:
            for message in read_po(file, locale="id", abort_invalid=True):
                if not message.id or message.fuzzy:
                    continue
                plural = isinstance(message.id, tuple)
                forms = tuple(message.string) if plural else (message.string,)
                result.setdefault(message.id[0] if plural else message.id, {})[path.name] = forms
    return result


def fields(text: str) -> set[str]:
    return {name for _literal, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}


def test_the_extractor_finds_what_it_should() -> None:
    source = (
        'a = _("One " "text")\nb = ngettext("{n} face", "{n} faces", n)\n'
        'c = i18n._("Two")\nd = _(f"{a} no")\n'
    )
    found = list(marked_in(source, "x.py"))
    assert [m.texts for m in found] == [("One text",), ("{n} face", "{n} faces"), ("Two",), None]
    assert [m.built for m in found] == [False, False, False, True]
    assert len(marked()) > 50


def test_texts_are_literals_and_not_put_together() -> None:
    wrong = [m.place for m in marked() if m.built]
    assert not wrong, f"no catalogue can hold a text that is built inside the marker: {wrong}"


def test_every_text_has_an_indonesian_translation() -> None:
    missing = sorted(
        f"{m.place}: {m.texts[0]!r}"
        for m in marked()
        if m.texts and not all(next(iter(translations().get(m.texts[0], {"": ("",)}).values())))
    )
    assert not missing, "without Indonesian translation:\n" + "\n".join(missing)


def test_no_translation_is_left_over() -> None:
    used = {m.texts[0] for m in marked() if m.texts}
    left_over = sorted(
        f"{', '.join(files)}: {text!r}" for text, files in translations().items() if text not in used
    )
    assert not left_over, "no longer in the sources:\n" + "\n".join(left_over)


def test_translations_keep_the_fields_of_the_text() -> None:
    plural_of = {m.texts[0]: m.texts for m in marked() if m.texts}
    wrong = [
        f"{name}: {text!r} -> {form!r}"
        for text, files in translations().items()
        for name, forms in files.items()
        for form in forms
        if fields(form) != set().union(*(fields(t) for t in plural_of.get(text, (text,))))
    ]
    assert not wrong, "fields differ:\n" + "\n".join(wrong)


def test_a_text_is_translated_the_same_everywhere() -> None:
    different = [
        f"{text!r}: {files}" for text, files in translations().items() if len(set(files.values())) > 1
    ]
    assert not different, "\n".join(different)


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.name)
def test_a_catalogue_names_its_language_and_plural_rule(path: Path) -> None:
    with path.open("rb") as file:
        catalogue = read_po(file, abort_invalid=True)
    assert str(catalogue.locale) == "id"
    assert catalogue.num_plurals == 1, "Indonesian has one plural form"


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.name)
def test_a_catalogue_holds_a_text_once(path: Path) -> None:
    ids = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("msgid ")]
    one_line = [line for line in ids if line != 'msgid ""']
    assert len(one_line) == len(set(one_line))

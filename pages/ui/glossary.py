"""The glossary's terms and explanations in the reader's language."""

from __future__ import annotations

from fer_core.cards.glossary import glossary
from pages.ui.i18n import language


def explained(name: str) -> tuple[str, str]:
    """The term of that key and its explanation, Markdown, in the reader's language.

    Raises:
        KeyError: the glossary has no such key.
    """
    term = glossary()[name]
    return (term.indonesian, term.in_indonesian) if language() == "id" else (term.english, term.in_english)


def all_terms() -> str:
    """Every term in both languages with its explanation in the reader's, by the alphabet, Markdown."""
    indonesian = language() == "id"
    entries = sorted(
        (term.indonesian, term.english, term.in_indonesian)
        if indonesian
        else (term.english, term.indonesian, term.in_english)
        for term in glossary().values()
    )
    return "\n\n".join(
        f"**{name}**: {text}" if name == other else f"**{name}** ({other}): {text}"
        for name, other, text in entries
    )

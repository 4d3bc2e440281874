"""A piece of a report, before it is laid out: a heading with sentences and a table, for HTML, PDF and Markdown alike."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Section:
    """A heading with sentences and, below them, a table."""

    title: str
    paragraphs: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()

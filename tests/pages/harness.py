"""What the tests of the pages ask of an `AppTest`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block, Element

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("home", "webcam", "photos", "videos", "dataset", "training", "network", "lab", "quiz", "about")
APOLOGIES = ("Something went wrong", "Terjadi kesalahan yang tidak terduga")
"""How the sentence begins that stands for an exception nobody expected, in both languages."""


def elements(block: Block) -> Iterator[Element]:
    for node in block.children.values():
        if isinstance(node, Block):
            yield from elements(node)
        else:
            yield node


def texts(app: AppTest) -> str:
    """All that a reader can read in the page's main part, one element a line."""
    found: list[str] = []
    for element in elements(app.main):
        told: set[str] = set()  # some elements give one text under two names
        for name in ("label", "value", "body"):
            try:
                value = getattr(element, name, None)
            except (AttributeError, KeyError, NotImplementedError, ValueError):
                continue  # elements whose content the harness cannot show
            if isinstance(value, str) and value not in told:
                told.add(value)
                found.append(value)
    return "\n".join(found)


def assert_no_trouble(app: AppTest) -> None:
    """Neither an exception nor the sentence that covers one up."""
    assert not app.exception, [element.value for element in app.exception]
    assert not any(apology in element.value for element in app.error for apology in APOLOGIES)

"""Numbers and dates that a reader sees are written by `pages/ui/i18n.py`, which knows the reader's language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WRITERS = ROOT / "pages" / "ui" / "i18n.py"
SOURCES = tuple(path for path in sorted((ROOT / "pages").rglob("*.py")) if path != WRITERS)

NUMBER = re.compile(r"^[+]?\d*,?(\.\d+)?[fFgGeE%n]$|^[+]?,[d]?$")
"""A format of a number that readers of one language only write so; "02d", as in a clock, is that of all."""
FOR_A_FILE_NAME = re.compile(r"(%[YmdHMS]|-)+")
STYLE_OR_ATTRIBUTE = re.compile(r'(--[\w-]+:\s*|\b[\w-]+=")$')
IN_A_TEMPLATE = re.compile(r"\{[^{}]*:[+]?\d*,?(\.\d+)?[fFgGeE%n,]\}")
OLD_STYLE = re.compile(r"%[-+ 0]*\d*\.[1-9]\d*[fFgGeE]")
OF_ONE_LANGUAGE = {"strftime", "isoformat", "format_date", "format_time", "format_datetime", "format_decimal"}


def formats_of_its_own(source: str) -> Iterator[tuple[int, str]]:
    """(line, what) of each number or date that a source writes without the language.

    What stands behind a property of a style ("--share:") or opens an attribute of a drawing ('x="') is for the
    browser, which reads one language only; digits and hyphens alone are for the name of a file.
    """
    tree = ast.parse(source)
    documented = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield from _in_pieces(node)
        elif isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if isinstance(node.func, ast.Attribute) and name in OF_ONE_LANGUAGE:
                yield node.lineno, f".{name}()"
            if name == "format" and isinstance(node.func, ast.Name):
                yield node.lineno, "format()"
        elif isinstance(node, ast.ImportFrom) and node.module in ("babel.dates", "babel.numbers", "locale"):
            yield node.lineno, f"from {node.module}"
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documented:
            for pattern in (IN_A_TEMPLATE, OLD_STYLE):
                if found := pattern.search(node.value):
                    yield node.lineno, found.group()


def _in_pieces(node: ast.JoinedStr) -> Iterator[tuple[int, str]]:
    before = ""
    pieces = node.values
    for number, piece in enumerate(pieces):
        if isinstance(piece, ast.Constant):
            before = str(piece.value)
            continue
        assert isinstance(piece, ast.FormattedValue)
        spec = "".join(str(getattr(part, "value", "")) for part in getattr(piece.format_spec, "values", ()))
        behind = pieces[number + 1] if number + 1 < len(pieces) else None
        percent = isinstance(behind, ast.Constant) and re.match(r"\s?%", str(behind.value))
        date = "%" in spec and not FOR_A_FILE_NAME.fullmatch(spec)
        if (NUMBER.match(spec) or date or percent) and not STYLE_OR_ATTRIBUTE.search(before):
            yield node.lineno, f"{{{ast.unparse(piece.value)}:{spec}}}{'%' if percent else ''}"
        before = ""


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_pages_leave_numbers_and_dates_to_the_language(path: Path) -> None:
    found = list(formats_of_its_own(path.read_text(encoding="utf-8")))
    assert not found, (
        f"use format_number, format_percent, format_date or format_time of pages.ui.i18n: {found}"
    )


@pytest.mark.parametrize(
    "source",
    [
        'f"{share:.1%}"',
        'f"{100 * share:.0f} %"',
        'f"{value:.2f}"',
        'f"{count:,}"',
        'f"{made:%d.%m.%Y}"',
        'f"{last}%"',
        '"{share:.1%}".format(share=share)',
        '"%.1f" % share',
        'format(value, ".2f")',
        'made.strftime("%H:%M")',
        "made.isoformat()",
        "from babel.dates import format_date",
    ],
)
def test_a_format_of_its_own_is_found(source: str) -> None:
    assert list(formats_of_its_own(source))


@pytest.mark.parametrize(
    "source",
    ["f\"--share:{100 * share:.1f}%\"", "f'<rect x=\"{x:.1f}\"/>'", 'f"{minutes}:{rest:02d}"', 'f"{made:%Y-%m-%d}.csv"', 'format_percent(share)',
     '"{share}".format(share=share)', '"%d%%"', '"%.0f%%"'],
)  # fmt: skip
def test_what_only_a_browser_reads_and_whole_numbers_pass(source: str) -> None:
    assert not list(formats_of_its_own(source))

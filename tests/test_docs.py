"""What a reader of the documents can rely on: their links, the index of the experiments, tables that stay tables."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).resolve().parents[1]
EXPERIMENTS = ROOT / "docs" / "experiments"
INDEX = EXPERIMENTS / "README.md"
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]

LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]+)\)")
LONGEST_CELL = 80


def _named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _title(path: Path) -> str:
    return path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")


def _cells(text: str) -> list[str]:
    rows = (line.strip() for line in text.splitlines())
    return [cell.strip() for row in rows if row.startswith("|") for cell in row.strip("|").split("|")]


def test_the_index_lists_every_experiment_once_by_its_question_and_nothing_else() -> None:
    entries = [line for line in INDEX.read_text(encoding="utf-8").splitlines() if line.startswith("- [")]
    listed = [LINK.findall(entry)[0][::-1] for entry in entries]
    files = [path for path in sorted(EXPERIMENTS.iterdir()) if path != INDEX]
    assert sorted(listed) == [(path.name, _title(path)) for path in files]
    assert all(title.endswith("?") for _, title in listed)
    assert all(re.search(r"\.md\): \S", entry) for entry in entries), "an entry without its answer"


@pytest.mark.parametrize("document", DOCUMENTS, ids=_named)
def test_every_relative_link_of_a_document_leads_to_an_existing_file(document: Path) -> None:
    targets = [target for _, target in LINK.findall(document.read_text(encoding="utf-8"))]
    relative = [unquote(target.partition("#")[0]) for target in targets if not re.match(r"\w+:|#", target)]
    missing = [target for target in relative if not (document.parent / target).exists()]
    assert not missing


@pytest.mark.parametrize("experiment", sorted(EXPERIMENTS.glob("*.md")), ids=_named)
def test_no_table_cell_of_an_experiment_holds_a_paragraph(experiment: Path) -> None:
    text = experiment.read_text(encoding="utf-8")
    assert [cell for cell in _cells(text) if len(cell) > LONGEST_CELL] == []

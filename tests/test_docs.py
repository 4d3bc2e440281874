"""What a reader of the documents can rely on: their links and paths, both indexes, tables that stay tables, a short
README, settings and floors that are those of the code."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from dataclasses import fields
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote

import pytest

from fer_core import json_files, places
from fer_core.batch.workers import MOST_ON_WINDOWS
from fer_core.datasets.formats import csv_table, ferplus, folders
from fer_core.evaluation import ratings
from fer_core.faces import structure, tiff
from fer_core.faces.limits import MB, Limits, variable
from fer_core.faces.search import photo_search
from fer_core.lab import burst, bursts, desk
from fer_core.lab import settings as lab
from fer_core.quiz import game, room, rooms
from fer_core.quiz.question import MOST_QUESTIONS
from fer_core.videos import claim_limits, file
from fer_core.videos.geometry import MOST_STRETCHED
from serving.visits import Limits as VisitLimits

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
EXPERIMENTS = ROOT / "docs" / "experiments"
INDEX = EXPERIMENTS / "README.md"
DOCUMENTS = [README, *sorted((ROOT / "docs").rglob("*.md"))]
SOURCES = ROOT / "fer_core" / "assets" / "SOURCES.md"

LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]+)\)")
CODE_PATH = re.compile(r"(?<![\w./<>*-])(?:[\w.-]+/)+[\w-]+\.(?:py|json|toml|md|css|js|npy)\b")
LONGEST_CELL = 80
LONGEST_README = 1000


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


def _words(markdown: str) -> list[str]:
    """Words that a reader sees: no tags, comments, addresses of links and pictures, or signs of tables and lists."""
    text = re.sub(r"<!--.*?-->|</?[a-z][^>\n]*>", " ", markdown, flags=re.DOTALL)
    text = re.sub(r"!?\[([^\]]*)\]\([^)\s]+\)", r"\1", text)
    return [word for word in text.split() if any(letter.isalnum() for letter in word)]


def test_the_readme_can_be_read_in_a_few_minutes() -> None:
    assert len(_words(README.read_text(encoding="utf-8"))) < LONGEST_README


def test_words_are_counted_without_markup() -> None:
    text = "<!-- made\nby --> # **Two** words\n| a | [link text](docs/b.md) |\n![alt](c.jpg) <p>5 %</p>"
    assert _words(text) == ["**Two**", "words", "a", "link", "text", "alt", "5"]


@pytest.mark.parametrize("document", [*DOCUMENTS, SOURCES], ids=_named)
def test_every_path_to_code_that_a_document_names_exists(document: Path) -> None:
    text = LINK.sub(r"\1", document.read_text(encoding="utf-8"))
    text = re.sub(r"https?://\S+|<[^<>]*>", "", text)
    missing = [
        path
        for path in CODE_PATH.findall(text)
        if not (ROOT / path).exists() and not (document.parent / path).exists()
    ]
    assert not missing


def test_the_index_of_documents_lists_every_one_once() -> None:
    docs = ROOT / "docs"
    listed = [target for _, target in LINK.findall((docs / "README.md").read_text(encoding="utf-8"))]
    files = [path.name for path in docs.glob("*.md") if path.name != "README.md"]
    assert sorted(listed) == sorted([*files, "experiments/README.md"])


def test_every_variable_stands_in_the_settings_and_no_other_one() -> None:
    known = [
        value for name, value in vars(places).items() if name.endswith("_VARIABLE") and isinstance(value, str)
    ]
    known += [variable(field.name) for field in fields(Limits)]
    settings = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^\| `(\w+)` \|", settings, re.MULTILINE)) == sorted(known)


def test_variables_that_documents_name_exist() -> None:
    settings = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    development = (ROOT / "docs" / "development.md").read_text(encoding="utf-8")
    tests_only = set(re.findall(r"RAUT_(?:CHROMIUM|REQUIRE_BROWSER)", development))
    assert tests_only == {"RAUT_CHROMIUM", "RAUT_REQUIRE_BROWSER"}
    known = set(re.findall(r"RAUT_[A-Z_]+", settings)) | tests_only
    for document in DOCUMENTS:
        assert set(re.findall(r"RAUT_[A-Z_]+", document.read_text(encoding="utf-8"))) <= known


def _architecture() -> ModuleType:
    """`tests/test_architecture.py`, which knows the floors; its folder is no package."""
    spec = importlib.util.spec_from_file_location("floors", ROOT / "tests" / "test_architecture.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_house_in_the_documents_has_the_floors_that_imports_are_held_to() -> None:
    text = (ROOT / "docs" / "development.md").read_text(encoding="utf-8")
    table = re.search(r"^\| floor \|.*?\n\n", text, re.DOTALL | re.MULTILINE)
    assert table
    rows = table.group().strip().splitlines()[2:]
    floors = [set(floor) - {"fer_core", "pages"} for floor in _architecture().FLOORS]
    drawn = []
    for row in rows:
        named = re.findall(r"`((?:app|pages|serving|fer_core)(?:[/.][\w/.]+)?)`", row)
        modules = {name.removesuffix(".py").replace("/", ".") for name in named}
        drawn.append({name for name in modules if any(name in floor for floor in floors)})
    assert drawn == [floor for floor in floors if floor]


def test_the_house_in_the_readme_has_every_room() -> None:
    tree = next(part for part in README.read_text(encoding="utf-8").split("```") if "\napp.py " in part)
    lines = tree.strip().splitlines()
    for folder in ("pages", "fer_core"):
        rooms = {
            path.parent.name
            for path in (ROOT / folder).glob("*/*")
            if path.parent.name not in ("assets", "__pycache__")
        }
        begin = next(number for number, line in enumerate(lines) if line.startswith(f"{folder}/"))
        end = next(n for n in range(begin + 1, len(lines)) if not lines[n].startswith(" "))
        words = {word.strip("/,") for line in lines[begin:end] for word in line.split()}
        assert rooms <= words


def _row(text: str, begin: str) -> str:
    (row,) = [line for line in text.splitlines() if line.startswith(f"| {begin}")]
    return row


def test_the_limits_in_the_documents_are_those_of_the_code() -> None:
    limits = Limits()
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    largest_video_mb = settings["server"]["maxUploadSize"]
    page = "\n".join(
        (README.read_text(encoding="utf-8"), (ROOT / "docs" / "limits.md").read_text(encoding="utf-8"))
    )
    efforts = " / ".join(
        f"{100 * photo_search(name).haar.smallest_face:g}" for name in ("thorough", "normal", "quick")
    )
    visits = VisitLimits.within(1_000_000)
    structure_limits = " / ".join(
        f"{count:,}"
        for count in (
            structure._MOST_SEGMENTS,
            structure._MOST_CHUNKS,
            tiff._MOST_PIECES,
            structure._MOST_TILES,
        )
    )
    for begin, expected in {
        "a picture |": f"{limits.megapixels} megapixels, {limits.file_mb} MB; a TIFF {limits.pages} pages",
        "a zip; photos": f"{limits.upload_mb} MB; {limits.photos:,} ",
        "a video": f"{largest_video_mb:,} MB, {limits.megapixels} megapixels a frame",
        "connections of": f"{visits.overall:,}, of them {visits.of_network} from one network",
        "a picture, decoded": f"{limits.megapixels} megapixels",
        "a picture, as a file": f"{limits.file_mb} MB",
        "scans of": f"| {limits.scans} |",
        "what else": structure_limits,
        "pages of one TIFF": f"{limits.pages}, and {limits.pages_megapixels:,} megapixels",
        "a zip |": f"{limits.upload_mb} MB, {limits.unpacked_mb:,} MB unpacked, {limits.zip_ratio} times",
        "photos on the page": f"{limits.photos:,}",
        "smallest face": efforts,
        "a table of ratings": f"{ratings.MOST_BYTES / MB:g} MB",
        "processes at once": f"{MOST_ON_WINDOWS}",
        "a file |": f"{largest_video_mb:,} MB",
        "a frame": f"{limits.megapixels} megapixels",
        "numbers that": f"{claim_limits.MAX_ENTRIES / 1e6:g} million entries, ",
        "texts about": f"{claim_limits.MAX_TEXTS:,}",
        "pixels that": f"{MOST_STRETCHED}:1",
        "packets in a row": f"{file._WITHOUT_A_FRAME:,}",
        "length": f"{file.LONGEST_S / 86_400:g} days",
        "rows of the table": f"{csv_table._MOST_ROWS:,}",
        "`fer2013new.csv`": f"{ferplus._MOST_BYTES / MB:g} MB",
        "one picture of a folder": f"{folders._MOST_BYTES / MB:g} MB",
        "classes |": f"| {lab.FEWEST_CLASSES} to {lab.MOST_CLASSES} |",
        "a class name": f"| {lab.LONGEST_CLASS_NAME} characters |",
        "pictures of FER2013": f"| {lab.MOST_PER_CLASS:,} |",
        "own faces": f"| {bursts.MOST_FACES:,}; {burst.FACES_A_SECOND} a second |",
        "a burst": f"| {burst.LONGEST_BURST_S:g} seconds |",
        "blocks,": f"| {lab.MOST_BLOCKS}, {lab.MOST_CHANNELS}, {lab.MOST_CONVOLUTIONS} |",
        "trained parameters": f"| {lab.MOST_PARAMETERS:,} |",
        "epochs": f"| {lab.MOST_EPOCHS} |",
        "networks that": f"| {desk.MOST_NETWORKS} |",
        "a desk": f"| {desk.LENIENCY_S:g} seconds |",
        "questions of a round": f"| {MOST_QUESTIONS} |",
        "rooms on": f"| {rooms.MOST_ROOMS} |",
        "phones that ever": f"| {room.MOST_PHONES} |",
        "a room in which": f"| {rooms.IDLE_S / 3600:g} hours |",
        "games of one player": f"| {game.MOST_GAMES} |",
        "a game that": f"| {game.IDLE_S / 3600:g} hours |",
    }.items():
        assert expected in _row(page, begin)
    assert f"{claim_limits.MAX_TRACKS} tracks" in _row(page, "numbers that")
    assert f"{json_files.LARGEST_BYTES / MB:g} MB" in page

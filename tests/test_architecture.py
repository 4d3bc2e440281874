"""Who may import whom: pictures come in at the pages, faces and numbers come out of the core."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# A task of the reader: a folder of pages/ with a page.py. Tasks never import each other.
TASKS = tuple(f"pages.{path.parent.name}" for path in sorted((ROOT / "pages").glob("*/page.py")))

# From the roof to the ground. A module may import from floors below its own, and from its own wing.
FLOORS: tuple[tuple[str, ...], ...] = (
    ("serving.__main__",),
    ("serving.launcher",),
    ("app",),
    TASKS,
    ("pages.ui",),
    ("serving",),
    ("fer_core.__main__",),
    ("fer_core.cli",),
    ("fer_core.reports", "fer_core.plots"),
    ("fer_core.cards", "fer_core.batch", "fer_core.audit", "fer_core.quiz"),
    ("fer_core.evaluation",),
    ("fer_core.photos", "fer_core.live", "fer_core.videos", "fer_core.lab"),
    ("fer_core.training", "fer_core.recognition", "fer_core.explanation"),
    ("fer_core.faces", "fer_core.store", "fer_core.datasets"),
    ("fer_core.networks",),
    ("fer_core.citations",),
    ("fer_core.json_files",),
    (
        "fer_core.codes",
        "fer_core.csv_files",
        "fer_core.files",
        "fer_core.folders",
        "fer_core.jobs",
        "fer_core.locks",
        "fer_core.machine",
        "fer_core.paper",
        "fer_core.picture_measures",
        "fer_core.places",
        "fer_core.plain_text",
        "fer_core.processes",
        "fer_core.references",
        "fer_core.signs",
        "fer_core.streams",
        "fer_core.zip_files",
    ),
    ("fer_core.errors", "fer_core.labels"),
    ("fer_core", "pages"),
)
FOREIGN_TO_THE_CORE = {"streamlit", "streamlit_webrtc", "aiortc", "pages", "app", "serving"}
VIDEO_STACK = {"fer_core.videos.annotated", "fer_core.videos.file", "fer_core.videos.geometry"}
HEAVY = {"tensorflow", "keras", "jax", "torch"}
LONGEST_FILE = 350
FULLEST_FOLDER = 25


def wing_of(module: str) -> tuple[int, str]:
    """Floor (0 is the roof) and wing of a module of this project: the longest name that fits."""
    fitting = [
        (floor, wing)
        for floor, wings in enumerate(FLOORS)
        for wing in wings
        if module == wing or (module.startswith(wing + ".") and wing not in ("fer_core", "pages"))
    ]
    assert fitting, f"{module} has no place in FLOORS: which wing is it, and on which floor?"
    return max(fitting, key=lambda item: len(item[1]))


def source_files() -> list[Path]:
    return [
        ROOT / "app.py",
        *sorted((ROOT / "pages").rglob("*.py")),
        *sorted((ROOT / "serving").rglob("*.py")),
        *sorted((ROOT / "fer_core").rglob("*.py")),
    ]


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path) -> Iterator[tuple[str, bool]]:
    """(module, at the top level?) for every import; `from a import b` counts as `a.b` where that is a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    type_checking = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    in_functions = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
    }
    package = module_name(path) if path.name == "__init__.py" else module_name(path).rpartition(".")[0]
    for node in ast.walk(tree):
        top = node not in in_functions and node not in type_checking
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, top
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                stem = ".".join(package.split(".")[: len(package.split(".")) - node.level + 1])
                base = f"{stem}.{base}".rstrip(".")
            for alias in node.names:
                inner_path = ROOT / Path(*base.split("."), alias.name)
                is_module = inner_path.with_suffix(".py").exists() or (inner_path / "__init__.py").exists()
                yield (f"{base}.{alias.name}" if is_module else base), top


@pytest.mark.parametrize("path", source_files(), ids=module_name)
def test_a_module_imports_only_from_its_own_wing_and_from_floors_below(path: Path) -> None:
    importer = module_name(path)
    floor, wing = wing_of(importer)
    for imported, _ in imports_of(path):
        if imported.split(".")[0] not in {"app", "pages", "fer_core", "serving"}:
            continue
        other_floor, other_wing = wing_of(imported)
        assert other_floor > floor or other_wing == wing, f"{importer} must not import {imported}"


def test_no_files_import_each_other_in_a_circle() -> None:
    names = {module_name(path): path for path in source_files()}
    graph = {
        name: {imported for imported, _ in imports_of(path) if imported in names and imported != name}
        for name, path in names.items()
    }
    circles = [group for group in _components(graph) if len(group) > 1]
    assert not circles, "\n".join(" <-> ".join(sorted(group)) for group in circles)


def _components(graph: dict[str, set[str]]) -> list[set[str]]:
    """Files that reach each other: by what reaches a file and what it reaches, which is enough for a few hundred."""

    def reached(start: str, edges: dict[str, set[str]]) -> set[str]:
        seen, waiting = {start}, [start]
        while waiting:
            for one in edges[waiting.pop()] - seen:
                seen.add(one)
                waiting.append(one)
        return seen

    backwards: dict[str, set[str]] = {name: set() for name in graph}
    for name, imported in graph.items():
        for one in imported:
            backwards[one].add(name)
    left, groups = set(graph), []
    while left:
        start = min(left)
        group = reached(start, graph) & reached(start, backwards)
        groups.append(group)
        left -= group
    return groups


def test_a_circle_would_be_noticed() -> None:
    graph = {"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}
    assert sorted(map(sorted, _components(graph))) == [["a", "b", "c"], ["d"]]


@pytest.mark.parametrize("path", source_files(), ids=module_name)
def test_no_file_is_too_long(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE


def test_no_folder_is_too_full() -> None:
    folders = {path.parent for path in source_files()}
    full = {
        str(folder.relative_to(ROOT)): count
        for folder in folders
        if (count := len([path for path in folder.glob("*.py") if path.name != "__init__.py"]))
        > FULLEST_FOLDER
    }
    assert not full


def test_a_task_is_a_folder_of_pages_and_the_app_lists_each() -> None:
    pages = ROOT / "pages"
    folders = {path.relative_to(pages).parts[0] for path in pages.glob("*/**/*.py")} - {"ui"}
    assert folders == {task.removeprefix("pages.") for task in TASKS}
    app = (ROOT / "app.py").read_text(encoding="utf-8")
    assert all(f"pages/{folder}/page.py" in app for folder in folders)


def test_what_is_private_to_streamlit_stays_in_one_file() -> None:
    importers = {
        (module_name(path), imported)
        for path in source_files()
        if path.parts[-2] != "serving"
        for imported, _ in imports_of(path)
        if imported.startswith(("streamlit.", "starlette", "tornado"))
    }
    assert {importer for importer, _ in importers} == {"pages.ui.streamlit_inside"}, importers


@pytest.mark.parametrize(
    "path", [path for path in source_files() if "fer_core" in path.parts], ids=module_name
)
def test_the_core_knows_no_page_and_loads_no_framework_at_import(path: Path) -> None:
    for imported, top in imports_of(path):
        root = imported.split(".")[0]
        assert root not in FOREIGN_TO_THE_CORE, f"{module_name(path)} imports {imported}"
        assert not (top and root in HEAVY), f"{module_name(path)} imports {imported} at its top level"


def test_only_the_webcam_stream_and_the_video_files_know_the_video_stack() -> None:
    importers = {
        (module_name(path), root)
        for path in source_files()
        for imported, _ in imports_of(path)
        if (root := imported.split(".")[0]) in {"streamlit_webrtc", "av", "aiortc", "aioice"}
    }
    assert importers == {
        ("pages.ui.live.stream", "streamlit_webrtc"),
        ("pages.ui.live.stream", "av"),
        *((module, "av") for module in VIDEO_STACK),
    }


def test_importing_every_module_of_the_core_leaves_tensorflow_alone() -> None:
    modules = [
        module_name(path)
        for path in source_files()
        if "fer_core" in path.parts
        and path.name != "__main__.py"
        and module_name(path) not in VIDEO_STACK  # which open, turn and write videos with PyAV
    ]
    program = (
        f"import sys, importlib\nfor name in {modules!r}: importlib.import_module(name)\n"
        f"print([name for name in {sorted(HEAVY | {'streamlit', 'av'})!r} if name in sys.modules])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "[]"


def test_the_command_line_says_its_usage_without_opencv() -> None:
    program = "import sys, fer_core.cli; print('cv2' in sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "False"


def test_only_what_starts_a_server_knows_streamlit() -> None:
    importers = {
        module_name(path)
        for path in source_files()
        if "serving" in path.parts
        for imported, _ in imports_of(path)
        if imported.split(".")[0] == "streamlit"
    }
    assert importers == {"serving.launcher", "serving.local"}


def test_a_wrong_import_would_be_noticed() -> None:
    assert wing_of("fer_core.faces.boxes") == wing_of("fer_core.faces.detection")
    assert wing_of("pages.ui.i18n")[0] > wing_of("pages.webcam.page")[0]
    assert wing_of("fer_core.store.folder")[1] != wing_of("fer_core.datasets.fer2013")[1]
    assert wing_of("fer_core.store.folder")[0] == wing_of("fer_core.datasets.fer2013")[0]

"""Who may import whom: pictures come in at the pages, faces and numbers come out of the core."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# From the roof to the ground. A module may import from floors below its own, and from its own wing.
FLOORS: tuple[tuple[str, ...], ...] = (
    ("serving.__main__",),
    ("serving.launcher",),
    ("app",),
    ("pages",),
    ("pages.ui",),
    ("serving",),
    ("fer_core.__main__",),
    ("fer_core.cli", "fer_core.plots", "fer_core.reports"),
    ("fer_core.evaluation", "fer_core.batch"),
    ("fer_core.training", "fer_core.recognition", "fer_core.explanation"),
    ("fer_core.faces", "fer_core.store", "fer_core.datasets"),
    ("fer_core.networks",),
    ("fer_core.errors", "fer_core.labels", "fer_core"),
)
FOREIGN_TO_THE_CORE = {"streamlit", "streamlit_webrtc", "av", "pages", "app", "serving"}
HEAVY = {"tensorflow", "keras", "jax", "torch"}


def wing_of(module: str) -> tuple[int, str]:
    """Floor (0 is the roof) and wing of a module of this project: the longest name that fits."""
    fitting = [
        (floor, wing)
        for floor, wings in enumerate(FLOORS)
        for wing in wings
        if module == wing or module.startswith(wing + ".")
    ]
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
        if wing == "pages" and other_wing == "pages":
            assert imported == "pages", f"{importer} imports another page, {imported}"
            continue
        assert other_floor > floor or other_wing == wing, f"{importer} must not import {imported}"


@pytest.mark.parametrize(
    "path", [path for path in source_files() if "fer_core" in path.parts], ids=module_name
)
def test_the_core_knows_no_page_and_loads_no_framework_at_import(path: Path) -> None:
    for imported, top in imports_of(path):
        root = imported.split(".")[0]
        assert root not in FOREIGN_TO_THE_CORE, f"{module_name(path)} imports {imported}"
        assert not (top and root in HEAVY), f"{module_name(path)} imports {imported} at its top level"


def test_only_the_webcam_stream_and_the_video_file_know_the_video_stack() -> None:
    importers = {
        (module_name(path), root)
        for path in source_files()
        for imported, _ in imports_of(path)
        if (root := imported.split(".")[0]) in {"streamlit_webrtc", "av", "aiortc", "aioice"}
    }
    assert importers == {
        ("pages.ui.webcam_stream", "streamlit_webrtc"),
        ("pages.ui.webcam_stream", "av"),
        ("pages.ui.video_decoding", "av"),
    }


def test_importing_every_module_of_the_core_leaves_tensorflow_alone() -> None:
    modules = [
        module_name(path)
        for path in source_files()
        if "fer_core" in path.parts and path.name != "__main__.py"
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


def test_only_the_launcher_of_the_server_knows_streamlit() -> None:
    importers = {
        module_name(path)
        for path in source_files()
        if "serving" in path.parts
        for imported, _ in imports_of(path)
        if imported.split(".")[0] == "streamlit"
    }
    assert importers == {"serving.launcher"}


def test_a_wrong_import_would_be_noticed() -> None:
    assert wing_of("fer_core.faces.boxes") == wing_of("fer_core.faces.detection")
    assert wing_of("pages.ui.i18n")[0] > wing_of("pages.webcam")[0]
    assert wing_of("fer_core.store")[1] != wing_of("fer_core.datasets.fer2013")[1]
    assert wing_of("fer_core.store")[0] == wing_of("fer_core.datasets.fer2013")[0]

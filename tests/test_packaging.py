"""What is pinned fits what `pyproject.toml` asks for, and everything about the project stands in one place."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import Distribution, PackageNotFoundError, distribution, packages_distributions
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

import fer_core
from fer_core import cli

ROOT = Path(__file__).resolve().parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
GROUPS: dict[str, list[Any]] = PROJECT["dependency-groups"]

# The environment that `make test` makes for this folder. In another one the project need not be installed.
OWN_ENVIRONMENT = Path(sys.prefix).resolve().is_relative_to(ROOT)
in_own_environment = pytest.mark.skipif(
    not OWN_ENVIRONMENT, reason="this environment was not made by make test in this folder"
)


def asked(group: str | None) -> list[Requirement]:
    """What a group asks for, with the groups in it; what Raut itself asks for where None."""
    entries = PROJECT["project"]["dependencies"] if group is None else GROUPS[group]
    requirements: list[Requirement] = []
    for entry in entries:
        requirements += asked(entry["include-group"]) if isinstance(entry, dict) else [Requirement(entry)]
    return requirements


def pinned(file: Path) -> list[tuple[Requirement, list[str]]]:
    """Each requirement of a file with its hashes."""
    text = "\n".join(
        line for line in file.read_text("utf-8").splitlines() if not line.lstrip().startswith("#")
    )
    found = []
    for line in text.replace("\\\n", " ").splitlines():
        requirement, *hashes = re.split(r"\s+--hash=", line.strip())
        found.append((Requirement(requirement), hashes))
    return found


# Each file, and the group whose versions it holds.
FILES = {
    ROOT / "requirements.txt": None,
    **{
        ROOT / f"requirements-{group}.txt": group
        for group in ("build", "cluster", "dev", "distributed", "lock", "statistics")
    },
}


def test_there_is_a_file_for_what_is_installed_by_itself_and_no_other() -> None:
    assert set(FILES) == set(ROOT.glob("requirements*")), "run: make lock"
    apart = {group for group in GROUPS if ROOT / f"requirements-{group}.txt" not in FILES}
    included = {entry["include-group"] for entry in GROUPS["dev"]}
    assert apart <= included, "a group that nothing installs"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_line_names_one_version_and_the_hashes_of_its_files(file: Path) -> None:
    lines = pinned(file)
    assert lines
    for requirement, hashes in lines:
        (specifier,) = requirement.specifier
        assert specifier.operator == "==" and not specifier.version.endswith("*"), requirement
        assert requirement.url is None
        assert hashes and all(re.fullmatch(r"sha256:[0-9a-f]{64}", each) for each in hashes), requirement


@pytest.mark.parametrize(("file", "group"), FILES.items(), ids=lambda each: getattr(each, "name", None))
def test_what_is_pinned_is_within_the_bounds(file: Path, group: str | None) -> None:
    versions: dict[str, list[str]] = {}
    for requirement, _hashes in pinned(file):
        (specifier,) = requirement.specifier
        versions.setdefault(canonicalize_name(requirement.name), []).append(specifier.version)
    for requirement in asked(group):
        found = versions.get(canonicalize_name(requirement.name), [])
        assert found, f"{requirement.name} is missing in {file.name}. Run: make lock"
        assert all(requirement.specifier.contains(version) for version in found), requirement


def test_all_files_agree() -> None:
    everywhere: dict[str, set[tuple[str, frozenset[str]]]] = {}
    for file in FILES:
        here: dict[str, set[tuple[str, frozenset[str]]]] = {}
        for requirement, hashes in pinned(file):
            name = canonicalize_name(requirement.name)
            here.setdefault(name, set()).add((str(requirement.specifier), frozenset(hashes)))
        for name, versions in here.items():
            assert everywhere.setdefault(name, versions) == versions, f"{name} in {file.name}"


@pytest.mark.parametrize("platform", ["linux", "win32", "darwin"])
@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
def test_each_python_on_each_system_finds_one_version_of_everything(platform: str, python: str) -> None:
    environment = {
        "python_version": python, "python_full_version": f"{python}.0", "sys_platform": platform,
        "platform_system": {"linux": "Linux", "win32": "Windows", "darwin": "Darwin"}[platform],
        "os_name": "nt" if platform == "win32" else "posix",
        "platform_machine": {"linux": "x86_64", "win32": "AMD64", "darwin": "arm64"}[platform],
        "implementation_name": "cpython", "platform_python_implementation": "CPython",
    }  # fmt: skip
    for file, group in FILES.items():
        names = [
            canonicalize_name(requirement.name)
            for requirement, _hashes in pinned(file)
            if requirement.marker is None or requirement.marker.evaluate(environment)
        ]
        assert len(names) == len(set(names)), file.name
        wanted = {
            canonicalize_name(each.name)
            for each in asked(group)
            if each.marker is None or each.marker.evaluate(environment)
        }
        assert wanted <= set(names), file.name


def test_the_pythons_are_those_that_make_looks_for() -> None:
    allowed = SpecifierSet(PROJECT["project"]["requires-python"])
    assert [minor for minor in range(20) if allowed.contains(f"3.{minor}.5")] == [11, 12, 13]
    assert "(3, 11) <= sys.version_info[:2] <= (3, 13)" in (ROOT / "Makefile").read_text("utf-8")


def test_every_bound_has_its_reason_beside_it() -> None:
    lines = (ROOT / "pyproject.toml").read_text("utf-8").splitlines()
    for requirement in [*asked(None), *(each for group in GROUPS for each in asked(group))]:
        found = [line for line in lines if re.match(rf'\s+"{re.escape(requirement.name)}[=<>!~]', line)]
        assert found, requirement
        assert all(re.search(r'", # \w.{5,}', line) for line in found), requirement
        assert requirement.specifier, f"{requirement.name} has no bound"


def test_what_builds_the_project_is_pinned() -> None:
    names = {
        canonicalize_name(requirement.name): requirement
        for requirement, _hashes in pinned(ROOT / "requirements-build.txt")
    }
    for entry in PROJECT["build-system"]["requires"]:
        requirement = Requirement(entry)
        (specifier,) = names[canonicalize_name(requirement.name)].specifier
        assert requirement.specifier.contains(specifier.version)
        assert requirement in asked("build"), "the group build says the same as [build-system]"


def test_what_the_project_imports_is_asked_for() -> None:
    asked_for = {
        canonicalize_name(each.name)
        for group in (None, "cluster", "distributed", "statistics")
        for each in asked(group)
    }
    asked_for.add("torch")  # installed beside the rest by who wants it, in the build for their GPU
    folders = [ROOT / name for name in ("fer_core", "pages", "serving")]
    own = {"fer_core", "pages", "serving", "_typeshed", *sys.stdlib_module_names}
    distributions = packages_distributions()
    for file in [ROOT / "app.py", *(file for folder in folders for file in folder.rglob("*.py"))]:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                modules = [node.module or ""]
            else:
                continue
            for module in {module.partition(".")[0] for module in modules} - own:
                names = {canonicalize_name(name) for name in distributions.get(module, [module])}
                assert names & asked_for, f"{file.relative_to(ROOT)} imports {module}"


def test_the_version_stands_in_one_place() -> None:
    assert "version" not in PROJECT["project"] and PROJECT["project"]["dynamic"] == ["version"]
    assert PROJECT["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "fer_core.__version__"}
    folders = (ROOT / name for name in ("fer_core", "pages", "serving", "tests", "benchmarks"))
    files = [ROOT / "app.py", *(file for folder in folders for file in folder.rglob("*.py"))]
    assigned = re.compile(r"^\s*__version__\s*(:.*)?=", re.MULTILINE)
    assert [file for file in files if assigned.search(file.read_text("utf-8"))] == [
        ROOT / "fer_core" / "__init__.py"
    ]
    typed = re.compile(rf"(?<![\d.]){re.escape(fer_core.__version__)}(?![\d.])")
    texts = [
        *files,
        ROOT / "README.md",
        ROOT / "Makefile",
        ROOT / "pyproject.toml",
        *ROOT.glob("docs/**/*.md"),
    ]
    assert [
        (file.name, line)
        for file in texts
        if file.name != "__init__.py" or file.parent.name != "fer_core"
        for line in file.read_text("utf-8").splitlines()
        if typed.search(line) and re.search("raut|version", line, re.IGNORECASE)
    ] == []


def test_the_version_is_one_that_can_be_compared() -> None:
    assert str(Version(fer_core.__version__)) == fer_core.__version__


def test_the_command_line_says_its_version_and_the_name_it_was_called_by(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    calls = {"python -m fer_core": cli.main, "raut": cli.raut}
    for name, call in calls.items():
        monkeypatch.setattr(sys, "argv", ["raut", "--version"])
        with pytest.raises(SystemExit) as stop:
            call()
        assert (stop.value.code, capsys.readouterr().out) == (0, f"Raut {fer_core.__version__}\n")
        monkeypatch.setattr(sys, "argv", ["raut", "train", "--help"])
        with pytest.raises(SystemExit):
            call()
        text = " ".join(capsys.readouterr().out.split())
        assert text.startswith(f"usage: {name} train ")
        assert f"Example: {name} train raut-compact --resume" in text


def test_the_version_is_known_without_an_installation() -> None:
    answer = subprocess.run(
        [sys.executable, "-S", "-m", "fer_core", "--version"],  # -S: no packages but Python's own
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert answer.stdout == f"Raut {fer_core.__version__}\n"


def installed() -> Distribution:
    try:
        return distribution("raut")
    except PackageNotFoundError:
        pytest.fail("the project is not installed in its environment. Run: make test")


@in_own_environment
def test_the_project_is_installed_with_this_version() -> None:
    assert installed().version == fer_core.__version__
    (script,) = installed().entry_points.select(group="console_scripts")
    assert (script.name, script.load()) == ("raut", cli.raut)


@in_own_environment
def test_the_command_works_from_any_folder(tmp_path: Path) -> None:
    installed()
    raut = Path(sys.executable).with_name("raut")
    answer = subprocess.run([raut, "--version"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert answer.stdout == f"Raut {fer_core.__version__}\n"
    answer = subprocess.run(
        [sys.executable, "-c", "import fer_core, pages, serving; print(fer_core.__file__)"],
        cwd=tmp_path, capture_output=True, text=True, check=True,
        env={key: value for key, value in os.environ.items() if key != "PYTHONPATH"},
    )  # fmt: skip
    assert Path(answer.stdout.strip()) == ROOT / "fer_core" / "__init__.py"


def test_the_packages_of_the_project_are_those_that_run_it() -> None:
    setuptools = pytest.importorskip("setuptools")
    found = PROJECT["tool"]["setuptools"]["packages"]["find"]
    assert found["namespaces"] is False
    packages = setuptools.find_packages(str(ROOT), include=found["include"])
    assert {package.partition(".")[0] for package in packages} == {"fer_core", "pages", "serving"}
    for folder in ("fer_core", "pages", "serving"):
        for file in (ROOT / folder).rglob("*.py"):
            assert ".".join(file.parent.relative_to(ROOT).parts) in packages, (
                f"{file} has no __init__.py beside it"
            )


PICTURE_ENDINGS = {".png", ".jpg", ".jpeg", ".webp", ".gif", ".heic", ".bmp", ".tif", ".tiff", ".svg", ".ico"}
KNOWN_PICTURES = re.compile(
    r"docs/(photos|webcam)\.jpg|fer_core/assets/samples/(astronaut\.jpg|drawing-[a-z]+\.png)"
    r"|models/[^/]+/calibration\.svg|pages/ui/assets/favicon\.(png|svg)|static/wordmark\.svg"
)
"""Each is explained in `fer_core/assets/SOURCES.md`, drawn for Raut, or a chart of figures."""


def test_no_picture_is_in_the_repository_but_those_whose_source_is_known() -> None:
    """A screenshot that is left behind would publish faces of FER2013, which nobody may."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("this folder is no clone")
    names = [name for name in listed.stdout.split("\0") if Path(name).suffix.lower() in PICTURE_ENDINGS]
    assert [name for name in names if not KNOWN_PICTURES.fullmatch(name)] == []
    assert "fer_core/assets/samples/astronaut.jpg" in names

"""What `make` does beyond calling a command."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")

# Stands in for every Python: makes "environments" that hold two copies of it, one of which stands in for uv, writes
# down what it is called with and fails where a word that the file `refused` holds is among it.
PYTHON = """#!/bin/sh
[ "$1" = -c ] && exit 0
[ "$2" = venv ] && { mkdir -p "$3/bin"; cp "$0" "$3/bin/python"; cp "$0" "$3/bin/uv"; exit 0; }
echo "$*" >> calls
for refused in $(cat refused 2>/dev/null); do case "$*" in *" $refused") exit 1;; esac; done
exit 0
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with what an installation looks at, older than whatever an installation writes."""
    folder = tmp_path / "raut"
    (folder / "fer_core").mkdir(parents=True)
    for file in (ROOT / "Makefile", ROOT / "pyproject.toml", *ROOT.glob("requirements*.txt")):
        shutil.copy(file, folder)
    shutil.copy(ROOT / "fer_core" / "__init__.py", folder / "fer_core")
    for file in folder.rglob("*.*"):
        os.utime(file, (1e9, 1e9))
    python = tmp_path / "python"
    python.write_text(PYTHON)
    python.chmod(0o755)
    return folder


def environment() -> dict[str, str]:
    """That of this process without what a `make test` around it was told."""
    return {key: value for key, value in os.environ.items() if key not in ("VENV", "MAKEFLAGS")}


def make(folder: Path, target: str) -> tuple[int, list[str]]:
    """The exit code, and what Python was called with, shortened to what tells the calls apart."""
    (folder / "calls").unlink(missing_ok=True)
    answer = subprocess.run(
        ["make", target, f"PYTHON={folder.parent / 'python'}"],
        cwd=folder, env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    calls = (folder / "calls").read_text().splitlines() if (folder / "calls").exists() else []
    return answer.returncode, [
        call.split()[-1] if "pip install " in call else " ".join(call.split()[1:4]) for call in calls
    ]


INSTALLED = ["requirements-build.txt", "requirements.txt", "."]
RUN = "serving.local --server.port 8501"


def test_a_second_start_installs_nothing(checkout: Path) -> None:
    assert make(checkout, "run") == (0, [*INSTALLED, RUN])
    assert make(checkout, "run") == (0, [RUN])
    assert make(checkout, "serve") == (0, ["serving --port 8501"])


def test_the_tests_install_what_they_need_beside_it(checkout: Path) -> None:
    code, calls = make(checkout, "lint")
    assert calls == [*INSTALLED, "requirements-lock.txt", "requirements-dev.txt"] and code != 0, (
        "there is no ruff in this environment"
    )
    assert make(checkout, "cluster") == (0, ["requirements-cluster.txt"])
    assert make(checkout, "statistics") == (0, ["requirements-statistics.txt"])
    assert make(checkout, "distributed") == (0, ["requirements-distributed.txt"])
    assert make(checkout, "distributed") == (0, [])


@pytest.mark.parametrize(
    ("changed", "installs"),
    [
        ("requirements-build.txt", INSTALLED),
        ("requirements.txt", INSTALLED[1:]),
        ("pyproject.toml", INSTALLED[2:]),
        ("fer_core/__init__.py", INSTALLED[2:]),
        ("requirements-dev.txt", []),
    ],
)
def test_what_has_changed_is_installed_again(checkout: Path, changed: str, installs: list[str]) -> None:
    make(checkout, "run")
    os.utime(checkout / changed)
    for stamp in (checkout / ".venv").glob(".*"):
        os.utime(stamp, (1.1e9, 1.1e9))
    assert make(checkout, "run") == (0, [*installs, RUN])
    assert make(checkout, "run") == (0, [RUN])


@pytest.mark.parametrize("broken", range(3))
def test_an_installation_that_broke_off_is_taken_up_again(checkout: Path, broken: int) -> None:
    (checkout / "refused").write_text(INSTALLED[broken])
    code, calls = make(checkout, "run")
    assert calls == INSTALLED[: broken + 1] and code != 0
    (checkout / "refused").unlink()
    assert make(checkout, "run") == (0, [*INSTALLED[broken:], RUN])


def test_a_folder_that_was_moved_is_installed_at_its_new_place(checkout: Path) -> None:
    make(checkout, "run")
    moved = checkout.rename(checkout.with_name("somewhere else"))
    assert make(moved, "run") == (0, [".", RUN])
    assert make(moved, "run") == (0, [RUN])


def test_everything_is_installed_with_hashes_and_the_project_from_what_is_there(checkout: Path) -> None:
    for target in ("test-core", "cluster", "distributed", "lock", "statistics"):
        listed = subprocess.run(
            ["make", "-n", target, f"PYTHON={checkout.parent / 'python'}"],
            cwd=checkout, env=environment(), capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        installs = [line for line in listed.splitlines() if " pip install " in line]
        assert len(installs) > 1
        for line in installs:
            assert line.endswith(" --no-index --no-deps --no-build-isolation --editable .") or (
                " --require-hashes -r requirements" in line
            ), line


def test_a_benchmark_that_misses_its_aim_does_not_keep_the_others_from_running(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    python = tmp_path / "bin" / "python"
    python.write_text("#!/bin/sh\n[ $1 != benchmarks/detection.py ]\n")
    python.chmod(0o755)
    for stamp in (".python", ".build", ".runtime", ".tests"):  # as after an installation
        (tmp_path / stamp).touch()
    (tmp_path / ".project").write_text(f"{ROOT}\n")
    answer = subprocess.run(
        ["make", "benchmarks", f"VENV={tmp_path}"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    began = [line.removeprefix("== ") for line in answer.stdout.splitlines() if line.startswith("== ")]
    commands = [path for path in (ROOT / "benchmarks").glob("*.py") if "__main__" in path.read_text("utf-8")]
    assert began == sorted(f"benchmarks/{path.name}" for path in commands)
    assert len(began) > 5
    assert answer.returncode != 0


def test_what_python_has_compiled_is_kept_for_the_next_start(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = checkout.parent / "python"
    python.write_text(PYTHON.replace('"$*" >> calls', '"$* ${PYTHONDONTWRITEBYTECODE:-kept}" >> calls'))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    code, _calls = make(checkout, "run")
    assert code == 0
    assert {line.split()[-1] for line in (checkout / "calls").read_text().splitlines()} == {"kept"}

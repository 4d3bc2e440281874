"""One rule for every folder that a variable names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fer_core import places

FOLDERS: dict[str, tuple[Callable[[], Path], str]] = {
    places.DATASET_VARIABLE: (places.dataset_dir, "data"),
    places.MODELS_VARIABLE: (places.models_dir, "models"),
    places.RUNS_VARIABLE: (places.runs_dir, "runs"),
    places.CACHE_VARIABLE: (places.cache_dir, ".cache"),
    places.SERVE_VARIABLE: (places.serve_dir, ".serve"),
}


def test_every_variable_that_names_a_folder_is_here() -> None:
    named = {
        value for name, value in vars(places).items() if name.endswith("_VARIABLE") and value.endswith("_DIR")
    }
    assert named == set(FOLDERS)


@pytest.mark.parametrize("variable", FOLDERS)
def test_the_home_folder_is_meant_by_its_sign_and_an_empty_variable_is_none(
    variable: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, otherwise = FOLDERS[variable]
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    for value, expected in (
        ("~/x", tmp_path / "x"),
        (" ~ ", tmp_path),
        ("/a/~b", Path("/a/~b")),
        ("~nobody of that name/x", Path("~nobody of that name/x")),
        ("", places.PROJECT_DIR / otherwise),
        ("  ", places.PROJECT_DIR / otherwise),
    ):
        monkeypatch.setenv(variable, value)
        assert folder() == expected
    monkeypatch.delenv(variable)
    assert folder() == places.PROJECT_DIR / otherwise

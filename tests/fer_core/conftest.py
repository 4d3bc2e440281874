"""Fixtures of the core's tests: a small FER2013 of our own making, folders to train into."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from fer_core.datasets.fer2013 import Fer2013
from fer_core.datasets.find import find_fer2013
from fer_core.datasets.load import load_fer2013
from fer_core.errors import DatasetNotFoundError
from fer_core.places import PROJECT_DIR, dataset_dir
from fer_core.store.folder import find_network
from fer_core.store.network import NetworkInfo
from tests.made_up_fer2013 import write_fer2013, write_ferplus

# Before any test may point the variable elsewhere.
_REAL_PLACE = dataset_dir()
_REAL_CACHE = os.environ.get("RAUT_CACHE_DIR")


@pytest.fixture(scope="session")
def real_fer2013() -> Fer2013:
    """The real data set, read once; tests that ask for it are skipped where it is not there."""
    try:
        find_fer2013(_REAL_PLACE)
    except DatasetNotFoundError:
        pytest.skip(f"FER2013 is not in {_REAL_PLACE}")
    return load_fer2013(_REAL_PLACE, cache_dir=Path(_REAL_CACHE or PROJECT_DIR / ".cache"))


@pytest.fixture
def small_fer2013(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A CSV of 60 made-up rows in the layout of FER2013."""
    folder = tmp_path / "fer2013"
    folder.mkdir()
    write_fer2013(folder)
    monkeypatch.setenv("FER2013_DIR", str(folder))
    monkeypatch.setenv("RAUT_CACHE_DIR", str(tmp_path / "cache"))
    return folder


@pytest.fixture
def small_ferplus(small_fer2013: Path) -> Path:
    """Votes for each of those rows: nine for one expression, one for another."""
    write_ferplus(small_fer2013)
    return small_fer2013


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A models folder of this test's own, and so for the runs."""
    folder = tmp_path / "models"
    monkeypatch.setenv("RAUT_MODELS_DIR", str(folder))
    monkeypatch.setenv("RAUT_RUNS_DIR", str(tmp_path / "runs"))
    return folder


@pytest.fixture
def own_network(exported_models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> NetworkInfo:
    """A copy of the network `tiny` that a test may change."""
    shutil.copytree(exported_models, tmp_path / "own-models")
    monkeypatch.setenv("RAUT_MODELS_DIR", str(tmp_path / "own-models"))
    return find_network("tiny")

"""Fixtures of all tests: a network of our own making, and faces that are none of FER2013's."""

from __future__ import annotations

import fcntl
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pylibsrtp  # noqa: F401 - before TensorFlow, whose symbols would take the place of its own: it crashes then
import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

if TYPE_CHECKING:
    from fer_core.store.network import NetworkInfo

LONGEST_IN_A_BROWSER = (
    "test_webcam_states.py",
    "test_pages.py",
    "test_webcam.py",
    "test_accessibility.py",
    "test_serving.py",
    "test_names.py",
    "test_lab_fer2013.py",
    "test_lab_own.py",
    "test_results.py",
    "test_dataset.py",
    "test_network.py",
)

_MAIN = sys.modules["__main__"]


@pytest.fixture(autouse=True)
def the_main_module_is_that_of_the_tests() -> None:
    """Streamlit puts a page in its place, which processes that a later test starts would run as their own."""
    sys.modules["__main__"] = _MAIN


@pytest.fixture(scope="session")
def exported_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A models folder with one exported network, `tiny`: the compact architecture, untrained, seed 3.

    Made once, whichever of the processes that share the tests (`pytest -n 2`) needs it first.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder = shared / "exported-models"
    with (shared / "exported-models.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            _export_tiny(shared / "exporting" / "tiny")
            (shared / "exporting").rename(folder)
    return folder


def _export_tiny(folder: Path) -> None:
    from fer_core.labels import FER2013_LABELS
    from fer_core.store.export import export_network
    from fer_core.store.record import NetworkRecord
    from tests.tiny import tiny_model

    model = tiny_model()
    record = NetworkRecord("fer2013", FER2013_LABELS, int(model.count_params()), name="Tiny", default=True)
    export_network(model, folder, record, quantize=False)


@pytest.fixture
def tiny_network(exported_models: Path, monkeypatch: pytest.MonkeyPatch) -> NetworkInfo:
    """The network `tiny`, with the models folder pointing at it."""
    from fer_core.store.folder import find_network

    monkeypatch.setenv("RAUT_MODELS_DIR", str(exported_models))
    return find_network("tiny")


@pytest.fixture
def faces_gray() -> np.ndarray:
    """uint8 (5, 48, 48): smooth random pictures."""
    rng = np.random.default_rng(7)
    coarse = rng.integers(0, 256, (5, 12, 12)).astype(np.uint8)
    return coarse.repeat(4, axis=1).repeat(4, axis=2)


@pytest.hookimpl(tryfirst=True)  # before `-m` chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In an order that suits two processes which take file after file; and who does not run beside others.

    The soak first: it mostly waits, beside whatever the other process does. Then the pages: once TensorFlow is
    loaded, Streamlit looks through its thousands of modules at every run. Trainings before what is short. Of those
    in a browser the longest first.
    """

    def place(item: pytest.Item) -> int:
        folders, file = item.path.parts, item.path.name
        if file == "test_soak.py":
            return 0
        if "pages" in folders:
            return 1
        if "training" in folders or file == "test_reproduce.py":
            return 2
        if "e2e" not in folders:
            return 3
        return 4 + (LONGEST_IN_A_BROWSER.index(file) if file in LONGEST_IN_A_BROWSER else 9)

    items.sort(key=place)
    for item in items:
        if place(item) >= 4:
            item.add_marker("browser")

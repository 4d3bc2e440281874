"""Fixtures of all tests: a network of our own making, and faces that are none of FER2013's."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

if TYPE_CHECKING:
    from fer_core.store import NetworkInfo

_MAIN = sys.modules["__main__"]


@pytest.fixture(autouse=True)
def the_main_module_is_that_of_the_tests() -> None:
    """Streamlit puts a page in its place, which processes that a later test starts would run as their own."""
    sys.modules["__main__"] = _MAIN


@pytest.fixture(scope="session")
def exported_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A models folder with one exported network, `tiny`: the compact architecture, untrained, seed 3."""
    import keras

    from fer_core.labels import FER2013_LABELS
    from fer_core.networks import build_network
    from fer_core.store import export_network

    folder = tmp_path_factory.mktemp("models")
    keras.utils.set_random_seed(3)
    model = build_network("raut-compact", 7)
    export_network(
        model, folder / "tiny", {"name": "Tiny", "task": "fer2013", "labels": list(FER2013_LABELS), "default": True},
        quantize=False,
    )  # fmt: skip
    return folder


@pytest.fixture
def tiny_network(exported_models: Path, monkeypatch: pytest.MonkeyPatch) -> NetworkInfo:
    """The network `tiny`, with the models folder pointing at it."""
    from fer_core.store import find_network

    monkeypatch.setenv("RAUT_MODELS_DIR", str(exported_models))
    return find_network("tiny")


@pytest.fixture
def faces_gray() -> np.ndarray:
    """uint8 (5, 48, 48): smooth random pictures."""
    rng = np.random.default_rng(7)
    coarse = rng.integers(0, 256, (5, 12, 12)).astype(np.uint8)
    return coarse.repeat(4, axis=1).repeat(4, axis=2)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Pages first: once TensorFlow is loaded, Streamlit looks through its thousands of modules at every run."""

    def loads_tensorflow(item: pytest.Item) -> bool:
        return "pages" not in item.path.parts or "exported_models" in getattr(item, "fixturenames", ())

    items.sort(key=loads_tensorflow)

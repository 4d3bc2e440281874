from __future__ import annotations

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def own_copy(exported_models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A models folder that a test may damage."""
    folder = tmp_path / "models"
    shutil.copytree(exported_models, folder)
    monkeypatch.setenv("RAUT_MODELS_DIR", str(folder))
    return folder

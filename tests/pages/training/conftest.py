"""The Training page over a models folder of the test's own."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

PAGE = "pages/training/page.py"


@pytest.fixture
def models(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty models folder, and no FER2013."""
    folder = tmp_path / "models"
    folder.mkdir()
    monkeypatch.setenv("RAUT_MODELS_DIR", str(folder))
    monkeypatch.setenv("FER2013_DIR", str(tmp_path / "fer2013"))
    monkeypatch.setenv("RAUT_CACHE_DIR", str(tmp_path / "cache"))
    return folder


def charts(app: AppTest) -> list[dict]:
    return [json.loads(element.proto.spec) for element in app.get("plotly_chart")]


def table_rows(app: AppTest, heading: str) -> list[list[str]]:
    """Texts of the cells of the first table that has that column."""
    for element in app.get("html"):
        if f">{heading}</th>" in element.proto.body:
            rows = re.findall(r"<tr.*?</tr>", element.proto.body)
            cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows]
            return [[re.sub(r"<span[^>]*></span> ", "", cell) for cell in row] for row in cells]
    raise AssertionError(f"no table with {heading}")


def rename_split(folder: Path, old: str, new: str) -> None:
    file = folder / "evaluation.json"
    evaluation = json.loads(file.read_text())
    evaluation["splits"] = {name.replace(old, new): value for name, value in evaluation["splits"].items()}
    file.write_text(json.dumps(evaluation))


def set_training(folder: Path, **facts: object) -> None:
    """Change what the metadata say of the training."""
    file = folder / "metadata.json"
    metadata = json.loads(file.read_text())
    metadata["training"] |= facts
    file.write_text(json.dumps(metadata))

"""The Training page over a models folder of the test's own."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from fer_core.datasets.splits import Split
from fer_core.evaluation.answers import write_answers
from fer_core.evaluation.evaluate import AnsweredSplit
from fer_core.evaluation.report import read_report
from fer_core.store.folder import read_network
from tests.pages.made_up import EMOTION_OF_ROW, PRIVATE_ROWS, ROWS

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


def parts(app: AppTest, name: str) -> list[dict]:
    """What is handed to the parts in the browser of that name."""
    found = app.get("bidi_component")
    return [json.loads(each.proto.json) for each in found if each.proto.component_name == name]


def table_rows(app: AppTest, heading: str) -> list[list[str]]:
    """Texts of the cells of the first table that has that column."""
    for element in app.get("html"):
        if f">{heading}</th>" in element.proto.body:
            rows = re.findall(r"<tr.*?</tr>", element.proto.body)
            cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows]
            return [[re.sub(r"<span[^>]*></span> |</?span[^>]*>", "", cell) for cell in row] for row in cells]
    raise AssertionError(f"no table with {heading}")


def write_certain_answers(folder: Path, *, least: float = 0.4) -> np.ndarray:
    """`answers.npz` of a made-up network: the answer to each row is a little more certain than that to the row before.

    Returns:
        float32 (10, 7), the probabilities; what is not the answer's is shared by the others alike.
    """
    info = read_network(folder)
    report = read_report(info)
    assert report is not None
    part = report.splits["PrivateTest"]
    rows = np.array(PRIVATE_ROWS)
    true = np.array([EMOTION_OF_ROW[row] for row in rows])
    answer = true.copy()
    answer[part.misclassified - rows[0]] = part.predicted
    certainty = np.linspace(least, 0.95, len(rows))
    probabilities = np.repeat((1 - certainty)[:, None] / 6, 7, axis=1)
    probabilities[np.arange(len(rows)), answer] = certainty
    split = Split("PrivateTest", "fer2013", rows, true)
    answered = AnsweredSplit(split, probabilities.astype(np.float32), rows == rows[0])
    write_answers(info, SimpleNamespace(rows=np.arange(ROWS)), [answered])  # type: ignore[arg-type]
    return answered.probabilities


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

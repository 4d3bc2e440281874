"""The Training page reads each file about a network once for each change of it."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from fer_core.places import PROJECT_DIR
from tests.pages.conftest import OpenApp
from tests.pages.harness import assert_no_trouble, texts
from tests.pages.made_up import write_network
from tests.pages.training.conftest import PAGE

OF_NETWORKS = {"metadata.json", "evaluation.json", "history.csv", "repetitions.json"}


def made_long_ago(folder: Path) -> None:
    long_ago = time.time() - 1000
    for file in folder.rglob("*"):
        if file.is_file():
            os.utime(file, (long_ago, long_ago))


def test_a_rerun_reads_each_file_at_most_once_and_again_when_it_has_changed(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch, models: Path
) -> None:
    for name in ("raut", "raut-plus", "paper-small"):
        shutil.copytree(PROJECT_DIR / "models" / name, models / name)
    made_long_ago(models)
    read: Counter[str] = Counter()
    open_path, open_file = Path.open, os.open

    def count(path: Path) -> None:
        if path.name in OF_NETWORKS:
            read[f"{path.parent.name}/{path.name}"] += 1

    def counting(self: Path, *args: Any, **kwargs: Any) -> Any:
        count(self)
        return open_path(self, *args, **kwargs)

    def counting_regular_files(path: Any, *args: Any, **kwargs: Any) -> int:
        if isinstance(path, str):
            count(Path(path))
        return open_file(path, *args, **kwargs)

    monkeypatch.setattr(Path, "open", counting)
    monkeypatch.setattr(os, "open", counting_regular_files)
    app = open_app(PAGE)
    assert_no_trouble(app)
    assert set(read) == {
        f"{name}/{file}" for name in ("raut", "raut-plus", "paper-small") for file in OF_NETWORKS
    }
    assert set(read.values()) == {1}
    app.run()
    assert set(read.values()) == {1}, "nothing has changed since"

    file = models / "raut" / "evaluation.json"
    file.write_text(file.read_text() + "\n")
    os.utime(file, (time.time() - 500, time.time() - 500))
    read.clear()
    app.run()
    assert_no_trouble(app)
    assert read == {"raut/evaluation.json": 1}


def test_figures_that_have_changed_are_shown_at_the_next_run(open_app: OpenApp, models: Path) -> None:
    folder = write_network(models)
    app = open_app(PAGE)
    assert "70.0%" in texts(app)
    changed = folder / "evaluation.json"
    evaluation = json.loads(changed.read_text())
    part = evaluation["splits"]["PrivateTest"]
    part["confusion"][3][3] += 10
    changed.write_text(json.dumps(evaluation))
    app = open_app(
        PAGE
    )  # in a session of its own: the harness cannot find the choice of a network whose label changed
    assert_no_trouble(app)
    assert "70.0%" not in texts(app) and "85.0%" in texts(app)
    for _time in range(2):
        changed.write_text("{")
        app = open_app(PAGE, address={"view": "accuracy"})
        assert "is damaged. Make it anew" in " ".join(box.value for box in app.error)

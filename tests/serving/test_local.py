"""The server for this computer alone knows that `pages` is an ordinary folder before anybody visits."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.runtime.pages_manager import PagesManager
from streamlit.web import cli

from fer_core.places import PROJECT_DIR
from serving import local


def test_pages_is_an_ordinary_folder_from_the_first_visit_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PagesManager, "uses_pages_directory", None)
    started: list[Any] = []

    def start(arguments: list[str], prog_name: str) -> None:
        started.append((arguments, prog_name, PagesManager.uses_pages_directory))

    monkeypatch.setattr(cli, "main", start)
    local.main(["--server.port", "8502"])
    assert started == [(["run", str(PROJECT_DIR / "app.py"), "--server.port", "8502"], "streamlit", False)]

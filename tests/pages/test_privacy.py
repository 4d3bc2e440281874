"""Nothing that a visitor shows is written to disk."""

from __future__ import annotations

import os
import sys
from typing import Any

import pytest

from fer_core.recognition.photos import SAMPLE_PHOTO
from tests.pages.conftest import OpenApp

_written: list[str] = []
_watching = False
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def _note_writing(event: str, arguments: tuple[Any, ...]) -> None:
    """Audit hooks cannot be taken out again, so this one is asked whether it is watching."""
    if not _watching or event != "open":
        return
    path, mode, flags = arguments
    writes = set(mode) & set("wax+") if isinstance(mode, str) else flags & WRITING
    if writes and str(path) != os.devnull:
        _written.append(str(path))


@pytest.fixture
def files_written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Paths that this process opens for writing during the test."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    if not getattr(sys, "_raut_audit", False):
        sys.addaudithook(_note_writing)
        sys._raut_audit = True  # type: ignore[attr-defined]
    _written.clear()
    monkeypatch.setattr(sys.modules[__name__], "_watching", True)
    return _written


def test_the_watch_notices_a_file(tmp_path: Any, files_written: list[str]) -> None:
    # `tmp_path` first: making the session's first one writes a lock file of pytest's own.
    (tmp_path / "leak.txt").write_text("x")
    assert [name.rsplit("/", 1)[-1] for name in files_written] == ["leak.txt"]


def test_an_uploaded_photo_is_not_written_to_disk(
    open_app: OpenApp, files_written: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pages.ui.photo_work.PATIENCE_S", 60)  # the run of the page waits for its result
    app = open_app("pages/photos.py")
    app.file_uploader[0].set_value([("me.jpg", SAMPLE_PHOTO.read_bytes(), "image/jpeg")]).run()
    assert any("me.jpg" in element.value for element in app.subheader)
    assert files_written == []

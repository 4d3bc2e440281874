"""Nothing that a visitor shows is written to disk."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from types import SimpleNamespace
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.formparsers import MultiPartParser
from streamlit import config
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.web.server.starlette.starlette_routes import create_upload_routes

from fer_core.places import SAMPLE_PHOTO
from tests.pages.conftest import OpenApp


def test_the_watch_notices_a_file(tmp_path: Any, files_written: list[str]) -> None:
    # `tmp_path` first: making the session's first one writes a lock file of pytest's own.
    (tmp_path / "leak.txt").write_text("x")
    assert [name.rsplit("/", 1)[-1] for name in files_written] == ["leak.txt"]


def test_an_uploaded_photo_is_not_written_to_disk(
    open_app: OpenApp, files_written: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fer_core.photos.shelf.PATIENCE_S", 60)  # the run of the page waits for its result
    app = open_app("pages/photos/page.py")
    app.file_uploader[0].set_value([("me.jpg", SAMPLE_PHOTO.read_bytes(), "image/jpeg")]).run()
    assert any("me.jpg" in element.value for element in app.subheader)
    assert files_written == []


MB = 1024 * 1024


@pytest.fixture
def upload_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[int, MemoryUploadedFileManager]]:
    """Port of a server with Streamlit's own address for uploads, and where they end up."""
    read = config.get_option
    settings = {"server.maxUploadSize": 8, "server.enableXsrfProtection": False}
    monkeypatch.setattr(config, "get_option", lambda name: settings.get(name, read(name)))
    uploads = MemoryUploadedFileManager("/_stcore/upload_file")
    everybody: Any = SimpleNamespace(is_active_session=lambda _id: True)
    app = Starlette(routes=create_upload_routes(everybody, uploads, ""))
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    yield listening.getsockname()[1], uploads
    server.should_exit = True
    thread.join(timeout=10)
    listening.close()


def send(port: int, content: bytes, *, tells_its_size: bool) -> int:
    """Status of the answer to one file, sent as a browser does or without saying how long it is."""
    head = b'--cut\r\nContent-Disposition: form-data; name="a"; filename="clip.mp4"\r\n\r\n'
    body = head + content + b"\r\n--cut--\r\n"
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(
        "PUT",
        "/_stcore/upload_file/somebody/1",
        body if tells_its_size else iter([body[at : at + MB] for at in range(0, len(body), MB)]),
        {"Content-Type": "multipart/form-data; boundary=cut"},
    )
    status = connection.getresponse().status
    connection.close()
    return status


@pytest.mark.parametrize("tells_its_size", [True, False])
def test_a_large_upload_is_not_written_to_disk_while_it_arrives(
    open_app: OpenApp,
    upload_server: tuple[int, MemoryUploadedFileManager],
    files_written: list[str],
    monkeypatch: pytest.MonkeyPatch,
    tells_its_size: bool,
) -> None:
    monkeypatch.setattr(MultiPartParser, "spool_max_size", MB)  # as it comes
    open_app()
    port, uploads = upload_server
    content = os.urandom(5 * MB)
    assert send(port, content, tells_its_size=tells_its_size) == 204
    (kept,) = uploads.get_files("somebody", ["1"])
    assert kept.data == content
    assert files_written == []


def test_an_upload_above_the_limit_is_turned_away(
    open_app: OpenApp, upload_server: tuple[int, MemoryUploadedFileManager], files_written: list[str]
) -> None:
    open_app()
    port, uploads = upload_server
    assert send(port, bytes(8 * MB), tells_its_size=True) == 413  # with what is around it
    assert send(port, bytes(10 * MB), tells_its_size=False) == 413
    assert uploads.get_files("somebody", ["1"]) == [] and files_written == []

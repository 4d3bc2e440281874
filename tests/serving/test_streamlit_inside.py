"""What `serving` uses of Streamlit and uvicorn that is private is still there."""

from __future__ import annotations

import asyncio
import inspect
from asyncio import sslproto
from typing import Any

import pytest
import uvicorn
from streamlit.runtime import memory_session_storage
from streamlit.web import bootstrap
from streamlit.web.server.starlette import starlette_app, starlette_routes, starlette_server
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState

from serving.access import GATEKEEPER
from serving.door import LARGEST_CODELESS_MESSAGE, UPLOADS
from serving.launcher import forget_sessions_without_the_code
from tests.serving.knocking import run


def test_the_address_of_uploads_is_streamlits() -> None:
    theirs = getattr(starlette_routes, "BASE_ROUTE_UPLOAD_FILE", None)
    assert theirs is not None and theirs.strip("/") == UPLOADS.strip("/"), (
        f"Streamlit takes uploads at {theirs}, and Door in serving/door.py opens {UPLOADS}: look at "
        "streamlit.web.server.starlette.starlette_routes."
    )


def test_make_run_finds_where_streamlit_makes_its_application() -> None:
    assert "app = create_starlette_app(self._runtime)" in inspect.getsource(starlette_server.UvicornServer), (
        "Streamlit's server no longer makes its application by create_starlette_app; main in serving/local.py puts "
        "checks around that: look at streamlit.web.server.starlette.starlette_server."
    )
    assert callable(starlette_app.create_starlette_app)


def test_make_serve_finds_how_settings_are_read() -> None:
    assert list(inspect.signature(bootstrap.load_config_options).parameters) == ["flag_options"]


def test_a_session_without_the_code_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = memory_session_storage.MemorySessionStorage
    monkeypatch.setattr(memory_session_storage, "MemorySessionStorage", theirs)
    monkeypatch.setattr(GATEKEEPER, "_admitted", {"friend"})
    forget_sessions_without_the_code()
    source = inspect.getsource(starlette_app.App._create_runtime)
    assert "from streamlit.runtime.memory_session_storage import MemorySessionStorage" in source

    class Session:
        is_shut = False

        def __init__(self, name: str) -> None:
            self.id = name
            self.session = self  # what the storage is given holds the session

        def shutdown(self) -> None:
            self.is_shut = True

    storage: Any = memory_session_storage.MemorySessionStorage()
    friend, stranger = Session("friend"), Session("stranger")
    for session in (friend, stranger):
        storage.save(session)
    assert storage.list() == [friend]
    assert (friend.is_shut, stranger.is_shut) == (False, True)


def test_asyncio_has_a_size_for_the_memory_of_tls() -> None:
    assert "bytearray(self.max_size)" in inspect.getsource(sslproto.SSLProtocol.__init__), (
        "asyncio no longer makes its buffer that large: look at TLS_BUFFER in serving/server.py."
    )


def test_uvicorn_leaves_the_size_of_messages_to_its_protocol_for_pages() -> None:
    async def protocol() -> WebSocketsSansIOProtocol:
        config = uvicorn.Config(lambda: None, ws="websockets-sansio", ws_max_size=LARGEST_CODELESS_MESSAGE)
        return WebSocketsSansIOProtocol(config, ServerState(), {}, asyncio.get_running_loop())

    assert run(protocol()).conn.max_message_size == LARGEST_CODELESS_MESSAGE, (
        "let_speak in serving/server.py raises this size when the code was typed: look at uvicorn's "
        "websockets_sansio_impl and websockets.protocol."
    )

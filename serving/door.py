"""What is closed to people without the access code below the pages, where Streamlit itself answers.

The pages ask for the code (`pages/ui/access.py`). Streamlit's own addresses know nothing of that, so this
stands in front of them. What stays open is listed in docs/serving.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from serving.access import Gatekeeper

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

UPLOADS = "/_stcore/upload_file/"
"""Followed by the session's id and the file's: photos and zips that stay in memory."""
METRICS = "/_stcore/metrics"
"""How many people are here and how much memory they take."""


def _header(scope: Scope, name: bytes) -> str | None:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), None)


def _from_another_site(scope: Scope) -> bool:
    """Whether a page of another address opens the connection, through the browser of somebody in here."""
    origin = _header(scope, b"origin")
    return origin is not None and urlsplit(origin).netloc != _header(scope, b"host")


class Door:
    """ASGI middleware: turns away uploads of sessions that did not type the code, and the metrics.

    A connection that another site's page opens is turned away as well, before Streamlit asks a server on
    the internet which address this computer has there.
    """

    def __init__(self, app: ASGIApp, gatekeeper: Gatekeeper) -> None:
        self._app = app
        self._gatekeeper = gatekeeper

    def _is_closed(self, scope: Scope) -> bool:
        path: str = scope["path"]
        if path.startswith(UPLOADS):
            session_id = path.removeprefix(UPLOADS).split("/")[0]
            return not self._gatekeeper.is_admitted(session_id)
        return path.rstrip("/") == METRICS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self._is_closed(scope):
            await send({"type": "http.response.start", "status": 403, "headers": [(b"content-length", b"0")]})
            await send({"type": "http.response.body", "body": b""})
        elif scope["type"] == "websocket" and _from_another_site(scope):
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            await self._app(scope, receive, send)

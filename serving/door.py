"""What is closed to people without the access code below the pages, where Streamlit itself answers.

The pages ask for the code (`pages/ui/access.py`). Streamlit's own addresses know nothing of that, so this
stands in front of them. What stays open is listed in docs/serving.md.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from serving.access import CONNECTION_HEADER, Gatekeeper
from serving.same_site import answer_plainly
from serving.visits import State, Visits

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

CORE = "/_stcore/"
"""Streamlit's own addresses: closed, but for those below."""
UPLOADS = "/_stcore/upload_file/"
"""Followed by the session's id and the file's: photos and zips that stay in memory."""
OPEN_IN_CORE = ("/_stcore/health", "/_stcore/host-config")
COMPONENTS = "/_stcore/bidi-components/"
ACCOUNTS = ("/auth/login", "/auth/logout", "/oauth2callback")
"""Streamlit's, for accounts that Raut does not have."""

LARGEST_CODELESS_MESSAGE = 64 * 1024
"""Bytes of a message over a page's connection before the access code was typed, also of somebody who is in a room alone;
the pages send one or two thousand."""
CODELESS_MESSAGES = 256 * 1024
"""Bytes of all those messages: some hundred wrong codes."""
SMALLEST_COUNTED = 1024
"""Bytes as which a shorter one counts: Streamlit runs the page for each, however little it says."""
LARGEST_MESSAGE = 5_000_000
"""Bytes of a message of somebody who is in; photos and videos come as uploads."""


def _sessions_of(scope: Scope) -> list[str]:
    """What Streamlit's page says of itself when it connects again: its protocol, a token, the session's id."""
    value = next((value for key, value in scope["headers"] if key == b"sec-websocket-protocol"), b"")
    return [part.strip() for part in value.decode("latin-1").split(",")][2:3]


class Door:
    """ASGI middleware: turns away what is closed without the code, and bounds what is said before it was typed.

    Args:
        app: what is behind it.
        gatekeeper: knows who typed the code.
        visits: is told what each connection does.
        base_path: Streamlit's `server.baseUrlPath`, before each address; "" or "/somewhere".
    """

    def __init__(self, app: ASGIApp, gatekeeper: Gatekeeper, visits: Visits, base_path: str = "") -> None:
        self._app = app
        self._gatekeeper = gatekeeper
        self._visits = visits
        self._base_path = base_path

    def _is_known_upload(self, path: str) -> bool:
        return path.startswith(UPLOADS) and self._gatekeeper.is_admitted(
            path.removeprefix(UPLOADS).split("/")[0]
        )

    def _is_open(self, method: str, path: str) -> bool:
        if path.startswith(CORE):
            is_open = path in OPEN_IN_CORE or path.startswith(COMPONENTS)
        else:
            is_open = path.rstrip("/") not in ACCOUNTS
        return is_open and method in ("GET", "HEAD")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._connect(scope, receive, send)
        elif scope["type"] == "http":
            path = scope["path"].removeprefix(self._base_path)
            is_known = self._is_known_upload(path)
            if not is_known and not self._is_open(scope["method"], path):
                await answer_plainly(send, 403, "")
                return
            self._visits.move(scope.get("client"), State.IN if is_known else State.WORKING)
            try:
                await self._app(scope, receive, send)
            finally:
                self._visits.move(scope.get("client"), State.WAITING)
        else:
            await self._app(scope, receive, send)

    async def _connect(self, scope: Scope, receive: Receive, send: Send) -> None:
        # The page says to the gatekeeper which connection typed the code: it knows this one by what it is told here.
        connection = secrets.token_hex(16)
        header = CONNECTION_HEADER.lower().encode()
        headers = [(key, value) for key, value in scope["headers"] if key != header]
        inside: Scope = {**scope, "headers": [*headers, (header, connection.encode())]}
        peer = scope.get("client")
        sessions = _sessions_of(scope)
        typed_code = any(self._gatekeeper.is_admitted(session) for session in sessions)
        is_in = any(self._gatekeeper.is_in(session) for session in sessions)
        left = CODELESS_MESSAGES
        is_closed = False

        def look_again() -> None:
            nonlocal is_in, typed_code
            typed_code = typed_code or self._gatekeeper.is_admitted(connection)
            if not is_in and self._gatekeeper.is_in(connection):
                is_in = True
                self._visits.move(peer, State.IN)

        async def receive_some() -> Message:
            nonlocal left, is_closed
            message = await receive()
            look_again()
            if message["type"] != "websocket.receive":
                return message
            content = message.get("bytes")
            if content is not None and not is_in:
                left -= max(len(content), SMALLEST_COUNTED)
            is_short = content is not None and len(content) <= LARGEST_CODELESS_MESSAGE
            if content is not None and (typed_code or (is_short and (is_in or left >= 0))):
                return message
            is_closed = True
            code = 1003 if content is None else 1009  # Streamlit's messages are bytes
            await send({"type": "websocket.close", "code": code})
            return {"type": "websocket.disconnect", "code": code}

        async def send_some(message: Message) -> None:
            look_again()
            if not is_closed:
                await send(message)

        self._visits.move(peer, State.IN if is_in else State.CODELESS)
        try:
            await self._app(inside, receive_some, send_some)
        finally:
            self._gatekeeper.forget(connection)

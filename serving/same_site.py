"""Only its own pages use Raut: under its own names, from its own address, and in no frame of another site.

Without this, a page of any site could point its name at this computer (DNS rebinding) and read what is here, and its
connections would make Streamlit ask a server on the internet which address this computer has there.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

THIS_COMPUTER = ("localhost", "127.0.0.1", "::1")
"""Names under which a browser on this computer reaches it, whatever its network."""

HEADERS = (
    (b"content-security-policy", b"frame-ancestors 'self'"),
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
)
"""Of every answer: no other site shows it in a frame, guesses its kind, or learns the address of a page."""


def plain_name(name: str) -> str:
    """ "LAB-7.local." -> "lab-7.local", "0:0::1" -> "::1": one form for each name and address."""
    name = name.strip().lower().rstrip(".")
    try:
        return str(ip_address(name))
    except ValueError:
        return name


def name_in(host: str | None) -> str | None:
    """The name or address in a Host header, without the port; None where there is none, or more than that."""
    if not host:
        return None
    try:
        parts = urlsplit(f"//{host}")
        parts.port  # noqa: B018  raises for a port that is none
    except ValueError:
        return None
    if parts.netloc != host or "@" in host or parts.hostname is None:
        return None
    return plain_name(parts.hostname)


def is_known(host: str | None, names: Iterable[str]) -> bool:
    """Whether a Host header names one of these; "*" is every name, "*.school.example" those that end so."""
    name = name_in(host)
    return name is not None and any(
        known in ("*", name) or (known.startswith("*.") and name.endswith(known[1:])) for known in names
    )


class SameSite:
    """ASGI middleware in front of everything else.

    Args:
        app: what is behind it.
        names: names and addresses under which Raut answers.
        advice: a sentence for whoever comes under another one.
    """

    def __init__(self, app: ASGIApp, names: Iterable[str], advice: str) -> None:
        self._app = app
        self._names = frozenset(plain_name(name) for name in names)
        self._advice = advice

    def _refusal(self, scope: Scope) -> str | None:
        headers = {
            key: value.decode("latin-1") for key, value in scope["headers"] if key in (b"host", b"origin")
        }
        host, origin = headers.get(b"host"), headers.get(b"origin")
        if not is_known(host, self._names):
            return f"Raut does not answer under this name. {self._advice}"
        if origin is not None and urlsplit(origin).netloc != host:
            return "Raut answers its own pages only, and not those of another site."
        return None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                ours = {key for key, _ in HEADERS}
                kept = [(key, value) for key, value in message.get("headers", ()) if key.lower() not in ours]
                message = {**message, "headers": [*kept, *HEADERS]}
            await send(message)

        refusal = self._refusal(scope)
        if refusal is None:
            await self._app(scope, receive, send_with_headers)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            await answer_plainly(send_with_headers, 403, refusal)


async def answer_plainly(send: Send, status: int, sentence: str) -> None:
    """A sentence instead of a page; the connection ends, so that what else comes is not read."""
    body = f"{sentence}\n".encode() if sentence else b""
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})

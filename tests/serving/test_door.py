from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from serving.access import Gatekeeper
from serving.door import Door


@pytest.fixture
def gatekeeper() -> Gatekeeper:
    gatekeeper = Gatekeeper()
    gatekeeper.admit("known")
    return gatekeeper


def knock(gatekeeper: Gatekeeper, **scope: Any) -> dict[str, Any]:
    """What the door sends first; {"type": "inside"} when it let the request pass."""
    sent: list[dict[str, Any]] = []

    async def inside(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "inside"})

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    whole = {"type": "http", "path": "/", "headers": [], **scope}
    # In a thread of its own: a browser of other tests may keep a loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(Door(inside, gatekeeper)(whole, receive, send))).result()
    return sent[0]


@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/upload_file/unknown/1",
        "/_stcore/upload_file//1",
        "/_stcore/upload_file/",
        "/_stcore/metrics",
        "/_stcore/metrics/",
    ],
)
def test_closed_without_the_code(gatekeeper: Gatekeeper, path: str) -> None:
    answer = knock(gatekeeper, path=path)
    assert (answer["type"], answer["status"]) == ("http.response.start", 403)


@pytest.mark.parametrize(
    "path",
    ["/", "/webcam", "/_stcore/health", "/app/static/wordmark.svg", "/_stcore/upload_file/known/1"],
)
def test_open(gatekeeper: Gatekeeper, path: str) -> None:
    assert knock(gatekeeper, path=path) == {"type": "inside"}


@pytest.mark.parametrize(
    ("origin", "passes"),
    [
        (b"https://192.168.1.20:8501", True),
        (None, True),  # no browser leaves it out
        (b"https://192.168.1.20:9000", False),
        (b"https://elsewhere.example", False),
        (b"null", False),
    ],
)
def test_only_its_own_pages_open_a_connection(
    gatekeeper: Gatekeeper, origin: bytes | None, passes: bool
) -> None:
    headers = [(b"host", b"192.168.1.20:8501")] + ([(b"origin", origin)] if origin else [])
    answer = knock(gatekeeper, type="websocket", path="/_stcore/stream", headers=headers)
    assert answer["type"] == ("inside" if passes else "websocket.close")


def test_the_start_and_end_of_the_server_pass(gatekeeper: Gatekeeper) -> None:
    assert knock(gatekeeper, type="lifespan") == {"type": "inside"}

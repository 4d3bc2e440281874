"""What an ASGI middleware sends to somebody who knocks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def run(work: Any) -> Any:
    """In a thread of its own: a browser of other tests may keep a loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(work)).result()


def knock(wrap: Callable[[Any], Any], **scope: Any) -> list[dict[str, Any]]:
    """What is sent; [{"type": "inside"}] when the request came through to what `wrap` stands in front of."""
    sent: list[dict[str, Any]] = []

    async def inside(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "inside"})

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    whole = {"type": "http", "method": "GET", "path": "/", "headers": [], **scope}
    run(wrap(inside)(whole, receive, send))
    return sent

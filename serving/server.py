"""The server of `make serve`: uvicorn, with an entrance that counts.

uvicorn takes every connection that the system has, until there are no more files to open; then it says so thousands of
times a second, and nobody gets in. Here connections are taken one by one, counted before anything is read from them,
and closed when there are too many or one of them says nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import sys
from asyncio import sslproto
from collections.abc import Callable
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

import uvicorn

from serving.door import LARGEST_CODELESS_MESSAGE, LARGEST_MESSAGE
from serving.log import Sparing, spare_the_log
from serving.visits import WAIT_S, Visit, Visits

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from serving.certificate import Certificate

LOGGER = logging.getLogger(__name__)

QUEUE = 1024
"""Connections that the system holds until they are taken: a class that opens the page at the same moment."""
NO_FILES_S = 0.2
"""Pause after the system could not give a connection."""
TLS_BUFFER = 64 * 1024
"""Bytes that asyncio keeps for reading of each connection; its own are four times as many."""
PARTING_S = 2.0
"""How long connections have to end by themselves after Ctrl+C."""
FILES_WITHOUT_A_LIMIT = 4096
"""Where the system names no limit, or one that cannot be had."""


def raise_open_files() -> int:
    """Let this process open as many files as the system allows it, connections included; how many that is."""
    if sys.platform == "win32":
        return FILES_WITHOUT_A_LIMIT
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = hard if hard != resource.RLIM_INFINITY else FILES_WITHOUT_A_LIMIT
    if soft != resource.RLIM_INFINITY and soft < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        except (OSError, ValueError):  # macOS names a limit that it does not give
            return soft
        return wanted
    return soft if soft != resource.RLIM_INFINITY else FILES_WITHOUT_A_LIMIT


class _CountedSocket(socket.socket):
    """A connection's socket that says when it is closed, by whomever."""

    on_close: Callable[[], None] | None = None

    def close(self) -> None:
        super().close()
        if self.on_close is not None:
            self.on_close()


def _is_local(connection: socket.socket, host: str) -> bool:
    """Whether the other side is this computer: its loopback, or its own address in the network."""
    return ip_address(host.partition("%")[0]).is_loopback or connection.getsockname()[0] == host


async def _readable(connection: socket.socket) -> None:
    """Wait until the other side has sent something, or is gone: what TLS needs in memory is not for silent ones."""
    loop = asyncio.get_running_loop()
    came = loop.create_future()

    def tell() -> None:
        if not came.done():
            came.set_result(None)

    try:
        loop.add_reader(connection, tell)
    except NotImplementedError:  # Windows
        return
    try:
        await came
    finally:
        loop.remove_reader(connection)


class Server(uvicorn.Server):
    """uvicorn's server behind one socket that listens already.

    Args:
        config: made by `configuration`.
        listener: bound to its address.
        visits: counts the connections.
    """

    def __init__(self, config: uvicorn.Config, listener: socket.socket, visits: Visits) -> None:
        super().__init__(config)
        self._listener = listener
        self._visits = visits
        self._tasks: set[asyncio.Task[None]] = set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=[])
        if self.should_exit:
            return
        spare_the_log(Sparing())
        sslproto.SSLProtocol.max_size = TLS_BUFFER
        self._listener.setblocking(False)
        self._listener.listen(QUEUE)
        self._start(self._take())
        self._start(self._tidy())

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for task in self._tasks:
            task.cancel()
        self._listener.close()
        asyncio.get_running_loop().call_later(PARTING_S, self._visits.end_all)
        await super().shutdown(sockets=[])

    def _start(self, work: Any) -> asyncio.Task[None]:
        task: asyncio.Task[None] = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _tidy(self) -> None:
        while True:
            await asyncio.sleep(1)
            self._visits.tidy()

    async def _take(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                connection, address = await loop.sock_accept(self._listener)
            except OSError as error:
                LOGGER.warning("A connection could not be taken: %s", error.strerror)
                self._visits.make_room()
                await asyncio.sleep(NO_FILES_S)
                continue
            self._let_in(connection, address)
            await asyncio.sleep(0)  # one at a time: what was closed for it gives its file back first

    def _let_in(self, connection: socket.socket, address: Any) -> None:
        counted = _CountedSocket(connection.family, connection.type, connection.proto, connection.detach())
        counted.setblocking(False)
        peer = (str(address[0]), int(address[1]))
        try:
            is_local = _is_local(counted, peer[0])
        except OSError:  # gone again
            counted.close()
            return

        def close() -> None:
            # The other side is gone then, whatever the connection was doing, and asyncio closes what it has of it.
            with contextlib.suppress(OSError):
                counted.shutdown(socket.SHUT_RDWR)

        visit = self._visits.arrive(peer, is_local=is_local, close=close)
        if visit is None:
            counted.close()
            return
        counted.on_close = lambda: self._visits.leave(visit)
        self._start(self._serve_connection(counted, visit))

    def _protocol(self) -> asyncio.Protocol:
        protocol: asyncio.Protocol = self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
        return protocol

    async def _serve_connection(self, connection: socket.socket, visit: Visit) -> None:
        loop = asyncio.get_running_loop()
        timeout_s = WAIT_S if self.config.ssl is not None else None
        try:
            await _readable(connection)
        except asyncio.CancelledError:
            connection.close()
            raise
        if not visit.is_open:
            connection.close()
            return
        try:
            transport, _ = await loop.connect_accepted_socket(
                self._protocol, connection, ssl=self.config.ssl, ssl_handshake_timeout=timeout_s
            )
        except OSError as error:  # no TLS, or none in time
            error.__traceback__ = (
                None  # else its frames would keep the memory of TLS until Python looks for garbage
            )
            return

        def let_speak() -> None:
            # The size of messages was set for strangers; uvicorn has put its protocol for pages in place by now.
            protocol: Any = transport.get_protocol()
            protocol.conn.max_message_size = LARGEST_MESSAGE

        shut = visit.close

        def close() -> None:
            transport.abort()
            shut()

        visit.let_speak, visit.close = let_speak, close
        visit.is_sending = lambda: transport.get_write_buffer_size() > 0


def configuration(app: ASGIApp, host: str, port: int, certificate: Certificate) -> uvicorn.Config:
    """How uvicorn serves `make serve`.

    No header says for whom a request is passed on (`X-Forwarded-For`): the visitor is whoever is connected.
    """
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        loop="asyncio",
        http="h11",
        ws="websockets-sansio",
        ws_max_size=LARGEST_CODELESS_MESSAGE,
        ws_ping_interval=30,
        ws_ping_timeout=30,
        ws_per_message_deflate=False,
        lifespan="on",
        log_level="warning",
        access_log=False,
        use_colors=False,
        proxy_headers=False,
        server_header=False,
        ssl_certfile=str(certificate.chain_file),
        ssl_keyfile=str(certificate.key_file),
        timeout_graceful_shutdown=5,
    )

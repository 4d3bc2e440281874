"""The server's entrance with real connections: one process that may open 256 files, with a small application in place
of Streamlit."""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import os
import socket
import ssl
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from serving.door import LARGEST_CODELESS_MESSAGE, LARGEST_MESSAGE
from serving.visits import Limits

resource = pytest.importorskip("resource", reason="this system has no limit of open files to test with")

OPEN_FILES = 256
WAIT_S = 1.0
PROGRAM = f"""
import json, resource, socket, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_NOFILE, (128, {OPEN_FILES}))
from serving import server, visits
from serving.access import CONNECTION_HEADER, Gatekeeper
from serving.certificate import certificate_for
from serving.door import Door
visits.WAIT_S = server.WAIT_S = {WAIT_S}
gatekeeper = Gatekeeper()

async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        while True:
            kind = (await receive())["type"]
            await send({{"type": f"{{kind}}.complete"}})
            if kind == "lifespan.shutdown":
                return
    if scope["type"] == "http":
        body = json.dumps([scope["client"][0], scope["scheme"], files]).encode()
        await send({{"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]}})
        await send({{"type": "http.response.body", "body": body}})
        return
    await receive()
    await send({{"type": "websocket.accept"}})
    while (message := await receive())["type"] == "websocket.receive":
        if message["bytes"] == b"code":
            gatekeeper.admit(dict(scope["headers"])[CONNECTION_HEADER.lower().encode()].decode())
        await send({{"type": "websocket.send", "bytes": b"heard"}})

files = server.raise_open_files()
counted = visits.Visits(visits.Limits.within(files))
listener = socket.socket()
listener.bind(("127.0.0.1", 0))
port = listener.getsockname()[1]
certificate = certificate_for(["localhost"], [], Path(sys.argv[1]))
served = server.Server(
    server.configuration(Door(app, gatekeeper, counted), "127.0.0.1", port, certificate), listener, counted)
print(port, flush=True)
served.run()
"""
UPGRADE = (
    b"GET /_stcore/stream HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + base64.b64encode(bytes(16)) + b"\r\n\r\n"
)


@dataclass(frozen=True)
class Running:
    port: int
    pid: int
    log: Path
    trusting: ssl.SSLContext

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=10)

    def greet(self) -> ssl.SSLSocket:
        return self.trusting.wrap_socket(self.connect(), server_hostname="localhost")

    def open_page(self) -> ssl.SSLSocket:
        page = self.greet()
        page.sendall(UPGRADE)
        assert page.recv(4096).startswith(b"HTTP/1.1 101")
        return page

    def ask(self, **headers: str) -> list[str | int]:
        """Address of the visitor and scheme as the application sees them, files that it may open."""
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=self.trusting, timeout=10)
        connection.sock = self.greet()
        connection.request("GET", "/", headers=headers)
        answer: list[str | int] = json.loads(connection.getresponse().read())
        connection.close()
        return answer


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("server")
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(folder / "keys")],
            cwd=Path(__file__).resolve().parents[2],
            stdout=subprocess.PIPE,
            stderr=output,
        )
    assert process.stdout
    port = int(process.stdout.readline() or pytest.fail(log.read_text("utf-8")))
    trusting = ssl.create_default_context(cafile=str(folder / "keys" / "authority.pem"))
    running = Running(port, process.pid, log, trusting)
    for _ in range(100):
        with contextlib.suppress(OSError):
            running.connect().close()
            break
        time.sleep(0.05)
    yield running
    process.terminate()
    try:
        process.wait(timeout=10)
    finally:
        process.kill()


def message(content: bytes) -> bytes:
    """A masked WebSocket frame of bytes; the mask is zero."""
    return struct.pack("!BBQ", 0x82, 0x80 | 127, len(content)) + bytes(4) + content


def is_closed(connection: socket.socket) -> bool:
    try:
        while connection.recv(65536):
            pass
    except TimeoutError:
        return False
    except OSError:
        pass
    return True


def test_the_process_may_open_as_many_files_as_the_system_allows(running: Running) -> None:
    assert running.ask()[2] == OPEN_FILES


def test_no_header_says_who_asks(running: Running) -> None:
    headers = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "http", "X-Real-IP": "203.0.113.9"}
    assert running.ask(**headers, Forwarded="for=203.0.113.9")[:2] == ["127.0.0.1", "https"]


def test_many_idle_connections_keep_nobody_out_and_fill_no_log(running: Running) -> None:
    begin = [running.connect, running.greet, running.open_page]
    held: list[socket.socket] = []
    try:
        for number in range(OPEN_FILES + 50):
            held.append(begin[number % 3]())
            if number % 6 == 1:
                held[-1].sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        asked = time.monotonic()
        for _ in range(3):
            running.ask()
        assert time.monotonic() - asked < 5
        files = len(os.listdir(f"/proc/{running.pid}/fd")) if Path("/proc/self/fd").exists() else 0
        assert files < OPEN_FILES
        # Those that asked for nothing have gone, whichever of them had a place.
        time.sleep(WAIT_S + 1.5)
        open_now = []
        for number, connection in enumerate(held):
            connection.settimeout(0.01)
            if not is_closed(connection):
                open_now.append(number % 3)
        assert set(open_now) == {2}  # pages that wait for the code
        assert len(open_now) <= Limits.within(OPEN_FILES).codeless_of_network
    finally:
        for connection in held:
            connection.close()
    assert running.log.read_text("utf-8") == ""  # nor did it ever run out of files


def test_a_large_message_is_refused_before_it_has_come_until_the_code_is_typed(running: Running) -> None:
    with running.open_page() as stranger:
        stranger.sendall(message(bytes(LARGEST_CODELESS_MESSAGE + 1))[:100])  # says how much is to come
        assert is_closed(stranger)
    with running.open_page() as friend:
        for content in (b"code", bytes(LARGEST_CODELESS_MESSAGE + 1), bytes(LARGEST_MESSAGE)):
            friend.sendall(message(content))
            assert friend.recv(100).endswith(b"heard")
        friend.sendall(message(bytes(LARGEST_MESSAGE + 1))[:100])
        assert is_closed(friend)

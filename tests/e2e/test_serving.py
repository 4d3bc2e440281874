"""`make serve` and `make run` as other computers see them: who gets in, how, and to what.

The machine's own network address stands for the LAN. Where there is only loopback, 127.0.0.2 does: `make run`
listens on 127.0.0.1 and not there.
"""

from __future__ import annotations

import http.client
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_address
from pathlib import Path
from urllib.parse import urlparse

import pytest
from cryptography import x509

from fer_core.places import ACCESS_CODE_VARIABLE, SAMPLE_PHOTO, SERVE_VARIABLE
from serving.addresses import network_addresses
from tests.e2e.clips import fake_camera_arguments, moving_faces, write_mjpeg
from tests.e2e.conftest import LOOPBACK_ONLY, ROOT, START_LIMIT_S, LaunchBrowser, StartServer, free_port
from tests.e2e.test_webcam import CARD, FRAME
from tests.e2e.watch import WatchedPage

CODE = "4821 7390"
UPGRADE = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Protocol": "streamlit",
}


def lan_address() -> str:
    ipv4 = [str(a.ip) for a in network_addresses() if isinstance(a.ip, IPv4Address)]
    return ipv4[0] if ipv4 else "127.0.0.2"


@dataclass(frozen=True)
class Served:
    host: str
    port: int
    folder: Path
    process: subprocess.Popen[bytes]
    log: Path

    def trusting(self) -> ssl.SSLContext:
        """As a computer that was told to trust this Raut."""
        return ssl.create_default_context(cafile=str(self.folder / "authority.pem"))

    def answer(self, method: str, path: str, **headers: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPSConnection(self.host, self.port, context=self.trusting(), timeout=10)
        connection.request(method, path, headers=headers)
        return connection.getresponse()


def wait_until_listening(host: str, port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    give_up = time.monotonic() + START_LIMIT_S
    while time.monotonic() < give_up and process.poll() is None:
        try:
            socket.create_connection((host, port), timeout=2).close()
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"make serve did not come up:\n{log.read_text(encoding='utf-8', errors='replace')[-3000:]}")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    host, port, log = lan_address(), free_port(), folder / "serve.log"
    command = [sys.executable, "-m", "serving", "--port", str(port)]
    if ip_address(host).is_loopback:  # else on all addresses, as `make serve` does
        command += ["--address", host]
    environment = {
        **os.environ,
        ACCESS_CODE_VARIABLE: CODE,
        SERVE_VARIABLE: str(folder / "keys"),
        "FER2013_DIR": str(folder),
        "PYTHONPATH": str(LOOPBACK_ONLY),
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    wait_until_listening(host, port, process, log)
    yield Served(host, port, folder / "keys", process, log)
    process.kill()  # the last test has ended it already


def test_make_run_does_not_listen_beyond_this_computer(start_server: StartServer) -> None:
    port = urlparse(start_server()).port
    socket.create_connection(("localhost", port), timeout=5).close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((lan_address(), port), timeout=5)


def test_make_serve_shows_a_certificate_that_names_the_address(served: Served) -> None:
    with (
        socket.create_connection((served.host, served.port), timeout=10) as raw,
        served.trusting().wrap_socket(raw, server_hostname=served.host) as secure,  # fails on a wrong name
    ):
        certificate = x509.load_der_x509_certificate(secure.getpeercert(binary_form=True) or b"")
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert ip_address(served.host) in names.get_values_for_type(x509.IPAddress)
    assert "localhost" in names.get_values_for_type(x509.DNSName)


def test_a_computer_that_was_not_told_to_trust_it_does_not(served: Served) -> None:
    with (
        socket.create_connection((served.host, served.port), timeout=10) as raw,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        ssl.create_default_context().wrap_socket(raw, server_hostname=served.host)


def test_make_serve_does_not_answer_without_encryption(served: Served) -> None:
    connection = http.client.HTTPConnection(served.host, served.port, timeout=10)
    with pytest.raises((http.client.HTTPException, OSError)):
        connection.request("GET", "/")
        connection.getresponse()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/_stcore/health", 200),
        ("GET", "/_stcore/host-config", 200),
        ("GET", "/no/such/page", 200),
        ("GET", "/app/static/wordmark.svg", 200),
        (
            "GET",
            "/component/streamlit_webrtc.component.webrtc_streamer/index.html",
            404,
        ),  # known once its page ran
        ("GET", "/_stcore/metrics", 403),
        ("PUT", "/_stcore/upload_file/somebody/1", 403),
        ("GET", "/_stcore/script-health-check", 403),
        ("POST", "/_stcore/agent/interact", 403),
        ("GET", "/_stcore/agent/openapi.json", 403),
        ("GET", "/auth/login", 403),
        ("POST", "/", 403),
        ("OPTIONS", "/media/0123456789abcdef.png", 403),
        ("GET", "/media/0123456789abcdef.png", 404),
        ("GET", "/app/static/../.serve/key.pem", 400),
    ],
)
def test_what_answers_without_the_code(served: Served, method: str, path: str, status: int) -> None:
    answer = served.answer(method, path)
    assert answer.status == status
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_make_serve_answers_under_its_own_names_only(served: Served) -> None:
    for host in (
        f"localhost:{served.port}",
        "127.0.0.1",
        f"[::1]:{served.port}",
        f"{served.host}:{served.port}",
    ):
        assert served.answer("GET", "/", Host=host).status == 200
    refused = served.answer("GET", "/", Host="elsewhere.example")
    assert refused.status == 403
    assert b"--name" in refused.read()


@pytest.mark.parametrize(
    ("host", "origin", "page", "connection"),
    [
        ("localhost", "http://localhost", 200, 101),
        ("127.0.0.1", "http://127.0.0.1", 200, 101),
        ("[::1]", "http://[::1]", 200, 101),
        ("localhost", "http://elsewhere.example", 403, 403),
        ("elsewhere.example", "http://elsewhere.example", 403, 403),
    ],
)
def test_make_run_answers_its_own_pages_only(
    app_server: str, host: str, origin: str, page: int, connection: int
) -> None:
    port = urlparse(app_server).port
    headers = {"Host": f"{host}:{port}", "Origin": f"{origin}:{port}"}
    for path, more, status in (("/", {}, page), ("/_stcore/stream", UPGRADE, connection)):
        asking = http.client.HTTPConnection("localhost", port, timeout=10)
        asking.request("GET", path, headers={**headers, **more})
        answer = asking.getresponse()
        assert answer.status == status
        if not more:
            assert answer.headers["Content-Security-Policy"] == "frame-ancestors 'self'"
        asking.close()


@pytest.mark.parametrize(
    ("host", "origin", "opens"),
    [("own", "own", True), ("own", "https://elsewhere.example", False), ("elsewhere.example", "same", False)],
)
def test_pages_of_other_sites_open_no_connection(served: Served, host: str, origin: str, opens: bool) -> None:
    host = f"{served.host}:{served.port}" if host == "own" else host
    origin = f"https://{host}" if origin in ("own", "same") else origin
    answer = served.answer(
        "GET",
        "/_stcore/stream",
        **{"Host": host, "Origin": origin, **UPGRADE},
    )
    assert answer.status == (101 if opens else 403)


def test_a_visitor_types_the_code_and_the_camera_starts(
    served: Served, launch_browser: LaunchBrowser, tmp_path: Path
) -> None:
    clip = write_mjpeg(tmp_path / "face.mjpeg", moving_faces(30))
    browser = launch_browser(*fake_camera_arguments(clip), "--ignore-certificate-errors")
    page = browser.new_page(viewport={"width": 1440, "height": 1000}, locale="en-US")
    watched = WatchedPage(page, f"https://{served.host}:{served.port}")
    watched.visit("webcam")
    assert watched.heading() == "Access code"
    assert page.locator("header").get_by_role("link").count() == 0
    assert page.locator("iframe").count() == 0

    code = page.get_by_role("textbox", name="Access code")
    code.fill("0000 0000")
    code.press("Enter")
    page.get_by_text("That is not the code").wait_for(timeout=30_000)
    assert watched.heading() == "Access code"

    code.fill(CODE)
    page.get_by_role("button", name="Enter").click()
    page.get_by_role("heading", name="Live with the webcam").wait_for(timeout=60_000)
    page.frame_locator(FRAME).get_by_role("button", name="Start").click(timeout=30_000)
    page.locator(CARD).first.wait_for(timeout=60_000)
    assert page.evaluate("isSecureContext")
    assert page.locator("header").get_by_role("link").count() > 3

    # A photo gets through now: the door knows the session.
    watched.go("Photos")
    page.locator("input[type=file]").first.set_input_files(SAMPLE_PHOTO)
    page.locator(".raut-faces > li").first.wait_for(timeout=60_000)

    assert watched.troubles == []
    assert {urlparse(url).hostname for url in watched.requests_outside} <= {served.host}
    browser.close()


KEEP_CONNECTIONS = """
window.connections = [];
window.ends = [];
const Theirs = window.WebSocket;
window.WebSocket = class extends Theirs {
  constructor(...all) {
    super(...all);
    window.connections.push(this);
    this.addEventListener("close", (event) => window.ends.push(event.code));
  }
};
"""
TOO_MUCH = (1009, 1006)
"""How the server ends a connection over a message that is larger than it may be. It says 1009 and closes without
reading the rest; where the rest arrives before that answer was read, the system resets the connection, and the
browser knows no more than 1006: it was cut."""
NOT_STREAMLITS = 1002
"""How Streamlit ends it, once a message of any content has got as far as that."""


def test_little_is_taken_from_a_page_until_its_visitor_types_the_code(
    served: Served, launch_browser: LaunchBrowser
) -> None:
    page = launch_browser("--ignore-certificate-errors").new_page(locale="en-US")
    page.add_init_script(KEEP_CONNECTIONS)
    watched = WatchedPage(page, f"https://{served.host}:{served.port}")

    def say_something_large() -> int:
        ends = page.evaluate("window.ends.length")
        page.evaluate("window.connections.at(-1).send(new Uint8Array(100_000).fill(255))")
        page.wait_for_function(f"window.ends.length > {ends}")
        code: int = page.evaluate("window.ends.at(-1)")
        page.wait_for_function(
            "window.connections.at(-1).readyState === 1"
        )  # the page connects again by itself
        return code

    watched.visit("photos")
    page.get_by_role("textbox", name="Access code").wait_for(timeout=30_000)
    assert say_something_large() in TOO_MUCH
    page.get_by_role("textbox", name="Access code").fill(CODE)
    page.get_by_role("button", name="Enter").click()
    page.locator("input[type=file]").first.wait_for(state="attached", timeout=60_000)
    assert say_something_large() == NOT_STREAMLITS
    # The connection is another one now, and the session the same: it is known, and so is the way of its photos.
    assert say_something_large() == NOT_STREAMLITS
    page.locator("input[type=file]").first.set_input_files(SAMPLE_PHOTO)
    page.locator(".raut-faces > li").first.wait_for(timeout=60_000)


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="this system has no /proc")
def test_the_code_is_in_no_log_and_no_argument_of_a_process(served: Served) -> None:
    log = served.log.read_text(encoding="utf-8")
    assert f":{served.port}" in log
    arguments = Path(f"/proc/{served.process.pid}/cmdline").read_text(encoding="utf-8")
    assert "serving" in arguments
    for code in (CODE, CODE.replace(" ", "")):
        assert code not in log
        assert code not in arguments


def test_ctrl_c_ends_it_with_a_word_and_no_traceback(served: Served) -> None:
    served.process.send_signal(signal.SIGINT)
    assert served.process.wait(timeout=15) == 0
    log = served.log.read_text(encoding="utf-8")
    # A network that is still being loaded for a page may add a line of its own behind it.
    assert [line for line in log.splitlines() if line and not line.startswith("INFO: ")][-1] == "Stopped."
    assert "Traceback" not in log

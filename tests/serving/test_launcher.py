from __future__ import annotations

import io
import re
import socket
import sys
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

import cv2
import numpy as np
import pytest

from fer_core.places import ACCESS_CODE_VARIABLE
from serving import launcher
from serving.addresses import LocalAddress
from serving.certificate import Certificate
from serving.errors import ServingError

CERTIFICATE = Certificate(
    Path("c"), Path("k"), Path("a"), ":".join(f"{n:02X}" for n in range(32)), datetime(2027, 1, 2, tzinfo=UTC), True
)  # fmt: skip


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("serving.addresses.network_addresses", list)


@pytest.fixture(autouse=True)
def nothing_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ACCESS_CODE_VARIABLE, raising=False)


def test_without_a_network_a_sentence_and_nothing_listens(
    no_network: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert launcher.main([]) == 1
    assert "is in no network" in capsys.readouterr().err


def test_a_busy_port_gives_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        assert launcher.main(["--address", "127.0.0.1", "--port", str(port)]) == 1
    assert f"Port {port} cannot be used" in capsys.readouterr().err


def test_a_port_that_is_none_gives_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert launcher.main(["--address", "127.0.0.1", "--port", "123456"]) == 1
    assert "from 1 to 65535, and not 123456" in capsys.readouterr().err


def test_the_address_of_another_computer_gives_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert launcher.main(["--address", "203.0.113.9"]) == 1
    assert "203.0.113.9 is no address of this computer" in capsys.readouterr().err


def test_a_port_refuses_everybody_until_the_server_has_started() -> None:
    with launcher.bound_socket("127.0.0.1", 0) as bound:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(bound.getsockname(), timeout=5)
        bound.listen()
        socket.create_connection(bound.getsockname(), timeout=5).close()


def test_a_new_code_goes_to_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    with pytest.raises(ServingError, match="in a terminal only"):
        launcher.access_code()
    monkeypatch.setattr(sys, "stdout", Terminal())
    first, second = launcher.access_code(), launcher.access_code()
    assert first[1] and second[1]
    assert first[0] != second[0]


def test_a_given_code_is_used_and_never_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ACCESS_CODE_VARIABLE, "kelas tujuh b")
    assert launcher.access_code() == ("kelas tujuh b", False)
    monkeypatch.setattr(sys, "stdout", Terminal())
    addresses = [LocalAddress(ip_address("192.168.1.20"), "wlan0")]
    shown = launcher.welcome(addresses, 8501, None, CERTIFICATE, [])
    assert "kelas" not in shown
    assert ACCESS_CODE_VARIABLE in shown


@pytest.mark.parametrize("given", ["7 - b - - -", "1" * 65])
def test_a_given_code_of_the_wrong_length_is_refused(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv(ACCESS_CODE_VARIABLE, given)
    with pytest.raises(ServingError, match="8 to 64 letters or digits"):
        launcher.access_code()


def test_the_terminal_shows_addresses_code_and_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", Terminal())
    addresses = [LocalAddress(ip_address(ip), "wlan0") for ip in ("192.168.1.20", "fd00::2")]
    shown = launcher.welcome(addresses, 8501, "48217390", CERTIFICATE, ["lab-7.local"])
    for url in ("https://192.168.1.20:8501", "https://[fd00::2]:8501", "https://lab-7.local:8501"):
        assert url in shown
    assert "4821 7390" in shown
    assert "█" in shown
    assert CERTIFICATE.fingerprint in re.sub(r"\n\s+", ":", shown)


def test_a_log_gets_no_qr_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    shown = launcher.welcome([LocalAddress(ip_address("10.0.0.5"), "")], 8501, None, CERTIFICATE, [])
    assert "█" not in shown
    assert "https://10.0.0.5:8501" in shown


def test_the_qr_code_says_the_address() -> None:
    url = "https://192.168.100.200:8501"
    lines = [line.split("m", 1)[1].split("\033")[0] for line in launcher.qr_code(url).splitlines()]
    lit = {"█": (255, 255), "▀": (255, 0), "▄": (0, 255), " ": (0, 0)}
    rows = [[lit[block][half] for block in line] for line in lines for half in (0, 1)]
    picture_gray = np.kron(np.array(rows, dtype=np.uint8), np.ones((8, 8), dtype=np.uint8))
    picture_gray = np.pad(picture_gray, 32, constant_values=255)
    assert cv2.QRCodeDetector().detectAndDecode(picture_gray)[0] == url


@pytest.mark.parametrize("name", ["schülerlabor.local", "https://raut.example.org", "lab-7.local:8501", ""])
def test_a_name_that_no_certificate_can_hold_gives_a_sentence(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        launcher.options_of(["--name", name])
    assert f"“{name}” is no name on a network" in capsys.readouterr().err


def test_a_name_is_taken_in_small_letters() -> None:
    assert launcher.options_of(["--name", "Lab-7.local"]).name == ["lab-7.local"]


def test_every_address_is_listened_to_unless_one_is_chosen() -> None:
    assert launcher.listening_host(None) in ("::", "0.0.0.0")
    assert launcher.listening_host(ip_address("192.168.1.20")) == "192.168.1.20"


def test_the_folder_of_the_key_is_ignored() -> None:
    ignored = (launcher.PROJECT_DIR / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert "/.serve/" in ignored

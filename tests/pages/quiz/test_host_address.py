"""Where phones are told to find a room."""

from __future__ import annotations

import base64
import io
from ipaddress import ip_address

import cv2
import numpy as np
import pytest
import streamlit as st
from PIL import Image
from streamlit.runtime.context import ContextProxy

from pages.quiz.classroom import host_address, host_way_in
from pages.quiz.classroom.host_address import ClassAddress, class_addresses
from serving.addresses import LocalAddress

NETWORKS = [
    LocalAddress(ip_address("192.168.1.20"), "wlan0"),
    LocalAddress(ip_address("172.17.0.1"), "docker0"),
    LocalAddress(ip_address("fd00::2"), "wlan0"),
]
SERVED = {
    "server.address": "::",
    "server.port": 8501,
    "server.sslCertFile": "chain.pem",
    "server.baseUrlPath": "",
    "server.allowedHosts": ["lab.example", "lab7", "lab7.local", "localhost", "192.168.1.20", "127.0.0.1"],
}
"""As `make serve` sets it, called with `--name lab.example`."""


@pytest.fixture(autouse=True)
def networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("serving.addresses.network_addresses", lambda: NETWORKS)
    monkeypatch.setattr(host_address, "host_names", lambda: ["lab7", "lab7.local", "localhost"])


def serve(monkeypatch: pytest.MonkeyPatch, opened: str | None = None, **settings: object) -> list[str]:
    """What is offered with these settings to a teacher whose browser opened that."""
    known = SERVED | {f"server.{name}": value for name, value in settings.items()}
    monkeypatch.setattr(st, "get_option", known.__getitem__)
    monkeypatch.setattr(ContextProxy, "url", property(lambda _self: opened))
    return [address.in_a_list for address in class_addresses()]


def test_phones_get_the_addresses_and_names_that_the_terminal_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    assert serve(monkeypatch, "https://localhost:8501/quiz") == [
        "https://192.168.1.20:8501 (wlan0)",
        "https://172.17.0.1:8501 (docker0)",
        "https://[fd00::2]:8501 (wlan0)",
        "https://lab.example:8501",
        "https://lab7.local:8501",
    ]


def test_the_address_that_the_teacher_is_at_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    assert serve(monkeypatch, "https://172.17.0.1:8501/quiz")[:2] == [
        "https://172.17.0.1:8501 (docker0)",
        "https://192.168.1.20:8501 (wlan0)",
    ]
    # Behind somebody's proxy this server knows nothing of the address.
    behind = {"address": "localhost", "sslCertFile": None}
    assert serve(monkeypatch, "https://raut.example/class/quiz", **behind) == ["https://raut.example/class"]


def test_a_server_of_this_computer_alone_offers_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for address in ("localhost", "127.0.0.1", "::1"):
        assert serve(monkeypatch, "http://127.0.0.1:8501/quiz", address=address, sslCertFile=None) == []
    assert host_address.own_address().of_room("12345678") == "http://localhost:8501/quiz?room=12345678"


def test_one_address_that_is_listened_to_is_the_one_that_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    assert serve(monkeypatch, None, address="10.0.0.5", allowedHosts=[], baseUrlPath="/raut/") == [
        "https://10.0.0.5:8501/raut"
    ]


def test_the_qr_code_leads_into_the_room() -> None:
    url = ClassAddress("https://192.168.1.20:8501").of_room("48217390")
    assert url == "https://192.168.1.20:8501/quiz?room=48217390"
    png = base64.b64decode(host_way_in._qr_code(url).partition(",")[2])
    picture_gray = np.asarray(Image.open(io.BytesIO(png)).convert("L"))
    assert cv2.QRCodeDetector().detectAndDecode(picture_gray)[0] == url

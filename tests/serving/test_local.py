"""The server for this computer alone: `streamlit run app.py`, behind the checks of `make serve`."""

from __future__ import annotations

import tomllib
from ipaddress import ip_address
from typing import Any

import pytest
from streamlit import config
from streamlit.runtime.pages_manager import PagesManager
from streamlit.web import cli
from streamlit.web.server.starlette import starlette_app, starlette_server

from fer_core.places import ACCESS_CODE_VARIABLE, PROJECT_DIR
from serving import local
from serving.addresses import LocalAddress
from serving.door import LARGEST_MESSAGE
from serving.same_site import THIS_COMPUTER
from tests.serving.knocking import knock


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What Streamlit is set to."""
    settings: dict[str, Any] = {
        "server.address": "localhost",
        "server.port": 8502,
        "server.allowedHosts": ["localhost"],
        "server.baseUrlPath": "",
    }
    monkeypatch.setattr(config, "get_option", settings.__getitem__)
    monkeypatch.setattr(config, "set_option", settings.__setitem__)
    monkeypatch.delenv(ACCESS_CODE_VARIABLE, raising=False)
    return settings


def answer(path: str = "/", **headers: str) -> dict[str, Any]:
    pairs = [(key.encode(), value.encode()) for key, value in headers.items()]
    return knock(local.guarded, path=path, headers=pairs)[-1]


def test_it_is_streamlits_server_with_checks_in_front(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PagesManager, "uses_pages_directory", None)
    monkeypatch.setenv(local.HEADERS_OF_PROXIES, "*")
    monkeypatch.setattr(starlette_server, "create_starlette_app", starlette_app.create_starlette_app)
    monkeypatch.setattr(starlette_app, "create_starlette_app", lambda runtime: f"app of {runtime}")
    monkeypatch.setattr(local, "guarded", lambda app: f"guarded {app}")
    started: list[Any] = []

    def start(arguments: list[str], prog_name: str) -> None:
        made = starlette_server.create_starlette_app("runtime")  # type: ignore[attr-defined]
        proxies = local.os.environ[local.HEADERS_OF_PROXIES]
        started.append((arguments, prog_name, PagesManager.uses_pages_directory, made, proxies))

    monkeypatch.setattr(cli, "main", start)
    local.main(["--server.port", "8502"])
    arguments = ["run", str(PROJECT_DIR / "app.py"), "--server.port", "8502"]
    assert started == [(arguments, "streamlit", False, "guarded app of runtime", "")]


@pytest.mark.parametrize("host", ["localhost:8502", "127.0.0.1:8502", "[::1]:8502", "127.0.0.1"])
def test_it_answers_under_the_names_of_this_computer(settings: dict[str, Any], host: str) -> None:
    assert answer(host=host, origin=f"http://{host}") == {"type": "inside"}


def test_it_says_what_to_do_under_any_other(settings: dict[str, Any]) -> None:
    assert b"Open http://localhost:8502" in answer(host="elsewhere.example:8502")["body"]
    assert (
        b"not those of another site"
        in answer(host="localhost:8502", origin="http://elsewhere.example")["body"]
    )
    assert settings["server.allowedHosts"] == ["localhost", "127.0.0.1", "::1"]


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "", None])
def test_who_opens_it_to_the_network_is_reached_by_every_name(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, Any], address: str | None
) -> None:
    monkeypatch.setattr(
        local, "network_addresses", lambda: [LocalAddress(ip_address("192.168.1.20"), "wlan0")]
    )
    monkeypatch.setattr(local, "host_names", lambda: ["lab-7", "lab-7.local", "localhost"])
    settings["server.address"] = address
    for host in ("192.168.1.20:8502", "lab-7.local:8502", "localhost:8502"):
        assert answer(host=host) == {"type": "inside"}
    assert "body" in answer(host="elsewhere.example")


def test_a_person_may_name_an_address_and_further_names(settings: dict[str, Any]) -> None:
    settings["server.address"] = "192.168.1.20"
    settings["server.allowedHosts"] = ["raut.school.example"]
    for host in ("192.168.1.20:8502", "raut.school.example", "localhost"):
        assert answer(host=host) == {"type": "inside"}
    assert "body" in answer(host="192.168.1.21")


def test_where_a_code_is_asked_for_the_door_is_there_too(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, Any]
) -> None:
    assert answer("/_stcore/metrics", host="localhost") == {"type": "inside"}
    monkeypatch.setenv(ACCESS_CODE_VARIABLE, "48217390")
    assert answer("/_stcore/metrics", host="localhost") == {"type": "http.response.body", "body": b""}
    settings["server.baseUrlPath"] = "raut/"
    assert answer("/raut/_stcore/metrics", host="localhost") == {"type": "http.response.body", "body": b""}


def test_streamlit_run_alone_takes_connections_under_the_names_of_this_computer_only() -> None:
    settings = tomllib.loads((PROJECT_DIR / ".streamlit" / "config.toml").read_text("utf-8"))["server"]
    assert settings["address"] == "localhost"
    assert settings["allowedHosts"] == list(THIS_COMPUTER)
    assert settings["enableCORS"] and settings["enableXsrfProtection"]
    assert settings["maxWidgetStateSize"] * 1_000_000 == LARGEST_MESSAGE

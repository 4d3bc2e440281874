"""Who may use the lab of `make serve`: whoever sits at the computer, and visitors where the teacher allows it."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from fer_core.places import ACCESS_CODE_VARIABLE, LAB_VISITORS_VARIABLE
from pages.lab import allowed
from serving import addresses
from serving.addresses import LocalAddress, ip_address, is_this_computer

VISITORS = ("192.168.1.7", "::ffff:192.168.1.7", "fd00::7", None, "")
HERE = ("127.0.0.1", "::1", "::ffff:127.0.0.1", "192.168.1.20", "::ffff:192.168.1.20")


@pytest.fixture(autouse=True)
def one_network(monkeypatch: pytest.MonkeyPatch) -> None:
    own = [LocalAddress(ip_address("192.168.1.20"), "eth0")]
    monkeypatch.setattr(addresses, "network_addresses", lambda: own)


@pytest.mark.parametrize("address", VISITORS + HERE)
def test_this_computer_is_known_by_its_own_addresses(address: str | None) -> None:
    assert is_this_computer(address) == (address in HERE)


@pytest.mark.parametrize(
    ("code", "setting", "address", "may"),
    [
        ("", "", "192.168.1.7", True),  # `make run`
        ("48217390", "", "192.168.1.7", False),
        ("48217390", "0", "192.168.1.7", False),
        ("48217390", "1", "192.168.1.7", True),
        ("48217390", "", "127.0.0.1", True),
        ("48217390", "", "192.168.1.20", True),
        ("48217390", "", None, False),  # a connection that has ended
    ],
)
def test_the_lab_is_closed_for_visitors_unless_the_teacher_opens_it(
    monkeypatch: pytest.MonkeyPatch, code: str, setting: str, address: str | None, may: bool
) -> None:
    monkeypatch.setenv(ACCESS_CODE_VARIABLE, code)
    monkeypatch.setenv(LAB_VISITORS_VARIABLE, setting)
    monkeypatch.setattr(allowed, "connected_address", lambda: address)
    assert allowed.lab_allowed() == may


def test_the_card_says_what_the_teacher_does() -> None:
    def page() -> None:
        from pages.lab.allowed import not_allowed

        not_allowed()

    app = AppTest.from_function(page, default_timeout=60).run()
    assert not app.exception
    assert app.subheader[0].value == "The lab is closed for visitors"
    assert app.code[0].value == f"{LAB_VISITORS_VARIABLE}=1 make serve"

from __future__ import annotations

import socket
from ipaddress import IPv4Address, ip_address
from types import SimpleNamespace

import pytest

from serving import addresses
from serving.addresses import LocalAddress, host_names, network_addresses


def adapters(monkeypatch: pytest.MonkeyPatch, **interfaces: list[object]) -> None:
    """Interfaces as ifaddr tells them: IPv4 as text, IPv6 as (text, flow, scope)."""
    monkeypatch.setattr(
        addresses.ifaddr,
        "get_adapters",
        lambda: [
            SimpleNamespace(nice_name=name, ips=[SimpleNamespace(ip=ip) for ip in ips])
            for name, ips in interfaces.items()
        ],
    )


def test_loopback_and_addresses_of_one_link_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    adapters(
        monkeypatch,
        lo=["127.0.0.1", ("::1", 0, 0)],
        eth0=["192.168.1.20", ("fd00::2", 0, 0), ("fe80::1", 0, 2)],
    )
    assert [str(a.ip) for a in network_addresses()] == ["192.168.1.20", "fd00::2"]


def test_the_address_on_the_way_out_stands_first(monkeypatch: pytest.MonkeyPatch) -> None:
    adapters(
        monkeypatch,
        eth0=[("2001:db8::7", 0, 0), "169.254.3.4"],
        docker0=["172.17.0.1"],
        wlan0=["192.168.1.20"],
    )
    monkeypatch.setattr(addresses, "_preferred_ipv4", lambda: IPv4Address("192.168.1.20"))
    order = ["192.168.1.20", "172.17.0.1", "169.254.3.4", "2001:db8::7"]
    assert [str(a.ip) for a in network_addresses()] == order


def test_without_a_way_out_there_are_addresses_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    adapters(monkeypatch, eth0=["10.0.0.5"])

    def no_route(*_arguments: object) -> None:
        raise OSError("Network is unreachable")

    monkeypatch.setattr(socket.socket, "connect", no_route)
    assert [str(a.ip) for a in network_addresses()] == ["10.0.0.5"]


def test_a_computer_without_network_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    adapters(monkeypatch, lo=["127.0.0.1", ("::1", 0, 0)])
    assert network_addresses() == []


@pytest.mark.parametrize(
    ("ip", "url"),
    [("192.168.1.20", "https://192.168.1.20:8501"), ("fd00::2", "https://[fd00::2]:8501")],
)
def test_an_address_is_written_as_browsers_take_it(ip: str, url: str) -> None:
    assert LocalAddress(ip_address(ip), "eth0").url(8501) == url


@pytest.mark.parametrize(
    ("own", "names"),
    [
        ("Lab-7", ["lab-7", "lab-7.local", "localhost"]),
        ("lab7.school.example", ["lab7.school.example", "lab7", "lab7.local", "localhost"]),
        ("mac.local", ["mac.local", "mac", "localhost"]),
        ("Bu Sari's PC", ["localhost"]),
        ("localhost", ["localhost", "localhost.local"]),
    ],
)
def test_names_are_those_that_a_network_can_know(
    monkeypatch: pytest.MonkeyPatch, own: str, names: list[str]
) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: own)
    assert host_names() == names

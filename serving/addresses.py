"""The addresses and names under which other computers reach this one."""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

import ifaddr

DNS_NAME = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*", re.ASCII)
ANY_OTHER_NETWORK = "192.0.2.1"  # RFC 5737: belongs to nobody


@dataclass(frozen=True)
class LocalAddress:
    """One address of one network interface."""

    ip: IPv4Address | IPv6Address
    interface: str

    def url(self, port: int, scheme: str = "https") -> str:
        """ "https://192.168.1.20:8501", "https://[fd00::2]:8501"."""
        host = f"[{self.ip}]" if self.ip.version == 6 else str(self.ip)
        return f"{scheme}://{host}:{port}"


def _preferred_ipv4() -> IPv4Address | None:
    """The address that this computer would use towards another network; None when there is no way out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((ANY_OTHER_NETWORK, 9))  # picks a route; UDP sends nothing here
            return IPv4Address(probe.getsockname()[0])
        except OSError:
            return None


def network_addresses() -> list[LocalAddress]:
    """Addresses of all interfaces that a browser elsewhere can open, the likeliest first.

    Loopback is left out, and so are IPv6 addresses that hold on one link only (fe80::…): they need the name
    of the visitor's own interface, which no browser takes.
    """
    found = [
        LocalAddress(ip_address(ip.ip if isinstance(ip.ip, str) else ip.ip[0]), adapter.nice_name)
        for adapter in ifaddr.get_adapters()
        for ip in adapter.ips
    ]
    usable = [
        address
        for address in found
        if not address.ip.is_loopback and not (address.ip.version == 6 and address.ip.is_link_local)
    ]
    preferred = _preferred_ipv4()
    return sorted(
        usable,
        # A cable between two computers without a router gives 169.254.…: usable, but seldom meant.
        key=lambda a: (a.ip != preferred, a.ip.version, a.ip.is_link_local, a.interface, int(a.ip)),
    )


def addresses_listened_to(host: str) -> list[LocalAddress]:
    """Where browsers find a server, the likeliest address first.

    Args:
        host: what its socket is bound to: an address, or "0.0.0.0" or "::" for every one of this computer.

    Returns:
        Empty where this computer is in no network.

    Raises:
        ValueError: no address.
    """
    ip = ip_address(host)
    return network_addresses() if ip.is_unspecified else [LocalAddress(ip, "")]


def is_this_computer(address: str | None) -> bool:
    """Whether the other side of a connection is this computer: its loopback, or one of its addresses in a network.

    Args:
        address: of the connection; None and what is no address belong to somebody else.
    """
    try:
        ip = ip_address((address or "").partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, IPv6Address):
        ip = ip.ipv4_mapped or ip  # a socket for both versions says ::ffff:127.0.0.1
    return ip.is_loopback or any(ip == each.ip for each in network_addresses())


def host_names() -> list[str]:
    """Names of this computer, "localhost" last: as it calls itself, and as mDNS does (`….local`)."""
    own = socket.gethostname().lower().rstrip(".")
    names = [own, own.split(".")[0], f"{own.split('.')[0]}.local", "localhost"]
    # A computer may call itself something that is no name on a network ("Bu Sari's PC").
    return [name for name in dict.fromkeys(names) if DNS_NAME.fullmatch(name)]

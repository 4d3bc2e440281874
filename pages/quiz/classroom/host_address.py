"""Where phones find this server: its addresses, one of them chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

import streamlit as st

from pages.ui.i18n import _
from serving.addresses import DNS_NAME, addresses_listened_to, host_names

ADDRESS_KEY: Final = "quiz_host_address"
"""Session key of the list of addresses."""


@dataclass(frozen=True)
class ClassAddress:
    """One address of this server.

    Attributes:
        url: "https://192.168.1.20:8501", without a slash at its end.
        note: name of the network interface, or "".
    """

    url: str
    note: str = ""

    def of_room(self, code: str) -> str:
        """The address that lets a phone join at once."""
        return f"{self.url}/quiz?room={code}"

    @property
    def in_a_list(self) -> str:
        """With the interface, so that two addresses are told apart."""
        return f"{self.url} ({self.note})" if self.note else self.url

    @property
    def is_certified_here(self) -> bool:
        """Whether browsers warn of a certificate that this computer made itself."""
        return self.url.startswith("https:") and bool(st.get_option("server.sslCertFile"))


def class_addresses() -> list[ClassAddress]:
    """Where phones find this server, the likeliest first; empty where only this computer does.

    The address that the teacher's own browser is at comes first, unless it means "this computer": it is known to work.
    Then come those that `make serve` names, in its order.
    """
    listens_to = str(st.get_option("server.address") or "0.0.0.0")
    try:
        found = [one for one in addresses_listened_to(listens_to) if not one.ip.is_loopback]
    except ValueError:  # a name, such as "localhost"
        found = []
    scheme, port, path = _server()
    notes = {f"{one.url(port, scheme)}{path}": one.interface for one in found}
    if found:
        notes |= {f"{scheme}://{name}:{port}{path}": "" for name in _names_given()}
    own = _browsers_own()
    ordered = [*([own] if own else []), *(url for url in notes if url != own)]
    return [ClassAddress(url, notes.get(url, "")) for url in ordered]


def own_address() -> ClassAddress:
    """Where a browser on this computer finds this server."""
    scheme, port, path = _server()
    return ClassAddress(f"{scheme}://localhost:{port}{path}")


def chosen_address(addresses: Sequence[ClassAddress]) -> ClassAddress:
    """The one that the teacher chose, else the first.

    Args:
        addresses: one or more.
    """
    chosen = st.session_state.get(ADDRESS_KEY)
    return next((one for one in addresses if one.in_a_list == chosen), addresses[0])


def address_control(addresses: Sequence[ClassAddress]) -> None:
    """A list to choose the address from, where there are several."""
    if len(addresses) > 1:
        st.selectbox(
            _("Address for phones"),
            [one.in_a_list for one in addresses],
            key=ADDRESS_KEY,
            persist_state="session",
            help=_("Choose the one that the phones get through to."),
        )


def _server() -> tuple[str, int, str]:
    """Scheme, port and path before a page's name."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    scheme = "https" if st.get_option("server.sslCertFile") else "http"
    return scheme, int(st.get_option("server.port")), f"/{base}" if base else ""


def _names_given() -> list[str]:
    """Names under which this server answers and that a network may know: of `--name`, and `….local`."""
    own = host_names()
    return [
        name
        for name in st.get_option("server.allowedHosts")
        if DNS_NAME.fullmatch(name)
        and not _is_ip(name)
        and name != "localhost"
        and (name not in own or name.endswith(".local"))
    ]


def _browsers_own() -> str | None:
    """What the teacher's browser has in its address line, without the page; None where that means this computer."""
    parts = urlsplit(st.context.url or "")
    name = parts.hostname or ""
    is_local = ip_address(name).is_loopback if _is_ip(name) else name in ("", "localhost")
    if is_local or parts.scheme not in ("http", "https"):
        return None
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/').removesuffix('/quiz')}"


def _is_ip(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True

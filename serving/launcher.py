"""`python -m serving` (`make serve`): open Raut to the local network, over HTTPS, behind an access code."""

from __future__ import annotations

import argparse
import errno
import os
import socket
import sys
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TYPE_CHECKING, Any

import segno

from fer_core.codes import new_code, normalized, spoken
from fer_core.errors import RautError
from fer_core.places import ACCESS_CODE_VARIABLE, PROJECT_DIR, serve_dir
from fer_core.streams import prepare_standard_streams, tell
from serving.access import GATEKEEPER, LONGEST, SHORTEST
from serving.addresses import (
    DNS_NAME,
    LocalAddress,
    addresses_listened_to,
    host_names,
    network_addresses,
)
from serving.certificate import Certificate, certificate_for
from serving.door import Door
from serving.errors import ServingError
from serving.same_site import THIS_COMPUTER, SameSite
from serving.server import Server, configuration, raise_open_files
from serving.visits import Limits, Visits

if TYPE_CHECKING:
    from starlette.types import ASGIApp
    from streamlit.runtime.session_manager import SessionInfo

APP = PROJECT_DIR / "app.py"
ADVICE = (
    "Open an address that the terminal shows; for another name, start it with python -m serving --name NAME."
)


def dns_name(text: str) -> str:
    """A name in small letters, for `argparse`."""
    name = text.lower()
    if not DNS_NAME.fullmatch(name):
        raise argparse.ArgumentTypeError(
            f"“{text}” is no name on a network. Use letters from a to z, digits, hyphens and dots only, without "
            "https:// and port: lab-7.local"
        )
    return name


def options_of(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m serving",
        description="Open Raut to the local network: HTTPS, an access code, a QR code. Ctrl+C ends it.",
        epilog=f"The access code is new at every start, unless {ACCESS_CODE_VARIABLE} holds one.",
    )
    parser.add_argument("--port", type=int, default=8501, help="default: 8501")
    parser.add_argument(
        "--address",
        type=ip_address,
        metavar="IP",
        help="listen on this address only; default: on all of this computer's",
    )
    parser.add_argument(
        "--name",
        action="append",
        type=dns_name,
        default=[],
        help="a further name under which visitors reach this computer, for the certificate; may be repeated",
    )
    return parser.parse_args(arguments)


def served_addresses(chosen: IPv4Address | IPv6Address | None) -> list[LocalAddress]:
    """Where visitors find Raut, the likeliest address first.

    Raises:
        ServingError: this computer is in no network.
    """
    addresses = addresses_listened_to(listening_host(chosen))
    if not addresses:
        raise ServingError(
            "This computer is in no network: it has no address but its own (127.0.0.1). Connect a cable or "
            "join a Wi-Fi network, then start again. For this computer alone use: make run"
        )
    return addresses


def listening_host(chosen: IPv4Address | IPv6Address | None) -> str:
    """What the server's socket is bound to: one address, or every one, IPv6 included where there is any."""
    if chosen is not None:
        return str(chosen)
    return "::" if socket.has_dualstack_ipv6() else "0.0.0.0"


def bound_socket(host: str, port: int) -> socket.socket:
    """A socket with that address, which does not listen yet: nobody is to wait until Raut has started.

    Raises:
        ServingError: somebody else listens there, or this computer does not have that address.
    """
    bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        if os.name == "posix":  # elsewhere that would share the port with whoever listens there
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if bound.family == socket.AF_INET6:
            bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, host != "::")
        bound.bind((host, port))
        return bound
    except OverflowError as error:
        bound.close()
        raise ServingError("A port is a number from 1 to 65535, and not {port}.", port=str(port)) from error
    except OSError as error:
        bound.close()
        if error.errno == errno.EADDRNOTAVAIL:
            raise ServingError(
                "{host} is no address of this computer. It has: {addresses}.",
                host=host,
                addresses=", ".join(str(a.ip) for a in network_addresses()) or "none but 127.0.0.1",
            ) from error
        raise ServingError(
            "Port {port} cannot be used ({reason}). Perhaps Raut runs already: stop it there with Ctrl+C, or "
            "choose another port: make serve PORT=8502",
            port=str(port),
            reason=os.strerror(error.errno) if error.errno else type(error).__name__,
        ) from error


def access_code() -> tuple[str, bool]:
    """The code, and whether it was made just now rather than given by `RAUT_ACCESS_CODE`.

    Raises:
        ServingError: the given code is too short or too long, or a new one would be written to a file.
    """
    given = os.environ.get(ACCESS_CODE_VARIABLE, "")
    if given:
        if not SHORTEST <= len(normalized(given)) <= len(given) <= LONGEST:
            raise ServingError(
                "The access code in {variable} has the wrong length. Use {low} to {high} letters or digits, "
                "or leave it out to have one made.",
                variable=ACCESS_CODE_VARIABLE,
                low=SHORTEST,
                high=LONGEST,
            )
        return given, False
    if not sys.stdout.isatty():
        raise ServingError(
            "A new access code is shown in a terminal only, so that no log keeps it. Start Raut in a "
            "terminal, or set {variable}.",
            variable=ACCESS_CODE_VARIABLE,
        )
    return new_code(), True


def qr_code(url: str) -> str:
    """Lines of half blocks, white on black whatever the terminal's colours are."""
    lines = segno.make(url, micro=False, error="m")
    rows = [tuple(row) for row in lines.matrix_iter(border=2)]
    if len(rows) % 2:
        rows.append((0,) * len(rows[0]))
    blocks = {(0, 0): "█", (0, 1): "▀", (1, 0): "▄", (1, 1): " "}  # a light module is a lit one
    return "\n".join(
        "  \033[97;40m" + "".join(blocks[pair] for pair in zip(upper, lower, strict=True)) + "\033[0m"
        for upper, lower in zip(rows[::2], rows[1::2], strict=True)
    )


def welcome(
    addresses: list[LocalAddress], port: int, code: str | None, certificate: Certificate, names: list[str]
) -> str:
    """What the person at this computer reads; `code` is None when it must not be repeated."""
    rows = [(a.url(port), a.interface) for a in addresses]
    rows += [(f"https://{name}:{port}", "where the network knows names") for name in names]
    width = max(len(url) for url, _ in rows)
    lines = ["", "Raut is open to this network. Ctrl+C ends it.", ""]
    lines += [f"  {url:<{width}}  {note}".rstrip() for url, note in rows]
    if sys.stdout.isatty() and (sys.stdout.encoding or "").lower().startswith("utf"):
        lines += ["", qr_code(addresses[0].url(port))]
    shown = spoken(code) if code else f"the one in {ACCESS_CODE_VARIABLE}"
    made = "made just now" if certificate.made_now else "as before"
    lines += [
        "",
        f"  Access code:  {shown}",
        "",
        "The browser warns once, since this computer made its certificate itself: choose Advanced, then",
        "continue. Whoever wants to be sure looks at the certificate first and compares its fingerprint",
        f"(SHA-256, {made}, until {certificate.expires:%Y-%m-%d}):",
        f"  {certificate.fingerprint[:47]}",
        f"  {certificate.fingerprint[48:]}",
        "iPhones and iPads have to trust it first: see docs/serving.md",
        "",
    ]
    return "\n".join(lines)


def serve(options: argparse.Namespace) -> None:
    """Serve until Ctrl+C.

    Raises:
        ServingError: no network, no such address, a busy port, a bad code, a folder that cannot be written.
    """
    addresses = served_addresses(options.address)
    host = listening_host(options.address)
    with bound_socket(host, options.port) as listener:
        code, made = access_code()
        names = [*options.name, *host_names()]
        certificate = certificate_for(names, [a.ip for a in addresses], serve_dir())
        os.environ[ACCESS_CODE_VARIABLE] = code
        # Another site cannot pretend to be this one by pointing its name here.
        known = list(dict.fromkeys([*names, *(str(a.ip) for a in addresses), *THIS_COMPUTER]))
        visits = Visits(Limits.within(raise_open_files()))
        app = SameSite(
            Door(streamlit_app(host, options.port, certificate, known), GATEKEEPER, visits), known, ADVICE
        )
        local = [name for name in names if name.endswith(".local")]
        print(
            welcome(addresses, options.port, code if made else None, certificate, [*options.name, *local]),
            flush=True,
        )
        Server(configuration(app, host, options.port, certificate), listener, visits).run()


def streamlit_app(host: str, port: int, certificate: Certificate, known: list[str]) -> ASGIApp:
    """Streamlit with `app.py` and the settings of `make serve`, not started yet.

    Args:
        host: the address that is listened to.
        port: the one that is listened to.
        certificate: with which pages are served.
        known: names and addresses under which browsers may come.
    """
    # Streamlit takes the first of these as the place of `.streamlit` and as a place of modules.
    sys.argv = [str(APP)]
    os.chdir(PROJECT_DIR)

    import streamlit as st
    from streamlit.runtime.pages_manager import PagesManager
    from streamlit.web import bootstrap

    # Else the very first visit could open a page's file without app.py, which asks for the code, around it.
    PagesManager.uses_pages_directory = False
    forget_sessions_without_the_code()
    app: ASGIApp = st.App(str(APP))
    settings: dict[str, Any] = {
        "server.address": host,
        "server.port": port,
        "server.baseUrlPath": "",
        "server.sslCertFile": str(certificate.chain_file),
        "server.sslKeyFile": str(certificate.key_file),
        "server.allowedHosts": known,
        "server.headless": True,
        "logger.hideWelcomeMessage": True,
    }
    bootstrap.load_config_options(settings)
    return app


def forget_sessions_without_the_code() -> None:
    """Streamlit keeps a session for two minutes after its page was closed; not one that never typed a code."""
    from streamlit.runtime import memory_session_storage

    class Storage(memory_session_storage.MemorySessionStorage):
        def save(self, session_info: SessionInfo) -> None:
            if GATEKEEPER.is_in(session_info.session.id):
                super().save(session_info)
            else:
                session_info.session.shutdown()

    setattr(memory_session_storage, "MemorySessionStorage", Storage)  # noqa: B010  a class, which mypy lets nobody set


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve, and return the exit code: 0 ended by Ctrl+C, 1 with a sentence why it could not start."""
    prepare_standard_streams()
    try:
        serve(options_of(arguments))
    except RautError as error:
        tell(error)
        return 1
    except KeyboardInterrupt:
        pass  # nor need it arrive here: a server that was stopped while it was busy may just return
    tell("Stopped.")
    return 0

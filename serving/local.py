"""`python -m serving.local` (`make run`): Raut for this computer alone, as `streamlit run app.py` with its options."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from ipaddress import ip_address
from typing import TYPE_CHECKING

from fer_core.places import ACCESS_CODE_VARIABLE, PROJECT_DIR, setting
from serving.access import GATEKEEPER
from serving.addresses import host_names, network_addresses
from serving.door import Door
from serving.same_site import THIS_COMPUTER, SameSite
from serving.visits import Limits, Visits

if TYPE_CHECKING:
    from starlette.types import ASGIApp
    from streamlit.runtime import Runtime

HEADERS_OF_PROXIES = "FORWARDED_ALLOW_IPS"
"""Variable of uvicorn: which computers may say on whose behalf they ask."""


def names_for(address: str | None) -> list[str]:
    """Under which names browsers reach a server that listens to this address (`--server.address`)."""
    names = list(THIS_COMPUTER)
    try:
        is_every = not address or ip_address(address).is_unspecified
    except ValueError:
        is_every = False
    if is_every:
        names += [*host_names(), *(str(each.ip) for each in network_addresses())]
    elif address:
        names.append(address)
    return names


def guarded(app: ASGIApp) -> ASGIApp:
    """Streamlit's application, which has read its settings by now, behind the checks of `make serve`."""
    from streamlit import config

    names = list(
        dict.fromkeys(
            [*names_for(config.get_option("server.address")), *config.get_option("server.allowedHosts")]
        )
    )
    config.set_option("server.allowedHosts", names)
    if setting(ACCESS_CODE_VARIABLE):
        base_path = config.get_option("server.baseUrlPath").strip("/")
        visits = Visits(Limits.within(0))  # nobody is counted: connections are Streamlit's own here
        app = Door(app, GATEKEEPER, visits, f"/{base_path}" if base_path else "")
    port = config.get_option("server.port")
    return SameSite(app, names, f"Open http://localhost:{port} on the computer that runs it.")


def main(options: Sequence[str]) -> None:
    """Run the server until Ctrl+C.

    Args:
        options: of `streamlit run`, such as `--server.port 8502`.
    """
    from streamlit.runtime.pages_manager import PagesManager
    from streamlit.web import cli
    from streamlit.web.server.starlette import starlette_app, starlette_server

    # Streamlit would take the folder `pages` for its older kind of many-page app until app.py has run once: a first
    # visit to /webcam would find a box over the page that says there is no such page.
    PagesManager.uses_pages_directory = False

    def make_guarded(runtime: Runtime) -> ASGIApp:
        return guarded(starlette_app.create_starlette_app(runtime))

    setattr(starlette_server, "create_starlette_app", make_guarded)  # noqa: B010  what its server makes
    os.environ[HEADERS_OF_PROXIES] = ""  # nobody
    cli.main(["run", str(PROJECT_DIR / "app.py"), *options], prog_name="streamlit")


if __name__ == "__main__":
    main(sys.argv[1:])

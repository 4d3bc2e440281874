"""Put on PYTHONPATH by a browser test: video where there is no network, and a lost browser found out sooner.

aioice never offers 127.0.0.1, so on a machine with nothing but the loopback interface (a container in CI)
no video connects. Where there is another address, nothing changes.

It asks every 5 s whether the browser is still there, and gives up after six times without an answer.
`RAUT_TEST_CONSENT_S` has it ask more often.
"""

import os

import aioice.ice

_host_addresses = aioice.ice.get_host_addresses


def _host_addresses_or_loopback(use_ipv4: bool, use_ipv6: bool) -> list[str]:
    return _host_addresses(use_ipv4, use_ipv6) or ["127.0.0.1"]


aioice.ice.get_host_addresses = _host_addresses_or_loopback
aioice.ice.CONSENT_INTERVAL = float(os.environ.get("RAUT_TEST_CONSENT_S", aioice.ice.CONSENT_INTERVAL))

"""Put on PYTHONPATH by a browser test: lets a server without any network reach a browser beside it.

aioice never offers 127.0.0.1, so on a machine with nothing but the loopback interface (a container in CI)
no video connects. Where there is another address, nothing changes.
"""

import aioice.ice

_host_addresses = aioice.ice.get_host_addresses


def _host_addresses_or_loopback(use_ipv4: bool, use_ipv6: bool) -> list[str]:
    return _host_addresses(use_ipv4, use_ipv6) or ["127.0.0.1"]


aioice.ice.get_host_addresses = _host_addresses_or_loopback

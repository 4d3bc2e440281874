"""What is chosen on the page Quiz besides the set of faces: the way and the network stand in the address.

A value that is not possible gives a sentence, and the default holds.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

from pages.ui.address import parameters as address

Way = Literal["alone", "class"]

PAGE: Final = "quiz"
"""Name for `pages.ui.address.parameters.come_back`."""

WAY: Final = "way"
"""Parameter of the address: one of `WAYS`."""
NETWORK: Final = "network"
"""Parameter: id of the network that answers."""
WAYS: Final[tuple[Way, ...]] = get_args(Way)


def put(name: str, text: str | None) -> None:
    """Change a parameter of the address; see `pages.ui.address.parameters.put`."""
    address.put({name: text}, page=PAGE)


def choose_way(way: Way) -> None:
    """The other way; to be called in a callback."""
    put(WAY, None if way == WAYS[0] else way)

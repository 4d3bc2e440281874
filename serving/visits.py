"""Who is connected, how many may be, and who has to give way.

The bounds are for connections of people who have not typed the access code, a network each: an IPv4 address, or the
/64 in which an IPv6 address lies. Whoever is in is counted only against the bound for all. docs/serving.md says how
the numbers were chosen.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from ipaddress import IPv6Address, ip_address

WAIT_S = 10.0
"""How long a connection may be without a whole request: TLS, headers, the pause between two requests."""
GREET_S = 2.0
"""How long a connection that has not asked yet is spared when another one may give way to a newcomer."""
WORK_S = 1.0
"""How long an answer is spared: then somebody reads it slowly, or not at all."""
CODELESS_S = 600.0
"""How long a page may be open without the access code."""

Peer = tuple[str, int]
"""Address and port of the other side, as the socket and ASGI give them."""


@dataclass(frozen=True)
class Limits:
    """How many connections there may be.

    Attributes:
        overall: connections in all.
        of_network: connections of one network that are not in.
        reserved: connections of this computer itself beyond `overall`, so that its owner always gets in.
        codeless: pages in all that are open without the access code.
        codeless_of_network: such pages of one network.
    """

    overall: int
    of_network: int
    reserved: int
    codeless: int
    codeless_of_network: int

    @classmethod
    def within(cls, open_files: int) -> Limits:
        """Bounds that leave files for everything else.

        A page that is open takes four: its connection and the event loop of Streamlit's session. Streamlit keeps that
        loop for two minutes after somebody who typed the code has left, and of at most 128 sessions.
        """
        overall = min(1000, open_files // 3)
        codeless = min(200, open_files // 16)
        return cls(overall, overall * 3 // 4, 16, codeless, codeless * 3 // 4)


class State(Enum):
    """What a connection is doing."""

    WAITING = "sends no whole request"
    WORKING = "is being answered"
    CODELESS = "holds a page open, without the code"
    IN = "belongs to somebody who typed the code"


def _nothing() -> bool:
    return False


@dataclass(eq=False)
class Visit:
    """One connection.

    Attributes:
        peer: the other side.
        network: what it is counted with.
        close: ends the connection at once.
        let_speak: called when its visitor has typed the code.
        is_sending: whether something is still on its way to the visitor.
        state: what it is doing.
        since: when that began.
        is_answered: while it is `WORKING`: whether only the sending is left.
        is_open: whether it counts.
    """

    peer: Peer
    network: str
    close: Callable[[], object]
    let_speak: Callable[[], object] = field(default=_nothing)
    is_sending: Callable[[], bool] = field(default=_nothing)
    state: State = State.WAITING
    since: float = 0.0
    is_answered: bool = False
    is_open: bool = True


def network_of(host: str) -> str:
    """What one visitor has one of: the IPv4 address, or the /64 of an IPv6 address.

    An address that holds on one link only (fe80::…) stands for itself: all devices of the link share its /64.
    """
    address = ip_address(host.partition("%")[0])
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        if not address.is_link_local:
            return f"{IPv6Address(int(address) >> 64 << 64)}/64"
    return str(address)


class Visits:
    """All connections. Used by the thread of the server's event loop alone.

    Where a bound is reached, the connection that has waited longest gives way to the newcomer, one of the network that
    has most; so nobody who connects often can keep others out.

    Args:
        limits: how many there may be.
        clock: seconds that never go back.
    """

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self.limits = limits
        self._clock = clock
        self._by_peer: dict[Peer, Visit] = {}
        # Within a state, who came to it first comes first.
        self._networks: dict[str, dict[State, dict[Visit, None]]] = {}

    def __len__(self) -> int:
        return len(self._by_peer)

    def arrive(self, peer: Peer, *, is_local: bool, close: Callable[[], object]) -> Visit | None:
        """Count a new connection, and close another one for it if need be; None when this one has to be closed.

        Args:
            peer: of the other side.
            is_local: whether that is this computer.
            close: ends the connection at once.
        """
        network = network_of(peer[0])
        if self._outside(network) >= self.limits.of_network and not self._end_one_of(network):
            return None
        if len(self) >= self.limits.overall + is_local * self.limits.reserved and not self.make_room():
            return None
        if peer in self._by_peer:  # which has been gone for a moment: nobody else can have its port
            self._end(self._by_peer[peer])
        visit = Visit(peer, network, close, since=self._clock())
        self._by_peer[peer] = visit
        states = self._networks.setdefault(network, {state: {} for state in State})
        states[State.WAITING][visit] = None
        return visit

    def leave(self, visit: Visit) -> None:
        """Its connection is closed; may be called again."""
        if not visit.is_open:
            return
        visit.is_open = False
        visit.close = visit.let_speak = visit.is_sending = (
            _nothing  # nor do they keep the connection's memory
        )
        del self._by_peer[visit.peer]
        states = self._networks[visit.network]
        del states[visit.state][visit]
        if not any(states.values()):
            del self._networks[visit.network]

    def move(self, peer: Peer | None, state: State) -> None:
        """The connection does something else now. One that is not counted here, as with `make run`, is left alone."""
        visit = self._by_peer.get(peer) if peer is not None else None
        if visit is None:
            return
        visit.is_answered = state is State.WAITING and visit.state is not State.WAITING and visit.is_sending()
        if visit.is_answered:
            return
        self._set(visit, state)
        if state is State.IN:
            visit.let_speak()
        if state is State.CODELESS:
            self._bound_codeless(visit.network)

    def _set(self, visit: Visit, state: State) -> None:
        states = self._networks[visit.network]
        del states[visit.state][visit]
        visit.state, visit.since = state, self._clock()
        states[state][visit] = None

    def end_all(self) -> None:
        """Close every connection."""
        for visit in list(self._by_peer.values()):
            self._end(visit)

    def make_room(self) -> bool:
        """Close a connection of the network that has most; whether there was one to close."""
        most = max(self._networks, key=self._outside, default=None)
        return most is not None and self._end_one_of(most)

    def tidy(self) -> None:
        """Close what has waited too long; called every second."""
        now = self._clock()
        for visit in list(self._by_peer.values()):
            if visit.is_answered and not visit.is_sending():
                visit.is_answered = False
                self._set(visit, State.WAITING)
            limit_s = {State.WAITING: WAIT_S, State.CODELESS: CODELESS_S}.get(visit.state)
            if limit_s is not None and now - visit.since >= limit_s:
                self._end(visit)

    def _outside(self, network: str) -> int:
        states = self._networks.get(network)
        return 0 if states is None else sum(len(states[state]) for state in State if state is not State.IN)

    def _end(self, visit: Visit) -> None:
        close = visit.close
        self.leave(visit)
        close()

    def _end_one_of(self, network: str) -> bool:
        states = self._networks[network]
        for state, patience_s in ((State.WAITING, GREET_S), (State.WORKING, WORK_S), (State.WAITING, 0.0)):
            oldest = next(iter(states[state]), None)
            if oldest is not None and self._clock() - oldest.since >= patience_s:
                self._end(oldest)
                return True
        return False

    def _bound_codeless(self, network: str) -> None:
        def codeless(network: str) -> dict[Visit, None]:
            return self._networks[network][State.CODELESS]

        if len(codeless(network)) > self.limits.codeless_of_network:
            self._end(next(iter(codeless(network))))
        if sum(len(codeless(each)) for each in self._networks) > self.limits.codeless:
            self._end(next(iter(codeless(max(self._networks, key=lambda each: len(codeless(each)))))))

from __future__ import annotations

from typing import Any

import pytest

from serving.access import CONNECTION_HEADER, Gatekeeper, Opens
from serving.door import CODELESS_MESSAGES, LARGEST_CODELESS_MESSAGE, Door
from serving.visits import Limits, State, Visit, Visits
from tests.serving.knocking import knock, run

PEER = ("10.0.0.1", 4000)
HEADER = CONNECTION_HEADER.lower().encode()


@pytest.fixture
def gatekeeper() -> Gatekeeper:
    gatekeeper = Gatekeeper()
    gatekeeper.admit("known")
    return gatekeeper


@pytest.fixture
def visits() -> Visits:
    return Visits(Limits.within(4096))


@pytest.fixture
def visit(visits: Visits) -> Visit:
    visit = visits.arrive(PEER, is_local=False, close=lambda: None)
    assert visit
    return visit


def is_open(gatekeeper: Gatekeeper, visits: Visits, method: str, path: str, base_path: str = "") -> bool:
    answer = knock(lambda inside: Door(inside, gatekeeper, visits, base_path), method=method, path=path)[0]
    assert answer["type"] == "inside" or answer["status"] == 403
    return bool(answer["type"] == "inside")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS"])
def test_uploads_are_open_to_the_session_that_typed_the_code(
    gatekeeper: Gatekeeper, visits: Visits, method: str
) -> None:
    assert is_open(gatekeeper, visits, method, "/_stcore/upload_file/known/1")
    assert not is_open(gatekeeper, visits, method, "/_stcore/upload_file/unknown/1")
    assert not is_open(gatekeeper, visits, method, "/_stcore/upload_file/")


def test_the_same_holds_behind_a_base_path(gatekeeper: Gatekeeper, visits: Visits) -> None:
    assert is_open(gatekeeper, visits, "PUT", "/raut/_stcore/upload_file/known/1", "/raut")
    assert not is_open(gatekeeper, visits, "PUT", "/raut/_stcore/upload_file/unknown/1", "/raut")
    assert not is_open(gatekeeper, visits, "GET", "/raut/_stcore/metrics", "/raut")


def test_a_closed_address_ends_the_connection_instead_of_reading_what_is_sent(
    gatekeeper: Gatekeeper, visits: Visits
) -> None:
    answer = knock(lambda inside: Door(inside, gatekeeper, visits), method="PUT", path="/anything")
    assert dict(answer[0]["headers"])[b"connection"] == b"close"


@pytest.mark.parametrize(
    ("method", "path", "meanwhile"),
    [("GET", "/", State.WORKING), ("PUT", "/_stcore/upload_file/known/1", State.IN)],
)
def test_the_visits_know_what_a_connection_does(
    gatekeeper: Gatekeeper, visits: Visits, visit: Visit, method: str, path: str, meanwhile: State
) -> None:
    seen: list[State] = []

    async def inside(_scope: Any, _receive: Any, _send: Any) -> None:
        seen.append(visit.state)

    knock(lambda _: Door(inside, gatekeeper, visits), method=method, path=path, client=PEER)
    assert seen == [meanwhile]
    assert visit.state is State.WAITING


class Page:
    """A page that connects, with what it says and what comes through to Streamlit and back."""

    def __init__(
        self, door: Any, messages: list[dict[str, Any]], headers: tuple[tuple[bytes, bytes], ...] = ()
    ) -> None:
        self.heard: list[dict[str, Any]] = []
        self.sent: list[dict[str, Any]] = []
        self.scopes: list[dict[str, Any]] = []
        self.typed_code: Any = None
        self._messages = iter([{"type": "websocket.connect"}, *messages, {"type": "websocket.disconnect"}])
        scope = {"type": "websocket", "path": "/_stcore/stream", "headers": list(headers), "client": PEER}
        self.talk = lambda: run(door(self._inside)(scope, self._receive, self._send))

    async def _inside(self, scope: Any, receive: Any, send: Any) -> None:
        self.scopes.append(scope)
        while (message := await receive())["type"] != "websocket.disconnect":
            self.heard.append(message)
            if message.get("bytes") == b"the code":
                self.typed_code(scope)
            await send({"type": "websocket.send", "bytes": b"page"})

    async def _receive(self) -> dict[str, Any]:
        return next(self._messages)

    async def _send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)


def said(size: int) -> dict[str, Any]:
    return {"type": "websocket.receive", "bytes": bytes(size)}


@pytest.mark.parametrize(
    ("messages", "heard"),
    [
        ([said(LARGEST_CODELESS_MESSAGE)], 1),
        ([said(LARGEST_CODELESS_MESSAGE + 1)], 0),
        ([said(4000)] * 100, CODELESS_MESSAGES // 4000),
        ([said(2)] * 300, CODELESS_MESSAGES // 1024),
        ([{"type": "websocket.receive", "text": "hello"}], 0),
    ],
)
def test_little_is_heard_before_the_code(
    gatekeeper: Gatekeeper, visits: Visits, messages: list[dict[str, Any]], heard: int
) -> None:
    page = Page(lambda inside: Door(inside, gatekeeper, visits), messages)
    page.talk()
    assert len(page.heard) == 1 + heard
    closed = [message["type"] for message in page.sent].count("websocket.close")
    assert closed == (heard < len(messages))
    assert not closed or page.sent[-1]["type"] == "websocket.close"


def test_a_page_that_typed_the_code_may_say_more(
    gatekeeper: Gatekeeper, visits: Visits, visit: Visit
) -> None:
    spoken: list[State] = []
    visit.let_speak = lambda: spoken.append(visit.state)
    code = {"type": "websocket.receive", "bytes": b"the code"}
    page = Page(
        lambda inside: Door(inside, gatekeeper, visits), [said(10), code, said(1_000_000), said(1_000_000)]
    )
    page.typed_code = lambda scope: gatekeeper.admit(dict(scope["headers"])[HEADER].decode())
    page.talk()
    assert len(page.heard) == 5
    assert spoken == [State.IN]
    assert not gatekeeper.is_admitted(dict(page.scopes[0]["headers"])[HEADER].decode())  # it has ended


def test_the_page_of_a_guest_may_go_on_and_say_little_at_a_time(
    gatekeeper: Gatekeeper, visits: Visits, visit: Visit
) -> None:
    code = {"type": "websocket.receive", "bytes": b"the code"}
    page = Page(
        lambda inside: Door(inside, gatekeeper, visits),
        [code, *[said(2)] * 1000, said(LARGEST_CODELESS_MESSAGE), said(LARGEST_CODELESS_MESSAGE + 1)],
    )
    page.typed_code = lambda scope: gatekeeper.admit(dict(scope["headers"])[HEADER].decode(), Opens.A_ROOM)
    page.talk()
    assert visit.state is State.IN
    assert len(page.heard) == 1 + 1 + 1000 + 1
    assert page.sent[-1] == {"type": "websocket.close", "code": 1009}


def test_a_guest_that_connects_again_is_known_and_uploads_nothing(
    gatekeeper: Gatekeeper, visits: Visits, visit: Visit
) -> None:
    gatekeeper.admit("guest", Opens.A_ROOM)
    protocol = (b"sec-websocket-protocol", b"streamlit, token, guest")
    page = Page(lambda inside: Door(inside, gatekeeper, visits), [said(2)] * 1000, (protocol,))
    page.talk()
    assert len(page.heard) == 1 + 1000
    assert visit.state is State.IN
    assert not is_open(gatekeeper, visits, "PUT", "/_stcore/upload_file/guest/1")


def test_a_page_that_connects_again_is_known_by_its_session(
    gatekeeper: Gatekeeper, visits: Visits, visit: Visit
) -> None:
    protocol = (b"sec-websocket-protocol", b"streamlit, token, known")
    page = Page(lambda inside: Door(inside, gatekeeper, visits), [said(1_000_000)], (protocol,))
    page.talk()
    assert len(page.heard) == 2
    assert visit.state is State.IN


@pytest.mark.parametrize("protocol", [b"streamlit, token, unknown", b"streamlit, known", b"known", b", , "])
def test_a_page_that_names_another_session_is_not(
    gatekeeper: Gatekeeper, visits: Visits, protocol: bytes
) -> None:
    headers = ((b"sec-websocket-protocol", protocol),)
    page = Page(lambda inside: Door(inside, gatekeeper, visits), [said(1_000_000)], headers)
    page.talk()
    assert len(page.heard) == 1


def test_nobody_can_say_which_connection_theirs_is(
    gatekeeper: Gatekeeper, visits: Visits, visit: Visit
) -> None:
    page = Page(lambda inside: Door(inside, gatekeeper, visits), [], ((HEADER, b"known"),))
    page.talk()
    (named,) = [value for key, value in page.scopes[0]["headers"] if key == HEADER]
    assert len(named) == 32
    assert visit.state is State.CODELESS


def test_the_start_and_end_of_the_server_pass(gatekeeper: Gatekeeper, visits: Visits) -> None:
    assert knock(lambda inside: Door(inside, gatekeeper, visits), type="lifespan") == [{"type": "inside"}]

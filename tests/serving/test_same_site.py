from __future__ import annotations

from typing import Any

import pytest

from serving.same_site import HEADERS, THIS_COMPUTER, SameSite, is_known
from tests.serving.knocking import knock

ADVICE = "Open http://localhost:8501 on the computer that runs it."


def ask(**scope: Any) -> list[dict[str, Any]]:
    return knock(lambda inside: SameSite(inside, THIS_COMPUTER, ADVICE), **scope)


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost:8501", "LOCALHOST:1", "localhost.", "127.0.0.1:8501", "[::1]:8501", "[0:0::1]"],
)
def test_names_of_this_computer(host: str) -> None:
    assert is_known(host, THIS_COMPUTER)


@pytest.mark.parametrize(
    "host",
    [
        None,
        "",
        "elsewhere.example",
        "localhost.elsewhere.example",
        "127.0.0.1.elsewhere.example",
        "elsewhere@localhost",
        "localhost@elsewhere.example",
        "localhost:8501@elsewhere.example",
        "localhost:port",
        "localhost:99999",
        "localhost/",
        "localhost?",
        "localhost#",
        "127.0.0.2",
        "2130706433",
        "::1",  # which has to stand in brackets
        "[::1",
        "[::2]",
        "0.0.0.0",
    ],
)
def test_other_names(host: str | None) -> None:
    assert not is_known(host, THIS_COMPUTER)


def test_a_person_may_allow_names_by_a_star_as_streamlit_does() -> None:
    assert is_known("anything.example", ["*"])
    assert is_known("lab.school.example:80", ["*.school.example"])
    assert not is_known("school.example", ["*.school.example"])
    assert not is_known(None, ["*"])


def test_a_page_under_another_name_gets_a_sentence_and_nothing_else() -> None:
    start, body = ask(headers=[(b"host", b"elsewhere.example")])
    assert start["status"] == 403
    assert dict(start["headers"])[b"content-type"] == b"text/plain; charset=utf-8"
    assert body["body"].decode() == f"Raut does not answer under this name. {ADVICE}\n"


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize(
    ("origin", "passes"),
    [
        (b"http://localhost:8501", True),
        (None, True),  # no browser leaves it out
        (b"http://localhost:9000", False),
        (b"http://127.0.0.1:8501", False),
        (b"https://elsewhere.example", False),
        (b"http://localhost:8501@elsewhere.example", False),
        (b"null", False),
        (b"", False),
    ],
)
def test_only_its_own_pages_are_answered(kind: str, origin: bytes | None, passes: bool) -> None:
    headers = [(b"host", b"localhost:8501")] + ([(b"origin", origin)] if origin is not None else [])
    first = ask(type=kind, path="/_stcore/stream", headers=headers)[0]
    refused = "websocket.close" if kind == "websocket" else "http.response.start"
    assert (first["type"] == "inside") == passes
    assert passes or first["type"] == refused


def test_every_answer_forbids_frames_of_other_sites() -> None:
    async def inside(_scope: Any, _receive: Any, send: Any) -> None:
        headers = [(b"content-type", b"text/html"), (b"X-Frame-Options", b"ALLOWALL")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})

    own = [(b"host", b"localhost")]
    answer = knock(lambda _: SameSite(inside, THIS_COMPUTER, ADVICE), headers=own)[0]
    refusal = ask(headers=[(b"host", b"elsewhere.example")])[0]
    for headers in (answer["headers"], refusal["headers"]):
        for header in HEADERS:
            assert headers.count(header) == 1
    assert b"X-Frame-Options" not in dict(answer["headers"])


def test_the_start_and_end_of_the_server_pass() -> None:
    assert ask(type="lifespan")[0] == {"type": "inside"}

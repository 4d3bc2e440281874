"""The table in docs/serving.md says of every address of Streamlit whether it is open without the code; the door agrees."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest
from starlette.routing import Mount, Route
from streamlit.web.server.starlette.starlette_app import create_streamlit_routes
from streamlit.web.server.starlette.starlette_routes import create_script_health_routes

from fer_core.codes import DIGITS
from fer_core.quiz.rooms import MOST_ROOMS
from serving.access import TRIES_OVERALL, Gatekeeper
from serving.door import CODELESS_MESSAGES, LARGEST_CODELESS_MESSAGE, LARGEST_MESSAGE, SMALLEST_COUNTED, Door
from serving.visits import CODELESS_S, WAIT_S, WORK_S, Limits, Visits
from tests.serving.knocking import knock

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "serving.md"
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "MADEUP")


def documented() -> dict[str, str]:
    """Address to what the table says of it."""
    table = re.search(
        r"^\| address \| without the code \|.*?\n\n", DOCUMENT.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    assert table
    rows = [row.split("|")[1:3] for row in table.group().strip().splitlines()[2:]]
    return {
        address: said.strip() for addresses, said in rows for address in re.findall(r"`([^`]+)`", addresses)
    }


def routes() -> dict[str, Any]:
    runtime = MagicMock(_main_script_path=str(DOCUMENT.parents[1] / "app.py"))
    found = [*create_streamlit_routes(runtime), *create_script_health_routes(runtime, "")]
    return {re.sub(r":path\}", "}", route.path or "/{path}"): route for route in found}


def answers(method: str, path: str) -> bool:
    door = knock(
        lambda inside: Door(inside, Gatekeeper(), Visits(Limits.within(4096))), method=method, path=path
    )
    assert door[0]["type"] == "inside" or door[0]["status"] == 403
    return bool(door[0]["type"] == "inside")


def test_the_table_names_every_address_of_streamlit_and_no_other() -> None:
    assert set(documented()) == set(routes())
    assert all(
        isinstance(route, Route | Mount) for path, route in routes().items() if path != "/_stcore/stream"
    )


@pytest.mark.parametrize("path", sorted(documented()))
def test_the_door_does_what_the_table_says(path: str) -> None:
    said = documented()[path]
    some = re.sub(r"\{\w+\}", "1", path)
    assert said in ("open", "closed", "closed for everyone", "a connection")
    for method in METHODS:
        assert answers(method, some) == (said == "open" and method in ("GET", "HEAD")), method


@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/metrics/",
        "/_stcore/whatever/comes/with/the/next/version",
        "/_stcore/upload_file",
        "/_stcore/upload_file/",
        "/_stcore/upload_file//1",
        "/_stcore/health/",
        "/auth/login/",
    ],
)
def test_what_is_near_to_something_closed_is_closed(path: str) -> None:
    assert not answers("GET", path)


def test_the_bounds_in_the_document_are_those_of_the_server() -> None:
    text = DOCUMENT.read_text("utf-8")
    many = Limits.within(1_000_000)
    kb, mb = 1024, 1_000_000
    for said in (
        f"| {many.overall:,}, or a third of those files |",
        f"| three quarters of that, {many.of_network} |",
        f"| {many.reserved} more than all |",
        f"whose answer takes more than {WORK_S:.0f} s |",
        f"without a whole request | {WAIT_S:.0f} s |",
        f"| {many.codeless}, or one in 16 of the files; three quarters of them for one network |",
        f"| a page without the code | {CODELESS_S / 60:.0f} minutes |",
        f"| {LARGEST_CODELESS_MESSAGE // kb} KB; {CODELESS_MESSAGES // kb} KB, each counted as {SMALLEST_COUNTED // kb} KB",
        f"| {LARGEST_MESSAGE // mb} MB; photos and videos",
        "`ulimit -Hn` below 3,200",
    ):
        assert said in text, said
    guesses = TRIES_OVERALL * 60 * 8
    for codes, what in ((1, "the access code or one certain room"), (1 + MOST_ROOMS, "any of them")):
        assert f"{100 * codes * guesses / 10**DIGITS:.2g}% for {what}" in text
    assert f"with {MOST_ROOMS} rooms open" in text
    assert Limits.within(3200) == many != Limits.within(3199)

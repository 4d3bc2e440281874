"""The addresses of Streamlit that the door closes are still its own."""

from __future__ import annotations

import pytest
from streamlit.web.server.starlette import starlette_routes

from serving.door import METRICS, UPLOADS


@pytest.mark.parametrize(
    ("ours", "name"),
    [(UPLOADS.strip("/"), "BASE_ROUTE_UPLOAD_FILE"), (METRICS.strip("/"), "ROUTE_METRICS")],
)
def test_an_address_that_the_door_closes_is_streamlits(ours: str, name: str) -> None:
    theirs = getattr(starlette_routes, name, None)
    assert theirs is not None, (
        f"Streamlit's routes have no {name} any more; Door in serving/door.py may close the wrong address: look at "
        "streamlit.web.server.starlette.starlette_routes."
    )
    assert theirs.strip("/") == ours, (
        f"Streamlit answers at {theirs} what Door in serving/door.py closes at {ours}: look at "
        "streamlit.web.server.starlette.starlette_routes."
    )

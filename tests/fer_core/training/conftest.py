"""What all trainings of these tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .small_network import small_network_known


@pytest.fixture(scope="module", autouse=True)
def small_network() -> Iterator[None]:
    with small_network_known():
        yield

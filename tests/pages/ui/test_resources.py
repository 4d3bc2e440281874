"""What pages share: a network whose maps cannot be made is found out once, a damaged file may be put right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fer_core.errors import NetworkError
from pages.ui import resources

if TYPE_CHECKING:
    from fer_core.store.network import NetworkInfo


def test_a_network_without_maps_is_read_once_and_refused_each_time(
    one_network: NetworkInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    resources._grad_cam.clear()
    monkeypatch.setattr(resources, "find_network", lambda _id: one_network)
    with pytest.raises(NetworkError, match="damaged"):
        resources.grad_cam(one_network)  # there is no file yet
    read: list[str] = []
    monkeypatch.setattr(resources, "read_litert", lambda network: read.append(network.id) or b"")

    def refuse(_content: bytes, _labels: tuple[str, ...], name: str) -> None:
        raise NetworkError("{name} is built in another way.", name=name)

    monkeypatch.setattr("fer_core.explanation.grad_cam.GradCam", refuse)
    for _time in range(3):
        with pytest.raises(NetworkError, match="Wayang is built in another way"):
            resources.grad_cam(one_network)
    assert read == ["wayang"]

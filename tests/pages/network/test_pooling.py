"""The worked pooling: what the address asks for, what it refuses, and the same numbers as the network's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import streamlit as st

from fer_core.explanation.network_reader import NetworkReader
from fer_core.explanation.pooling import pool
from fer_core.labels import FER2013_LABELS
from pages.network import selection
from pages.network.pooling.chosen import Pooling, chosen_of_address, poolings_of


def pooling(side: int = 12, size: int = 2, stride: int = 2) -> Pooling:
    before = np.random.default_rng(1).random((side, side, 3)).astype(np.float32)
    before[7, 4, 1] = 9
    after = np.stack(
        [pool(before[..., each], size, stride=stride, kind="average") for each in range(3)], axis=-1
    )
    return Pooling(before, after, size, stride, "average")


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    query: dict[str, str] = {}
    monkeypatch.setattr(st, "query_params", query)
    monkeypatch.setattr(selection, "refuse", lambda name, _text, _shown: query.setdefault("refused", name))
    return query


def test_an_empty_address_is_the_peak_of_the_map_that_has_the_largest_value(address: dict[str, str]) -> None:
    found = chosen_of_address([pooling()])
    assert (found.stage, found.map, found.kind, found.window) == (0, 1, "average", 0)
    assert (
        found.texts
        == found.usual
        == {"stage": "0", "map": "1", "patch": "4_7", "window": "0", "kind": "average"}
    )
    # The patch of three windows begins where a window does.
    assert (found.pooling.patch, found.top, found.left) == (6, 4, 0)
    assert "refused" not in address


def test_the_windows_of_the_patch_are_those_of_the_map(address: dict[str, str]) -> None:
    address["pool_patch"] = "11_0"
    found = chosen_of_address([pooling()])
    assert (found.top, found.left) == (0, 6)
    for window in range(9):
        row, column = found.top // 2 + window // 3, found.left // 2 + window % 3
        assert found.values(window).mean() == pytest.approx(found.pooling.after[row, column, found.map])


@pytest.mark.parametrize(
    ("side", "size", "stride", "patch", "windows"), [(6, 2, 2, 6, 9), (3, 2, 2, 2, 1), (50, 3, 2, 7, 9)]
)
def test_the_patch_fits_small_maps_and_other_windows(
    side: int, size: int, stride: int, patch: int, windows: int
) -> None:
    found = Pooling(np.zeros((side, side, 1)), np.zeros((1, 1, 1)), size, stride, "max")
    assert (found.patch, found.windows) == (patch, windows)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pool_stage", "1"), ("pool_map", "3"), ("pool_map", "-1"), ("pool_patch", "12_0"), ("pool_patch", "4"),
        ("pool_window", "9"), ("pool_kind", "median"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(address: dict[str, str], name: str, text: str) -> None:
    address[name] = text
    found = chosen_of_address([pooling()])
    assert address["refused"] == name
    assert found.texts == found.usual


def test_the_numbers_worked_out_are_those_of_the_network() -> None:
    file = Path(__file__).resolve().parents[3] / "models" / "raut-compact" / "model.tflite"
    reader = NetworkReader(file.read_bytes(), FER2013_LABELS)
    found = poolings_of(reader, reader.run(np.random.default_rng(2).integers(0, 256, (48, 48), np.uint8)))
    assert [each.kind for each in found] == ["average"] * len(found) and len(found) == 2
    for each in found:
        for number in (0, each.before.shape[2] - 1):
            made = pool(each.before[..., number], each.size, stride=each.stride, kind=each.kind)
            assert made == pytest.approx(each.after[..., number], abs=1e-4)

"""The map of a face, as the pages Photos and Lab show it."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pytest

from fer_core.explanation.grad_cam import GradCam
from pages.ui.teaching import face_map

LABELS = ("angry", "happy", "sad")


class HotCorner:
    """Speaks for happiness in one corner, and nowhere for anything else."""

    def heat(self, face_gray: np.ndarray, label: str) -> np.ndarray:
        heat = np.zeros(face_gray.shape, np.float32)
        heat[:8, :8] = label == "happy"
        return heat


def test_a_map_says_whose_it_is_and_how_probable_and_whether_anything_speaks_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown: list[tuple[np.ndarray, dict[str, Any]]] = []
    monkeypatch.setattr(face_map.st, "image", lambda picture, **said: shown.append((picture, said)))
    face, probabilities = np.full((48, 48), 90, np.uint8), np.array([0.15, 0.8, 0.05], np.float32)
    cam = cast(GradCam, HotCorner())
    assert face_map.show_map(cam, face, "happy", LABELS, probabilities)
    assert not face_map.show_map(cam, face, "sad", LABELS, probabilities)
    for (_picture, said), words in zip(shown, ("happy (80%)", "sad (5%)"), strict=True):
        assert said["alt"] == f"Yellow: what speaks most for {words}" and said["caption"]
    hot, cold = (picture for picture, _said in shown)
    assert hot.shape == (face_map.SIDE, face_map.SIDE, 3)
    assert (hot[4, 4] != cold[4, 4]).any() and (hot[-4, -4] == cold[-4, -4]).all()

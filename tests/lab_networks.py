"""A network of the lab for tests, which answers with the LiteRT file of one that ships."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from fer_core.lab.cost import weight_shapes
from fer_core.lab.head import head_base
from fer_core.lab.head_litert import feature_width
from fer_core.lab.network import Answers, Condition, LabFigures, LabNetwork
from fer_core.lab.settings import Architecture, Block, LabSettings

NAMES = ("smile", "“笑”; =1+1", "brows 😠 *up*")
"""What people call classes: another script, what a spreadsheet runs, and what Markdown reads."""
TINY = Architecture((Block(4), Block(4)))


def answers(true: list[int], said: list[int], classes: int, origins: list[int] | None = None) -> Answers:
    """The class that is said has 0.8 and the others the rest."""
    probabilities = np.full((len(true), classes), 0.2 / (classes - 1), np.float32)
    probabilities[np.arange(len(true)), said] = 0.8
    places = np.arange(len(true)) if origins is None else np.array(origins)
    return Answers(np.array(true, np.int64), probabilities, places.astype(np.int64))


def weights_of(settings: LabSettings, seed: int = 0) -> dict[str, np.ndarray]:
    """Random ones, so small that the softmax is not certain; variances are positive."""
    rng = np.random.default_rng(seed)
    shapes = weight_shapes(settings.architecture, len(settings.classes))

    def values(name: str, shape: tuple[int, ...]) -> np.ndarray:
        drawn = rng.normal(0, 1 / np.sqrt(np.prod(shape[:-1])), shape).astype(np.float32)
        return np.abs(drawn) + np.float32(0.5) if name.endswith("moving_variance") else drawn

    return {name: values(name, shape) for name, shape in shapes.items()}


def row(epoch: int) -> dict[str, float]:
    return {
        "epoch": epoch, "loss": 1.0 / epoch, "accuracy": 0.5, "val_loss": 1.1 / epoch, "val_accuracy": 0.4,
        "learning_rate": 0.002, "seconds": 1.5,
    }  # fmt: skip


def own_network(
    classes: tuple[str, ...] = NAMES, content: bytes = b"", network_id: str = "lab-1", name: str = "7b"
) -> LabNetwork:
    """From scratch, on own faces: 5 of 6 test faces of 4 bursts right, all 3 by frame, 1 of 2 with the lamp off."""
    settings = LabSettings("own", classes, architecture=TINY, epochs=2, seed=7)
    count = len(classes)
    figures = LabFigures(
        history=(row(1), row(2)),
        test=answers(
            [0, 0, 1, 1, 2 % count, 2 % count], [0, 0, 1, 1, 2 % count, 0], count, [1, 1, 2, 3, 4, 4]
        ),
        frames=answers([0, 1, 2 % count], [0, 1, 2 % count], count, [5, 6, 7]),
        conditions=(Condition("lamp off", answers([0, 0], [0, 1], count, [8, 8])),),
        learnt=(30,) * count,
        kept_epoch=2,
        seconds=3.2,
        machine="2 cores",
        end="finished",
    )
    made = datetime(2026, 11, 28, 14, 5, tzinfo=UTC)
    return LabNetwork(network_id, name, settings, content, weights_of(settings), figures, made)


def head_network(classes: tuple[str, ...] = NAMES, seed: int = 3) -> LabNetwork:
    """A head with random weights on the default network, with the figures of `own_network`."""
    base = head_base()
    settings = LabSettings("own", classes, "head", epochs=2)
    rng = np.random.default_rng(seed)
    shape = (feature_width(base.content), len(classes))
    weights = {
        "kernel": rng.normal(0, 0.1, shape).astype(np.float32),
        "bias": np.zeros(len(classes), np.float32),
    }
    scratch = own_network(classes)
    return replace(
        scratch,
        settings=settings,
        content=base.litert(weights),
        weights=weights,
        base=(base.id, base.checksum),
    )

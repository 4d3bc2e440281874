"""What is Raut's own under PyTorch, checked in a process of its own: `python torch_job.py CHECK FOLDER`.

Prints figures as JSON; the tests say what they must be.
"""

from __future__ import annotations

import dataclasses
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    os.environ["KERAS_BACKEND"] = "torch"

import numpy as np  # noqa: E402

from fer_core.networks import build_network  # noqa: E402
from fer_core.training import epochs  # noqa: E402
from fer_core.training.backends import cuda_graph  # noqa: E402
from fer_core.training.fit import train  # noqa: E402
from fer_core.training.optimizers import convolution_muon  # noqa: E402
from fer_core.training.recipes.recipe import Recipe  # noqa: E402
from tests.fer_core.training.job import RECIPE, uneven_faces  # noqa: E402
from tests.fer_core.training.small_network import SMALL, small_network_known  # noqa: E402


def furthest(ones: list[Any], others: list[Any]) -> float:
    """Largest difference between two lists of arrays, in units of the largest value of each."""
    return max(
        float(np.abs(np.asarray(one) - np.asarray(other)).max() / max(1.0, np.abs(np.asarray(one)).max()))
        for one, other in zip(ones, others, strict=True)
    )


def steps(_folder: Path) -> dict[str, float]:
    """Three steps of the optimiser: lists of tensors against one variable after the other, as Keras does."""
    import keras
    import torch

    def after(optimizer_class: Any) -> tuple[list[Any], list[Any], list[Any]]:
        keras.utils.set_random_seed(3)
        model = build_network(SMALL, (7, 8), portable=False)
        begun = model.get_weights()
        optimizer = optimizer_class(
            2e-3, weight_decay=0.1, adam_weight_decay=0.0, use_ema=True, ema_momentum=0.9
        )
        optimizer.build(model.trainable_variables)
        random = torch.Generator().manual_seed(1)
        for _step in range(3):
            gradients = [
                torch.randn(tuple(each.shape), generator=random) for each in model.trainable_variables
            ]
            with torch.no_grad():
                optimizer.apply(gradients, model.trainable_variables)
        return begun, model.get_weights(), [each.numpy() for each in optimizer.variables]

    together = convolution_muon()
    one_by_one = together.__mro__[2]
    assert one_by_one.__name__ == "ConvolutionMuon"
    begun, weights, state = after(together)
    _, weights_by_keras, state_by_keras = after(one_by_one)
    return {
        "learnt": furthest(begun, weights),
        "weights": furthest(weights_by_keras, weights),
        "state": furthest(state_by_keras, state),
    }


def normalisation(_folder: Path) -> dict[str, float]:
    """The fused form against Keras' own, in training and after it."""
    portable, fused = (
        build_network(SMALL, (7, 8), portable=portable, dropout=0.0) for portable in (True, False)
    )
    fused.set_weights(portable.get_weights())
    inputs = uneven_faces(64, 2).faces_gray[..., None].astype(np.float32)

    def answers(model: Any, training: bool) -> list[Any]:
        return [answer.detach().numpy() for answer in model(inputs, training=training)]

    learning = furthest(answers(portable, True), answers(fused, True))
    return {
        "training": learning,
        "after": furthest(answers(portable, False), answers(fused, False)),
        "statistics": furthest(portable.get_weights(), fused.get_weights()),
    }


def trainings(folder: Path) -> dict[str, Any]:
    """The loop that plays a recording back, here step by step because there is no GPU, against `fit`."""
    recipe = dataclasses.replace(
        RECIPE, epochs=4, face_sizes=((0, 24), (1, 48)), mixing=0.5, options={"dropout": 0.0}
    )
    return _against_fit(recipe, folder)


def trainings_at_one_rate(folder: Path) -> dict[str, Any]:
    """The same with one head, Adam and a rate that never falls, as the paper's networks are trained."""
    recipe = dataclasses.replace(
        RECIPE, epochs=4, face_sizes=(), options={"dropout": 0.0}, companion=None, optimizer="adam",
        schedule="constant", warmup_epochs=0.0, average_momentum=0.0,
    )  # fmt: skip
    return _against_fit(recipe, folder)


def _against_fit(recipe: Recipe, folder: Path) -> dict[str, Any]:
    learnt, chosen = uneven_faces(70, 1), uneven_faces(48, 2)
    states = {}
    for name, records in (("fit", False), ("recorded", True)):
        epochs.cuda_graphs_available = lambda records=records: records  # type: ignore[attr-defined, misc]
        states[name] = train(
            recipe, learnt, chosen, folder / name, seed=1, precision="float32", show_progress=False, epochs=3
        )
    written = sorted(path.name for path in (folder / "recorded").iterdir())
    gone_on = train(
        recipe, learnt, chosen, folder / "recorded", precision="float32", show_progress=False, resume=True
    )
    from fer_core.training.checkpoints import BEST_FILE
    from fer_core.training.prerequisites import trained_network

    best = [trained_network(recipe, folder / name / BEST_FILE).get_weights() for name in states]
    del gone_on.history[3:]
    return {
        "fit": states["fit"].history,
        "recorded": states["recorded"].history,
        "best": [states[name].best_epoch for name in states],
        "written": written,
        "resumed": gone_on.history == states["recorded"].history,
        "weights": furthest(*best) if states["fit"].best_epoch == gone_on.best_epoch else None,
    }


def numbers(_folder: Path) -> list[bool]:
    """Numbers of Python become the tensors that they would have become, and nothing is copied for them."""
    import torch

    alike = []
    for value in (2, 0.25, True, np.array([1.5, 2.5]), [1, 2]):
        for dtype in (None, torch.float32):
            plain = torch.as_tensor(value, dtype=dtype)
            with cuda_graph._constants_on_the_gpu():
                made = torch.as_tensor(value, dtype=dtype)
                again = torch.as_tensor(value, dtype=dtype)
            one_tensor = again is made or made.ndim == 0
            alike.append(bool(torch.equal(plain, made)) and plain.dtype == made.dtype and one_tensor)
    return alike


CHECKS: dict[str, Callable[[Path], Any]] = {
    check.__name__: check for check in (steps, normalisation, trainings, trainings_at_one_rate, numbers)
}

if __name__ == "__main__":
    with small_network_known():
        print(json.dumps(CHECKS[sys.argv[1]](Path(sys.argv[2]))))

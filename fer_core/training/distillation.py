"""Teachers: networks that were trained before, whose mean answer is what another one learns.

Distillation (arXiv:1503.02531) in its consistent form (arXiv:2106.05237): teachers and pupil see the same
changed face, in the same size, so that a teacher says what it makes of *this* picture and not of the one in
the file, which it may know by heart.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from fer_core.errors import N_, TrainingError
from fer_core.networks import build_network

from .checkpoints import BEST_FILE
from .recipes import Recipe, find_recipe

if TYPE_CHECKING:
    import keras


class Teachers:
    """Several trained networks that answer as one.

    Args:
        models: networks of one form, float32 (N, S, S, 1) grey 0-255 -> float32 (N, C) for each head.
    """

    def __init__(self, models: Sequence[keras.Model]) -> None:
        self._models = tuple(models)

    def __call__(self, inputs: np.ndarray) -> list[np.ndarray]:
        """The mean of their probabilities, float32 (N, C), for each head."""
        answers = [_as_list(model.predict_on_batch(inputs)) for model in self._models]
        heads = zip(*answers, strict=True)
        return [np.mean([np.asarray(answer, np.float32) for answer in head], axis=0) for head in heads]


def _as_list(outputs: np.ndarray | list[np.ndarray]) -> list[np.ndarray]:
    return list(outputs) if isinstance(outputs, list | tuple) else [outputs]


def trained_weights(recipe: Recipe, runs: Path) -> dict[str, Path]:
    """The weights of all runs that a recipe builds on, by the names of their recipes.

    Raises:
        TrainingError: one of them has not been trained in `runs`.
    """
    files = {name: runs / name / BEST_FILE for name in recipe.builds_on}
    missing = [name for name, file in files.items() if not file.is_file()]
    if missing:
        raise TrainingError(
            N_("“{name}” learns from networks that must be trained first. {folder} does not hold: {missing}. "
               "Run: python -m fer_core train {first}"),
            name=recipe.id,
            folder=runs,
            missing=", ".join(missing),
            first=missing[0],
        )  # fmt: skip
    return files


def weights_checksums(files: Mapping[str, Path]) -> dict[str, str]:
    """SHA-256 of each file, so that a training that goes on can tell whether its teachers are the same."""
    return {name: hashlib.sha256(file.read_bytes()).hexdigest() for name, file in files.items()}


def teachers(recipe: Recipe, files: Mapping[str, Path]) -> Teachers | None:
    """The teachers of a recipe, ready to answer; None where it learns from labels.

    They compute in the precision that Keras is set to.

    Raises:
        TrainingError: a file does not hold the network of its recipe.
    """
    if not recipe.teachers:
        return None
    return Teachers([trained_network(name, files[name]) for name in recipe.teachers])


def trained_network(name: str, file: Path) -> keras.Model:
    """The network of that recipe with the weights in that file, in the form that trains.

    Raises:
        TrainingError: the file does not hold them.
    """
    recipe = find_recipe(name)
    model = build_network(recipe.architecture, recipe.classes, portable=False, **recipe.options)
    load_weights(model, name, file)
    return model


def load_weights(model: keras.Model, name: str, file: Path) -> None:
    """Put the weights of a run into a network of the same form.

    Raises:
        TrainingError: the file does not hold them.
    """
    try:
        model.load_weights(file)
    except (OSError, ValueError, KeyError) as error:
        raise TrainingError(
            N_("{file} does not hold a trained network of “{name}”. Delete its folder and run: python -m "
               "fer_core train {name}"),
            file=file,
            name=name,
        ) from error  # fmt: skip

"""Knowledge distillation: a network learns the mean answer of teachers, networks that were trained before.

Distillation (arXiv:1503.02531) in its consistent form (arXiv:2106.05237): teachers and student see the same
augmented face, in the same size, so that a teacher says what it makes of *this* picture and not of the one in
the file, which it may know by heart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from fer_core.training.prerequisites import trained_network
from fer_core.training.recipes.recipe import Recipe
from fer_core.training.recipes.registry import find_recipe

if TYPE_CHECKING:
    import keras


class TeacherEnsemble:
    """Several trained networks that answer with the mean of their probabilities.

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


def load_teachers(recipe: Recipe, files: Mapping[str, Path]) -> TeacherEnsemble | None:
    """Load the teachers of a recipe; None where it learns from labels.

    They compute in the precision that Keras is set to.

    Raises:
        TrainingError: a file does not hold the network of its recipe.
    """
    if not recipe.teachers:
        return None
    return TeacherEnsemble([trained_network(find_recipe(name), files[name]) for name in recipe.teachers])

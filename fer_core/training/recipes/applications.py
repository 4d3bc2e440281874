"""The networks that the paper names as further work, from `keras.applications`."""

from __future__ import annotations

from dataclasses import replace

from fer_core.training.augmentation import MODERATE
from fer_core.training.recipes.raut import RAUT_COMPACT
from fer_core.training.recipes.recipe import Recipe

ADAPTED = "The grey face goes into each of the three channels, and the top gives way to a global mean, dropout and softmax."
STRIDE = "The first convolution has stride 1 instead of 2, so that the last layers still see 3×3 places."


def _application_recipe(name: str, title: str, learning_rate: float, adapted: str) -> Recipe:
    """One network that the paper names as further work, from scratch."""
    return replace(
        RAUT_COMPACT,
        id=name,
        title=title,
        summary=f"{title}, one of the networks that the paper names as further work, fitted to 48×48 grey "
        f"faces. {ADAPTED} {adapted}",
        architecture=name,
        epochs=20,
        batch_size=64,
        learning_rate=learning_rate,
        # At 48 pixels all the way two cores would need nearly two hours for the largest.
        face_sizes=((0, 32), (16, 48)),
        calibrate=True,
        default=False,
        augmentation=MODERATE,
    )


APPLICATION_RECIPES = (
    # VGG19 has no normalisation, so it gets a gentler rate. None of the three was compared with others.
    _application_recipe(
        "vgg19", "VGG19", 1e-4, "Without the last of the five pools, which would leave a single place."
    ),
    _application_recipe("mobilenet", "MobileNet", 1e-3, STRIDE),
    _application_recipe("resnet50", "ResNet-50", 1e-3, STRIDE),
)

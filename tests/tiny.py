"""The network `tiny` of the tests, as Keras has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import keras


def tiny_model() -> keras.Model:
    """The compact architecture, untrained: the same weights with every call."""
    import keras

    from fer_core.networks import build_network

    keras.utils.set_random_seed(3)
    return build_network("raut-compact", 7)

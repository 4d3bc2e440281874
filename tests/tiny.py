"""The network `tiny` of the tests, as Keras has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fer_core.explanation.grad_cam import GradCam
from fer_core.store.folder import read_litert
from fer_core.store.network import NetworkInfo

if TYPE_CHECKING:
    import keras


def tiny_model() -> keras.Model:
    """The compact architecture, untrained: the same weights with every call."""
    import keras

    from fer_core.networks import build_network

    keras.utils.set_random_seed(3)
    return build_network("raut-compact", 7)


def grad_cam_of(network: NetworkInfo) -> GradCam:
    """The maps of a network that lies in a models folder."""
    return GradCam(read_litert(network), network.labels, network.name)

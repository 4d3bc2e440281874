"""Grad-CAM (Selvaraju et al. 2017, arXiv:1610.02391): which parts of a face speak for an expression.

The activations of the trunk's last convolutional layer are weighted with the mean gradient of the class's score
and summed; what is negative is left out. The score is that of the trunk before its softmax: a probability's
gradient vanishes where the network is sure. The temperature of a shipped network only scales the score, and so
drops out when the map is brought to 0 to 1.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from fer_core.errors import N_, NetworkError
from fer_core.faces.images import FACE_SIZE
from fer_core.store import KERAS_FILE, NetworkInfo, load_keras

if TYPE_CHECKING:
    import keras


def has_keras_file(network: NetworkInfo) -> bool:
    """Whether the network ships in the form that has gradients; a LiteRT file alone has none."""
    return KERAS_FILE in network.metadata.get("checksum", {}) and (network.folder / KERAS_FILE).is_file()


class GradCam:
    """Heat maps of one network, kept loaded. May be shared by threads: calls wait for each other.

    Args:
        model: as it ships, (N, 48, 48, 1) grey 0-255 -> (N, C); built by `shipped_network` or plain.
        labels: C codes in the order of the outputs.

    Raises:
        NetworkError: it has no convolution, or does not end in a dense layer.
    """

    def __init__(self, model: keras.Model, labels: tuple[str, ...]) -> None:
        import keras

        nested = [layer for layer in model.layers if isinstance(layer, keras.Model)]
        trunk = nested[0] if nested else model
        self.labels = labels
        # `shipped_network` wraps a trunk also for its temperature alone; only averaging turns the picture.
        self.mirrored = bool(nested) and any(type(step).__name__ == "Flip" for step in model.operations)
        convolution, dense = _last_convolution(trunk), trunk.layers[-1]
        if convolution is None or not isinstance(dense, keras.layers.Dense):
            raise NetworkError(
                N_("The network “{name}” is not built in a way that Grad-CAM can explain."), name=model.name
            )
        self._dense = dense
        self._parts = keras.Model(trunk.input, [convolution.output, dense.input])
        self._lock = threading.Lock()

    def heat(self, face_gray: np.ndarray, label: str) -> np.ndarray:
        """Where the face speaks for that expression.

        Args:
            face_gray: uint8 (48, 48), 0-255.
            label: one of `labels`, not only the one that the network names.

        Returns:
            float32 (48, 48), 0 to 1, the hottest place 1; all 0 where nothing speaks for it. Of a network that
            averages a face with its mirror image: the mean of both maps, the second turned back.

        Raises:
            ValueError: another shape or dtype, or an expression that the network does not know.
        """
        import tensorflow as tf

        if face_gray.dtype != np.uint8 or face_gray.shape != (FACE_SIZE, FACE_SIZE):
            raise ValueError(f"Expected uint8 (48, 48). Received: {face_gray.dtype} {face_gray.shape}")
        if label not in self.labels:
            raise ValueError(f"Expected one of {self.labels}. Received: {label!r}")
        faces = [face_gray, face_gray[:, ::-1]] if self.mirrored else [face_gray]
        batch = np.stack(faces).astype(np.float32)[..., None]  # -> (1 or 2, 48, 48, 1)
        column = self.labels.index(label)
        with self._lock, tf.GradientTape() as tape:
            activations, features = self._parts(batch, training=False)
            scores = features @ self._dense.kernel[:, column : column + 1]  # the bias has no gradient
        # Each row's score depends on that row's activations only, so the gradient of the sum is each one's own.
        gradients = tape.gradient(scores, activations)
        weights = tf.reduce_mean(gradients, axis=(1, 2), keepdims=True)  # (N, H, W, K) -> (N, 1, 1, K)
        maps = tf.reduce_sum(weights * activations, axis=-1).numpy()  # -> (N, H, W)
        if self.mirrored:
            maps[1] = maps[1, :, ::-1].copy()
        mean = maps.mean(axis=0)
        # Rounding leaves a trace of heat where there is none; brought to 1 it would look like a finding.
        if mean.max() <= 1e-5 * np.abs(mean).max():
            return np.zeros((FACE_SIZE, FACE_SIZE), np.float32)
        heat = cv2.resize(np.maximum(mean, 0), (FACE_SIZE, FACE_SIZE), interpolation=cv2.INTER_LINEAR)
        return np.asarray(heat / heat.max(), np.float32)


def load_grad_cam(network: NetworkInfo) -> GradCam:
    """Loads TensorFlow, which takes seconds the first time.

    Raises:
        NetworkError: the network ships without a Keras file, the file is damaged, or it is built otherwise.
    """
    if not has_keras_file(network):
        raise NetworkError(
            N_("The network “{name}” comes in a form that can only answer, not explain itself. Choose another "
               "one."),
            name=network.name,
        )  # fmt: skip
    return GradCam(load_keras(network), network.labels)


def overlay(face_gray: np.ndarray, heat: np.ndarray, side: int) -> np.ndarray:
    """The face in grey with the map in colours over it, the hotter the less of the face shows through.

    Args:
        face_gray: uint8 (48, 48).
        heat: float32 (48, 48), 0 to 1.
        side: of the result, in pixels.

    Returns:
        uint8 RGB (side, side, 3).
    """
    size = (side, side)
    face = cv2.resize(face_gray, size, interpolation=cv2.INTER_NEAREST)[..., None].astype(np.float32)
    smooth = cv2.resize(heat, size, interpolation=cv2.INTER_LINEAR)
    # Cividis: readers who are colour-blind and black-and-white printers see it in the same order.
    colours = cv2.applyColorMap((255 * smooth).astype(np.uint8), cv2.COLORMAP_CIVIDIS)[..., ::-1]
    share = 0.6 * smooth[..., None]
    return ((1 - share) * face + share * colours).round().astype(np.uint8)


def _last_convolution(trunk: keras.Model) -> Any:
    """The last layer that still has places: a convolution, or what is added to and cut off behind it."""
    import keras

    changeless = (
        keras.layers.MaxPooling2D,
        keras.layers.AveragePooling2D,
        keras.layers.Dropout,
        keras.layers.SpatialDropout2D,
        keras.layers.InputLayer,
    )
    for layer in reversed(trunk.layers):
        shape: tuple[int | None, ...] = getattr(layer.output, "shape", ())
        if len(shape) == 4 and (shape[1] or 0) > 1 and not isinstance(layer, changeless):
            return layer
    return None

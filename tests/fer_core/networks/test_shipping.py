"""What ships is one head, blind to left and right where that is asked for, calibrated, and the same in LiteRT."""

from __future__ import annotations

import numpy as np
import pytest

from fer_core.networks import build_network
from fer_core.networks.shipping import shipped_network
from fer_core.store.export import litert_bytes


@pytest.fixture(scope="module")
def faces() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (5, 48, 48, 1)).astype(np.float32)


@pytest.fixture(scope="module")
def two_heads() -> object:
    import keras

    keras.utils.set_random_seed(1)
    return build_network("raut", (7, 8))


def answers(model: object, faces: np.ndarray) -> np.ndarray:
    return np.asarray(model(faces))  # type: ignore[operator]


def test_a_head_alone_answers_as_it_did_beside_the_other(two_heads: object, faces: np.ndarray) -> None:
    both = two_heads(faces)  # type: ignore[operator]
    for head in (0, 1):
        alone = answers(shipped_network(two_heads, head=head), faces)
        np.testing.assert_allclose(alone, np.asarray(both[head]), atol=1e-6)


def test_a_network_that_needs_nothing_is_left_as_it_is() -> None:
    plain = build_network("raut-compact", 7)
    assert shipped_network(plain) is plain


def test_flip_averaging_gives_a_face_and_its_mirror_image_one_answer(
    two_heads: object, faces: np.ndarray
) -> None:
    model = shipped_network(two_heads, head=1, flip_averaging=True)
    straight, mirrored = answers(model, faces), answers(model, faces[:, :, ::-1])
    np.testing.assert_allclose(straight, mirrored, atol=1e-6)
    one = answers(shipped_network(two_heads, head=1), faces)
    other = answers(shipped_network(two_heads, head=1), faces[:, :, ::-1])
    np.testing.assert_allclose(straight, (one + other) / 2, atol=1e-6)


def test_a_temperature_changes_how_sure_an_answer_is_and_not_the_answer(
    two_heads: object, faces: np.ndarray
) -> None:
    plain = answers(shipped_network(two_heads), faces)
    milder = answers(shipped_network(two_heads, temperature=2.0), faces)
    assert (milder.argmax(axis=1) == plain.argmax(axis=1)).all()
    assert (milder.max(axis=1) < plain.max(axis=1)).all()
    np.testing.assert_allclose(milder.sum(axis=1), 1.0, atol=1e-5)
    roots = np.sqrt(plain)  # softmax(log(p) / 2) by hand
    np.testing.assert_allclose(milder, roots / roots.sum(axis=1, keepdims=True), atol=1e-5)


def test_litert_answers_as_keras_does_with_flip_and_temperature(two_heads: object, faces: np.ndarray) -> None:
    from ai_edge_litert.interpreter import Interpreter

    model = shipped_network(two_heads, head=1, flip_averaging=True, temperature=1.5)
    content = litert_bytes(model, quantize=False)
    interpreter = Interpreter(model_content=content)
    given = interpreter.get_input_details()[0]
    for batch in (faces, faces[:1]):
        interpreter.resize_tensor_input(given["index"], batch.shape)
        interpreter.allocate_tensors()
        interpreter.set_tensor(given["index"], batch)
        interpreter.invoke()
        got = interpreter.get_tensor(interpreter.get_output_details()[0]["index"])
        np.testing.assert_allclose(got, answers(model, batch), atol=2e-5)
    # Both halves share one set of weights: a quarter of the parameters' bytes on top would be a second one.
    assert len(content) < 1.1 * 4 * two_heads.count_params()  # type: ignore[attr-defined]

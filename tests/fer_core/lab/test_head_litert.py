"""The LiteRT file of a head: answers as NumPy has them, maps of the same network, and nothing of the old classification."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from fer_core.explanation.features import FeatureReader
from fer_core.explanation.grad_cam import GradCam
from fer_core.explanation.litert_graph import LitertGraph, UnknownGraphError
from fer_core.explanation.litert_head import read_head
from fer_core.explanation.network_reader import NetworkReader
from fer_core.lab.head_litert import head_litert
from fer_core.store.folder import find_network, read_litert

FACES = np.random.default_rng(3).integers(0, 256, (64, 4, 4), dtype=np.uint8).repeat(12, 1).repeat(12, 2)
BASES = ("raut", "raut-compact")  # with and without the mirror image of a face


@cache
def base(name: str) -> tuple[bytes, np.ndarray]:
    """LiteRT file and the features of `FACES`."""
    content = read_litert(find_network(name))
    return content, FeatureReader(content, name).features(FACES)


def head_of(name: str, classes: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Weights whose scores spread by some units around 0, so that each class is an answer."""
    features = base(name)[1]
    weights = np.random.default_rng(5).normal(0, 1, (features.shape[1], classes)).astype(np.float32)
    weights *= 3 / (features @ weights).std(axis=0)
    return weights, -features.mean(axis=0) @ weights


def softmax(scores: np.ndarray) -> np.ndarray:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def answers(content: bytes, faces_gray: np.ndarray) -> np.ndarray:
    """As `ExpressionRecognizer` asks a file."""
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_content=content, num_threads=1)
    taken = interpreter.get_input_details()[0]
    interpreter.resize_tensor_input(taken["index"], (len(faces_gray), 48, 48, 1))
    interpreter.allocate_tensors()
    interpreter.set_tensor(taken["index"], faces_gray[..., None].astype(taken["dtype"]))
    interpreter.invoke()
    return np.asarray(interpreter.get_tensor(interpreter.get_output_details()[0]["index"]))


@pytest.mark.parametrize("count", [1, 64])
@pytest.mark.parametrize("name", BASES)
def test_the_file_answers_as_the_features_do_in_numpy(name: str, count: int) -> None:
    content, features = base(name)
    weights, bias = head_of(name)
    found = answers(head_litert(content, weights, bias), FACES[:count])
    expected = softmax(features[:count] @ weights + bias)
    assert found.dtype == np.float32 and found.shape == (count, 3)
    assert count == 1 or len(set(expected.argmax(axis=1))) == 3
    np.testing.assert_allclose(found, expected, atol=1e-4)


@pytest.mark.parametrize("name", BASES)
def test_with_the_weights_of_the_network_itself_its_maps_come_back(name: str) -> None:
    network = find_network(name)
    content = base(name)[0]
    own = read_head(content).dense[0].kernel
    head = head_litert(content, own.T, np.zeros(len(own), np.float32))
    maps = [GradCam(each, network.labels, "x") for each in (content, head)]
    for label in ("happy", "sad"):
        first, second = (each.heat(FACES[0], label) for each in maps)
        assert first.std() > 0.05
        np.testing.assert_allclose(second, first, atol=1e-4)


@pytest.mark.parametrize("name", BASES)
def test_the_file_has_the_same_features_and_can_carry_another_head(name: str) -> None:
    content, features = base(name)
    weights, bias = head_of(name)
    head = head_litert(content, weights, bias)
    np.testing.assert_array_equal(FeatureReader(head).features(FACES), features)
    np.testing.assert_allclose(
        answers(head_litert(head, -weights, -bias), FACES[:5]),
        softmax(-features[:5] @ weights - bias),
        atol=1e-4,
    )


@pytest.mark.parametrize("name", BASES)
def test_nothing_of_the_old_classification_is_left(name: str) -> None:
    content = base(name)[0]
    weights, bias = head_of(name, classes=2)
    graph, old = LitertGraph(head_litert(content, weights, bias)), LitertGraph(content)
    names = [graph.operator_name(operator) for operator in graph.operators]
    assert names.count("FULLY_CONNECTED") == names.count("SOFTMAX") == 1 and names[-1] == "SOFTMAX"
    used = {int(t) for operator in graph.operators for t in (*operator.inputs, *operator.outputs)}
    assert used - {-1} == set(range(len(graph._tensors)))
    assert len(head_litert(content, weights, bias)) < len(content) + 4 * weights.size + 2000
    assert old.inputs == (0,)


def test_layers_of_a_head_without_mirror_image_can_be_read_and_others_are_refused_with_a_sentence() -> None:
    from fer_core.errors import NetworkError

    reader = NetworkReader(
        head_litert(base("raut-compact")[0], *head_of("raut-compact")), ("a", "b", "c"), "own"
    )
    assert reader.layers[-1].kind == "softmax" and not reader.mirror
    with pytest.raises(NetworkError, match="layers that cannot be shown"):
        NetworkReader(head_litert(base("raut")[0], *head_of("raut")), ("a", "b", "c"), "own")


def test_weights_that_do_not_fit_are_refused() -> None:
    content, features = base("raut-compact")
    weights, bias = head_of("raut-compact")
    for wrong in ((weights[:-1], bias), (weights, bias[:-1]), (weights.T, bias)):
        with pytest.raises(ValueError, match="256, C"):
            head_litert(content, *wrong)
    broken = weights.copy()
    broken[3, 1] = np.nan
    with pytest.raises(ValueError, match="finite"):
        head_litert(content, broken, bias)
    assert features.shape[1] == 256


def test_a_file_that_ends_otherwise_is_refused() -> None:
    from ai_edge_litert import schema_py_generated as schema

    from fer_core.explanation.litert_graph import packed

    content = base("raut-compact")[0]
    model = schema.ModelT.InitFromPackedBuf(content, 0)
    model.subgraphs[0].operators = model.subgraphs[0].operators[:-1]
    with pytest.raises(UnknownGraphError):
        head_litert(packed(model, len(content)), *head_of("raut-compact"))

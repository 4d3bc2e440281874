"""The layers of a network and what they hold for a face: of every shipped network, and worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from fer_core.errors import NetworkError
from fer_core.explanation.litert_graph import LitertGraph
from fer_core.explanation.network_reader import LayerValues, NetworkReader
from fer_core.explanation.worked import CONVOLUTIONS, contribution_of_inputs, convolve_at
from fer_core.store.folder import find_network, list_networks, read_litert
from fer_core.store.network import NetworkInfo

FACE = np.random.default_rng(2).integers(0, 256, (48, 48), dtype=np.uint8)


@pytest.fixture(scope="module", params=list_networks(), ids=lambda info: info.id)
def shipped(request: pytest.FixtureRequest) -> tuple[NetworkInfo, NetworkReader, LayerValues]:
    info: NetworkInfo = request.param
    reader = NetworkReader(read_litert(info), info.labels, info.name)
    return info, reader, reader.run(FACE)


Shipped = tuple[NetworkInfo, NetworkReader, LayerValues]


def softmax(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores - scores.max())
    return np.asarray(powers / powers.sum())


def test_its_multiply_accumulates_are_those_of_the_metadata(shipped: Shipped) -> None:
    info, reader, _ = shipped
    assert reader.multiply_accumulates == info.macs


def test_its_parameters_are_those_of_the_metadata_less_the_normalisation(shipped: Shipped) -> None:
    info, reader, _ = shipped
    normalised = sum(
        layer.parameters for layer in info.record.layers or () if layer.type == "BatchNormalization"
    )
    # Gamma, beta, mean and variance of each map give way to a bias, which ResNet-50 has beside them.
    left = 0 if info.id == "resnet50" else normalised // 4
    assert sum(layer.parameters for layer in reader.layers) == info.parameters - normalised + left


def test_each_layer_holds_what_its_shape_says(shipped: Shipped) -> None:
    _, reader, values = shipped
    assert [array.shape for array in values.arrays] == [layer.output_shape for layer in reader.layers]
    assert len(values) == len(reader.layers)


def test_every_layer_belongs_to_one_stage_and_each_stage_but_the_first_is_fed(shipped: Shipped) -> None:
    _, reader, _ = shipped
    members = [index for stage in reader.stages for index in stage.layers]
    assert sorted(members) == list(range(len(reader.layers)))
    assert all(stage.inputs and max(stage.inputs) < stage.index for stage in reader.stages[1:])
    assert len({stage.name for stage in reader.stages}) == len(reader.stages)
    assert [reader.stage(stage.name) for stage in reader.stages] == list(reader.stages)
    assert reader.stages[-1].kind == "softmax"


def test_the_face_is_scaled_as_the_layers_say(shipped: Shipped) -> None:
    _, reader, values = shipped
    scaled = np.repeat(FACE[..., None], values[reader.stages[0].layer].shape[-1], axis=-1).astype(np.float32)
    for index in reader.stages[0].layers:
        layer = reader.layers[index]
        if layer.scale is not None and layer.offset is not None:
            scaled = scaled * layer.scale + layer.offset
    np.testing.assert_allclose(values[reader.stages[0].layer], scaled, atol=1e-4)


def test_a_worked_convolution_gives_the_number_in_the_map(shipped: Shipped) -> None:
    _, reader, values = shipped
    random = np.random.default_rng(0)
    for layer in [layer for layer in reader.layers if layer.kind in CONVOLUTIONS][:12]:
        rows, columns, maps = layer.output_shape
        for row, column in ((0, 0), (rows - 1, columns - 1), (rows // 2, 1)):
            number = int(random.integers(maps))
            worked = convolve_at(layer, number, row, column, values)
            # Float32 sums thousands of products in another order than LiteRT: relative to what the map holds.
            largest = max(1.0, float(np.abs(values[layer.index]).max()))
            assert worked.result == pytest.approx(
                values[layer.index][row, column, number], abs=1e-5 * largest
            )


def test_what_the_inputs_of_a_score_add_is_the_score(shipped: Shipped) -> None:
    _, reader, values = shipped
    last = reader.layers[-2]
    assert last.bias is not None
    for column in range(len(reader.labels)):
        added = contribution_of_inputs(last, column, values).sum() + last.bias[column]
        assert added == pytest.approx(values.scores[column], abs=1e-3)


def test_the_answer_is_made_of_the_scores_as_it_is_documented(shipped: Shipped) -> None:
    info, reader, values = shipped
    assert reader.mirror == bool(info.record.flip_averaging)
    assert reader.temperature == pytest.approx(info.record.temperature or 1.0, abs=1e-3)
    mean = softmax(values.scores)
    if reader.mirror:
        assert values.mirror_scores is not None
        mean = (mean + softmax(values.mirror_scores)) / 2
    np.testing.assert_allclose(softmax(np.log(mean) / reader.temperature), values.answer, atol=1e-5)


def test_8_bit_weights_change_the_answer_little(shipped: Shipped) -> None:
    _, _, values = shipped
    assert 0 < values.difference < 0.05


def test_values_cannot_be_changed_by_who_reads_them(shipped: Shipped) -> None:
    _, _, values = shipped
    with pytest.raises(ValueError, match="read-only"):
        values[0][0, 0, 0] = 1


def test_a_file_that_is_built_otherwise_is_an_error_with_a_sentence() -> None:
    content = read_litert(find_network("paper-small"))
    graph = LitertGraph(content)
    two_answers = graph.with_outputs(graph.inputs)
    with pytest.raises(NetworkError, match="“Wayang” has layers that cannot be shown one by one"):
        NetworkReader(two_answers, ("happy",), "Wayang")


@pytest.mark.parametrize("face", [FACE.astype(np.float32), FACE[None], FACE[:40]])
def test_another_shape_or_type_is_refused(shipped: Shipped, face: np.ndarray) -> None:
    with pytest.raises(ValueError, match="Expected uint8"):
        shipped[1].run(face)

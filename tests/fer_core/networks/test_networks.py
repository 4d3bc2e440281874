from __future__ import annotations

import numpy as np
import pytest

from fer_core.errors import NetworkError
from fer_core.networks import ARCHITECTURES, build_network, layer_table
from fer_core.training.recipes.registry import find_recipe


@pytest.mark.parametrize(
    ("architecture", "parameters"),
    [("paper-small", 2_679_592), ("paper-large", 10_714_696), ("paper-four-conv", 4_968_072)],
)
def test_the_papers_networks_have_the_papers_parameter_counts(architecture: str, parameters: int) -> None:
    assert build_network(architecture, 8).count_params() == parameters


def test_the_compact_network_stays_below_five_million_parameters() -> None:
    assert 1_000_000 < build_network("raut-compact", 7).count_params() < 5_000_000


def test_wide_is_raut_with_more_of_everything() -> None:
    raut, wide = (build_network(name, (7, 8)) for name in ("raut", "raut-wide"))
    assert (raut.count_params(), wide.count_params()) == (2_434_759, 11_210_543)
    assert [output.shape for output in wide.outputs] == [output.shape for output in raut.outputs]
    pooled = [
        [layer for layer in network.layers if layer.name.startswith("global_average")][-1].input.shape[1:]
        for network in (raut, wide)
    ]
    assert pooled == [(6, 6, 256), (6, 6, 512)]


def test_deep_and_plain_have_the_layers_that_their_recipes_name() -> None:
    deep, plain = (build_network(name, (7, 8)) for name in ("raut-deep", "raut-plain"))
    assert (deep.count_params(), plain.count_params()) == (9_865_003, 7_797_839)
    recipe = find_recipe("raut")
    ours = build_network(recipe.architecture, recipe.classes, **recipe.options)
    assert ours.count_params() == 4_281_007
    convolutions = [layer for layer in ours.layers if type(layer).__name__ == "Conv2D"]
    assert [layer.filters for layer in convolutions] == [32] * 2 + [96] * 2 + [192] * 3 + [384] * 3
    assert [layer.output.shape[1] for layer in convolutions] == [48] * 2 + [24] * 2 + [12] * 3 + [6] * 3


@pytest.mark.parametrize("architecture", sorted(ARCHITECTURES))
def test_every_network_turns_grey_faces_into_rows_that_sum_to_one(
    architecture: str, faces_gray: np.ndarray
) -> None:
    probabilities = np.asarray(build_network(architecture, 7)(faces_gray[..., None].astype(np.float32)))
    assert probabilities.shape == (5, 7)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1.0, atol=1e-5)


def test_portable_and_fast_form_have_the_same_weights_in_the_same_order(faces_gray: np.ndarray) -> None:
    portable = build_network("raut-compact", 7, portable=True)
    fast = build_network("raut-compact", 7, portable=False)
    assert [weight.shape for weight in portable.weights] == [weight.shape for weight in fast.weights]
    portable.set_weights(fast.get_weights())
    inputs = faces_gray[..., None].astype(np.float32)
    np.testing.assert_allclose(np.asarray(portable(inputs)), np.asarray(fast(inputs)), atol=1e-5)


def test_fused_normalisation_normalises_a_training_batch_as_keras_own_does() -> None:
    from fer_core.networks.layers import batch_normalization

    batch = np.random.default_rng(0).normal(3.0, 2.0, (16, 6, 6, 4)).astype(np.float32)
    plain, fused = batch_normalization(portable=True), batch_normalization(portable=False)
    np.testing.assert_allclose(
        np.asarray(plain(batch, training=True)), np.asarray(fused(batch, training=True)), atol=1e-4
    )
    for ours, theirs in zip(fused.non_trainable_variables, plain.non_trainable_variables, strict=True):
        # The fused kernel divides the variance by n - 1: 0.2% at 576 values.
        np.testing.assert_allclose(np.asarray(ours), np.asarray(theirs), rtol=5e-3, atol=1e-4)


def test_an_unknown_architecture_names_the_known_ones() -> None:
    with pytest.raises(NetworkError, match="raut-compact"):
        build_network("alexnet", 7)


def test_the_layer_table_accounts_for_every_parameter() -> None:
    model = build_network("paper-small", 8)
    rows = layer_table(model)
    assert sum(int(str(row["parameters"])) for row in rows) == model.count_params()
    assert rows[-1]["output_shape"] == [8]
    assert [row["type"] for row in rows].count("Conv2D") == 6


def test_the_layers_of_a_mirrored_network_are_those_of_its_trunk() -> None:
    from fer_core.networks.shipping import shipped_network

    trunk = build_network("raut-compact", 7)
    rows = layer_table(shipped_network(trunk, flip_averaging=True, temperature=1.5))
    assert [row for row in layer_table(trunk) if row["type"] != "InputLayer"] == [
        row for row in rows if row["name"] in {layer.name for layer in trunk.layers[1:]}
    ]
    assert sum(int(str(row["parameters"])) for row in rows) == trunk.count_params()
    assert all(row["type"] != "Functional" for row in rows)

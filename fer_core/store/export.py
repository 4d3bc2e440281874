"""Writing networks as they ship: the LiteRT model and its metadata. Needs TensorFlow."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from fer_core.errors import N_, NetworkError
from fer_core.files import write_whole
from fer_core.store.folder import read_network, sha256
from fer_core.store.network import METADATA_FILE, NetworkInfo
from fer_core.store.record import LITERT_FILE, NetworkRecord, read_layers

if TYPE_CHECKING:
    import keras


def export_network(
    model: keras.Model,
    folder: Path,
    record: NetworkRecord,
    *,
    quantize: bool = True,
) -> NetworkInfo:
    """Write a network as it ships: LiteRT model, metadata with its checksum.

    Args:
        model: portable float32 network, (N, 48, 48, 1) grey 0-255 -> (N, C).
        folder: `models/<id>`; made where missing.
        record: what is known of the network; multiply-accumulates, layers, quantization and checksum are added.
        quantize: store the weights of the LiteRT model in int8 (dynamic range): a quarter of the size and
            of the time. What it costs in accuracy is what `evaluation.json` measures, since that is
            computed with the exported file.
    """
    from fer_core.networks import layer_table
    from fer_core.networks.cost import multiply_accumulates

    folder.mkdir(parents=True, exist_ok=True)
    content = litert_bytes(model, quantize=quantize)
    write_whole(folder / LITERT_FILE, content)
    complete = replace(
        record,
        macs=multiply_accumulates(model),
        layers=read_layers(layer_table(model)),
        quantization="dynamic range int8" if quantize else "none",
        checksum=sha256(content),
    )
    return write_record(folder, complete)


def write_record(folder: Path, record: NetworkRecord) -> NetworkInfo:
    """Write `metadata.json` of the network in this folder.

    Returns:
        The network, as it is read from there.
    """
    write_whole(folder / METADATA_FILE, json.dumps(record.as_dict(), indent=1, ensure_ascii=False) + "\n")
    return read_network(folder)


def retire(network: NetworkInfo) -> NetworkInfo:
    """Take the weights of a network out of `models/` and keep its figures; exported again, it ships again.

    Its time for a face stays until the next measurement, which is of the networks that ship.

    Raises:
        NetworkError: it is the default one, or its file is not there.
    """
    size = network.litert_bytes
    if network.default or not network.ships or size is None:
        raise NetworkError(
            N_("The weights of the network “{name}” cannot be taken out: it is the default one, or they are not "
               "there."),
            name=network.id,
        )  # fmt: skip
    retired = write_record(network.folder, replace(network.record, ships=False, litert_bytes=size))
    network.file.unlink()
    return retired


def record_macs(network: NetworkInfo) -> NetworkInfo:
    """Count the multiply-accumulates of a network that ships, and add them to its metadata.

    The network is built anew from the recipe in its metadata; weights and checksums stay as they are.

    Raises:
        NetworkError: the metadata do not say how it is built, or what they say gives another number of
            parameters than the network has.
    """
    from fer_core.networks import build_network
    from fer_core.networks.cost import multiply_accumulates
    from fer_core.networks.shipping import shipped_network

    recipe, record = network.recipe, network.record
    model = None
    if recipe.architecture is not None:
        model = shipped_network(
            build_network(recipe.architecture, len(network.labels), **recipe.options),
            flip_averaging=bool(record.flip_averaging),
            temperature=1.0 if record.temperature is None else record.temperature,
        )
    if model is None or model.count_params() != network.parameters:
        raise NetworkError(
            N_("The metadata of the network “{name}” do not say how it is built, so its multiply-accumulates "
               "cannot be counted. Export it again: python -m fer_core export {recipe}"),
            name=network.id,
            recipe=network.recipe_id,
        )  # fmt: skip
    return write_record(network.folder, replace(record, macs=multiply_accumulates(model)))


def litert_bytes(model: keras.Model, *, quantize: bool) -> bytes:
    """A LiteRT model with a free batch axis, float32 (N, 48, 48, 1) -> (N, C)."""
    import keras
    import tensorflow as tf

    archive = keras.export.ExportArchive()
    archive.track(model)
    archive.add_endpoint(
        "serve",
        lambda faces: model(faces, training=False),
        input_signature=[tf.TensorSpec((None, 48, 48, 1), tf.float32, name="face_gray")],
    )
    with tempfile.TemporaryDirectory() as saved:
        archive.write_out(saved, verbose=False)
        converter = tf.lite.TFLiteConverter.from_saved_model(saved)
        if quantize:
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
        return bytes(converter.convert())


def litert_bytes_in_memory(model: keras.Model) -> bytes:
    """A LiteRT model as `litert_bytes` makes it, in float32, which never touches the disk.

    It takes an eighth of the time of the way over a SavedModel, and the file has no named signature.
    """
    import tensorflow as tf

    function = tf.function(
        lambda faces: model(faces, training=False),
        input_signature=[tf.TensorSpec((None, 48, 48, 1), tf.float32, name="face_gray")],
        autograph=False,  # which would write the function, translated, into a temporary file
    )
    converter = tf.lite.TFLiteConverter.from_concrete_functions([function.get_concrete_function()], model)
    converter.experimental_lower_to_saved_model = False  # which it would write into a temporary folder
    return bytes(converter.convert())

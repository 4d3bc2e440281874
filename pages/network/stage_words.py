"""Stages of a network in words: what each is called, its shape, and what it does in one sentence."""

from __future__ import annotations

from math import prod

from fer_core.explanation.layers import Layer, Stage
from fer_core.explanation.network_reader import NetworkReader
from pages.ui.i18n import _, format_number
from pages.ui.teaching.stage_words import kind_name, shape_words


def stage_name(stage: Stage) -> str:
    """ "Convolution 2"."""
    return kind_name(stage.kind, stage.number, otherwise=stage.name)


def what_it_does(stage: Stage, reader: NetworkReader) -> str:
    """One sentence about a stage, with its numbers."""
    words = _SENTENCES.get(stage.kind)
    return "" if words is None else words(stage, reader)


def _layer(stage: Stage, reader: NetworkReader) -> Layer:
    return reader.layers[stage.layer]


def _before(stage: Stage, reader: NetworkReader) -> tuple[int, ...]:
    return reader.stages[stage.inputs[0]].output_shape


def _activation(layer: Layer) -> str:
    if layer.activation == "relu":
        return " " + _("ReLU then makes 0 of what is negative.")
    if layer.activation == "relu6":
        return " " + _("ReLU6 then makes 0 of what is negative and 6 of what is larger than 6.")
    return ""


def _input(stage: Stage, reader: NetworkReader) -> str:
    height, width, channels = reader.layers[0].output_shape
    text = _("The face: {h}×{w} pixels, each a number from 0 (black) to 255 (white).").format(
        h=height, w=width
    )
    if stage.output_shape[-1] > channels:
        text += " " + _(
            "This network takes it {n} times over, where colour pictures have red, green and blue."
        ).format(n=format_number(stage.output_shape[-1]))
    if any(reader.layers[index].kind == "scaling" for index in stage.layers):
        text += " " + _("The numbers are scaled first.")
    return text


def _convolution(stage: Stage, reader: NetworkReader) -> str:
    layer = _layer(stage, reader)
    high, wide = layer.kernel_size or (1, 1)
    taken = _before(stage, reader)
    kernels = {
        "n": format_number(stage.output_shape[-1]),
        "shape": shape_words((high, wide, taken[-1])),
    }
    if (high, wide) == (1, 1):
        text = _("{n} kernels of {shape} numbers mix the maps of the stage before, each place for itself.")
    else:
        text = _("{n} kernels of {shape} numbers slide over the stage before; each makes one map.")
    return text.format(**kernels) + _smaller(stage, reader) + _activation(layer)


def _depthwise(stage: Stage, reader: NetworkReader) -> str:
    layer = _layer(stage, reader)
    text = _("One kernel of {shape} numbers slides over each map by itself; the maps are not mixed.")
    return (
        text.format(shape=shape_words(layer.kernel_size or (1, 1)))
        + _smaller(stage, reader)
        + _activation(layer)
    )


def _smaller(stage: Stage, reader: NetworkReader) -> str:
    stride = _layer(stage, reader).stride or 1
    if stride == 1:
        return ""
    return " " + _(
        "It moves {n} pixels a step, so that the maps get smaller: from {before} to {after}."
    ).format(
        n=format_number(stride),
        before=shape_words(_before(stage, reader)[:2]),
        after=shape_words(stage.output_shape[:2]),
    )


def _pooling(stage: Stage, reader: NetworkReader) -> str:
    layer = _layer(stage, reader)
    before = _before(stage, reader)
    size = layer.pool_size or (1, 1)
    text = (
        _("Of each {size} values only the largest stays: {before} become {after}. The maps are still {n}.")
        if layer.pool == "max"
        else _("The mean of each {size} values stays: {before} become {after}. The maps are still {n}.")
    )
    return text.format(
        size=shape_words(size),
        before=shape_words(before[:2]),
        after=shape_words(stage.output_shape[:2]),
        n=format_number(stage.output_shape[-1]),
    )


def _addition(stage: Stage, reader: NetworkReader) -> str:
    names = [stage_name(reader.stages[index]) for index in stage.inputs]
    if len(names) < 2:
        return _("Values are added place by place.")
    return _("The maps of two stages are added place by place: {first} and {second}.").format(
        first=names[0], second=names[1]
    ) + _activation(_layer(stage, reader))


def _multiplication(stage: Stage, reader: NetworkReader) -> str:
    return _("Values are multiplied place by place.") + _activation(_layer(stage, reader))


def _sigmoid(_stage: Stage, _reader: NetworkReader) -> str:
    return _("Each value becomes one between 0 and 1.")


def _mean(stage: Stage, reader: NetworkReader) -> str:
    before = _before(stage, reader)
    return _("One number for each of the {n} maps: the mean of its {places} values.").format(
        n=format_number(before[-1]), places=format_number(prod(before[:-1]))
    )


def _flatten(stage: Stage, reader: NetworkReader) -> str:
    return _("All {shape} values are put into one row of {n}.").format(
        shape=shape_words(_before(stage, reader)), n=format_number(prod(stage.output_shape))
    )


def _reshape(stage: Stage, reader: NetworkReader) -> str:
    return _("The same {n} values in another order of rows and columns.").format(
        n=format_number(prod(stage.output_shape))
    )


def _dense(stage: Stage, reader: NetworkReader) -> str:
    layer = _layer(stage, reader)
    taken = format_number(prod(_before(stage, reader)))
    if any(reader.stages[after].kind == "softmax" for after in _after(stage, reader)):
        return _(
            "One score for each expression: all {m} numbers, each times a weight of its own, added up."
        ).format(m=taken)
    return _("{n} sums, each of all {m} numbers times weights of its own.").format(
        n=format_number(prod(stage.output_shape)), m=taken
    ) + _activation(layer)


def _after(stage: Stage, reader: NetworkReader) -> list[int]:
    return [other.index for other in reader.stages if stage.index in other.inputs]


def _softmax(_stage: Stage, _reader: NetworkReader) -> str:
    return _("The scores become probabilities, which add up to 100%.")


_SENTENCES = {
    "input": _input,
    "convolution": _convolution,
    "depthwise_convolution": _depthwise,
    "pooling": _pooling,
    "addition": _addition,
    "multiplication": _multiplication,
    "sigmoid": _sigmoid,
    "mean": _mean,
    "flatten": _flatten,
    "reshape": _reshape,
    "dense": _dense,
    "softmax": _softmax,
}

"""Step "overview": the network as a row of stages, each with what it makes of this face, and a table of all stages."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, prod

import numpy as np
import streamlit as st

from fer_core.explanation.layers import Stage
from fer_core.labels import in_reading_order
from fer_core.recognition.provenance import Provenance
from pages.network import selection
from pages.network.faces import face_words
from pages.network.map_pictures import is_signed, limit_of, mosaic_url, shades, url_of
from pages.network.seen import Seen
from pages.network.stage_row import Bar, Card, stage_row
from pages.network.stage_words import stage_name, what_it_does
from pages.ui.blocks import term
from pages.ui.charts import Column, now_here, show_table
from pages.ui.i18n import _, emotion_name, format_number, format_percent, format_probability
from pages.ui.teaching.question import ask
from pages.ui.teaching.stage_words import shape_words

MAPS_A_CARD = 9
_ACROSS = 3
_OPTIONS = 4


def render(seen: Seen) -> None:
    """Show the stages of the network for this face."""
    reader = seen.reader
    answered = _question(seen)
    st.markdown(
        _(
            "{n} stages, from the pixels to the answer. The pictures show what each makes of this face: up to {maps} of its "
            "feature maps, the most active first; the brighter a place, the larger its value. Choose a stage to see all of "
            "its maps."
        ).format(n=format_number(len(reader.stages)), maps=format_number(MAPS_A_CARD))
    )
    if any(is_signed(seen.of_stage(stage)) for stage in reader.stages):
        st.markdown(_("Where values may be negative, orange is above 0 and blue below."))
    stage_row(
        [_card(seen, stage, answered) for stage in reader.stages],
        of=seen.info.id,
        key="network_overview",
        on_open=lambda at: selection.show_map(None, reader.stages[at].name),
    )
    with st.container(horizontal=True):
        for name in terms_of(reader.stages):
            term(name)
    _precision(seen)
    with st.expander(_("All stages as a table"), icon=":material/table:"):
        _table(seen, answered)


_TERMS = {
    "convolution": ("feature_map", "convolution", "kernel", "relu"),
    "depthwise_convolution": ("depthwise_convolution",),
    "pooling": ("pooling",),
    "addition": ("residual_connection",),
    "flatten": ("flatten",),
    "dense": ("dense_layer", "parameter"),
    "softmax": ("softmax",),
}


def terms_of(stages: Sequence[Stage]) -> list[str]:
    """Keys in the glossary of what is explained beside these stages."""
    kinds = dict.fromkeys(stage.kind for stage in stages)
    return list(dict.fromkeys(name for kind in kinds for name in _TERMS.get(kind, ())))


def parameters_of(seen: Seen, stage: Stage) -> int:
    """Trained parameters of all layers of a stage."""
    return sum(seen.reader.layers[index].parameters for index in stage.layers)


def _question(seen: Seen) -> bool:
    """Where most of the trained parameters are; one of the stages that have some, computed."""
    weighed = [stage for stage in seen.reader.stages if parameters_of(seen, stage)]
    if len(weighed) < 2:
        return True
    most = max(weighed, key=lambda stage: parameters_of(seen, stage))
    others = [stage for stage in weighed if stage is not most]
    spread = np.linspace(0, len(others) - 1, min(_OPTIONS - 1, len(others))).round().astype(int)
    shown = sorted([most, *(others[place] for place in spread)], key=lambda stage: stage.index)
    total = sum(parameters_of(seen, stage) for stage in weighed)
    part = parameters_of(seen, most)
    return ask(
        f"network_overview_{seen.info.id}",
        _("Which of these stages has the most trained parameters?"),
        {stage.name: stage_name(stage) for stage in shown},
        most.name,
        _("It has {n} of {total} ({share}). The number of each stage now stands below it.").format(
            n=format_number(part), total=format_number(total), share=format_percent(part / total, 0)
        ),
    )


def _card(seen: Seen, stage: Stage, answered: bool) -> Card:
    values = seen.of_stage(stage)
    parameters = parameters_of(seen, stage)
    more = _("{n} parameters").format(n=format_number(parameters)) if answered and parameters else ""
    name, shape = stage_name(stage), shape_words(stage.output_shape)
    text = what_it_does(stage, seen.reader)
    if stage.kind == "input":
        return Card(name, shape, text, url_of(seen.face_gray), face_words(seen.face_code))
    if stage.kind == "softmax":
        return Card(name, shape, text, words=_answer_words(seen), bars=_bars(seen), more=more)
    return Card(name, shape, text, picture(values), _picture_words(values), more=more)


def picture(values: np.ndarray) -> str:
    """Some maps of a stage, each as bright as its own largest value, or its values in a square; an image's address.

    Args:
        values: float32 (H, W, K) or (D,).
    """
    signed = is_signed(values)
    if values.ndim == 1:
        side = ceil(len(values) ** 0.5)
        square = np.zeros(side * side, np.float32)
        square[: len(values)] = values
        return url_of(shades(square.reshape(side, side), limit_of(values), signed=signed))
    maps = values[..., most_active(values)[:MAPS_A_CARD]].transpose(2, 0, 1)  # (H, W, K) -> (9, H, W)
    if len(maps) == 1:
        return url_of(shades(maps[0], limit_of(maps), signed=signed))
    return mosaic_url(np.stack([shades(one, limit_of(one), signed=signed) for one in maps]), _ACROSS)


def most_active(values: np.ndarray) -> np.ndarray:
    """Numbers of the maps, those with the largest mean distance from 0 first: int64 (K,).

    Args:
        values: float32 (H, W, K).
    """
    return np.argsort(-np.abs(values).mean(axis=(0, 1)), kind="stable")


def _picture_words(values: np.ndarray) -> str:
    if values.ndim == 1:
        return _("The {n} values in a square").format(n=format_number(len(values)))
    count = min(MAPS_A_CARD, values.shape[-1])
    return _("{n} of {of} feature maps").format(n=format_number(count), of=format_number(values.shape[-1]))


def _bars(seen: Seen) -> tuple[Bar, ...]:
    shares = dict(zip(seen.reader.labels, seen.values[len(seen.values) - 1].tolist(), strict=True))
    top = max(shares, key=shares.__getitem__)
    return tuple(Bar(code, shares[code], code == top) for code in in_reading_order(shares))


def _answer_words(seen: Seen) -> str:
    shares = dict(zip(seen.reader.labels, seen.values[len(seen.values) - 1].tolist(), strict=True))
    return ", ".join(
        f"{emotion_name(code)} {format_probability(shares[code])}" for code in in_reading_order(shares)
    )


def _precision(seen: Seen) -> None:
    """How far what is computed here is from the answer of the file that ships; and what is left out here."""
    text = _(
        "All numbers are computed just now, in 32 bits, from the weights that ship. The shipped network computes with 8 bits "
        "in part: for this face its probabilities differ from these by up to {difference} percentage points."
    ).format(difference=format_number(100 * seen.values.difference, 2))
    if seen.reader.mirror:
        text += " " + _(
            "This network answers with the mean of the face and its mirror image; the stages show the face as it is."
        )
    if seen.reader.temperature != 1:
        text += " " + _(
            "Its answer at the top is calibrated with the temperature {t}; the last stage is before that."
        ).format(t=format_number(seen.reader.temperature, 2))
    st.caption(text)


def _table(seen: Seen, answered: bool) -> None:
    """All stages; with their parameters once the question on them is answered."""
    stages = seen.reader.stages
    layers = seen.reader.layers
    kernels = []
    for stage in stages:
        layer = layers[stage.layer]
        size = layer.kernel_size if layer.kernel_size is not None else layer.pool_size
        kernels.append("" if size is None else shape_words(size))
    show_table(
        [
            Column(_("Stage"), [stage_name(stage) for stage in stages]),
            Column(_("Shape"), [shape_words(stage.output_shape) for stage in stages]),
            Column(_("Values"), [prod(stage.output_shape) for stage in stages]),
            Column(_("Window"), kernels),
            *(
                [Column(_("Trained parameters"), [parameters_of(seen, stage) for stage in stages])]
                if answered
                else []
            ),
            Column(
                _("Multiply-accumulates"),
                [sum(layers[index].multiply_accumulates for index in stage.layers) for stage in stages],
            ),
            Column(_("Smallest value"), [float(seen.of_stage(stage).min()) for stage in stages], decimals=2),
            Column(_("Largest value"), [float(seen.of_stage(stage).max()) for stage in stages], decimals=2),
            Column(
                _("Values that are 0"),
                [float((seen.of_stage(stage) == 0).mean()) for stage in stages],
                percent=True,
            ),
        ],
        key="network_stages",
        filename=f"stages-{seen.info.id}",
        provenance=Provenance(now_here(), seen.info, settings={"face": seen.face_code}),
    )

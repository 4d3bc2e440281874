"""The network that is trained, as a row of blocks, and the controls that put it together."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import streamlit as st

from fer_core.lab.cost import Cost, LayerCost
from fer_core.lab.settings import (
    LEAST_CHANNELS,
    MOST_BLOCKS,
    MOST_CHANNELS,
    MOST_CONVOLUTIONS,
    MOST_DENSE_LAYERS,
    MOST_DENSE_UNITS,
    MOST_PARAMETERS,
    PRESETS,
    Architecture,
    Block,
    Ending,
)
from fer_core.store.network import NetworkInfo
from pages.lab.selection import choose_architecture
from pages.ui.charts import Column, show_table
from pages.ui.i18n import N_, _, format_number
from pages.ui.resources import measured_networks

NAMES: Final = {"small": N_("Small"), "paper-small": N_("The paper's smallest")}
ENDINGS: Final[dict[Ending, str]] = {"mean": N_("Mean of each map"), "flatten": N_("Flatten")}
COMPARED: Final = ("paper-small", "raut")
"""Ids of networks that ship, with which parameters and multiply-accumulates are compared."""
CHANNELS: Final = (LEAST_CHANNELS, 8, 16, 24, 32, 48, 64, 96, MOST_CHANNELS)
UNITS: Final = (8, 16, 32, 64, 128, 256, MOST_DENSE_UNITS)
DENSE_AT_FIRST: Final = 64
_NONE_OF_THEM: Final = "own"


def too_large(cost: Cost) -> bool:
    """Whether the network has more parameters than two processor cores can bear."""
    return cost.parameters > MOST_PARAMETERS


def preset_of(architecture: Architecture) -> str | None:
    """The name of the preset that this is; None for a network of one's own."""
    return next((name for name, preset in PRESETS.items() if preset == architecture), None)


# --- the drawing -----------------------------------------------------------------------------------------


def draw_blocks(cost: Cost) -> None:
    """The network from the face to its classes: a box for each block, as high as its maps and as wide as they are many."""
    boxes = "".join(map(_box, _boxes(cost)))
    st.html(f'<ol class="raut-lab-network" aria-label="{html.escape(_("Network"), quote=True)}">{boxes}</ol>')


@dataclass(frozen=True)
class _Box:
    """One box of the drawing: what it is, its maps, and what comes out."""

    kind: str
    name: str
    shapes: tuple[str, ...]
    side: int = 0
    maps: int = 1
    slabs: int = 1
    """Convolutions, one behind the other."""


def _boxes(cost: Cost) -> list[_Box]:
    boxes = [_Box("face", _("Face"), ("48×48",))]
    convolutions: dict[int, int] = {}
    for layer in cost.layers:
        if layer.kind == "convolution" and layer.block is not None:
            convolutions[layer.block] = convolutions.get(layer.block, 0) + 1
        elif layer.kind == "pool" and layer.block is not None:
            side, _width, maps = layer.output_shape
            name, shapes = _("Block {n}").format(n=layer.block), (format_number(maps), f"{side}×{side}")
            boxes.append(_Box("block", name, shapes, side, maps, convolutions[layer.block]))
        elif layer.kind in ("flatten", "mean", "dense", "classification"):
            boxes.append(_vector_box(layer))
    return boxes


def _vector_box(layer: LayerCost) -> _Box:
    (values,) = layer.output_shape
    names = {
        "flatten": _("Flatten"),
        "mean": _("Mean"),
        "dense": _("Dense"),
        "classification": _("Classes"),
    }
    return _Box(layer.kind, names[layer.kind], (format_number(values),), maps=values)


def _box(box: _Box) -> str:
    shapes = "".join(f"<span>{html.escape(shape)}</span>" for shape in box.shapes)
    return (
        f'<li class="{box.kind}" style="--side:{box.side};--maps:{min(box.maps, MOST_CHANNELS)}">'
        f"<div>{'<i></i>' * box.slabs}</div><b>{html.escape(box.name)}</b>{shapes}</li>"
    )


# --- what it costs ---------------------------------------------------------------------------------------


def cost_words(cost: Cost) -> str:
    """Parameters and multiply-accumulates in one line."""
    return _("{parameters} parameters, {macs} million multiply-accumulates a face").format(
        parameters=format_number(cost.parameters), macs=format_number(cost.macs / 1e6, 1)
    )


def compare_cost(cost: Cost) -> None:
    """Parameters and multiply-accumulates beside those of networks that ship."""
    others: Sequence[NetworkInfo] = [
        info
        for wanted in COMPARED
        for info in measured_networks()
        if info.id == wanted and info.parameters and info.macs
    ]
    show_table(
        [
            Column(_("Network"), [_("This network"), *(_(info.name) for info in others)]),
            Column(_("Parameters"), [cost.parameters, *(info.parameters for info in others)]),
            Column(
                _("MACs (millions)"),
                [cost.macs / 1e6, *((info.macs or 0) / 1e6 for info in others)],
                decimals=1,
            ),
        ],
        key="lab_cost",
        filename=None,
    )


# --- the controls ----------------------------------------------------------------------------------------


def edit_architecture(architecture: Architecture) -> None:
    """Blocks, ending, dense layers, normalisation, dropout; each change goes into the address."""
    for place, block in enumerate(architecture.blocks):
        _edit_block(architecture, place, block)
    with st.container(horizontal=True):
        _more_or_less(architecture)
    if len(architecture.blocks) == MOST_BLOCKS:
        st.caption(
            _("{n} blocks are the most: each halves the maps, and 48 pixels are 3 by then.").format(
                n=format_number(MOST_BLOCKS)
            )
        )
    _edit_rest(architecture)


def _choice(
    widget: Callable[..., Any],
    label: str,
    key: str,
    now: Any,
    change: Callable[[Any], Architecture],
    **how: Any,
) -> None:
    """A control that shows what holds now, and puts the architecture that follows from a change into the address."""
    st.session_state[key] = now

    def follow() -> None:
        choose_architecture(change(st.session_state[key]))

    widget(label, key=key, on_change=follow, **how)


def choose_preset(architecture: Architecture) -> None:
    """The presets, and what a network of one's own is called, where this is one."""
    now = preset_of(architecture) or _NONE_OF_THEM
    names = {**{name: _(text) for name, text in NAMES.items()}, _NONE_OF_THEM: _("Own design")}
    offered = [*PRESETS, *([_NONE_OF_THEM] if now == _NONE_OF_THEM else [])]
    _choice(
        st.segmented_control,
        _("Network"),
        "lab_preset",
        now,
        lambda name: PRESETS.get(name, architecture),
        options=offered,
        format_func=names.__getitem__,
        required=True,
    )


def _edit_block(architecture: Architecture, place: int, block: Block) -> None:
    def changed(**new: int) -> Architecture:
        blocks = list(architecture.blocks)
        blocks[place] = replace(block, **new)
        return replace(architecture, blocks=tuple(blocks))

    left, right = st.columns([3, 2], gap="small", vertical_alignment="bottom")
    with left:
        _choice(
            st.select_slider,
            _("Block {n}: feature maps").format(n=place + 1),
            f"lab_block{place}_channels",
            block.channels,
            lambda channels: changed(channels=channels),
            options=sorted({*CHANNELS, block.channels}),
        )
    with right:
        _choice(
            st.segmented_control,
            _("Convolutions"),
            f"lab_block{place}_convolutions",
            block.convolutions,
            lambda count: changed(convolutions=count),
            options=list(range(1, MOST_CONVOLUTIONS + 1)),
            required=True,
        )


def _more_or_less(architecture: Architecture) -> None:
    blocks = architecture.blocks
    st.button(
        _("Add a block"),
        icon=":material/add:",
        key="lab_block_more",
        disabled=len(blocks) == MOST_BLOCKS,
        on_click=choose_architecture,
        args=(
            replace(architecture, blocks=(*blocks, blocks[-1]))
            if len(blocks) < MOST_BLOCKS
            else architecture,
        ),
    )
    st.button(
        _("Remove the last block"),
        icon=":material/remove:",
        key="lab_block_less",
        disabled=len(blocks) == 1,
        on_click=choose_architecture,
        args=(replace(architecture, blocks=blocks[:-1]) if len(blocks) > 1 else architecture,),
    )


def _edit_rest(architecture: Architecture) -> None:
    _choice(
        st.segmented_control,
        _("Ending"),
        "lab_ending",
        architecture.ending,
        lambda ending: replace(architecture, ending=ending),
        options=list(ENDINGS),
        format_func=lambda code: _(ENDINGS[code]),
        required=True,
        help=_(
            "How the last maps become a row of numbers: the mean of each map is one number; flatten takes all of them "
            "and needs many more parameters behind it."
        ),
    )
    units = architecture.dense_units
    _choice(
        st.segmented_control,
        _("Dense layers before the classes"),
        "lab_dense",
        len(units),
        lambda count: replace(
            architecture, dense_units=(*units, *[DENSE_AT_FIRST] * MOST_DENSE_LAYERS)[:count]
        ),
        options=list(range(MOST_DENSE_LAYERS + 1)),
        required=True,
    )
    for number, count in enumerate(units):
        _edit_dense(architecture, number, count)
    _choice(
        st.toggle,
        _("Batch normalisation"),
        "lab_normalised",
        architecture.normalised,
        lambda yes: replace(architecture, normalised=yes),
        help=_("Keeps the values of each map in a similar range, so that training goes faster."),
    )
    _choice(
        st.slider,
        _("Dropout"),
        "lab_dropout",
        architecture.dropout,
        lambda share: replace(architecture, dropout=round(share, 2)),
        min_value=0.0,
        max_value=0.9,
        step=0.05,
        help=_(
            "This share of the values before the classes is left out at random in each step of the training, so that "
            "the network does not rely on single ones. 0 leaves none out."
        ),
    )


def _edit_dense(architecture: Architecture, number: int, now: int) -> None:
    units = architecture.dense_units

    def changed(count: int) -> Architecture:
        return replace(architecture, dense_units=(*units[:number], count, *units[number + 1 :]))

    _choice(
        st.select_slider,
        _("Dense layer {n}: values").format(n=number + 1),
        f"lab_dense{number}_units",
        now,
        changed,
        options=sorted({*UNITS, now}),
    )

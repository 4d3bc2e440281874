"""Part "Flatten or mean": how the last feature maps become a row of numbers, and which network does it how."""

from __future__ import annotations

from math import prod

import numpy as np
import streamlit as st

from fer_core.explanation.contributions import Classification
from fer_core.store.network import NetworkInfo
from pages.network import selection
from pages.network.classification.taken_apart import score_parts
from pages.network.expressions import ranked
from pages.network.map_pictures import shades
from pages.network.numbers import number_grid
from pages.network.seen import Seen
from pages.network.tiles import Tiles, tiles
from pages.ui.blocks import term
from pages.ui.charts import Column, csv_button, show_table
from pages.ui.i18n import _, emotion_name, format_number
from pages.ui.resources import networks
from pages.ui.teaching.question import ask

_MOST_SHOWN = 96  # maps side by side: those with the largest mean
_MOST_TERMS = 9  # of a sum that is written out


def render(seen: Seen, taken: Classification) -> None:
    """A question, then the maps with one of them worked out, then the networks side by side."""
    height, width, count = taken.maps.shape
    fields = {
        "height": height,
        "width": width,
        "count": format_number(count),
        "all": format_number(height * width * count),
    }
    if taken.flattened:
        text = _(
            "At the end of feature learning there are {count} maps of {height}×{width} numbers. A dense layer takes "
            "a plain row of numbers. This network **flattens** the maps: it puts all numbers one after the other. "
            "Each position of each map has weights of its own in the next layer."
        )
    else:
        text = _(
            "At the end of feature learning there are {count} maps of {height}×{width} numbers. A dense layer takes "
            "a plain row of numbers. This network takes the **mean** of each map: what a map has found counts, and "
            "where in the face it was found no longer does."
        )
    st.markdown(text.format(**fields))
    amounts = {
        str(height * width): height * width,
        str(count): count,
        str(height * width * count): height * width * count,
    }
    if not ask(
        f"positions_{seen.key}",
        _("{count} maps of {height}×{width}: how many numbers does the next layer get?").format(**fields),
        {code: format_number(amount) for code, amount in amounts.items()},
        str(len(taken.entering)),
        _("Flattened, {height}×{width}×{count} = {all} numbers.").format(**fields)
        if taken.flattened
        else _("One mean for each map: {count} numbers.").format(**fields),
    ):
        return
    _maps(seen, taken)
    _networks(seen.info)


def _maps(seen: Seen, taken: Classification) -> None:
    height, width, count = taken.maps.shape
    means = taken.maps.mean(axis=(0, 1))
    order = np.argsort(-means, kind="stable")
    number = selection.number_of_address(selection.LAST_MAP, count, int(order[0]))
    shown = order[:_MOST_SHOWN]
    limit = float(taken.maps.max()) or 1.0
    left, right = st.columns([3, 2], gap="medium")
    with left:
        tiles(
            Tiles(
                # Each with the same scale: a bright one has found more than a dark one.
                shades(taken.maps[..., shown].transpose(2, 0, 1), limit, signed=False),
                [
                    _("Map {n}, mean {mean}").format(n=at + 1, mean=format_number(float(means[at]), 2))
                    for at in shown
                ],
                [format_number(float(means[at]), 2) for at in shown],
                _("The last feature maps, those with the largest mean first"),
                size=56,
                chosen=int(np.flatnonzero(shown == number)[0]) if number in shown else -1,
                scrolls=True,
            ),
            key="last_maps",
            on_open=lambda at: selection.put(**{selection.LAST_MAP: int(shown[at])}),
        )
        st.caption(
            _(
                "Black is 0, white the largest number of all maps, {largest}. Below each map stands its mean. "
                "{shown} of {count} maps are shown, sorted by their mean."
            ).format(
                largest=format_number(limit, 2), shown=format_number(len(shown)), count=format_number(count)
            )
        )
    with right:
        st.markdown(f"**{_('Map {n}').format(n=number + 1)}**")
        st.html(number_grid(taken.maps[..., number], limit))
        if taken.flattened:
            _in_the_row(taken, number)
        else:
            _mean_worked_out(taken.maps[..., number])
    best = ranked(seen)[0]
    parts = score_parts(seen, taken, "maps").values[:, seen.info.labels.index(best)]
    csv_button(
        [
            Column(_("Map"), [int(at) + 1 for at in order]),
            Column(_("Mean"), [float(means[at]) for at in order], decimals=4),
            Column(_("Largest"), [float(taken.maps[..., at].max()) for at in order], decimals=4),
            Column(
                _("Contribution to “{expression}”").format(expression=emotion_name(best)),
                [float(parts[at]) for at in order],
                decimals=4,
            ),
        ],
        key="last_maps_csv",
        filename="last-feature-maps",
    )


def _mean_worked_out(values: np.ndarray) -> None:
    flat = values.reshape(-1)
    terms = [format_number(float(value), 2) for value in flat]
    if len(terms) > _MOST_TERMS:
        terms = [*terms[:3], "…", *terms[-2:]]
    st.markdown(
        _("Sum: {terms} = {total}. Divided by {n} positions: **{mean}**.").format(
            terms=" + ".join(terms),
            total=format_number(float(flat.sum()), 2),
            n=format_number(len(flat)),
            mean=format_number(float(flat.mean()), 3),
        )
    )


def _in_the_row(taken: Classification, number: int) -> None:
    height, width, count = taken.maps.shape
    first, second, last = number, count + number, (height * width - 1) * count + number
    st.markdown(
        _(
            "In the row of {all} numbers these are number {first}, {second}, … and {last}: first comes row 1, column "
            "1 of all {count} maps, then row 1, column 2 of all of them, and so on. The next layer has "
            "{neurons} neurons, so that each number has {neurons} weights."
        ).format(
            all=format_number(height * width * count),
            first=format_number(first + 1),
            second=format_number(second + 1),
            last=format_number(last + 1),
            count=format_number(count),
            neurons=format_number(taken.dense[0].kernel.shape[1]),
        )
    )


def _networks(here: NetworkInfo) -> None:
    """Which network does what, from what is recorded of its layers."""
    st.markdown(f"**{_('Which network does which')}**")
    rows = [found for found in (_ending(info) for info in networks()) if found is not None]
    names, shapes, flattens, amounts, weights = zip(*rows, strict=True) if rows else ((),) * 5
    show_table(
        [
            Column(
                _("Network"),
                [
                    _("{name} (this page)").format(name=name) if name == _(here.name) else name
                    for name in names
                ],
            ),
            Column(_("Last maps"), shapes),
            Column(_("What it does"), [_("flattens") if each else _("takes the mean") for each in flattens]),
            Column(_("Numbers in the row"), amounts),
            Column(_("Parameters of the next layer"), weights),
        ],
        key="positions_networks",
        filename="flatten-or-mean",
    )
    st.caption(
        _(
            "A mean needs far fewer weights, and a face that lies a little to the side gives nearly the same numbers. "
            "Flattening can tell a pattern at the mouth from the same pattern at the brow."
        )
    )
    term("flatten")


def _ending(info: NetworkInfo) -> tuple[str, str, bool, int, int] | None:
    """Name, last maps, whether they are flattened, numbers behind that, parameters of the next dense layer."""
    layers = info.record.layers
    for at in range(len(layers) - 1, 0, -1):
        if layers[at].type in ("Flatten", "GlobalAveragePooling2D"):
            shape = [side or 0 for side in layers[at - 1].output_shape]
            flattens = layers[at].type == "Flatten"
            following = next((layer for layer in layers[at:] if layer.type == "Dense"), None)
            numbers = prod(shape) if flattens else shape[-1]
            text = "×".join(format_number(side) for side in shape)
            return _(info.name), text, flattens, numbers, following.parameters if following else 0
    return None

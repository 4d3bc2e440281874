"""The view "Architecture" of the page Training: the layers of a network, or of two side by side."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from fer_core.networks import PRETRAINED
from fer_core.recognition.provenance import Provenance
from pages.training.controls import one_network, second_network, side_by_side
from pages.training.networks import NetworkResults
from pages.training.selection import Chosen
from pages.ui.blocks import term
from pages.ui.charts import Column, now_here, show_table
from pages.ui.guard import escape_markdown
from pages.ui.i18n import _, format_number, ngettext


def render(chosen: Chosen) -> None:
    """See `pages/training/page.py`."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        one_network(chosen)
        second_network(chosen)
    side_by_side(chosen.networks[:2], lambda results, key: layers(results, key=f"{key}_layers"))
    with st.container(horizontal=True):
        term("convolution")
        term("softmax")


def layers(results: NetworkResults, *, key: str) -> None:
    """The network's structure, layer by layer."""
    listed = results.info.record.layers
    if not listed:
        st.info(_("The layers of this network are not listed."), icon=":material/layers:")
        return
    numbers = list(range(1, len(listed) + 1))
    columns = [
        Column(
            _("Layer"),
            [f"{number}. {layer.name}" for number, layer in zip(numbers, listed, strict=True)],
        ),
        Column(_("Type"), [layer.type for layer in listed]),
        Column(_("Output"), [_shape(layer.output_shape) for layer in listed]),
        Column(_("Parameters"), [layer.parameters for layer in listed]),
    ]
    count = ngettext("{n} layer", "{n} layers", len(listed)).format(n=format_number(len(listed)))
    if (architecture := results.info.recipe.architecture) in PRETRAINED:
        fitted = _(
            "Adapted to small grey faces: the grey face goes into each of the three channels; the last "
            "layers with their 1,000 classes are replaced by a mean over all places, dropout and softmax."
        )
        changed = (
            _("The last of the five pools is left out.")
            if architecture == "vgg19"
            else _("The first convolution has stride 1 in place of 2.")
        )
        st.caption(f"{fitted} {changed}")
    with st.expander(f"{escape_markdown(_(results.info.name))}: {count}", icon=":material/layers:"):
        show_table(
            columns,
            key=key,
            filename=f"{results.info.id}-layers",
            provenance=Provenance(now_here(), results.info),
        )


def _shape(shape: Sequence[int | None]) -> str:
    """[None, 48, 48, 32] -> "48 × 48 × 32"."""
    return " × ".join(str(side) for side in shape if side is not None) or "–"

"""The view "Architecture" of the page Training: the layers of a network, or of two on one scale, drawn and listed."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

import streamlit as st

from fer_core.networks import PRETRAINED
from fer_core.plots.architecture import DrawnLayer, Headings, architecture_svg
from fer_core.recognition.provenance import Provenance
from pages.training.architecture.diagram import diagram
from pages.training.architecture.parts import Part, parts_of
from pages.training.controls import one_network, second_network
from pages.training.networks import NetworkResults
from pages.training.selection import Chosen
from pages.ui.address.parameters import of_every_page
from pages.ui.blocks import term
from pages.ui.charts import Column, current_theme, now_here, show_table
from pages.ui.guard import escape_markdown
from pages.ui.i18n import _, format_number, ngettext
from pages.ui.teaching.stage_words import kind_name, shape_words
from pages.ui.theme import text_scale


def render(chosen: Chosen) -> None:
    """See `pages/training/page.py`."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        one_network(chosen)
        second_network(chosen)
    shown = [(results, parts_of(results.info)) for results in chosen.networks[:2]]
    most_macs = max((part.multiply_accumulates for _of, parts in shown for part in parts), default=1)
    most_parameters = max((part.parameters for _of, parts in shown for part in parts), default=1)
    if any(parts for _of, parts in shown):
        _how_to_read(two=len(shown) > 1, opens=any(results.info.ships for results, _parts in shown))
    for number, (results, parts) in enumerate(shown, start=1):
        if not parts:
            name = escape_markdown(_(results.info.name))
            st.info(
                f"**{name}:** " + _("The layers of this network are not listed."), icon=":material/layers:"
            )
            continue
        _drawing(results, parts, most_macs, most_parameters, key=f"network{number}_layers")
        _notes(results)
        _table(results, parts, key=f"network{number}_layers")
    with st.container(horizontal=True):
        for name in (
            "convolution",
            "kernel",
            "stride",
            "feature_map",
            "pooling",
            "dense_layer",
            "mac",
            "parameter",
        ):
            term(name)
        if any(part.kind == "addition" for _of, parts in shown for part in parts):
            term("residual_connection")
        term("softmax")


def _how_to_read(*, two: bool, opens: bool) -> None:
    text = _(
        "A box is as high as its feature maps, and the wider the more maps there are: four times the maps, twice the "
        "width."
    )
    if two:
        text += " " + _("Both networks are drawn on one scale.")
    if opens:
        text += " " + _("Choose a layer to see what it makes of a face.")
    st.caption(text)


def _drawing(
    results: NetworkResults, parts: Sequence[Part], most_macs: int, most_parameters: int, *, key: str
) -> None:
    info = results.info
    source = Provenance(now_here(), info)
    svg = architecture_svg(
        [
            DrawnLayer(
                part.kind,
                kind_name(part.kind, part.number),
                _detail(part),
                shape_words(part.output_shape),
                part.output_shape[0] if len(part.output_shape) == 3 else 1,
                part.output_shape[-1],
                part.multiply_accumulates,
                _millions(part.multiply_accumulates),
                part.parameters,
                format_number(part.parameters),
                part.inputs,
                part.stage,
            )
            for part in parts
        ],
        Headings(
            _title(results, parts),
            _("Multiply-accumulates (millions)"),
            _("Parameters"),
            "; ".join(f"{name}: {text}" for name, text in source.known_cells().items()),
        ),
        theme=current_theme(),
        most_macs=most_macs,
        most_parameters=most_parameters,
        magnification=text_scale(),
    )
    st.markdown(f"**{escape_markdown(_title(results, parts))}**")
    file = source.file_name(f"{info.id}-architecture", "svg").removesuffix(".svg")
    kept = of_every_page()
    links = {
        part.stage: f"network?{urlencode({'network': info.id, 'step': 'stage', 'stage': part.stage, **kept})}"
        for part in parts
        if part.stage
    }
    diagram(svg, name=info.id, file=file, links=links, key=f"{key}_drawing")


def _title(results: NetworkResults, parts: Sequence[Part]) -> str:
    return _("{name}: {parameters} parameters, {macs} million multiply-accumulates for one face").format(
        name=_(results.info.name),
        parameters=format_number(sum(part.parameters for part in parts)),
        macs=_millions(sum(part.multiply_accumulates for part in parts)),
    )


def _millions(count: int) -> str:
    """Of 21,233,664 "21.2"; small counts with three decimals, since they are not 0."""
    return format_number(count / 1e6, 1 if count >= 1e5 else 3)


def _detail(part: Part) -> str:
    """ "3×3, stride 2"; "" where there is nothing to say."""
    if part.kernel is not None:
        size = shape_words((part.kernel, part.kernel))
        if part.stride is not None and part.stride > 1:
            return _("{size}, stride {n}").format(size=size, n=format_number(part.stride))
        return size
    return {"max": _("maximum"), "average": _("mean")}.get(part.pool or "", "")


def _notes(results: NetworkResults) -> None:
    notes = []
    if results.info.record.flip_averaging:
        notes.append(
            _(
                "The face and its mirror image go through all layers: the multiply-accumulates are those of both."
            )
        )
    architecture = results.info.recipe.architecture
    if architecture in PRETRAINED:
        notes.append(
            _(
                "Adapted to small grey faces: the grey face goes into each of the three channels; the last "
                "layers with their 1,000 classes are replaced by a mean over all places, dropout and softmax."
            )
        )
        notes.append(
            _("The last of the five pools is left out.")
            if architecture == "vgg19"
            else _("The first convolution has stride 1 in place of 2.")
        )
    if not results.info.ships:
        notes.append(_("The weights of this network do not ship, so its layers cannot be opened."))
    if notes:
        st.caption(" ".join(notes))


def _table(results: NetworkResults, parts: Sequence[Part], *, key: str) -> None:
    total = _("Total")
    columns = [
        Column(_("Layer"), [*(kind_name(part.kind, part.number) for part in parts), total]),
        Column(_("In Keras"), [*(", ".join(part.names) or "–" for part in parts), ""]),
        Column(_("Kernel or pooling"), [*(_detail(part) or "–" for part in parts), ""]),
        Column(_("Output"), [*(shape_words(part.output_shape) for part in parts), ""]),
        Column(_("Fed by"), [*(_fed_by(part, parts) for part in parts), ""]),
        Column(
            _("Parameters"), [part.parameters for part in parts] + [sum(part.parameters for part in parts)]
        ),
        Column(
            _("MACs"),
            [part.multiply_accumulates for part in parts]
            + [sum(part.multiply_accumulates for part in parts)],
        ),
    ]
    count = ngettext("{n} layer", "{n} layers", len(parts)).format(n=format_number(len(parts)))
    with st.expander(f"{escape_markdown(_(results.info.name))}: {count}", icon=":material/table:"):
        show_table(
            columns,
            key=key,
            filename=f"{results.info.id}-layers",
            total=True,
            provenance=Provenance(now_here(), results.info),
        )


def _fed_by(part: Part, parts: Sequence[Part]) -> str:
    return ", ".join(kind_name(parts[place].kind, parts[place].number) for place in part.inputs) or "–"

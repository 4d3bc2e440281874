"""Part "Heat map": what speaks for each expression, all side by side and one of them large, with its numbers."""

from __future__ import annotations

import html

import numpy as np
import streamlit as st

from fer_core.explanation.grad_cam import overlay
from fer_core.labels import in_reading_order
from fer_core.recognition.provenance import Provenance
from pages.network import selection
from pages.network.attention.heat_maps import HeatMaps, heat_maps
from pages.network.attention.words import place_name
from pages.network.map_pictures import url_of
from pages.network.numbers import in_float_note, number_grid, signed_number
from pages.network.seen import Seen
from pages.network.tiles import Tiles, tiles
from pages.ui.charts import Column, csv_button, now_here
from pages.ui.i18n import _, emotion_name, format_number, format_percent, format_probability
from pages.ui.teaching.question import ask

_SMALL, _LARGE = 144, 432
_LEGEND = "linear-gradient(to right, #00204d, #7c7b78, #ffea46)"
"""The ends and the middle of cividis, as `fer_core.explanation.grad_cam.overlay` colours."""


def render(seen: Seen) -> None:
    """A question about the answer's map, then all maps and the chosen one."""
    codes = in_reading_order(seen.info.labels)
    code = selection.choice_of_address(selection.EXPRESSION, codes, seen.answer.label)
    st.markdown(
        _(
            "The score of an expression is a sum over the positions of the last maps. Added up position by position and "
            "laid over the face, it shows where the network found something that speaks **for** this expression."
        )
    )
    maps = heat_maps(seen)
    if not _question(seen, maps):
        return
    probabilities = [float(seen.answer.probabilities[seen.info.labels.index(one)]) for one in codes]
    tiles(
        Tiles(
            np.stack([overlay(seen.face_gray, maps.heats[one], _SMALL) for one in codes]),
            [
                _("Heat map of {expression}, {probability}").format(
                    expression=emotion_name(one), probability=format_probability(share)
                )
                for one, share in zip(codes, probabilities, strict=True)
            ],
            [
                f"{emotion_name(one)} {format_probability(share)}"
                for one, share in zip(codes, probabilities, strict=True)
            ],
            _("What speaks for each expression"),
            size=112,
            chosen=codes.index(code),
        ),
        key="heat_tiles",
        on_open=lambda at: selection.put(**{selection.EXPRESSION: codes[at]}),
    )
    left, right = st.columns([2, 3], gap="medium")
    with left:
        _large(seen, maps, code)
    with right:
        _numbers(seen, maps, code)
    st.caption(
        _(
            "{method}. Each map is brought to its own hottest place, so that two maps do not say which expression is "
            "the more probable one: the sums do. A map shows what raises a score, not why a person looks so or what "
            "they feel, nor whether the answer is right."
        ).format(method=maps.method)
        + " "
        + in_float_note(seen, mirror=False)
    )


def _question(seen: Seen, maps: HeatMaps) -> bool:
    """In which half of the face more is found for the answer."""
    label = seen.answer.label
    heat = maps.heats[label]
    upper = float(heat[: len(heat) // 2].sum() / (heat.sum() or 1.0))
    right = "equal" if not heat.any() or 0.45 <= upper <= 0.55 else "upper" if upper > 0.5 else "lower"
    return ask(
        f"heat_{seen.key}",
        _("For “{expression}”, where does this network find more: in the upper or in the lower half of the face?").format(
            expression=emotion_name(label).lower()
        ),
        {"upper": _("Upper half"), "lower": _("Lower half"), "equal": _("About the same in both")},
        right,
        _("{upper} of the heat lies in the upper half, {lower} in the lower half.").format(
            upper=format_percent(upper, 0), lower=format_percent(1 - upper, 0)
        )
        if heat.any()
        else _("Nothing in this face speaks for that expression."),
    )  # fmt: skip


def _large(seen: Seen, maps: HeatMaps, code: str) -> None:
    heat = maps.heats[code]
    words = _("What speaks for {expression}, laid over the face").format(
        expression=emotion_name(code).lower()
    )
    if heat.any():
        row, column = np.unravel_index(int(heat.argmax()), heat.shape)
        words += ". " + _("Hottest: {place}").format(
            place=place_name((row + 0.5) / len(heat), (column + 0.5) / len(heat))
        )
    else:
        st.info(_("Nothing in this face speaks for that expression."))
    picture = url_of(overlay(seen.face_gray, heat, _LARGE))
    st.html(
        f'<figure style="margin: 0"><img src="{picture}" alt="{html.escape(words)}" '
        'style="width: 100%; max-width: 27rem; border-radius: 0.3rem; display: block">'
        f'<div style="max-width: 27rem"><div style="height: 0.8rem; margin-top: 0.5rem; background: {_LEGEND}; '
        'print-color-adjust: exact; border-radius: 0.2rem"></div>'
        '<div style="display: flex; justify-content: space-between; gap: 1rem">'
        f"<span>{html.escape(_('0: nothing, or against'))}</span>"
        f"<span>{html.escape(_('1: hottest place of this map'))}</span></div></div>"
        f"<figcaption>{html.escape(words)}.</figcaption></figure>"
    )


def _numbers(seen: Seen, maps: HeatMaps, code: str) -> None:
    column = seen.info.labels.index(code)
    shares = maps.shares[..., column]
    total, score = float(shares.sum()), float(maps.scores[column])
    st.markdown(
        f"**{_('What each position adds to the score of {expression}').format(expression=emotion_name(code))}**"
    )
    st.html(number_grid(shares, float(np.abs(shares).max()) or 1.0, signed=True))
    mirror = seen.values.mirror_scores is not None
    text = (
        _(
            "All positions together {positions}, the biases {biases}: score {score}, the mean of face and mirror image."
        )
        if mirror
        else _("All positions together {positions}, the biases {biases}: score {score}.")
    )
    st.markdown(
        text.format(
            positions=signed_number(total), biases=signed_number(score - total), score=signed_number(score)
        )
    )
    height, width = shares.shape
    st.caption(
        _(
            "Each number stands for a square of {side}×{side} pixels of the face, but the network has seen more than "
            "that square: the convolutions before have looked at its surroundings, too."
        ).format(side=format_number(len(seen.face_gray) // height))
    )
    csv_button(
        [
            Column(_("Row"), [row + 1 for row in range(height) for _place in range(width)]),
            Column(_("Column"), [place + 1 for _row in range(height) for place in range(width)]),
            *(
                Column(emotion_name(one), maps.shares[..., seen.info.labels.index(one)].ravel().tolist(), decimals=4)
                for one in in_reading_order(seen.info.labels)
            ),
        ],
        key="heat_csv",
        filename="heat-map",
        provenance=Provenance(now_here(), seen.info),
    )  # fmt: skip

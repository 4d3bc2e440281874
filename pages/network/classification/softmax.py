"""Part "Softmax": scores become probabilities; the reader moves scores and temperature."""

from __future__ import annotations

import math
from collections.abc import Collection
from itertools import count
from typing import Final

import numpy as np
import streamlit as st

from fer_core.explanation.contributions import Classification
from fer_core.explanation.softmax import softmax_steps
from fer_core.recognition.provenance import Provenance
from pages.network import selection
from pages.network.classification.softmax_sliders import TEMPERATURES, Sliders, softmax_sliders
from pages.network.expressions import expression_names
from pages.network.map_pictures import url_of
from pages.network.numbers import in_float_note
from pages.network.seen import Seen
from pages.ui.address.parameters import text_of_address
from pages.ui.blocks import term
from pages.ui.charts import Column, csv_button, now_here
from pages.ui.i18n import _, emotion_name, format_number, format_probability, number_for_programs
from pages.ui.teaching.question import ask

_FARTHEST_MOVE: Final = 1000.0


def render(seen: Seen, _taken: Classification) -> None:
    """A question, then sliders and calculation, then what temperature and mirror image are for."""
    scores = {code: float(score) for code, score in zip(seen.info.labels, seen.values.scores, strict=True)}
    st.markdown(
        _(
            "Scores may be any numbers. The **softmax** makes shares of them that add up to 100%: it takes e (about "
            "2.718) to the power of each score, and divides each result by the sum of all. Every score changes every "
            "share."
        )
    )
    if not _question(seen, scores):
        return
    names = expression_names(seen)
    mirror = seen.values.mirror_scores
    own = float(seen.reader.temperature)
    softmax_sliders(
        Sliders(
            id=seen.key,
            names=names,
            scores=scores,
            mirror_scores=None
            if mirror is None
            else {code: float(score) for code, score in zip(seen.info.labels, mirror, strict=True)},
            own=own,
            temperature=_temperature_of_address(own),
            moves=_moves_of_address(scores),
        ),
        on_settled=lambda temperature, moves: _remember(temperature, moves, own),
    )
    st.caption(_answer_note(seen))
    _take_along(seen, scores)
    _temperature(own, calibrated=seen.info.record.temperature is not None)
    if mirror is not None:
        _mirror(seen, mirror)


def _question(seen: Seen, scores: dict[str, float]) -> bool:
    """How a difference of scores becomes a ratio of shares."""
    first, second = sorted(scores, key=lambda code: -scores[code])[:2]
    gap = scores[first] - scores[second]
    amounts = {"gap": gap, "e": math.exp(gap), "ten": 10**gap}
    for decimals in count(1):
        texts = {code: _number(amount, decimals) for code, amount in amounts.items()}
        if len(set(texts.values())) == len(texts) or decimals == 6:
            break
    return ask(
        f"softmax_{seen.key}",
        _(
            "The score of “{first}” is {gap} higher than that of “{second}”. How many times as large is its share?"
        ).format(
            first=emotion_name(first),
            second=emotion_name(second),
            gap=_number(gap, 2),
        ),
        {code: _("{n} times").format(n=text) for code, text in texts.items()},
        "e",
        _(
            "e to the power of {gap} is {times}. Only differences between scores count: if all scores rise by 1, no "
            "share changes."
        ).format(gap=_number(gap, 2), times=texts["e"]),
    )


def _number(value: float, decimals: int) -> str:
    if value >= 10_000:
        return _("more than {n}").format(n=format_number(10.0 ** math.floor(math.log10(value))))
    return format_number(value, decimals)


# --- the address -------------------------------------------------------------------------------------


def _temperature_of_address(own: float) -> float:
    text = text_of_address(selection.TEMPERATURE)
    if not text:
        return own
    value = _float(text)
    if value is None or not TEMPERATURES[0] <= value <= TEMPERATURES[1]:
        selection.refuse(selection.TEMPERATURE, text, number_for_programs(own))
        return own
    return value


def _moves_of_address(scores: dict[str, float]) -> dict[str, float]:
    text = text_of_address(selection.MOVES)
    moves = moves_of_text(text, scores)
    if moves is None:
        selection.refuse(selection.MOVES, text, "")
    return moves or {}


def moves_of_text(text: str, codes: Collection[str]) -> dict[str, float] | None:
    """Code to how far its score was moved, from "happy:1.5,sad:-2"; None where it says something else."""
    moves: dict[str, float] = {}
    for part in text.split(",") if text else ():
        code, _colon, by = part.partition(":")
        move = _float(by)
        if code not in codes or move is None or abs(move) > _FARTHEST_MOVE:
            return None
        moves[code] = move
    return moves


def _float(text: str) -> float | None:
    try:
        value = float(text) if len(text) <= 12 else math.nan
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _remember(temperature: float, moves: dict[str, float], own: float) -> None:
    selection.put(
        **{
            selection.TEMPERATURE: None if temperature == own else number_for_programs(round(temperature, 3)),
            selection.MOVES: ",".join(f"{code}:{number_for_programs(move)}" for code, move in moves.items())
            or None,
        }
    )


# --- what temperature and mirror image are for -------------------------------------------------------


def _answer_note(seen: Seen) -> str:
    """What the sliders show before they are moved, and what the other pages show."""
    labels, answer = seen.info.labels, seen.answer
    return (
        in_float_note(seen)
        + " "
        + _("The answer as Photos shows it: {expression}, {probability}.").format(
            expression=emotion_name(answer.label),
            probability=format_probability(float(answer.probabilities[labels.index(answer.label)]), 1),
        )
    )


def _temperature(own: float, *, calibrated: bool) -> None:
    with st.container(border=True, gap="small"):
        st.markdown(f"**{_('Temperature')}**")
        st.markdown(
            _(
                "All scores are divided by one number, the temperature, before the softmax. Above 1 the shares move "
                "closer together: the network sounds less sure. Below 1 they move apart. The order of the expressions "
                "stays the same, and so does the answer."
            )
        )
        if not calibrated or own == 1.0:
            text = _(
                "This network has no temperature of its own (it is 1). It was not calibrated: its probabilities may "
                "be higher or lower than how often it is right."
            )
        elif own > 1:
            text = _(
                "This network's own temperature is {own}. Without it, the network was more sure than it was right: on "
                "pictures that it had not learnt from, the temperature was found at which the probabilities fit best."
            )
        else:
            text = _(
                "This network's own temperature is {own}. Without it, the network was less sure than it was right: on "
                "pictures that it had not learnt from, the temperature was found at which the probabilities fit best."
            )
        st.markdown(text.format(own=format_number(own, 4)))
        term("temperature")


def _mirror(seen: Seen, mirror_scores: np.ndarray) -> None:
    """Face and mirror image, with what the network makes of each."""
    face = softmax_steps(seen.values.scores).shares
    mirror = softmax_steps(mirror_scores).shares
    with st.container(border=True, gap="small"):
        st.markdown(f"**{_('Face and mirror image')}**")
        left, right = st.columns([2, 5], gap="medium", vertical_alignment="center")
        both = np.concatenate([seen.face_gray, seen.face_gray[:, ::-1]], axis=1)
        words = _("The face and its mirror image")
        left.html(
            f'<img src="{url_of(both.repeat(3, axis=0).repeat(3, axis=1))}" alt="{words}" style="width: 100%; '
            'max-width: 18rem; border-radius: 0.3rem">'
        )
        first, second = (seen.info.labels[int(shares.argmax())] for shares in (face, mirror))
        text = _(
            "A face and its mirror image show the same expression, yet the network gives them different scores. This "
            "network is asked about both and answers with the mean: one chance mistake counts half. The face as it is: "
            "{face}; the mirror image: {mirror}. A slider moves the score of both; the temperature comes last: it "
            "divides the logarithms of the means."
        ).format(
            face=f"{emotion_name(first)} {format_probability(float(face.max()), 1)}",
            mirror=f"{emotion_name(second)} {format_probability(float(mirror.max()), 1)}",
        )
        right.markdown(text)


def _take_along(seen: Seen, scores: dict[str, float]) -> None:
    """The numbers of this face, before anything is moved."""
    labels = list(expression_names(seen))
    at = [seen.info.labels.index(code) for code in labels]
    steps = softmax_steps(np.array([scores[code] for code in labels]))
    listed = [
        Column(_("Expression"), [emotion_name(code) for code in labels], codes=labels),
        Column(_("Score"), [scores[code] for code in labels], decimals=4),
        Column(_("e to the power of it"), steps.exponentials.tolist(), decimals=4),
        Column(_("Share of the sum"), steps.shares.tolist(), percent=True, decimals=2),
    ]
    if seen.values.mirror_scores is not None:
        mirror = softmax_steps(seen.values.mirror_scores).shares
        listed += [
            Column(
                _("Score, mirror image"), [float(seen.values.mirror_scores[one]) for one in at], decimals=4
            ),
            Column(_("Share, mirror image"), [float(mirror[one]) for one in at], percent=True, decimals=2),
        ]
    listed += [
        Column(_("Answer computed in float32"), [float(seen.values.answer[one]) for one in at], percent=True, decimals=2),
        Column(_("Answer of the file"), [float(seen.answer.probabilities[one]) for one in at], percent=True, decimals=2),
    ]  # fmt: skip
    csv_button(listed, key="softmax_csv", filename="softmax", provenance=Provenance(now_here(), seen.info))

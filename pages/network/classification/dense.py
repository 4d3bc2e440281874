"""Part "Dense layers": what adds up to the score of an expression, and of a second one to compare with."""

from __future__ import annotations

import cv2
import numpy as np
import streamlit as st

from fer_core.explanation.contributions import Classification, ScoreParts
from fer_core.labels import EMOTIONS
from fer_core.plots import LOOKS, AddedBars, contribution_bars
from fer_core.recognition.provenance import Provenance
from pages.network.address_choice import choose_from_list, choose_part
from pages.network.classification.taken_apart import score_parts
from pages.network.expressions import expression_names, ranked
from pages.network.map_pictures import limit_of, shades, url_of
from pages.network.numbers import in_float_note, signed_number
from pages.network.seen import Seen
from pages.network.selection import AGAINST, EXPRESSION, KIND
from pages.ui.blocks import term
from pages.ui.charts import Column, current_theme, now_here, show_chart
from pages.ui.i18n import _, emotion_name, format_number, format_percent
from pages.ui.teaching.question import ask

_SHOWN = 10
_NONE = "none"


def render(seen: Seen, taken: Classification) -> None:
    """The controls, a question, then the bars with their table."""
    st.markdown(_introduction(taken))
    names = expression_names(seen)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="dense_controls"):
        code = choose_from_list(EXPRESSION, _("Expression"), names, ranked(seen)[0])
        with st.popover(_("Compare, take apart otherwise"), icon=":material/tune:", width="content"):
            other = choose_from_list(AGAINST, _("Compare with"), {_NONE: _("no other"), **names}, _NONE)
            kind = choose_part(
                KIND, _("Taken apart by"), _kinds(taken), "features" if len(taken.dense) > 1 else "maps"
            )
    parts = score_parts(seen, taken, kind)
    codes = (code,) if other in (_NONE, code) else (code, other)
    if not _question(seen, parts, kind, code):
        return
    _bars(seen, taken, parts, kind, codes)
    _sums(seen, parts, codes)


def _introduction(taken: Classification) -> str:
    if len(taken.dense) == 1:
        return _(
            "One dense layer gives each expression a **score**: the mean of each of the {n} maps is multiplied by a "
            "weight that training found, all products are added, and so is a bias. A weight above 0 speaks for the "
            "expression, one below 0 against it."
        ).format(n=format_number(len(taken.features)))
    hidden = [format_number(len(step.outputs)) for step in taken.dense[:-1]]
    return _(
        "{layers} dense layers follow. Those in between have {neurons} neurons: each adds up all its inputs times its "
        "weights and its bias, and ReLU sets what is below 0 to 0. The last layer gives each expression a **score** in "
        "the same way, without ReLU."
    ).format(layers=format_number(len(taken.dense)), neurons=_(" and ").join(hidden))


def _kinds(taken: Classification) -> dict[str, str]:
    kinds = {"maps": _("Feature maps"), "places": _("Positions")}
    return {"features": _("Neurons"), **kinds} if len(taken.dense) > 1 else kinds


def _question(seen: Seen, parts: ScoreParts, kind: str, code: str) -> bool:
    values = parts.values[:, seen.info.labels.index(code)]
    above, below = values[values > 0], values[values < 0]
    share = len(above) / max(len(values), 1)
    options = {
        "few": _("fewer than a quarter"),
        "some": _("a quarter to a half"),
        "most": _("more than half"),
    }
    questions = {
        "maps": _("How many of the {n} feature maps raise the score of “{expression}” for this face?"),
        "features": _("How many of the {n} neurons before the last layer raise the score of “{expression}”?"),
        "places": _(
            "At how many of the {n} positions of the maps is there more for “{expression}” than against it?"
        ),
    }
    answer = _("{up} raise it, by {plus} together; {down} lower it, by {minus}.").format(
        up=f"{format_number(len(above))} ({format_percent(share, 0)})",
        plus=signed_number(float(above.sum())),
        down=format_number(len(below)),
        minus=signed_number(float(-below.sum())),
    )
    idle = len(values) - len(above) - len(below)
    if idle:
        answer += " " + _("{n} add nothing, because ReLU has set them to 0.").format(n=format_number(idle))
    return ask(
        f"dense_{seen.key}_{kind}_{code}",
        questions[kind].format(n=format_number(len(values)), expression=emotion_name(code).lower()),
        options,
        "few" if share < 0.25 else "some" if share <= 0.5 else "most",
        answer,
    )


def _bars(seen: Seen, taken: Classification, parts: ScoreParts, kind: str, codes: tuple[str, ...]) -> None:
    columns = tuple(seen.info.labels.index(code) for code in codes)
    top = parts.strongest(columns, _SHOWN)
    rest = np.setdiff1d(np.arange(len(parts.values)), top)
    rows = [_part_name(taken, kind, int(number)) for number in top]
    pictures = [_picture(seen, taken, kind, int(number)) for number in top]
    factors = [_factors(taken, kind, int(number), columns) for number in top]
    if len(rest):
        rows.append(_("{n} others").format(n=format_number(len(rest))))
    rows.append(_("Bias") if kind == "features" or len(taken.dense) == 1 else _("Biases of all layers"))
    pictures += [""] * (len(rows) - len(pictures))
    series, table = [], []
    for place, (code, column) in enumerate(zip(codes, columns, strict=True)):
        values = parts.values[top, column].tolist()
        if len(rest):
            values.append(float(parts.values[rest, column].sum()))
        values.append(float(parts.constant[column]))
        total = float(parts.scores[column])
        texts = [signed_number(value, plus=True) for value in values] + [signed_number(total)]
        hovers = [
            f"{row}: {text}" + (f"<br>{factors[at][place]}" if at < len(top) and factors[at] else "")
            for at, (row, text) in enumerate(zip(rows, texts, strict=False))
        ]
        name = emotion_name(code)
        colour = EMOTIONS[code].colour or LOOKS[current_theme()].ink
        series.append(AddedBars(name, colour, values, texts, [*hovers, f"{name}: {texts[-1]}"]))
        table.append(Column(name, [*values, total], decimals=3, code=code))
    show_chart(
        contribution_bars(rows, pictures, series, total=_("Score"), theme=current_theme()),
        key=f"dense_bars_{kind}",
        filename="score-contributions",
        provenance=Provenance(now_here(), seen.info),
        columns=[
            Column(_("Part"), [*rows, _("Score")]),
            *_factor_columns(taken, kind, top, len(rows) + 1, dict(zip(codes, columns, strict=True))),
            *table,
        ],
        total=True,
        alt=_("Bars that add up to the score: {what}").format(
            what="; ".join(f"{bars.name} {bars.texts[-1]}" for bars in series)
        ),
    )


def _part_name(taken: Classification, kind: str, number: int) -> str:
    if kind == "maps":
        return _("Map {n}").format(n=number + 1)
    if kind == "features":
        return _("Neuron {n}").format(n=number + 1)
    row, column = divmod(number, taken.maps.shape[1])
    return _("Row {row}, column {column}").format(row=row + 1, column=column + 1)


def _is_product(taken: Classification, kind: str) -> bool:
    """Whether each part is one number times one weight."""
    return kind == "features" or (kind == "maps" and len(taken.dense) == 1)


def _factors(taken: Classification, kind: str, number: int, columns: tuple[int, ...]) -> list[str]:
    """ "0.82 × 1.31" for each score; empty where a part is more than one product."""
    if not _is_product(taken, kind):
        return []
    activation, kernel = taken.features[number], taken.dense[-1].kernel[number]
    return [
        f"{signed_number(float(activation))} × {signed_number(float(kernel[column]))}" for column in columns
    ]


def _factor_columns(
    taken: Classification, kind: str, top: np.ndarray, length: int, scores: dict[str, int]
) -> list[Column]:
    """Activation and weights of each part, where it is one number times one weight.

    Args:
        scores: code of each expression to its column.
    """
    if not _is_product(taken, kind):
        return []
    missing = [None] * (length - len(top))
    name = _("Mean activation") if kind == "maps" else _("Activation")
    kernel = taken.dense[-1].kernel
    return [
        Column(name, [*taken.features[top].tolist(), *missing], decimals=3),
        *(
            Column(
                _("Weight: {expression}").format(expression=emotion_name(code)),
                [*kernel[top, column].tolist(), *missing],
                decimals=3,
            )
            for code, column in scores.items()
        ),
    ]


def _picture(seen: Seen, taken: Classification, kind: str, number: int) -> str:
    """The map, or the face with the position lit; a neuron has no picture."""
    if kind == "features":
        return ""
    if kind == "maps":
        values = taken.maps[..., number]
        return url_of(_enlarged(shades(values, limit_of(values), signed=False)))
    height, width, _count = taken.maps.shape
    row, column = divmod(number, width)
    side = len(seen.face_gray)
    top, bottom = row * side // height, (row + 1) * side // height
    left, right = column * side // width, (column + 1) * side // width
    lit = (seen.face_gray * 0.6).astype(np.uint8)
    lit[top:bottom, left:right] = seen.face_gray[top:bottom, left:right]
    lit = lit.repeat(3, axis=0).repeat(3, axis=1)
    cv2.rectangle(lit, (3 * left, 3 * top), (3 * right - 1, 3 * bottom - 1), 255, 3)
    return url_of(lit)


def _enlarged(picture: np.ndarray) -> np.ndarray:
    """Each pixel as a square: browsers would blur it."""
    times = max(1, 48 // len(picture))
    return picture.repeat(times, axis=0).repeat(times, axis=1)


def _sums(seen: Seen, parts: ScoreParts, codes: tuple[str, ...]) -> None:
    scores = [float(parts.scores[seen.info.labels.index(code)]) for code in codes]
    for code in codes:
        values = parts.values[:, seen.info.labels.index(code)]
        raising = np.sort(values[values > 0])[::-1].cumsum()
        if len(raising):
            enough = int(np.searchsorted(raising, raising[-1] / 2)) + 1
            st.markdown(
                _("Half of what raises “{expression}” comes from the {n} strongest of {all}.").format(
                    expression=emotion_name(code).lower(),
                    n=format_number(enough),
                    all=format_number(len(values)),
                )
            )
    if len(codes) == 2:
        ahead, behind = sorted(zip(scores, codes, strict=True), reverse=True)
        st.markdown(
            _(
                "“{first}” is {gap} ahead of “{second}”. The softmax makes {times} times the share of that, because "
                "e to the power of {gap} is {times}."
            ).format(
                first=emotion_name(ahead[1]),
                second=emotion_name(behind[1]),
                gap=signed_number(ahead[0] - behind[0]),
                times=signed_number(float(np.exp(ahead[0] - behind[0])), 1),
            )
        )
    st.caption(in_float_note(seen))
    with st.container(horizontal=True):
        term("dense_layer")
        term("logit")

"""The question about a stage, whose right answer is computed from what the stage holds for this face."""

from __future__ import annotations

from math import prod

import numpy as np

from fer_core.explanation.layers import Stage
from pages.network.seen import Seen
from pages.network.stage.regions import NAMES, SMALLEST_SIDE, region_means
from pages.network.stage_words import stage_name
from pages.ui.i18n import N_, _, emotion_name, format_number, format_percent
from pages.ui.teaching.question import ask
from pages.ui.teaching.stage_words import shape_words

SILENT = {
    "none": N_("None of them"),
    "few": N_("Up to a tenth"),
    "some": N_("Up to a half"),
    "most": N_("More than half"),
}


def stage_question(seen: Seen, stage: Stage) -> None:
    """Ask what fits this kind of stage; nothing about the input and the softmax."""
    values = seen.of_stage(stage)
    key = f"network_stage_{seen.key}_{stage.name}"
    if stage.kind in ("input", "softmax"):
        return
    if stage.kind == "pooling":
        _how_many_are_left(seen, stage, key)
    elif stage.kind == "mean":
        _where_is_forgotten(seen, stage, key)
    elif stage.kind == "flatten":
        _where_in_the_row(seen, stage, key)
    elif values.ndim == 3 and min(values.shape[:2]) >= SMALLEST_SIDE:
        _where(stage, values, key)
    elif values.shape == (len(seen.reader.labels),):
        _highest_score(seen, values, key)
    else:
        _how_many_are_silent(values, key)


def _where(stage: Stage, values: np.ndarray, key: str) -> None:
    means = region_means(np.abs(values).mean(axis=-1))  # (H, W, K) -> (H, W)
    # What reads alike in the explanation is equally right.
    most = [code for code, mean in means.items() if round(mean, 3) == round(max(means.values()), 3)]
    ask(
        key,
        _("Where do the maps of this stage, taken together, react most to this face?"),
        {code: _(name) for code, name in NAMES.items()},
        most,
        _("Mean distance of the values from 0 in all maps of {stage}: {means}.").format(
            stage=stage_name(stage),
            means=", ".join(
                f"{_(NAMES[code]).lower()} {format_number(mean, 3)}" for code, mean in means.items()
            ),
        ),
    )


def _how_many_are_silent(values: np.ndarray, key: str) -> None:
    silent = np.asarray(~values.any(axis=(0, 1)) if values.ndim == 3 else values == 0)
    share = float(silent.mean())
    right = "none" if not share else "few" if share <= 0.1 else "some" if share <= 0.5 else "most"
    question = (
        _("How many of these {n} maps are 0 everywhere for this face?")
        if values.ndim == 3
        else _("How many of these {n} values are 0 for this face?")
    )
    ask(
        key,
        question.format(n=format_number(len(silent))),
        {code: _(name) for code, name in SILENT.items()},
        right,
        _("It is {n} of {of}: {share}.").format(
            n=format_number(int(silent.sum())), of=format_number(len(silent)), share=format_percent(share, 0)
        ),
    )


def _how_many_are_left(seen: Seen, stage: Stage, key: str) -> None:
    before = seen.reader.stages[stage.inputs[0]].output_shape
    had, left = prod(before), prod(stage.output_shape)
    shares = {"all": had, "half": had // 2, "quarter": had // 4, "one": before[-1]}
    options: dict[str, int] = {}
    for code, number in {"right": left, **shares}.items():
        if number not in options.values():
            options[code] = number
    ask(
        key,
        _("{shape} values go in: {n}. How many come out?").format(
            shape=shape_words(before), n=format_number(had)
        ),
        {code: format_number(number) for code, number in sorted(options.items(), key=lambda one: -one[1])},
        "right",
        _("{before} became {after}: {share} of the values.").format(
            before=shape_words(before),
            after=shape_words(stage.output_shape),
            share=format_percent(left / had),
        ),
    )


def _where_is_forgotten(seen: Seen, stage: Stage, key: str) -> None:
    """A map and its mirror image have one mean: computed of the most active map."""
    maps = seen.of_stage(seen.reader.stages[stage.inputs[0]])
    number = int(seen.of_stage(stage).argmax())
    one, other = float(maps[..., number].mean()), float(maps[:, ::-1, number].mean())
    ask(
        key,
        _("The mean of map {n} is {mean}. What would it be if the map were mirrored, left for right?").format(
            n=format_number(number + 1), mean=format_number(one, 3)
        ),
        {"same": _("The same"), "less": _("Smaller"), "more": _("Larger")},
        "same" if abs(one - other) < 1e-4 * max(abs(one), 1e-6) else "less" if other < one else "more",
        _("It is {mean}. The mean says how strongly a map reacts to the face, and no longer where.").format(
            mean=format_number(other, 3)
        ),
    )


def _where_in_the_row(seen: Seen, stage: Stage, key: str) -> None:
    """Row by row, and at each place all maps: where a value ends up is found by looking for it in the row."""
    high, wide, maps = seen.reader.stages[stage.inputs[0]].output_shape
    row, column, number = 0, min(1, wide - 1), min(2, maps - 1)
    places = np.arange(high * wide * maps).reshape(high, wide, maps)
    right = int(places[row, column, number])
    by_maps = (number * high + row) * wide + column
    options = {"right": right + 1, "maps": by_maps + 1, "number": number + 1}
    ask(
        key,
        _("Row 1, column {x} of map {n} becomes one number of the row. Which?").format(
            x=format_number(column + 1), n=format_number(number + 1)
        ),
        {
            code: format_number(place)
            for code, place in options.items()
            if code == "right" or place != right + 1
        },
        "right",
        _("First come all {maps} maps at row 1, column 1, then all at row 1, column 2, and so on.").format(
            maps=format_number(maps)
        ),
    )


def _highest_score(seen: Seen, scores: np.ndarray, key: str) -> None:
    labels = seen.reader.labels
    order = np.argsort(-scores, kind="stable")[:4]
    ask(
        key,
        _("Which of these expressions gets the highest score?"),
        {labels[at]: emotion_name(labels[at]) for at in sorted(order.tolist())},
        labels[int(order[0])],
        _("Its score is {score}; the softmax makes a probability of it.").format(
            score=format_number(float(scores[order[0]]), 2)
        ),
    )

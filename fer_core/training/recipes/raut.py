"""Raut's own networks, those that ship and those that were tried."""

from __future__ import annotations

from dataclasses import replace

from fer_core.errors import N_
from fer_core.training.augmentation import MODERATE, STRONG
from fer_core.training.recipes.recipe import Companion, Recipe


def _second_head(recipe: str, title: str) -> Companion:
    """The companion of a recipe that never shipped."""
    return Companion(id=f"{recipe}-plus", title=title, summary="The second head of that network.")


RAUT_COMPACT = Recipe(
    id="raut-compact",
    title=N_("Raut compact"),
    summary="A residual network of 1.2 million parameters for seven expressions, for live video.",
    architecture="raut-compact",
    task="fer2013",
    train_split="Training",
    choice_split="PublicTest",
    report_splits=("PublicTest", "PrivateTest"),
    epochs=36,
    batch_size=128,
    learning_rate=2e-3,
    optimizer="adamw",
    weight_decay=0.02,
    schedule="cosine",
    warmup_epochs=2,
    label_smoothing=0.1,
    average_momentum=0.998,
    default=False,
    augmentation=replace(MODERATE, erasing_probability=0.25),
)
"""The official protocol, from which the recipes below differ in what they name."""

RAUT_FIRST = replace(
    RAUT_COMPACT,
    id="raut-first",
    title=N_("Raut, first training"),
    summary="A residual network of 2.4 million parameters for seven expressions, before it was taught on.",
    architecture="raut",
    epochs=64,
    optimizer="muon",
    weight_decay=0.1,
    warmup_epochs=1,
    face_sizes=((0, 32), (32, 40), (48, 48)),
    companion=Companion(
        id="raut-first-plus",
        title=N_("Raut, first training, eight expressions"),
        summary="The second head of that network, learnt from the votes of FER+.",
    ),
    flip_averaging=True,
    calibrate=True,
    augmentation=MODERATE,
)

RAUT_RESIDUAL = replace(
    RAUT_FIRST,
    id="raut-residual",
    title=N_("Raut, residual"),
    summary="A residual network of 2.4 million parameters for seven expressions, for live video. It also learnt the "
    "votes of FER+.",
    epochs=72,
    face_sizes=(),
    companion=_second_head("raut-residual", N_("Raut, residual, eight expressions")),
    label_smoothing=0.0,
    mixing=0.5,
    augmentation=STRONG,
)
"""What shipped as `raut` before `RAUT`. Half of the faces are laid over each other from the first epoch on, and all are
changed strongly, so that 72 epochs do not teach the pictures by heart."""

RAUT = replace(
    RAUT_RESIDUAL,
    id="raut",
    title="Raut",
    summary="A network of 4.3 million parameters for seven expressions, for live video, whose convolutions follow one "
    "another. It also learnt the votes of FER+.",
    architecture="raut-plain",
    options={"dropout": 0.5, "widths": [32, 96, 192, 384], "depths": [2, 2, 3, 3]},
    epochs=56,
    companion=Companion(
        id="raut-plus",
        title=N_("Raut, eight expressions"),
        summary="The second head of Raut: eight expressions, contempt among them, learnt from the votes of "
        "ten annotators for each picture (FER+).",
    ),
    default=True,
)
"""`RAUT_PLAIN` with half of its arithmetic."""

RAUT_MIXED = replace(
    RAUT_FIRST,
    id="raut-mixed",
    title=N_("Raut, second training"),
    summary="Raut after its first training, taught on with faces laid over each other and with a fifth of each "
    "label given by what pictures with the same votes of FER+ are called.",
    epochs=12,
    learning_rate=1e-3,
    warmup_epochs=0.5,
    face_sizes=(),
    companion=_second_head("raut-mixed", N_("Raut, second training, eight expressions")),
    label_smoothing=0.0,
    vote_smoothing=0.2,
    begin_with=(("raut-first", 1.0),),
    mixing=0.5,
    keep="last",
)

RAUT_AVERAGED = replace(
    RAUT_MIXED,
    id="raut-averaged",
    title=N_("Raut, averaged"),
    summary="A residual network of 2.4 million parameters for seven expressions. It also learnt the votes of FER+. "
    "Its weights are the mean of three trainings that follow one another.",
    epochs=14,
    companion=_second_head("raut-averaged", N_("Raut, averaged, eight expressions")),
    vote_smoothing=0.35,
    begin_with=(("raut-mixed", 0.6), ("raut-first", 0.4)),
    averaged_with=("raut-first", "raut-mixed"),
    mixing=0.75,
)
"""What shipped as `raut` before `RAUT_RESIDUAL`: see docs/experiments/averaged-weights.md."""

RAUT_VOTES = replace(
    RAUT_FIRST,
    id="raut-votes",
    title=N_("Raut, by votes"),
    summary="Raut's first training with half of each label given by what pictures with the same votes of FER+ "
    "are called.",
    companion=Companion(
        id="raut-votes-plus",
        title=N_("Raut, by votes, eight expressions"),
        summary="The second head of that network, learnt from the votes of FER+.",
    ),
    label_smoothing=0.0,
    vote_smoothing=0.5,
)

RAUT_DISTILLED = replace(
    RAUT_VOTES,
    id="raut-distilled",
    title=N_("Raut, distilled"),
    summary="One network that learnt what Raut after its first training and Raut, by votes, say in the mean.",
    epochs=8,
    learning_rate=1e-3,
    warmup_epochs=0.5,
    face_sizes=(),
    companion=_second_head("raut-distilled", N_("Raut, distilled, eight expressions")),
    vote_smoothing=0.0,
    teachers=("raut-first", "raut-votes"),
    begin_with=(("raut-votes", 1.0),),
    mixing=0.5,
    keep="last",
)
"""Neither this nor its teachers ship: see docs/experiments/distilled.md."""

RAUT_WIDE = replace(
    RAUT_RESIDUAL,
    id="raut-wide",
    title=N_("Raut wide"),
    summary="A residual network of 11.2 million parameters: what the size of Raut costs.",
    architecture="raut-wide",
    epochs=38,
    companion=_second_head("raut-wide", N_("Raut wide, eight expressions")),
    options={"dropout": 0.3},
)

RAUT_DEEP = replace(
    RAUT_WIDE,
    id="raut-deep",
    title=N_("Raut deep"),
    summary="A residual network of 9.9 million parameters, narrower and deeper than Raut wide.",
    architecture="raut-deep",
    companion=_second_head("raut-deep", N_("Raut deep, eight expressions")),
)

RAUT_PLAIN = replace(
    RAUT_WIDE,
    id="raut-plain",
    title=N_("Raut plain"),
    summary="A network of 7.8 million parameters whose convolutions follow one another.",
    architecture="raut-plain",
    companion=_second_head("raut-plain", N_("Raut plain, eight expressions")),
    options={"dropout": 0.5},
)
"""These three do not ship: see docs/experiments/larger-networks.md."""

RAUT_RECIPES = (
    RAUT,
    RAUT_RESIDUAL,
    RAUT_FIRST,
    RAUT_MIXED,
    RAUT_AVERAGED,
    RAUT_VOTES,
    RAUT_DISTILLED,
    RAUT_WIDE,
    RAUT_DEEP,
    RAUT_PLAIN,
    RAUT_COMPACT,
)

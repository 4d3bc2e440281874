"""The recipes, by name. A new network is a new entry here.

`python -m fer_core train <recipe>` runs one; its seed, split and schedule travel into `metadata.json`.
"""

from __future__ import annotations

from dataclasses import replace

from fer_core.errors import N_, TrainingError

from .augmentation import Augmentation
from .recipe import Companion, Recipe

MODERATE = Augmentation(
    flip=True,
    shift_pixels=4.0,
    rotation_degrees=12.0,
    zoom=0.12,
    contrast=0.25,
    brightness=20.0,
    erasing_probability=0.2,
)

STRONG = Augmentation(
    flip=True,
    shift_pixels=5.0,
    rotation_degrees=15.0,
    zoom=0.15,
    contrast=0.3,
    brightness=25.0,
    erasing_probability=0.3,
)

PAPER_NETWORKS = (
    (
        "paper-small",
        (
            N_("Paper, small"),
            N_("Paper, small, ten times the rate"),
            N_("Paper, small, tuned"),
            N_("Paper, small, seven expressions"),
        ),
        "The smallest network (2,679,592 parameters)",
    ),
    (
        "paper-large",
        (
            N_("Paper, large"),
            N_("Paper, large, ten times the rate"),
            N_("Paper, large, tuned"),
            N_("Paper, large, seven expressions"),
        ),
        "The largest network (10,714,696 parameters)",
    ),
    (
        "paper-four-conv",
        (
            N_("Paper, four convolutions"),
            N_("Paper, four convolutions, ten times the rate"),
            N_("Paper, four convolutions, tuned"),
            N_("Paper, four convolutions, seven expressions"),
        ),
        "The network with four convolutions (4,968,072)",
    ),
)
"""Each network's id, its titles (as the paper trains it, with ten times its learning rate, tuned, with seven classes), and what it is."""


FASTER = "-rate"
"""Ending of the recipes that change the paper's learning rate and nothing else."""


def _paper_recipes(
    name: str, titles: tuple[str, str, str, str], description: str
) -> tuple[Recipe, Recipe, Recipe, Recipe]:
    """One network under the paper's protocol, with that one change to it that gets as far in 50 epochs as the paper
    does, tuned for more, and with seven classes on its Table 1."""
    # No augmentation, Adam at 1e-5, 50 epochs, the last epoch is the result.
    protocol = Recipe(
        id=name,
        title=titles[0],
        summary=f"{description} of Ekawati et al. (2024), trained as the paper describes.",
        architecture=name,
        task="ferplus",
        train_split="PaperTrain",
        choice_split="PaperTest",
        report_splits=("PaperTest",),
        epochs=50,
        batch_size=64,
        learning_rate=1e-5,
        keep="last",
    )
    faster = replace(
        protocol,
        id=name + FASTER,
        title=titles[1],
        summary=f"{description} of Ekawati et al. (2024), trained as the paper describes but for a learning rate of "
        "1e-4 in place of 1e-5.",
        learning_rate=1e-4,
    )
    # The architecture stays but for dropout, which has no parameters.
    tuned = replace(
        protocol,
        id=f"{name}-tuned",
        title=titles[2],
        summary=f"{description} of Ekawati et al. (2024) with dropout, augmentation, a falling learning rate "
        "and the votes of FER+ as targets.",
        epochs=24,
        batch_size=128,
        learning_rate=1e-3,
        targets="votes",
        optimizer="muon",
        weight_decay=0.05,
        schedule="cosine",
        warmup_epochs=1,
        average_momentum=0.998,
        augmentation=MODERATE,
        options={"pool_dropout": 0.15, "dense_dropout": 0.3},
    )
    seven = replace(
        protocol,
        id=f"{name}-table1",
        title=titles[3],
        summary=f"{description} of Ekawati et al. (2024) with the seven classes and the division of its Table 1.",
        task="fer2013",
        train_split="Table1Train",
        choice_split="Table1Test",
        report_splits=("Table1Test",),
    )
    return protocol, faster, tuned, seven


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

RAUT = replace(
    RAUT_FIRST,
    id="raut",
    title="Raut",
    summary="A residual network of 2.4 million parameters for seven expressions, for live video. It also learnt the "
    "votes of FER+.",
    epochs=72,
    face_sizes=(),
    companion=Companion(
        id="raut-plus",
        title=N_("Raut, eight expressions"),
        summary="The second head of Raut: eight expressions, contempt among them, learnt from the votes of "
        "ten people for each picture (FER+).",
    ),
    label_smoothing=0.0,
    mixing=0.5,
    augmentation=STRONG,
    default=True,
)
"""Half of the faces are laid over each other from the first epoch on, and all are changed strongly, so that 72 epochs
do not teach the pictures by heart."""

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
    companion=Companion(
        id="raut-mixed-plus",
        title=N_("Raut, second training, eight expressions"),
        summary="The second head of that network.",
    ),
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
    companion=Companion(
        id="raut-averaged-plus",
        title=N_("Raut, averaged, eight expressions"),
        summary="The second head of that network.",
    ),
    vote_smoothing=0.35,
    begin_with=(("raut-mixed", 0.6), ("raut-first", 0.4)),
    averaged_with=("raut-first", "raut-mixed"),
    mixing=0.75,
)
"""What shipped as `raut` before `RAUT`: see docs/experiments.md."""

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
    companion=Companion(
        id="raut-distilled-plus",
        title=N_("Raut, distilled, eight expressions"),
        summary="The second head of that network.",
    ),
    vote_smoothing=0.0,
    teachers=("raut-first", "raut-votes"),
    begin_with=(("raut-votes", 1.0),),
    mixing=0.5,
    keep="last",
)
"""Neither this nor its second teacher ships: see docs/experiments.md."""

RAUT_WIDE = replace(
    RAUT,
    id="raut-wide",
    title=N_("Raut wide"),
    summary="A residual network of 11.2 million parameters, too slow for live video: how much the size of Raut costs.",
    architecture="raut-wide",
    epochs=19,
    companion=Companion(
        id="raut-wide-plus",
        title=N_("Raut wide, eight expressions"),
        summary="The second head of that network.",
    ),
    options={"dropout": 0.3},
    default=False,
)
"""Does not ship: see docs/experiments.md."""


def _application_recipe(name: str, title: str, learning_rate: float) -> Recipe:
    """One network that the paper names as further work, from scratch."""
    return replace(
        RAUT_COMPACT,
        id=name,
        title=title,
        summary=f"{title}, one of the networks that the paper names as further work, fitted to 48×48 grey "
        "faces.",
        architecture=name,
        epochs=20,
        batch_size=64,
        learning_rate=learning_rate,
        # At 48 pixels all the way two cores would need most of a day for the largest.
        face_sizes=((0, 32), (16, 48)),
        calibrate=True,
        default=False,
        augmentation=MODERATE,
    )


RECIPES: dict[str, Recipe] = {
    recipe.id: recipe
    for recipe in (
        RAUT,
        RAUT_FIRST,
        RAUT_MIXED,
        RAUT_AVERAGED,
        RAUT_VOTES,
        RAUT_DISTILLED,
        RAUT_WIDE,
        RAUT_COMPACT,
        *(
            recipe
            for name, titles, description in PAPER_NETWORKS
            for recipe in _paper_recipes(name, titles, description)
        ),
        # VGG19 has no normalisation, so it gets a gentler rate. None of the three was compared with others.
        _application_recipe("vgg19", "VGG19", 1e-4),
        _application_recipe("mobilenet", "MobileNet", 1e-3),
        _application_recipe("resnet50", "ResNet-50", 1e-3),
    )
}


def find_recipe(name: str) -> Recipe:
    """The recipe of that name.

    Raises:
        TrainingError: no such recipe; the message lists the known ones.
    """
    if name not in RECIPES:
        raise TrainingError(
            N_("There is no recipe named “{name}”. Known: {known}."), name=name, known=", ".join(RECIPES)
        )
    return RECIPES[name]


def foundations_of(recipe: Recipe) -> tuple[Recipe, ...]:
    """All that must be trained before a recipe, also for what it builds on, in the order of training."""
    chain: dict[str, Recipe] = {}
    for name in recipe.builds_on:
        below = find_recipe(name)
        chain |= {each.id: each for each in (*foundations_of(below), below)}
    return tuple(chain.values())

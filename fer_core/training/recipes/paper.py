"""The paper's three networks (Ekawati et al. 2024) as it trains them, and what more they can."""

from __future__ import annotations

from dataclasses import replace

from fer_core.errors import N_
from fer_core.training.augmentation import MODERATE
from fer_core.training.recipes.recipe import Recipe

PAPER_NETWORKS = (
    (
        "paper-small",
        (
            N_("Paper, small"),
            N_("Paper, small, batches of 16"),
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
            N_("Paper, large, batches of 16"),
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
            N_("Paper, four convolutions, batches of 16"),
            N_("Paper, four convolutions, ten times the rate"),
            N_("Paper, four convolutions, tuned"),
            N_("Paper, four convolutions, seven expressions"),
        ),
        "The network with four convolutions (4,968,072)",
    ),
)
"""Each network's id, its titles (as the paper trains it, in small batches, with ten times its learning rate, tuned, with
seven classes), and what it is."""

SMALL_BATCHES = "-batch16"
"""Ending of the recipes that change nothing that the paper tells, only the batch size, which it does not."""

FASTER = "-rate"
"""Ending of the recipes that change the paper's learning rate and nothing else."""

TUNED = "-tuned"
"""Ending of those that keep the paper's layers, dropout apart, and train them otherwise."""


def _paper_recipes(
    name: str, titles: tuple[str, str, str, str, str], description: str
) -> tuple[Recipe, Recipe, Recipe, Recipe, Recipe]:
    """One network under the paper's protocol, also in smaller batches, with the one change to it that carries the
    smallest as far in 50 epochs as the paper, tuned for more, and with seven classes on its Table 1."""
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
    # With ten times the rate the smallest has the paper's figures after 18 epochs, as many steps times their length as
    # 180 epochs at its own rate; 50 epochs make that many with batches of 64 * 50 / 180, about 16.
    small_batches = replace(
        protocol,
        id=name + SMALL_BATCHES,
        title=titles[1],
        summary=f"{description} of Ekawati et al. (2024), trained as the paper describes, with batches of 16, a number "
        "that it does not tell.",
        batch_size=16,
    )
    faster = replace(
        protocol,
        id=name + FASTER,
        title=titles[2],
        summary=f"{description} of Ekawati et al. (2024), trained as the paper describes but for a learning rate of "
        "1e-4 in place of 1e-5.",
        learning_rate=1e-4,
    )
    # The architecture stays but for dropout, which has no parameters.
    tuned = replace(
        protocol,
        id=name + TUNED,
        title=titles[3],
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
        title=titles[4],
        summary=f"{description} of Ekawati et al. (2024) with the seven classes and the division of its Table 1.",
        task="fer2013",
        train_split="Table1Train",
        choice_split="Table1Test",
        report_splits=("Table1Test",),
    )
    return protocol, small_batches, faster, tuned, seven


PAPER_RECIPES = tuple(
    recipe
    for name, titles, description in PAPER_NETWORKS
    for recipe in _paper_recipes(name, titles, description)
)

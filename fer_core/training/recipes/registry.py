"""All recipes by id. A new recipe is a new entry in `raut.py`, `paper.py` or `applications.py` beside this file.

`python -m fer_core train <recipe>` runs one; its seed, split and schedule travel into `metadata.json`.
"""

from __future__ import annotations

from fer_core.errors import N_, TrainingError
from fer_core.training.recipes.applications import APPLICATION_RECIPES
from fer_core.training.recipes.paper import PAPER_RECIPES
from fer_core.training.recipes.raut import RAUT_RECIPES
from fer_core.training.recipes.recipe import Recipe

RECIPES: dict[str, Recipe] = {
    recipe.id: recipe for recipe in (*RAUT_RECIPES, *PAPER_RECIPES, *APPLICATION_RECIPES)
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


def prerequisites_of(recipe: Recipe) -> tuple[Recipe, ...]:
    """All recipes that must be trained before this one, directly or not, in the order of training."""
    chain: dict[str, Recipe] = {}
    for name in recipe.builds_on:
        prerequisite = find_recipe(name)
        chain |= {each.id: each for each in (*prerequisites_of(prerequisite), prerequisite)}
    return tuple(chain.values())

"""The faces that a recipe trains on, and those that choose its epoch."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    from fer_core.datasets.fer2013 import Fer2013
    from fer_core.datasets.splits import Split
    from fer_core.training.batches import LabelledFaces
    from fer_core.training.recipes.recipe import Recipe


def training_and_choice_faces(recipe: Recipe, dataset: Fer2013) -> tuple[LabelledFaces, LabelledFaces]:
    """The faces that a recipe trains on, and those that choose its epoch.

    Raises:
        DatasetError: this copy of FER2013 cannot give one of the splits, or has no votes.
    """
    from fer_core.datasets.splits import needed_votes, split
    from fer_core.datasets.votes import labels_by_votes, vote_shares
    from fer_core.training.batches import LabelledFaces

    votes = None
    if recipe.companion or recipe.targets == "votes":
        votes = vote_shares(needed_votes(dataset))
    train_part, choice_part = (split(dataset, name) for name in (recipe.train_split, recipe.choice_split))

    soft_labels = None
    if recipe.vote_smoothing:
        soft_labels = labels_by_votes(needed_votes(dataset)[train_part.rows], train_part.labels)

    def labelled(
        part: Split, votes: np.ndarray | None, soft_labels: np.ndarray | None = None
    ) -> LabelledFaces:
        return LabelledFaces(
            dataset.images_gray[part.rows],
            part.labels,
            None if votes is None else votes[part.rows],
            soft_labels,
        )

    # Where votes are learnt in place of labels, labels still choose: they are what is measured in the end.
    return labelled(train_part, votes, soft_labels), labelled(
        choice_part, votes if recipe.companion else None
    )

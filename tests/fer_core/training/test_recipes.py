"""What a recipe says: the votes as targets, and whether a stored recipe is still the same."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from fer_core.training.batches import LabelledFaces
from fer_core.training.recipes.recipe import NAMING_FIELDS, changed_fields
from fer_core.training.recipes.registry import find_recipe


def as_stored(name: str) -> dict[str, object]:
    """The recipe as `metadata.json` has it."""
    return dict(json.loads(json.dumps(find_recipe(name).as_dict())))


@pytest.mark.parametrize("name", ["raut", "raut-compact", "paper-small-tuned"])
def test_a_recipe_is_the_same_after_it_was_stored(name: str) -> None:
    assert changed_fields(as_stored(name), find_recipe(name)) == []


def test_a_changed_field_is_named_unless_it_only_names_the_network() -> None:
    recipe = find_recipe("raut")
    changed = dataclasses.replace(
        recipe, epochs=7, augmentation=dataclasses.replace(recipe.augmentation, zoom=0.5)
    )
    assert changed_fields(as_stored("raut"), changed) == ["augmentation", "epochs"]
    assert (
        changed_fields(
            as_stored("raut"), dataclasses.replace(recipe, title="Another", default=not recipe.default)
        )
        == []
    )
    assert {"title", "default"} <= set(NAMING_FIELDS)


def test_the_name_of_a_second_head_may_change_and_what_chooses_for_it_may_not() -> None:
    recipe = find_recipe("raut")
    assert recipe.companion is not None
    for change, told in (
        ({"title": "Another", "report_splits": ()}, []),
        ({"choice_split": "PaperTest"}, ["companion"]),
    ):
        companion = dataclasses.replace(recipe.companion, **change)
        assert changed_fields(as_stored("raut"), dataclasses.replace(recipe, companion=companion)) == told


def test_a_field_newer_than_the_stored_recipe_counts_as_its_default() -> None:
    labels, votes = as_stored("paper-small"), as_stored("paper-small-tuned")
    del labels["targets"], votes["targets"]
    assert changed_fields(labels, find_recipe("paper-small")) == []
    assert changed_fields(votes, find_recipe("paper-small-tuned")) == ["targets"]


def test_votes_are_learnt_in_place_of_labels_only_where_the_recipe_says_so() -> None:
    votes = np.full((3, 8), 0.125, np.float32)
    faces = LabelledFaces(np.zeros((3, 48, 48), np.uint8), np.array([0, 1, 7]), votes)
    labels = np.eye(8, dtype=np.float32)[[0, 1, 7]]
    (soft,) = faces.targets(find_recipe("paper-small-tuned"))
    np.testing.assert_array_equal(soft, votes)
    (hard,) = faces.targets(find_recipe("paper-small"))
    np.testing.assert_array_equal(hard, labels)
    # Labels choose the epoch: the faces that choose carry no votes.
    (choosing,) = dataclasses.replace(faces, votes=None).targets(find_recipe("paper-small-tuned"))
    np.testing.assert_array_equal(choosing, labels)


def test_smoothing_by_votes_mixes_the_label_with_what_such_pictures_are_called() -> None:
    soft_labels = np.full((2, 7), 1 / 7, np.float32)
    faces = LabelledFaces(
        np.zeros((2, 48, 48), np.uint8), np.array([0, 6]), np.ones((2, 8), np.float32) / 8, soft_labels
    )
    recipe = dataclasses.replace(find_recipe("raut-first"), vote_smoothing=0.3, label_smoothing=0.0)
    smoothed, _votes = faces.targets(recipe)
    np.testing.assert_allclose(smoothed, 0.7 * np.eye(7)[[0, 6]] + 0.3 / 7, rtol=1e-6)
    # The faces that choose the epoch carry none: their label is what is measured in the end.
    choosing, _votes = dataclasses.replace(faces, soft_labels=None).targets(recipe)
    np.testing.assert_array_equal(choosing, np.eye(7, dtype=np.float32)[[0, 6]])

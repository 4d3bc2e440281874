"""Weights of the trainings that a recipe builds on: to start from, to average with, or as its teachers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from fer_core.errors import N_, TrainingError
from fer_core.networks import build_network
from fer_core.training.checkpoints import AVERAGED_FILE, BEST_FILE, RunState, load_state, save_weights
from fer_core.training.recipes.recipe import Recipe, changed_fields
from fer_core.training.recipes.registry import find_recipe

if TYPE_CHECKING:
    import keras


def final_weights(recipe: Recipe, run_dir: Path) -> Path:
    """The file with the final weights of a complete run of the recipe."""
    return run_dir / (AVERAGED_FILE if recipe.averaged_with else BEST_FILE)


def prerequisite_weights(recipe: Recipe, runs: Path) -> dict[str, Path]:
    """The files of weights of all runs that a recipe builds on, by the ids of their recipes.

    Raises:
        TrainingError: one of them has not been trained in `runs`, or not to its end, or its recipe has changed
            since.
    """
    files = {name: final_weights(find_recipe(name), runs / name) for name in recipe.builds_on}
    states = {name: load_state(runs / name) for name in files}
    missing = [name for name, file in files.items() if states[name] is None or not file.is_file()]
    if missing:
        raise TrainingError(
            N_("“{name}” learns from networks that must be trained first. {folder} does not hold: {missing}. "
               "Run: python -m fer_core train {first}"),
            name=recipe.id,
            folder=runs,
            missing=", ".join(missing),
            first=missing[0],
        )  # fmt: skip
    for name, state in states.items():
        if state is not None:
            _check_complete(recipe, find_recipe(name), runs / name, state)
    return files


def _check_complete(recipe: Recipe, prerequisite: Recipe, run_dir: Path, state: RunState) -> None:
    changed = ", ".join(changed_fields(state.recipe, prerequisite))
    if changed:
        raise TrainingError(
            N_("“{name}” learns from “{below}”, whose recipe has changed (in: {changed}) since {folder} was "
               "trained. Delete that folder and run: python -m fer_core train {below}"),
            name=recipe.id,
            below=prerequisite.id,
            changed=changed,
            folder=run_dir,
        )  # fmt: skip
    if state.epochs_done < prerequisite.epochs:
        raise TrainingError(
            N_("“{name}” learns from “{below}”, of which {folder} holds {count} of {epochs} epochs. Run: python "
               "-m fer_core train {below} --resume"),
            name=recipe.id,
            below=prerequisite.id,
            folder=run_dir,
            count=state.epochs_done,
            epochs=prerequisite.epochs,
        )  # fmt: skip


def file_checksums(files: Mapping[str, Path]) -> dict[str, str]:
    """SHA-256 of each file, so that a resumed training can tell whether its prerequisites are the same."""
    return {name: hashlib.sha256(file.read_bytes()).hexdigest() for name, file in files.items()}


def load_initial_weights(model: keras.Model, recipe: Recipe, files: Mapping[str, Path]) -> None:
    """Load the initial weights of a recipe, `begin_with`, into its network.

    Raises:
        TrainingError: a file does not hold the network of its recipe.
    """
    _load_mean_weights(model, [(name, files[name], weight) for name, weight in recipe.begin_with])


def write_averaged_weights(recipe: Recipe, run_dir: Path, files: Mapping[str, Path]) -> None:
    """Write the mean of a complete run's weights and of those that its recipe names (model soup, arXiv:2203.05482).

    Statistics of batch normalisation are averaged as the weights are.

    Raises:
        TrainingError: a file does not hold the network of its recipe; the disk is full.
    """
    parts = {recipe.id: run_dir / BEST_FILE, **{name: files[name] for name in recipe.averaged_with}}
    model = build_network(recipe.architecture, recipe.classes, portable=False, **recipe.options)
    _load_mean_weights(model, [(name, file, 1 / len(parts)) for name, file in parts.items()])
    save_weights(run_dir / AVERAGED_FILE, model)


def _load_mean_weights(model: keras.Model, parts: Sequence[tuple[str, Path, float]]) -> None:
    mean: list[np.ndarray] | None = None
    for name, file, weight in parts:
        load_weights(model, name, file)
        weights = [np.float64(weight) * value for value in model.get_weights()]
        mean = weights if mean is None else [one + other for one, other in zip(mean, weights, strict=True)]
    if mean is not None:
        model.set_weights([value.astype(np.float32) for value in mean])


def trained_network(recipe: Recipe, file: Path) -> keras.Model:
    """The network of a recipe with the weights in that file, in the form that trains.

    Raises:
        TrainingError: the file does not hold them.
    """
    model = build_network(recipe.architecture, recipe.classes, portable=False, **recipe.options)
    load_weights(model, recipe.id, file)
    return model


def load_weights(model: keras.Model, name: str, file: Path) -> None:
    """Put the weights of a run into a network of the same form.

    Raises:
        TrainingError: the file does not hold them.
    """
    try:
        model.load_weights(file)
    except (OSError, ValueError, KeyError) as error:
        raise TrainingError(
            N_("{file} does not hold a trained network of “{name}”. Delete its folder and run: python -m "
               "fer_core train {name}"),
            file=file,
            name=name,
        ) from error  # fmt: skip

"""Steps that several commands take: the faces of a recipe, and a trained network as it ships."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fer_core.errors import N_, TrainingError
from fer_core.files import write_whole
from fer_core.training.exclusive import only_export_to

if TYPE_CHECKING:
    from fer_core.datasets.fer2013 import Fer2013
    from fer_core.store.network import NetworkInfo
    from fer_core.training.checkpoints import RunState
    from fer_core.training.recipes.recipe import Recipe


def export_run(
    recipe: Recipe,
    run_dir: Path,
    folder: Path,
    dataset: Fer2013 | None,
    *,
    quantize: bool,
    runs: Path | None = None,
) -> list[NetworkInfo]:
    """Write what a run has trained as it ships, one network for each head.

    Args:
        recipe: that was trained in `run_dir`.
        folder: of the networks; each gets a folder of its own in it.
        dataset: for the temperature; needed where the recipe calibrates.
        quantize: store the weights of the LiteRT file in int8.
        runs: where the networks that the recipe builds on were trained, for how long that took.

    Raises:
        TrainingError: the run has no complete epoch, or is being exported already.
    """
    from fer_core.networks.shipping import shipped_network
    from fer_core.store.export import export_network
    from fer_core.store.network import HISTORY_FILE, earlier_history_file
    from fer_core.store.record import NetworkRecord, RecipeRecord, TrainingRecord, read_stage
    from fer_core.training.checkpoints import load_state
    from fer_core.training.fit import best_network
    from fer_core.training.history import history_csv

    model = best_network(recipe, run_dir)
    state = load_state(run_dir)
    if state is None:  # its weights are there, but not what is known of them
        raise TrainingError(
            N_("{folder} holds no trained network of “{name}” yet. Run: python -m fer_core train {name}"),
            folder=run_dir,
            name=recipe.id,
        )
    trainings = _earlier_trainings(recipe, run_dir.parent if runs is None else runs)
    training = TrainingRecord(
        recipe=RecipeRecord.read(recipe.as_dict()),
        split=recipe.train_split,
        epochs=state.epochs_done,
        epochs_planned=recipe.epochs,
        best_epoch=state.best_epoch,
        seconds=round(sum(row["seconds"] for row in state.history), 1),
        seed=state.seed,
        weights=state.weights or ", ".join(name for name, _share in recipe.begin_with) or "random",
        **_foundations(state, trainings),
        precision=state.precision,
        machine=state.machine,
        stages=tuple(read_stage(stage) for stage in state.stages) if len(state.stages) > 1 else (),
    )
    exported = []
    for head in range(len(recipe.heads)):
        description = recipe.network(head)
        network = shipped_network(model, head=head, flip_averaging=recipe.flip_averaging)
        temperature = 1.0
        if recipe.calibrate and dataset is not None:
            temperature = _temperature(network, dataset, description.choice_split)
            network = shipped_network(
                model, head=head, flip_averaging=recipe.flip_averaging, temperature=temperature
            )
        record = NetworkRecord(
            task=description.task,
            labels=recipe.heads[head],
            parameters=int(network.count_params()),
            name=description.title,
            summary=description.summary,
            default=recipe.default and head == 0,
            input="uint8 or float32 (N, 48, 48, 1), grey 0-255; scaling is inside",
            output="float32 (N, C) probabilities in the order of labels",
            flip_averaging=recipe.flip_averaging,
            temperature=round(temperature, 4),
            training=replace(
                training, choice_split=description.choice_split, report_splits=description.report_splits
            ),
        )
        histories = {HISTORY_FILE: state.history} | {
            earlier_history_file(name): below.history for name, below in trainings.items()
        }
        with only_export_to(folder / description.id):
            info = export_network(network, folder / description.id, record, quantize=quantize)
            for name, rows in histories.items():
                write_whole(info.folder / name, history_csv(rows, companion=head > 0))
        exported.append(info)
    return exported


def _earlier_trainings(recipe: Recipe, runs: Path) -> dict[str, RunState]:
    """The trainings that a recipe is built on, in their order; none where one of them is gone."""
    from fer_core.training.checkpoints import load_state
    from fer_core.training.recipes.registry import prerequisites_of

    names = [below.id for below in prerequisites_of(recipe)]
    found = {name: state for name in names if (state := load_state(runs / name)) is not None}
    return found if len(found) == len(names) else {}


def _foundations(state: RunState, trainings: dict[str, RunState]) -> dict[str, Any]:
    """The fields of `TrainingRecord` about the networks that this one was built on; {} where there are none."""
    if not state.built_on:
        return {}
    if not trainings:
        return {"built_on": state.built_on}
    rows = [row for training in trainings.values() for row in training.history]
    return {
        "built_on": state.built_on,
        "built_on_epochs": len(rows),
        "built_on_seconds": round(sum(row["seconds"] for row in rows), 1),
        "built_on_seeds": {name: training.seed for name, training in trainings.items()},
    }


def _temperature(network: Any, dataset: Fer2013, choice_split: str) -> float:
    """Fitted on the split that chose the epoch, with the network in float32."""
    from fer_core.datasets.splits import split
    from fer_core.training.temperature import fit_temperature

    part = split(dataset, choice_split)
    faces = dataset.images_gray[part.rows][..., None].astype("float32")  # (N, 48, 48) -> (N, 48, 48, 1)
    return fit_temperature(network.predict(faces, batch_size=256, verbose=0), part.labels)

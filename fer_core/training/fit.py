"""Setting up a training: plain Keras 3, so one recipe trains under TensorFlow, JAX or PyTorch.

`train` starts or resumes a run, builds network and optimiser, and hands them to the loop in `epochs.py`;
`best_network` gives the network that a run has trained.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fer_core.errors import N_, TrainingError
from fer_core.machine import machine_description
from fer_core.networks import build_network
from fer_core.training.backends.data_parallel import data_parallel_training, require_jax
from fer_core.training.backends.rendezvous import RUN_FOLDER, Cluster
from fer_core.training.batches import WHOLE_BATCH, BatchShard, LabelledFaces, steps_per_epoch
from fer_core.training.checkpoints import (
    RunState,
    disk_errors_as_sentences,
    fall_back_to_earlier_checkpoint,
    load_checkpoint,
    load_state,
)
from fer_core.training.distillation import load_teachers
from fer_core.training.epochs import TrainingLoop, run_epochs
from fer_core.training.exclusive import only_training_in
from fer_core.training.optimizers import convolution_muon
from fer_core.training.precision import default_precision
from fer_core.training.prerequisites import (
    file_checksums,
    final_weights,
    load_initial_weights,
    prerequisite_weights,
    trained_network,
    write_averaged_weights,
)
from fer_core.training.recipes.recipe import Recipe, changed_fields

if TYPE_CHECKING:
    import keras

RANDOM = "random"
"""The name of the initial weights where no others are given."""


def train(
    recipe: Recipe,
    train_faces: LabelledFaces,
    choice_faces: LabelledFaces,
    run_dir: Path,
    *,
    seed: int | None = None,
    epochs: int | None = None,
    precision: str | None = None,
    resume: bool = False,
    weights: str | None = None,
    show_progress: bool = True,
    cluster: Cluster | None = None,
    runs: Path | None = None,
) -> RunState:
    """Train a recipe, or go on with it, until `epochs` are complete.

    Args:
        recipe: what to train. Its own `epochs` fix the schedule, also when fewer are run.
        train_faces, choice_faces: what is learnt, and what picks the epoch.
        run_dir: folder of the checkpoints; made where missing.
        seed: fixes the initial weights, the order of the faces and every augmentation; 0 to 2**32 - 1, 1 where
            None.
        epochs: stop after this many in all; the recipe's number where None.
        precision: `float32` or `mixed_bfloat16`; `default_precision()` where None.
        resume: go on with the run in `run_dir`, with its seed, precision and weights; without it a run that is
            there is an error.
        weights: "imagenet" to begin with those, where the architecture has them; "random" where None.
        show_progress: a bar with the time left on standard error.
        cluster: which of several processes this is, under JAX; each gets all faces, and computes on all its
            devices. None trains in this process alone, on one device.
        runs: where the networks that a recipe builds on were trained, each in a folder of its recipe's name;
            the folder that `run_dir` is in where None.

    Returns:
        The state after the last epoch, history included.

    Raises:
        TrainingError: a run is already there, is going on, is damaged or is one of another recipe or setting; the
            disk is full; the processes do not find each other or do not agree; a network that the recipe builds on is
            missing, not complete or one of an earlier recipe.
        NetworkError: the weights to begin with are none of this architecture, or cannot be fetched.
    """
    if cluster is not None:
        require_jax()
        if recipe.builds_on:
            raise TrainingError(
                N_("“{name}” learns from other networks, which one process alone can do. "
                   "Leave out --processes."),
                name=recipe.id,
            )  # fmt: skip
    prerequisites = prerequisite_weights(recipe, run_dir.parent if runs is None else runs)
    stop_after = min(epochs or recipe.epochs, recipe.epochs)
    with disk_errors_as_sentences(run_dir):
        run_dir.mkdir(parents=True, exist_ok=True)
    writes = cluster is None or cluster.writes
    with only_training_in(run_dir) if writes else nullcontext():
        state = _begin_or_resume(
            recipe, run_dir, seed, precision, resume, weights, file_checksums(prerequisites)
        )
        if 0 < state.epochs_done < stop_after:
            fall_back_to_earlier_checkpoint(run_dir, state)
        with (
            _batch_shard(cluster, recipe, state, stop_after, train_faces, choice_faces) as shard,
            precision_and_seed(state),
        ):
            if state.epochs_done < stop_after:
                # Only now, because JAX must not look for devices before the processes have found each other.
                state.record_machine(machine_description())
                steps = steps_per_epoch(len(train_faces.labels), recipe.batch_size)
                model, learning_rate_at = compiled_network(recipe, state, steps)
                if state.epochs_done:
                    load_checkpoint(run_dir, state, model)
                elif recipe.begin_with:
                    load_initial_weights(model, recipe, prerequisites)
                loop = TrainingLoop(
                    recipe,
                    model,
                    learning_rate_at,
                    run_dir,
                    shard,
                    writes,
                    load_teachers(recipe, prerequisites),
                )
                run_epochs(loop, train_faces, choice_faces, state, stop_after, show_progress=show_progress)
            if recipe.averaged_with and state.epochs_done == recipe.epochs:
                write_averaged_weights(recipe, run_dir, prerequisites)
    return state


@contextmanager
def _batch_shard(
    cluster: Cluster | None,
    recipe: Recipe,
    state: RunState,
    stop_after: int,
    train_faces: LabelledFaces,
    choice_faces: LabelledFaces,
) -> Iterator[BatchShard]:
    """The part of each batch that this process computes; entered once all processes have been found."""
    if cluster is None:
        yield WHOLE_BATCH
        return
    facts: dict[str, str | int] = {
        "--processes": cluster.processes,
        "RECIPE": json.dumps(state.recipe, sort_keys=True),
        "--seed": state.seed,
        "--precision": state.precision,
        "--weights": str(state.weights),
        "--epochs": stop_after,
        "--data": _checksum(train_faces, choice_faces),
        RUN_FOLDER: state.epochs_done,
    }
    with data_parallel_training(cluster, facts, min(recipe.batch_size, len(train_faces.labels))) as shard:
        yield shard


def _checksum(*parts: LabelledFaces) -> int:
    """CRC-32 of all faces, labels and votes."""
    checksum = 0
    for part in parts:
        for values in (part.faces_gray, part.labels, part.votes, part.soft_labels):
            if values is not None:
                checksum = zlib.crc32(values.tobytes(), checksum)
    return checksum


@contextmanager
def precision_and_seed(state: RunState) -> Iterator[None]:
    """Inside, Keras computes in the precision of the run, and new weights begin with the run's seed."""
    import keras

    keras.utils.set_random_seed(state.seed)
    policy_before = keras.mixed_precision.dtype_policy()
    keras.mixed_precision.set_dtype_policy(state.precision)
    try:
        yield
    finally:
        keras.mixed_precision.set_dtype_policy(policy_before)


def compiled_network(recipe: Recipe, state: RunState, steps: int) -> tuple[keras.Model, Any]:
    """The network of a recipe, ready to learn.

    Args:
        recipe: what it learns, and how.
        state: of the run; its `weights` are what the first epoch begins with.
        steps: batches in an epoch.

    Returns:
        The compiled model, and a function from the step to its learning rate.
    """
    import keras

    begin_with = None if state.epochs_done else state.weights
    model = build_network(
        recipe.architecture, recipe.classes, portable=False, weights=begin_with, **recipe.options
    )
    optimizer, learning_rate_at = _optimizer(recipe, steps)
    losses = [keras.losses.CategoricalCrossentropy(label_smoothing=recipe.label_smoothing)]
    losses += [keras.losses.CategoricalCrossentropy() for _ in recipe.heads[1:]]
    model.compile(
        optimizer=optimizer,
        loss=losses if recipe.companion else losses[0],
        # Weighted, because a face may have no label for the second head, or only fill up a batch.
        weighted_metrics=[["accuracy"] for _ in losses] if recipe.companion else ["accuracy"],
        jit_compile=False if keras.backend.backend() == "tensorflow" else "auto",
    )  # XLA on a CPU runs the convolutions at half the speed of oneDNN
    return model, learning_rate_at


def _begin_or_resume(
    recipe: Recipe,
    run_dir: Path,
    seed: int | None,
    precision: str | None,
    resume: bool,
    weights: str | None,
    built_on: dict[str, str],
) -> RunState:
    state = load_state(run_dir)
    if state is None:
        return RunState(
            recipe.as_dict(), 1 if seed is None else seed, precision or default_precision(),
            weights=None if weights == RANDOM else weights, built_on=built_on,
        )  # fmt: skip
    if not resume:
        raise TrainingError(
            N_("{folder} already holds {count} epochs of “{name}”. Add --resume to go on, or choose another "
               "folder with --run-dir."),
            folder=run_dir,
            count=state.epochs_done,
            name=state.recipe["id"],
        )  # fmt: skip
    changed = ", ".join(changed_fields(state.recipe, recipe))
    if changed:
        raise TrainingError(
            N_("{folder} was begun with another recipe (it differs in: {changed}). Choose another folder "
               "with --run-dir, or delete this one."),
            folder=run_dir,
            changed=changed,
        )  # fmt: skip
    retrained = ", ".join(sorted(name for name in built_on if built_on[name] != state.built_on.get(name)))
    if retrained:
        raise TrainingError(
            N_("{folder} was begun with other weights of {names}, which have been trained again since. Choose "
               "another folder with --run-dir, or delete this one."),
            folder=run_dir,
            names=retrained,
        )  # fmt: skip
    for option, requested, stored in (
        ("--seed", seed, state.seed),
        ("--precision", precision, state.precision),
        ("--weights", weights, state.weights or RANDOM),
    ):
        if requested is not None and requested != stored:
            raise TrainingError(
                N_("{folder} was begun with another {option} ({begun}, not {asked}). Leave {option} out to go on, "
                   "or choose another folder with --run-dir."),
                folder=run_dir,
                option=option,
                begun=stored,
                asked=requested,
            )  # fmt: skip
    return state


def _optimizer(recipe: Recipe, epoch_steps: int) -> tuple[keras.optimizers.Optimizer, Any]:
    """The optimiser, and a function from the step to its learning rate."""
    import keras

    schedule: Any = recipe.learning_rate
    if recipe.schedule == "cosine":
        warmup_steps = int(recipe.warmup_epochs * epoch_steps)
        schedule = keras.optimizers.schedules.CosineDecay(
            initial_learning_rate=0.0 if warmup_steps else recipe.learning_rate,
            decay_steps=max(1, recipe.epochs * epoch_steps - warmup_steps),
            warmup_target=recipe.learning_rate if warmup_steps else None,
            warmup_steps=warmup_steps,
        )
    averaging: dict[str, Any] = {}
    if recipe.average_momentum:
        averaging = {"use_ema": True, "ema_momentum": recipe.average_momentum}
    if recipe.optimizer == "adamw":
        optimizer = keras.optimizers.AdamW(schedule, weight_decay=recipe.weight_decay, **averaging)
        # Decay pulls weights to zero; a scale or an offset has no reason to go there.
        optimizer.exclude_from_weight_decay(var_names=["gamma", "beta", "bias"])
    elif recipe.optimizer == "muon":
        optimizer = convolution_muon()(
            schedule, weight_decay=recipe.weight_decay, adam_weight_decay=0.0, **averaging
        )
    else:
        optimizer = keras.optimizers.Adam(schedule, **averaging)
    # `fit` would end by overwriting the weights with their averages; here every epoch is a `fit` of its own.
    optimizer.finalize_variable_values = lambda trainable_variables: None
    return optimizer, schedule if callable(schedule) else lambda step: recipe.learning_rate


def best_network(recipe: Recipe, run_dir: Path) -> keras.Model:
    """The network with the weights that the run chose, portable and in float32, with all its heads.

    Raises:
        TrainingError: the run has no complete epoch, or its weights are damaged.
    """
    import keras

    file = final_weights(recipe, run_dir)
    if not file.is_file():
        raise TrainingError(
            N_("{folder} holds no trained network of “{name}” yet. Run: python -m fer_core train {name}"),
            folder=run_dir,
            name=recipe.id,
        )
    policy_before = keras.mixed_precision.dtype_policy()
    keras.mixed_precision.set_dtype_policy("float32")
    try:
        model = build_network(recipe.architecture, recipe.classes, portable=True, **recipe.options)
        # Same variables in the same order: by position, because layer names differ between the two forms.
        model.set_weights(trained_network(recipe, file).get_weights())
        return model
    finally:
        keras.mixed_precision.set_dtype_policy(policy_before)

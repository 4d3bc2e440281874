"""The training loop: plain Keras 3, so one recipe trains under TensorFlow, JAX or PyTorch.

One call of `model.fit` an epoch, because between two epochs the loop validates with averaged weights and
writes a checkpoint from which a killed training goes on as if nothing had happened.
"""

from __future__ import annotations

import json
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from fer_core.errors import N_, TrainingError
from fer_core.labels import FERPLUS_LABELS
from fer_core.networks import build_network

from .batches import epoch_batches, label_weights, one_hot, steps_per_epoch
from .checkpoints import (
    BEST_FILE,
    RunState,
    load_checkpoint,
    load_state,
    save_checkpoint,
    sentences_for_disk_errors,
    write_whole,
)
from .history import COMPANION
from .optimizers import convolution_muon
from .recipes import Recipe

if TYPE_CHECKING:
    import keras


NAMING = ("title", "summary", "report_splits", "quantize", "default")
"""Fields of a recipe that do not touch its training, and may change while one is under way."""


@dataclass(frozen=True)
class LabelledFaces:
    """Faces with their labels.

    Attributes:
        faces_gray: uint8 (N, 48, 48).
        labels: int (N,), positions in the label order of the task.
        votes: float32 (N, 8), shares of FER+'s votes for the second head; a row of zeros has none. None
            where there is no second head.
    """

    faces_gray: np.ndarray
    labels: np.ndarray
    votes: np.ndarray | None = None

    def __post_init__(self) -> None:
        if self.faces_gray.dtype != np.uint8 or self.faces_gray.shape[1:] != (48, 48):
            raise ValueError(
                f"Expected uint8 (N, 48, 48). Received: {self.faces_gray.dtype} {self.faces_gray.shape}"
            )
        if len(self.faces_gray) != len(self.labels):
            raise ValueError(f"{len(self.faces_gray)} faces, but {len(self.labels)} labels")
        if self.votes is not None and self.votes.shape != (len(self.labels), len(FERPLUS_LABELS)):
            raise ValueError(
                f"votes: expected ({len(self.labels)}, {len(FERPLUS_LABELS)}). Received: {self.votes.shape}"
            )

    def targets(self, recipe: Recipe) -> list[np.ndarray]:
        """float32 (N, C) for each head of the recipe."""
        targets = [one_hot(self.labels, len(recipe.labels))]
        if recipe.companion:
            if self.votes is None:
                raise ValueError(f"{recipe.id} has a second head, but there are no votes for it")
            targets.append(self.votes)
        return targets


def default_precision() -> str:
    """`mixed_bfloat16` where the processor multiplies in it (AMX or AVX-512's part for it), else `float32`.

    Two cores, faces a second, `raut` with faces of 32 and 48 pixels: AVX-512 585 and 322 against 440 and 213
    in float32. With AMX the paper's smallest network trains 1.9 times as fast.
    """
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:  # not Linux: nothing tells without another package
        flags = ""
    return "mixed_bfloat16" if "amx_bf16" in flags or "avx512_bf16" in flags else "float32"


def train(
    recipe: Recipe,
    train_faces: LabelledFaces,
    choice_faces: LabelledFaces,
    run_dir: Path,
    *,
    seed: int = 1,
    epochs: int | None = None,
    precision: str | None = None,
    resume: bool = False,
    weights: str | None = None,
    show_progress: bool = True,
) -> RunState:
    """Train a recipe, or go on with it, until `epochs` are complete.

    Args:
        recipe: what to train. Its own `epochs` fix the schedule, also when fewer are run.
        train_faces, choice_faces: what is learnt, and what picks the epoch.
        run_dir: folder of the checkpoints; made where missing.
        seed: fixes the initial weights, the order of the faces and every augmentation.
        epochs: stop after this many in all; the recipe's number where None.
        precision: `float32` or `mixed_bfloat16`; `default_precision()` where None.
        resume: go on with the run in `run_dir`; without it a run that is there is an error.
        weights: "imagenet" to begin with those, where the architecture has them.
        show_progress: a bar with the time left on standard error.

    Returns:
        The state after the last epoch, history included.

    Raises:
        TrainingError: a run is already there, is damaged or is one of another recipe; the disk is full.
        NetworkError: the weights to begin with are none of this architecture, or cannot be fetched.
    """
    import keras

    stop_after = min(epochs or recipe.epochs, recipe.epochs)
    with sentences_for_disk_errors(run_dir):
        run_dir.mkdir(parents=True, exist_ok=True)
    state = _begin_or_resume(recipe, run_dir, seed, precision, resume, weights)
    if state.epochs_done >= stop_after:
        return state

    keras.utils.set_random_seed(state.seed)
    policy_before = keras.mixed_precision.dtype_policy()
    keras.mixed_precision.set_dtype_policy(state.precision)
    try:
        steps = steps_per_epoch(len(train_faces.labels), recipe.batch_size)
        begin_with = None if state.epochs_done else state.weights
        model = build_network(
            recipe.architecture, _classes(recipe), portable=False, weights=begin_with, **recipe.options
        )
        optimizer, learning_rate_at = _optimizer(recipe, steps)
        losses = [keras.losses.CategoricalCrossentropy(label_smoothing=recipe.label_smoothing)]
        losses += [keras.losses.CategoricalCrossentropy() for _ in recipe.heads[1:]]
        model.compile(
            optimizer=optimizer,
            loss=losses if recipe.companion else losses[0],
            # Weighted, because a face may have no label for the second head.
            weighted_metrics=[["accuracy"] for _ in losses] if recipe.companion else ["accuracy"],
            jit_compile=False if keras.backend.backend() == "tensorflow" else "auto",
        )  # XLA on a CPU runs the convolutions at half the speed of oneDNN
        if state.epochs_done:
            load_checkpoint(run_dir, state, model)
        averages = keras.callbacks.SwapEMAWeights(swap_on_epoch=True) if recipe.average_momentum else None
        _run_epochs(
            recipe, model, averages, learning_rate_at, train_faces, choice_faces, run_dir, state, stop_after,
            show_progress,
        )  # fmt: skip
    finally:
        keras.mixed_precision.set_dtype_policy(policy_before)
    return state


def _classes(recipe: Recipe) -> int | tuple[int, ...]:
    """Length of the network's output, or of each where there are two."""
    lengths = tuple(len(labels) for labels in recipe.heads)
    return lengths if len(lengths) > 1 else lengths[0]


def _begin_or_resume(
    recipe: Recipe, run_dir: Path, seed: int, precision: str | None, resume: bool, weights: str | None
) -> RunState:
    state = load_state(run_dir)
    if state is None:
        return RunState(
            recipe.as_dict(), seed, precision or default_precision(), machine_description(), weights=weights
        )
    if not resume:
        raise TrainingError(
            N_("{folder} already holds {count} epochs of “{name}”. Add --resume to go on, or choose another "
               "folder with --run-dir."),
            folder=run_dir,
            count=state.epochs_done,
            name=state.recipe["id"],
        )  # fmt: skip
    # JSON has no tuples, so both sides are compared as JSON would store them.
    stored, wanted = json.loads(json.dumps([state.recipe, recipe.as_dict()]))
    changed = ", ".join(sorted(key for key in wanted if key not in NAMING and stored.get(key) != wanted[key]))
    if changed:
        raise TrainingError(
            N_("{folder} was begun with another recipe (it differs in: {changed}). Choose another folder "
               "with --run-dir, or delete this one."),
            folder=run_dir,
            changed=changed,
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


@contextmanager
def _averaged(averages: Any, model: keras.Model, epoch: int) -> Iterator[None]:
    """Inside, the network carries the moving average of its weights, if the recipe keeps one."""
    if averages is None:
        yield
        return
    averages.set_model(model)
    averages.set_params({"epochs": 0})  # there is no last epoch at which it would overwrite the weights
    averages.on_epoch_end(epoch)  # swaps the averages in
    try:
        yield
    finally:
        averages.on_epoch_begin(epoch)  # and out again


def _run_epochs(
    recipe: Recipe,
    model: keras.Model,
    averages: Any,
    learning_rate_at: Any,
    train_faces: LabelledFaces,
    choice_faces: LabelledFaces,
    run_dir: Path,
    state: RunState,
    stop_after: int,
    show_progress: bool,
) -> None:
    from .progress import TrainingProgress

    targets = train_faces.targets(recipe)
    choice_inputs = choice_faces.faces_gray[..., None].astype(np.float32)  # (N, 48, 48) -> (N, 48, 48, 1)
    choice_targets = choice_faces.targets(recipe)
    choice_weights = [label_weights(target) for target in choice_targets] if recipe.companion else None
    steps = steps_per_epoch(len(train_faces.labels), recipe.batch_size)
    progress = TrainingProgress(
        recipe.id, state.epochs_done, stop_after, steps, recipe.batch_size, show_progress
    )
    with progress:
        for epoch in range(state.epochs_done, stop_after):
            started = time.perf_counter()
            batches = epoch_batches(
                train_faces.faces_gray, targets, batch_size=recipe.batch_size,
                augmentation=recipe.augmentation, seed=state.seed, epoch=epoch,
                face_size=recipe.face_size(epoch),
            )  # fmt: skip
            _reseed_dropout(model, state.seed, epoch)
            fitted = model.fit(batches, epochs=1, shuffle=False, verbose=0, callbacks=[progress.callback()])
            learnt = {name: float(values[-1]) for name, values in fitted.history.items()}
            with _averaged(averages, model, epoch):
                scores = model.evaluate(
                    choice_inputs, choice_targets if recipe.companion else choice_targets[0],
                    sample_weight=choice_weights, batch_size=256, verbose=0, return_dict=True,
                )  # fmt: skip
                accuracies = [float(value) for name, value in scores.items() if name.endswith("accuracy")]
                accuracy = float(np.mean(accuracies))  # over the heads
                if accuracy > state.best_accuracy or recipe.keep == "last":
                    state.best_epoch, state.best_accuracy = epoch + 1, accuracy
                    with sentences_for_disk_errors(run_dir):
                        write_whole(run_dir / BEST_FILE, lambda path: model.save_weights(path))
            row: dict[str, float] = {"epoch": epoch + 1}
            for prefix, head in _prefixes(model, recipe):
                row |= {
                    f"{prefix}loss": learnt[f"{head}loss"],
                    f"{prefix}accuracy": learnt[f"{head}accuracy"],
                    f"{prefix}val_loss": float(scores[f"{head}loss"]),
                    f"{prefix}val_accuracy": float(scores[f"{head}accuracy"]),
                }
            row["learning_rate"] = float(learning_rate_at(int(model.optimizer.iterations)))
            row["seconds"] = time.perf_counter() - started
            state.history.append(row)
            save_checkpoint(run_dir, model, state)
            progress.epoch_done(state.history[-1])


def _prefixes(model: keras.Model, recipe: Recipe) -> list[tuple[str, str]]:
    """For each head: how its columns in the history begin, and how Keras begins the names of its figures."""
    if not recipe.companion:
        return [("", "")]
    first, second = model.output_names
    return [("", f"{first}_"), (COMPANION, f"{second}_")]


def _reseed_dropout(model: keras.Model, seed: int, epoch: int) -> None:
    """Checkpoints do not carry the state of random layers, so each epoch begins with one of its own."""
    for variable in model.variables:
        if variable.path.endswith("seed_generator_state"):
            variable.assign(np.array([seed, epoch], np.uint32))


def best_network(recipe: Recipe, run_dir: Path) -> keras.Model:
    """The network with the weights that the run chose, portable and in float32, with all its heads.

    Raises:
        TrainingError: the run has no complete epoch, or its weights are damaged.
    """
    import keras

    policy_before = keras.mixed_precision.dtype_policy()
    keras.mixed_precision.set_dtype_policy("float32")
    try:
        model = build_network(recipe.architecture, _classes(recipe), portable=True, **recipe.options)
        # Same variables in the same order: by position, because layer names differ between the two forms.
        trained = build_network(recipe.architecture, _classes(recipe), portable=False, **recipe.options)
        trained.load_weights(run_dir / BEST_FILE)
        model.set_weights(trained.get_weights())
        return model
    except (OSError, ValueError, KeyError) as error:
        raise TrainingError(
            N_("{folder} holds no trained network of “{name}” yet. Run: python -m fer_core train {name}"),
            folder=run_dir,
            name=recipe.id,
        ) from error
    finally:
        keras.mixed_precision.set_dtype_policy(policy_before)


def machine_description() -> str:
    """Processor, cores and backend, for the history of a training."""
    import os

    import keras

    processor = platform.processor() or platform.machine()
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                processor = line.split(":", 1)[1].strip()
                break
    except OSError:
        pass
    backend = keras.backend.backend()
    return f"{processor}, {os.cpu_count()} cores, {platform.system()}, Keras {keras.__version__} on {backend}"

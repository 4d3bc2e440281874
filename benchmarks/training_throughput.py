"""What the input pipeline costs a training: `python benchmarks/training_throughput.py`.

One network learns made-up faces in two ways, in turn: through an epoch of Raut's training loop, which
shuffles, augments and resizes them as it goes, and through plain `model.fit` with all faces in memory as the
network takes them. The order changes with every round, and the fastest round of each way counts: whatever else runs on
the computer makes rounds slower, by a third on the one where this was written. Both ways have the same
weights, optimiser and batches of the same size, and neither lets `tf.data` tune itself, which would keep plain `fit`
waiting at its end, so what differs is the pipeline. Needs the TensorFlow backend. Prints a Markdown table;
ends with 1 where it costs more than a tenth. `--recipe` names another recipe than Raut's.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence

import numpy as np

from fer_core.errors import TrainingError
from fer_core.training.batches import (
    LabelledFaces,
    epoch_batches,
    resize_faces,
    sample_weights,
    without_autotuning,
)
from fer_core.training.checkpoints import RunState
from fer_core.training.epochs import fit_epoch, recipe_batches
from fer_core.training.fit import compiled_network, precision_and_seed
from fer_core.training.precision import default_precision
from fer_core.training.recipes.recipe import Recipe
from fer_core.training.recipes.registry import find_recipe

LARGEST_COST = 0.10
SEED = 1


def made_up_faces(recipe: Recipe, count: int) -> LabelledFaces:
    """Coarse random pictures; every seventh has no votes, as in FER+."""
    rng = np.random.default_rng(SEED)
    coarse = rng.integers(0, 256, (count, 12, 12)).astype(np.uint8)
    labels = rng.integers(0, len(recipe.labels), count)
    votes = rng.dirichlet(np.ones(8), count).astype(np.float32)
    votes[::7] = 0.0
    return LabelledFaces(coarse.repeat(4, axis=1).repeat(4, axis=2), labels, votes)


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def measure(recipe: Recipe, steps: int, rounds: int, epoch: int) -> tuple[list[float], list[float], float]:
    """Seconds of each round through the loop and through plain `fit`, and of the pipeline alone."""
    import tensorflow as tf  # here, so that --help answers at once

    count = steps * recipe.batch_size
    faces = made_up_faces(recipe, count)
    targets = faces.targets(recipe)
    state = RunState(recipe.as_dict(), SEED, default_precision())
    changed = recipe_batches(recipe, faces, SEED)
    loop, plain = [], []
    with precision_and_seed(state):
        model, _ = compiled_network(recipe, state, steps)
        inputs = resize_faces(faces.faces_gray, recipe.face_size(epoch))[..., None].astype(np.float32)
        outputs = targets if recipe.companion else targets[0]
        weights = [sample_weights(target) for target in targets] if recipe.companion else None

        def through_the_loop() -> None:
            fit_epoch(model, recipe, changed, epoch)

        in_memory = (inputs, outputs) if weights is None else (inputs, tuple(outputs), tuple(weights))

        def through_plain_fit() -> None:
            model.fit(
                without_autotuning(tf.data.Dataset.from_tensor_slices(in_memory).batch(recipe.batch_size)),
                verbose=0,
            )

        ways = [(through_the_loop, loop), (through_plain_fit, plain)]
        for way, _ in ways:
            way()  # compiles
        for _round in range(rounds):
            for way, times in ways:
                times.append(seconds(way))
            ways.reverse()
        batches = epoch_batches(changed, epoch, face_size=recipe.face_size(epoch))
        alone = seconds(lambda: [batches[step] for step in range(steps)])
    return loop, plain, alone


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--recipe", default="raut", help="default: raut")
    parser.add_argument("--steps", type=int, default=16, help="batches in a round")
    parser.add_argument("--rounds", type=int, default=5, help="of which the fastest counts")
    parser.add_argument("--epoch", type=int, default=0, help="counted from 0; decides the size of the faces")
    chosen = parser.parse_args(arguments)
    try:
        recipe = find_recipe(chosen.recipe)
    except TrainingError as error:
        print(error, file=sys.stderr)
        return 2
    if recipe.builds_on:
        print(f"{recipe.id} has no fixed targets to compare with. Choose another recipe.", file=sys.stderr)
        return 2

    steps, rounds = max(chosen.steps, 1), max(chosen.rounds, 1)
    loop, plain, alone = measure(recipe, steps, rounds, chosen.epoch)
    faces = steps * recipe.batch_size
    size = recipe.face_size(chosen.epoch)
    print(
        f"{recipe.id}, faces of {size} pixels, {default_precision()}, {steps} steps of {recipe.batch_size}\n"
    )
    print("| way | faces a second, fastest | rounds |")
    print("|---|---|---|")
    for name, times in (("training loop, augmented", loop), ("plain `model.fit`, in memory", plain)):
        each = ", ".join(f"{faces / time_taken:.0f}" for time_taken in times)
        print(f"| {name} | {faces / min(times):.0f} | {each} |")
    cost = 1 - min(plain) / min(loop)
    missed = cost > LARGEST_COST
    print(f"\nThe pipeline alone makes {faces / alone:.0f} faces a second.")
    print(
        f"It costs {cost:.1%} of the throughput (ratio {1 - cost:.3f}); aim: at most {LARGEST_COST:.0%}, "
        + ("missed." if missed else "met.")
    )
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())

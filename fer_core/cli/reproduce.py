"""The command `reproduce`: it trains a shipped network again and tells whether its figure comes out again."""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from fer_core.errors import N_, TrainingError
from fer_core.places import runs_dir
from fer_core.training.material import training_and_choice_faces
from fer_core.training.shipping import export_run

from .shared import Commands, add_data_option, load_data, seed_number

if TYPE_CHECKING:
    from fer_core.datasets.fer2013 import Fer2013
    from fer_core.evaluation.repetition import Repetition
    from fer_core.store.network import NetworkInfo
    from fer_core.training.checkpoints import RunState
    from fer_core.training.recipes.recipe import Recipe


def add_commands(commands: Commands) -> None:
    """Add the command to the parser."""
    command = commands.add(
        "reproduce", _reproduce, "Train a shipped network again, measure it on the split that chose its epoch "
        "and compare. Exit code 1 where the figure does not come out again: where it lies outside of what was seen by "
        "more than the seeds known so far lie apart, or by more than a standard error, whichever is more.",
        "raut-compact --seed 2 --record",
    )  # fmt: skip
    command.add_argument("network", nargs="?", metavar="ID", help="which network. Default: the default one")
    command.add_argument("--seed", type=seed_number, metavar="N", help="another seed, also of the networks that it is "
                         "built on. Default: that of the network")  # fmt: skip
    command.add_argument("--record", action="store_true", help="keep the figure in the network's "
                         "repetitions.json, from which its spread is stated, and its epochs in history-seedN.csv")  # fmt: skip
    command.add_argument(
        "--precision", choices=("float32", "mixed_bfloat16"), help="default: as it was trained"
    )
    command.add_argument("--run-dir", metavar="DIR",
                         help="folder of the checkpoints, taken up again where it exists. Default: "
                         "runs/reproduce-RECIPE-seedN")  # fmt: skip
    add_data_option(command)


def _reproduce(options: argparse.Namespace) -> int:
    from fer_core.evaluation.repetition import record_repetition, shipped_training
    from fer_core.store.folder import find_network

    network = find_network(options.network)
    recipe = _recipe_as_trained(network)
    shipped = shipped_training(network)
    if shipped is None:
        raise TrainingError(
            N_("“{name}” has not been evaluated on the split that chose its epoch, so there is nothing to "
               "compare with. Run: python -m fer_core evaluate {name}"),
            name=network.id,
        )  # fmt: skip
    seed = shipped.seed if options.seed is None else options.seed
    _check_independent(network, shipped, seed)
    dataset = load_data(options)
    if options.record:
        _check_complete(network, dataset)
    run_dir = Path(
        options.run_dir
        or runs_dir() / f"reproduce-{recipe.id}-seed{seed}{_precision_suffix(options.precision)}"
    )
    shipped_networks = {info.id: (info, training) for info, training in _of_one_training(network, shipped)}
    repetitions = _train_again(dataset, network, recipe, shipped_networks, seed, run_dir, options.precision)
    fits = [_compare(*shipped_networks[name], repetition) for name, (repetition, _) in repetitions.items()]
    if options.record:
        if seed == shipped.seed:
            print("Not recorded: the spread is one over seeds, and this seed is the network's own.")
        else:
            for name, (repetition, history) in repetitions.items():
                record_repetition(shipped_networks[name][0], repetition, history)
                print(f"Recorded. Next: python -m fer_core card {name}")
    return 0 if all(fits) else 1


def _of_one_training(network: NetworkInfo, shipped: Repetition) -> Iterator[tuple[NetworkInfo, Repetition]]:
    """A network, and those of the other heads of its training as far as they were evaluated."""
    from fer_core.evaluation.repetition import recipe_checksum, shipped_training
    from fer_core.store.folder import list_measured

    yield network, shipped
    for other in list_measured():
        if other.id != network.id and recipe_checksum(other) == recipe_checksum(network):
            training = shipped_training(other)
            if training is not None and training.seed == shipped.seed:
                yield other, training


def _precision_suffix(precision: str | None) -> str:
    """The end of a run folder's name where a precision was requested."""
    return f"-{precision}" if precision else ""


def _recipe_as_trained(network: NetworkInfo) -> Recipe:
    """The recipe of a network, which must still be the one that it was trained with.

    Raises:
        TrainingError: its metadata names none, or the recipe has changed since.
    """
    from fer_core.training.recipes.recipe import changed_fields
    from fer_core.training.recipes.registry import find_recipe

    stored = network.recipe
    if stored.id is None:
        raise TrainingError(
            N_("Nothing is recorded about the training of “{name}”, so it cannot be repeated."),
            name=network.id,
        )
    recipe = find_recipe(stored.id)
    changed = changed_fields(stored.settings, recipe)
    if changed:
        raise TrainingError(
            N_("The recipe “{name}” has changed since this network was trained (in: {changed}). Its figure "
               "cannot be repeated with it."),
            name=recipe.id,
            changed=", ".join(changed),
        )  # fmt: skip
    return recipe


def _check_independent(network: NetworkInfo, shipped: Repetition, seed: int) -> None:
    """Make sure that another seed is another one for the whole chain.

    Raises:
        TrainingError: something that the network is built on was trained with that seed.
    """
    seeds = _foundation_seeds(network)
    same = [name for name, used in seeds.items() if used == seed]
    if same and seed != shipped.seed:
        raise TrainingError(
            N_("“{name}” is built on {below}, trained with seed {seed} as well, so this would be no independent "
               "training. Take a seed other than {taken}."),
            name=network.id,
            below=", ".join(same),
            seed=seed,
            taken=", ".join(map(str, sorted({shipped.seed, *seeds.values()}))),
        )  # fmt: skip


def _foundation_seeds(network: NetworkInfo) -> Mapping[str, int]:
    """The seed of each prerequisite by its recipe's id; {} where there is none, or it was not recorded."""
    return network.training.built_on_seeds


def _check_complete(network: NetworkInfo, dataset: Fer2013) -> None:
    """Make sure that what is recorded was measured on as complete a data set as what ships.

    Raises:
        TrainingError: this copy is not.
    """
    from fer_core.datasets.splits import is_official
    from fer_core.store.folder import read_evaluation

    measured = read_evaluation(network).get("data") or {}
    if measured.get("official") and not is_official(dataset):
        raise TrainingError(
            N_("This copy of FER2013 is not complete or not in its official order, so what it gives cannot stand "
               "beside the figures that “{name}” has. Leave --record away, or get the whole data set."),
            name=network.id,
        )  # fmt: skip


def _train_again(
    dataset: Fer2013,
    network: NetworkInfo,
    recipe: Recipe,
    shipped_networks: Mapping[str, tuple[NetworkInfo, Repetition]],
    seed: int,
    run_dir: Path,
    requested_precision: str | None,
) -> dict[str, tuple[Repetition, str]]:
    """Train a network again: a repetition and its history as CSV for each head, by the ids of `shipped_networks`.

    Args:
        requested_precision: None for that of the shipped network.
    """
    from fer_core.store.network import HISTORY_FILE
    from fer_core.training.fit import RANDOM, train
    from fer_core.training.recipes.registry import prerequisites_of

    shipped = shipped_networks[network.id][1]
    precision = requested_precision or shipped.precision
    # A spread over seeds is that of the whole chain, so what the recipe builds on is trained again too.
    seeds = _foundation_seeds(network) if seed == shipped.seed else {}
    chain = recipe.id if seeds else f"seed{seed}"
    runs = runs_dir() / f"reproduce-foundations-{chain}{_precision_suffix(requested_precision)}"
    for prerequisite in prerequisites_of(recipe):
        train(
            prerequisite, *training_and_choice_faces(prerequisite, dataset), runs / prerequisite.id,
            seed=seeds.get(prerequisite.id, seed), precision=precision, resume=True, runs=runs,
        )  # fmt: skip
    imagenet = network.training.weights == "imagenet"
    # As many epochs as the shipped network has, also where that is not all of them.
    state = train(
        recipe, *training_and_choice_faces(recipe, dataset), run_dir, seed=seed, epochs=shipped.epochs,
        precision=precision, resume=True, weights="imagenet" if imagenet else RANDOM, runs=runs,
    )  # fmt: skip
    quantized = network.record.quantization != "none"
    with tempfile.TemporaryDirectory() as folder:
        networks = export_run(recipe, run_dir, Path(folder), dataset, quantize=quantized, runs=runs)
        return {
            info.id: (
                _repetition(info, shipped_networks[info.id][1].split, state, dataset),
                (info.folder / HISTORY_FILE).read_text(encoding="utf-8"),
            )
            for info in networks
            if info.id in shipped_networks
        }


def _repetition(network: NetworkInfo, split: str, state: RunState, dataset: Fer2013) -> Repetition:
    """Measure one network that a training has made."""
    from fer_core.evaluation.evaluate import evaluate_network
    from fer_core.evaluation.repetition import Repetition
    from fer_core.recognition.recognizer import ExpressionRecognizer

    seconds = [row["seconds"] for row in state.history]
    recognizer = ExpressionRecognizer(network, threads=os.cpu_count() or 1)
    figures = evaluate_network(recognizer, dataset, [split])["splits"][split]
    # Where the machine changed on the way, the median epoch is no figure of either.
    epoch_seconds = round(median(seconds), 1) if len(state.machines) == 1 else None
    return Repetition(
        state.seed, split, float(figures["accuracy"]), state.epochs_done,
        round(sum(seconds), 1), state.precision, ", then ".join(state.machines), epoch_seconds,
    )  # fmt: skip


def _compare(network: NetworkInfo, shipped: Repetition, repetition: Repetition) -> bool:
    """Print both figures and return whether they agree, as far as the spread over seeds is known."""
    from fer_core.evaluation.figures import figures_of
    from fer_core.evaluation.repetition import spread_of
    from fer_core.store.folder import read_evaluation

    print(
        f"{network.id} on {shipped.split}: shipped {shipped.accuracy * 100:.2f}% (seed {shipped.seed}), "
        f"again {repetition.accuracy * 100:.2f}% (seed {repetition.seed}), "
        f"difference {(repetition.accuracy - shipped.accuracy) * 100:+.2f} points."
    )
    confusion = read_evaluation(network)["splits"][shipped.split]["confusion"]
    low, high = figures_of(confusion).accuracy.ends
    known = spread_of(network)
    if known is not None:
        # An interval of 95% is four standard errors wide: networks of one quality differ by one of them easily.
        least, most = known.expected(least=(high - low) / 4)
        fits = least <= repetition.accuracy <= most
        print(
            f"{known.trainings} trainings gave {known.lowest * 100:.2f} to {known.highest * 100:.2f}%. Another one is "
            f"expected between {least * 100:.2f} and {most * 100:.2f}%: "
            + ("it comes out again." if fits else "this one lies outside.")
        )
        return fits
    fits = low <= repetition.accuracy <= high
    print(
        "No second seed was recorded for this network, so its spread is not known. The interval that counts "
        f"only the choice of pictures is {low * 100:.2f} to {high * 100:.2f}%: this one lies "
        + ("inside." if fits else "outside.")
    )
    return fits

"""Commands that make and measure networks: train, export, evaluate, card."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from fer_core.errors import N_, NetworkError, TrainingError
from fer_core.places import runs_dir
from fer_core.training.material import training_and_choice_faces
from fer_core.training.shipping import export_run

from .shared import (
    PERCENT_BAR,
    Commands,
    add_data_option,
    load_data,
    positive_integer,
    seed_number,
    split_name,
)

if TYPE_CHECKING:
    from fer_core.store.network import NetworkInfo
    from fer_core.training.backends.rendezvous import Cluster
    from fer_core.training.recipes.recipe import Recipe


def add_commands(commands: Commands) -> None:
    """Add these commands to the parser."""
    command = commands.add(
        "train", _train, "Train a recipe, with a checkpoint every epoch.",
        "raut-compact --resume",
    )  # fmt: skip
    command.add_argument("recipe", nargs="?", metavar="RECIPE", help="name of a recipe; --list shows them")
    command.add_argument("--list", action="store_true", help="list the recipes and stop")
    command.add_argument("--epochs", type=positive_integer, metavar="N", help="stop after N epochs in all; the schedule "
                         "stays that of the recipe")  # fmt: skip
    command.add_argument(
        "--seed", type=seed_number, metavar="N", help="of weights, order and augmentation. Default: 1"
    )
    command.add_argument("--precision", choices=("float32", "mixed_bfloat16"),
                         help="default: mixed_bfloat16 where the processor computes in it")  # fmt: skip
    command.add_argument("--weights", choices=("imagenet",), help="begin with these instead of random ones: "
                         "vgg19, mobilenet and resnet50; needs internet the first time")  # fmt: skip
    command.add_argument("--resume", action="store_true", help="go on with the training in the run folder, with "
                         "its seed, precision and weights")  # fmt: skip
    command.add_argument("--processes", type=positive_integer, metavar="N", help="train in N processes, here or on several "
                         "machines, with JAX (make distributed); the same command starts each")  # fmt: skip
    command.add_argument("--process", type=int, metavar="I", help="which of them this is, from 0, the one that "
                         "writes. Default: 0")  # fmt: skip
    command.add_argument("--coordinator", metavar="HOST:PORT", help="where process 0 is reached, in a network that "
                         "you trust")  # fmt: skip
    _add_run_dir_option(command)
    add_data_option(command)

    command = commands.add(
        "export", _export, "Write a trained network to models/ as it ships.",
        "raut-compact",
    )  # fmt: skip
    command.add_argument("recipe", metavar="RECIPE", help="name of the recipe that was trained")
    command.add_argument("--float32", action="store_true", help="do not store the weights in int8")
    _add_run_dir_option(command)
    add_data_option(command)

    command = commands.add(
        "evaluate", _evaluate, "Measure a shipped network on splits of FER2013 and store the figures.",
        "raut-compact --split PublicTest",
    )  # fmt: skip
    command.add_argument("network", nargs="?", metavar="ID", help="which network. Default: the default one")
    command.add_argument("--split", action="append", type=split_name, metavar="NAME",
                         help="may be given several times. Default: the split that chose the epoch. PrivateTest "
                         "is for the final figure, once for each network that ships")  # fmt: skip
    command.add_argument("--dry-run", action="store_true", help="print the figures, write nothing")
    add_data_option(command)

    command = commands.add(
        "retire",
        _retire,
        "Take the weights of networks out of models/ and keep their figures, so that the folder stays small. The next "
        "`speed` measures what ships and forgets their times.",
        "paper-small-rate",
    )
    command.add_argument("network", nargs="+", metavar="ID", help="which networks")

    command = commands.add(
        "card",
        _card,
        "Write MODEL_CARD.md, the tables of README.md and docs/networks.md from the stored figures, and CITATION.cff.",
    )
    command.add_argument("network", nargs="*", metavar="ID", help="which networks. Default: all")
    command.add_argument("--print", action="store_true", help="print the cards, write nothing")


def _add_run_dir_option(command: argparse.ArgumentParser) -> None:
    command.add_argument("--run-dir", metavar="DIR", help="folder of the checkpoints. Default: runs/RECIPE")


def _train(options: argparse.Namespace) -> int:
    from fer_core.training.recipes.registry import RECIPES, find_recipe

    if options.list:
        for recipe in RECIPES.values():
            print(f"{recipe.id:22} {recipe.epochs:3} epochs  {recipe.summary}")
        return 0
    if options.recipe is None:
        raise TrainingError(N_("Name a recipe. Known: {known}."), known=", ".join(RECIPES))
    from fer_core.training.fit import train

    recipe = find_recipe(options.recipe)
    cluster = _cluster(options)
    train_faces, choice_faces = training_and_choice_faces(recipe, load_data(options))
    state = train(
        recipe, train_faces, choice_faces, _run_dir(options, recipe), seed=options.seed, epochs=options.epochs,
        precision=options.precision, resume=options.resume, weights=options.weights,
        cluster=cluster, runs=runs_dir(),
    )  # fmt: skip
    if cluster is not None and not cluster.writes:
        return 0  # process 0 says what came of it
    best_row = state.history[state.best_epoch - 1]
    votes = f", on the votes {best_row['companion_val_accuracy']:.4f}" if recipe.companion else ""
    print(
        f"{recipe.id}: {state.epochs_done} of {recipe.epochs} epochs, {recipe.keep} accuracy on "
        f"{recipe.choice_split} {best_row['val_accuracy']:.4f}{votes} (epoch {state.best_epoch}). Ship it: python -m "
        f"fer_core export {recipe.id}"
    )
    return 0


def _cluster(options: argparse.Namespace) -> Cluster | None:
    """Which of several processes this is, or None where there is one alone."""
    if options.processes is None:
        if options.process is not None or options.coordinator is not None:
            raise TrainingError(
                N_("--process and --coordinator go with --processes, how many there are in all.")
            )
        return None
    from fer_core.training.backends.data_parallel import require_jax
    from fer_core.training.backends.rendezvous import Cluster

    os.environ.setdefault("KERAS_BACKEND", "jax")  # before anything imports Keras
    cluster = Cluster(options.processes, options.process or 0, options.coordinator or "")
    require_jax()  # before minutes go by with reading data
    return cluster


def _export(options: argparse.Namespace) -> int:
    from fer_core.places import models_dir
    from fer_core.training.recipes.registry import find_recipe

    recipe = find_recipe(options.recipe)
    exported = export_run(
        recipe, _run_dir(options, recipe), models_dir(), load_data(options) if recipe.calibrate else None,
        quantize=not options.float32 and recipe.quantize, runs=runs_dir(),
    )  # fmt: skip
    for info in exported:
        print(f"{info.folder}: {info.file.stat().st_size / 1e6:.1f} MB. Next: evaluate {info.id}")
    return 0


def _evaluate(options: argparse.Namespace) -> int:
    from tqdm import tqdm

    from fer_core.cards.card import write_card
    from fer_core.evaluation.answers import write_answers
    from fer_core.evaluation.evaluate import answer_splits, evaluation_of, write_evaluation
    from fer_core.recognition.recognizer import ExpressionRecognizer
    from fer_core.store.folder import find_network

    network = find_network(options.network)
    names = options.split or [_choice_split(network)]
    dataset = load_data(options)
    recognizer = ExpressionRecognizer(network, threads=os.cpu_count() or 1)
    with tqdm(total=100, unit="%", desc=network.id, file=sys.stderr, bar_format=PERCENT_BAR) as bar:
        answered = answer_splits(
            recognizer, dataset, names, progress=lambda part: bar.update(part * 100 - bar.n)
        )
    evaluation = evaluation_of(network, dataset, answered)
    for name, figures in evaluation["splits"].items():
        print(f"{name:22} n {figures['n']:6}  accuracy {figures['accuracy'] * 100:.2f}%")
    if not options.dry_run:
        write_evaluation(network, evaluation)
        write_answers(network, dataset, answered)
        write_card(network)
    return 0


def _choice_split(network: NetworkInfo) -> str:
    """The split that chose the epoch of a network.

    Raises:
        NetworkError: its metadata do not name it.
    """
    choice = network.training.choice_split
    if choice is None:
        raise NetworkError(
            N_("The metadata of the network “{name}” do not say which split chose its epoch. Name the one to "
               "measure: --split PublicTest"),
            name=network.id,
        )  # fmt: skip
    return choice


def _retire(options: argparse.Namespace) -> int:
    from fer_core.store.export import retire
    from fer_core.store.folder import find_network

    for network in [find_network(name) for name in options.network]:
        size = network.litert_bytes or 0
        print(f"{retire(network).folder}: {size / 1e6:.1f} MB less. Next: card")
    return 0


def _card(options: argparse.Namespace) -> int:
    from fer_core.cards.card import model_card, write_card
    from fer_core.cards.glossary import write_glossary
    from fer_core.cards.readme import write_tables
    from fer_core.citations import citation_file
    from fer_core.files import write_whole
    from fer_core.places import PROJECT_DIR, models_dir
    from fer_core.store.folder import damaged_networks, find_network, list_measured

    if not options.network and (damaged := damaged_networks()):
        raise damaged[0]  # documents without it would say that it does not exist
    networks = [find_network(name) for name in options.network] or list_measured()
    if not networks:
        find_network()  # says why there is none
    for network in networks:
        if options.print:
            print(model_card(network))
        else:
            print(write_card(network))
    if not options.print and models_dir() == PROJECT_DIR / "models":
        write_tables(list_measured())
        write_whole(PROJECT_DIR / "CITATION.cff", citation_file())
        write_glossary()
    return 0


def _run_dir(options: argparse.Namespace, recipe: Recipe) -> Path:
    return Path(options.run_dir) if options.run_dir else runs_dir() / recipe.id

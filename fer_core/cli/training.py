"""Commands that make and measure networks: train, export, evaluate, card."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fer_core.errors import N_, TrainingError

from .shared import PERCENT_BAR, Commands, load_data, positive, takes_data

if TYPE_CHECKING:
    from fer_core.datasets import Fer2013
    from fer_core.training.recipes import Recipe

RUNS_DIR = Path(__file__).resolve().parents[2] / "runs"


def add_commands(commands: Commands) -> None:
    """Add them to the parser."""
    added = commands.add(
        "train", _train, "Train a recipe, with a checkpoint every epoch.",
        "python -m fer_core train raut-compact --resume",
    )  # fmt: skip
    added.add_argument("recipe", nargs="?", metavar="RECIPE", help="name of a recipe; --list shows them")
    added.add_argument("--list", action="store_true", help="list the recipes and stop")
    added.add_argument("--epochs", type=positive, metavar="N", help="stop after N epochs in all; the schedule "
                       "stays that of the recipe")  # fmt: skip
    added.add_argument("--seed", type=int, default=1, metavar="N", help="of weights, order and augmentation")
    added.add_argument("--precision", choices=("float32", "mixed_bfloat16"),
                       help="default: mixed_bfloat16 where the processor computes in it")  # fmt: skip
    added.add_argument("--weights", choices=("imagenet",), help="begin with these instead of random ones: "
                       "vgg19, mobilenet and resnet50; needs internet the first time")  # fmt: skip
    added.add_argument("--resume", action="store_true", help="go on with the training in the run folder")
    _takes_run_dir(added)
    takes_data(added)

    added = commands.add(
        "export", _export, "Write a trained network to models/ as it ships.",
        "python -m fer_core export raut-compact",
    )  # fmt: skip
    added.add_argument("recipe", metavar="RECIPE", help="name of the recipe that was trained")
    added.add_argument("--float32", action="store_true", help="do not store the weights in int8")
    _takes_run_dir(added)
    takes_data(added)

    added = commands.add(
        "evaluate", _evaluate, "Measure a shipped network on splits of FER2013 and store the figures.",
        "python -m fer_core evaluate raut-compact --split PublicTest",
    )  # fmt: skip
    added.add_argument("network", nargs="?", metavar="ID", help="which network. Default: the default one")
    added.add_argument("--split", action="append", metavar="NAME",
                       help="may be given several times. Default: the split that chose the epoch. PrivateTest "
                       "is for the final figure, once for each network that ships")  # fmt: skip
    added.add_argument("--dry-run", action="store_true", help="print the figures, write nothing")
    takes_data(added)

    added = commands.add(
        "card",
        _card,
        "Write MODEL_CARD.md, and the table in README.md, from the stored figures.",
        "python -m fer_core card",
    )
    added.add_argument("network", nargs="*", metavar="ID", help="which networks. Default: all")
    added.add_argument("--print", action="store_true", help="print the cards, write nothing")


def _takes_run_dir(added: argparse.ArgumentParser) -> None:
    added.add_argument("--run-dir", metavar="DIR", help="folder of the checkpoints. Default: runs/RECIPE")


def _train(options: argparse.Namespace) -> int:
    from fer_core.training.recipes import RECIPES, find_recipe

    if options.list:
        for recipe in RECIPES.values():
            print(f"{recipe.id:22} {recipe.epochs:3} epochs  {recipe.summary}")
        return 0
    if options.recipe is None:
        raise TrainingError(N_("Name a recipe. Known: {known}."), known=", ".join(RECIPES))
    from fer_core.datasets import needed_votes, split, vote_shares
    from fer_core.training.fit import LabelledFaces, train

    recipe = find_recipe(options.recipe)
    dataset = load_data(options)
    parts = [split(dataset, name) for name in (recipe.train_split, recipe.choice_split)]
    votes = vote_shares(needed_votes(dataset)) if recipe.companion else None
    learnt, chosen = (
        LabelledFaces(
            dataset.images_gray[part.rows], part.labels, None if votes is None else votes[part.rows]
        )
        for part in parts
    )
    state = train(
        recipe, learnt, chosen, _run_dir(options, recipe), seed=options.seed, epochs=options.epochs,
        precision=options.precision, resume=options.resume, weights=options.weights,
    )  # fmt: skip
    print(
        f"{recipe.id}: {state.epochs_done} of {recipe.epochs} epochs, best accuracy on {recipe.choice_split} "
        f"{state.best_accuracy:.4f} (epoch {state.best_epoch}). Ship it: python -m fer_core export {recipe.id}"
    )
    return 0


def _export(options: argparse.Namespace) -> int:
    from fer_core.networks.shipping import shipped_network
    from fer_core.store import HISTORY_FILE, export_network, models_dir
    from fer_core.training.checkpoints import load_state
    from fer_core.training.fit import best_network, machine_description
    from fer_core.training.history import history_csv
    from fer_core.training.recipes import find_recipe

    recipe = find_recipe(options.recipe)
    run_dir = _run_dir(options, recipe)
    model = best_network(recipe, run_dir)
    state = load_state(run_dir)
    assert state is not None  # best_network would have raised
    training = {
        "recipe": recipe.as_dict(),
        "split": recipe.train_split,
        "epochs": state.epochs_done,
        "epochs_planned": recipe.epochs,
        "best_epoch": state.best_epoch,
        "seconds": round(sum(row["seconds"] for row in state.history), 1),
        "seed": state.seed,
        "weights": state.weights or "random",
        "precision": state.precision,
        "machine": state.machine or machine_description(),
    }
    finished = state.epochs_done >= recipe.epochs
    dataset = load_data(options) if recipe.calibrate else None
    for head in range(len(recipe.heads)):
        made = recipe.network(head)
        network = shipped_network(model, head=head, flip_averaging=recipe.flip_averaging)
        temperature = 1.0
        if dataset is not None:
            temperature = _temperature(network, dataset, made.choice_split)
            network = shipped_network(
                model, head=head, flip_averaging=recipe.flip_averaging, temperature=temperature
            )
        metadata = {
            "name": made.title,
            "summary": made.summary,
            "task": made.task,
            "labels": list(recipe.heads[head]),
            "default": recipe.default and head == 0,
            "input": "uint8 or float32 (N, 48, 48, 1), grey 0-255; scaling is inside",
            "output": "float32 (N, C) probabilities in the order of labels",
            "flip_averaging": recipe.flip_averaging,
            "temperature": round(temperature, 4),
            "training": {
                **training,
                "choice_split": made.choice_split,
                "report_splits": list(made.report_splits),
            },
        }
        info = export_network(
            network, models_dir() / made.id, metadata, quantize=not options.float32 and recipe.quantize,
            # Unfinished weights are there to look at, not to train on: the small file is enough.
            keep_keras=finished,
        )  # fmt: skip
        history = history_csv(state.history, companion=head > 0)
        (info.folder / HISTORY_FILE).write_text(history, encoding="utf-8")
        print(f"{info.folder}: {info.file.stat().st_size / 1e6:.1f} MB. Next: evaluate {info.id}")
    return 0


def _temperature(network: Any, dataset: Fer2013, choice_split: str) -> float:
    """Fitted on the split that chose the epoch, with the network in float32."""
    from fer_core.datasets import split
    from fer_core.recognition.calibration import fit_temperature

    part = split(dataset, choice_split)
    faces = dataset.images_gray[part.rows][..., None].astype("float32")  # (N, 48, 48) -> (N, 48, 48, 1)
    return fit_temperature(network.predict(faces, batch_size=256, verbose=0), part.labels)


def _evaluate(options: argparse.Namespace) -> int:
    from tqdm import tqdm

    from fer_core.evaluation.card import write_card
    from fer_core.evaluation.evaluate import evaluate_network, write_evaluation
    from fer_core.recognition.recognizer import ExpressionRecognizer
    from fer_core.store import find_network

    network = find_network(options.network)
    names = options.split or [network.metadata["training"]["choice_split"]]
    dataset = load_data(options)
    recognizer = ExpressionRecognizer(network, threads=os.cpu_count() or 1)
    with tqdm(total=100, unit="%", desc=network.id, file=sys.stderr, bar_format=PERCENT_BAR) as bar:
        evaluation = evaluate_network(
            recognizer, dataset, names, progress=lambda part: bar.update(part * 100 - bar.n)
        )
    for name, figures in evaluation["splits"].items():
        print(f"{name:22} n {figures['n']:6}  accuracy {figures['accuracy'] * 100:.2f} %")
    if not options.dry_run:
        write_evaluation(network, evaluation)
        write_card(network)
    return 0


def _card(options: argparse.Namespace) -> int:
    from fer_core.evaluation.card import model_card, write_card
    from fer_core.evaluation.readme import write_readme_table
    from fer_core.store import PROJECT_DIR, find_network, list_networks, models_dir

    networks = [find_network(name) for name in options.network] or list_networks()
    if not networks:
        find_network()  # says why there is none
    for network in networks:
        if options.print:
            print(model_card(network))
        else:
            print(write_card(network))
    if not options.print and models_dir() == PROJECT_DIR / "models":
        write_readme_table(list_networks())
    return 0


def _run_dir(options: argparse.Namespace, recipe: Recipe) -> Path:
    return Path(options.run_dir) if options.run_dir else RUNS_DIR / recipe.id

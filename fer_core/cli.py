"""The command line: python -m fer_core train | export | evaluate | card | predict | models | data.

Exit codes: 0 done; 1 something could not be read or done, with a sentence on standard error; 2 wrong usage.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fer_core.errors import N_, ImageError, RautError, TrainingError

if TYPE_CHECKING:
    from fer_core.datasets import Fer2013
    from fer_core.recognition.photos import PhotoResult
    from fer_core.recognition.recognizer import ExpressionRecognizer
    from fer_core.training.recipes import Recipe

RUNS_DIR = Path(__file__).resolve().parents[1] / "runs"
PHOTO_ENDINGS = {".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".gif", ".bmp", ".tif", ".tiff"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    # TensorFlow prints a page about kernels and missing GPUs that helps nobody here.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    try:
        return int(options.run(options))
    except RautError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of our output, such as `head`, has seen enough
        sys.stderr.close()
        return 0


# --- the commands --------------------------------------------------------------------------------------


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
    dataset = _load_data(options)
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
    dataset = _load_data(options) if recipe.calibrate else None
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
    dataset = _load_data(options)
    recognizer = ExpressionRecognizer(network, threads=os.cpu_count() or 1)
    with tqdm(total=100, unit="%", desc=network.id, file=sys.stderr, bar_format=_PERCENT_BAR) as bar:
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


def _predict(options: argparse.Namespace) -> int:
    from tqdm import tqdm

    from fer_core.faces.detection import HaarFaceDetector
    from fer_core.recognition.photos import result_rows, results_to_csv
    from fer_core.recognition.recognizer import ExpressionRecognizer
    from fer_core.store import find_network

    recognizer = ExpressionRecognizer(find_network(options.network), threads=os.cpu_count() or 1)
    detector = HaarFaceDetector()
    paths = list(_photo_files(options.paths))
    results = [
        _without_pixels(_analyze_file(path, detector, recognizer))
        for path in tqdm(paths, unit="photo", file=sys.stderr, disable=None if len(paths) > 1 else True)
    ]
    if options.format == "csv":
        sys.stdout.write(results_to_csv(results))
    else:
        print(json.dumps(result_rows(results), indent=1, ensure_ascii=False))
    failed = [result.error for result in results if result.error is not None]
    for error in failed:
        print(error, file=sys.stderr)
    return 1 if failed else 0


def _models(options: argparse.Namespace) -> int:
    from fer_core.store import list_networks, models_json

    networks = list_networks()
    if options.json:
        print(json.dumps(models_json(networks), indent=1, ensure_ascii=False))
        return 0
    for network in networks:
        mark = "*" if network.default else " "
        print(f"{mark} {network.id:18} {network.task:8} {network.parameters:>10,} parameters  {network.name}")
    if not networks:
        print("No trained network. Train one: python -m fer_core train raut-compact")
    return 0


def _data(options: argparse.Namespace) -> int:
    from fer_core.datasets import describe, write_counts

    dataset = _load_data(options)
    if options.write_counts:
        write_counts(dataset)
    print(json.dumps(describe(dataset), indent=1, ensure_ascii=False))
    return 0


# --- what they share -----------------------------------------------------------------------------------

_PERCENT_BAR = "{desc}: {percentage:3.0f}%|{bar}| {elapsed} gone, {remaining} left"


def _load_data(options: argparse.Namespace) -> Fer2013:
    """FER2013, with a bar while it is read for the first time."""
    from tqdm import tqdm

    from fer_core.datasets import load_fer2013

    with tqdm(total=100, desc="FER2013", file=sys.stderr, bar_format=_PERCENT_BAR, delay=0.5) as bar:
        return load_fer2013(options.data, progress=lambda part: bar.update(part * 100 - bar.n))


def _run_dir(options: argparse.Namespace, recipe: Recipe) -> Path:
    return Path(options.run_dir) if options.run_dir else RUNS_DIR / recipe.id


def _photo_files(paths: Sequence[Path]) -> Iterator[Path]:
    """The files themselves, and the photos of folders in the order of their names."""
    for path in paths:
        if path.is_dir():
            files = (file for file in sorted(path.rglob("*")) if file.suffix.lower() in PHOTO_ENDINGS)
            yield from files
        else:
            yield path


def _analyze_file(path: Path, detector: Any, recognizer: ExpressionRecognizer) -> PhotoResult:
    from fer_core.recognition.photos import PhotoResult, analyze_photo

    try:
        content = path.read_bytes()
    except OSError as error:
        sentence = ImageError(
            N_("The file {name} cannot be opened ({reason}). Check its name and that you may read it."),
            name=path,
            reason=error.strerror or type(error).__name__,
        )
        return PhotoResult(str(path), None, (), recognizer.labels, "error", sentence, 0.0)
    return analyze_photo(content, str(path), detector, recognizer)


def _without_pixels(result: PhotoResult) -> PhotoResult:
    """So that a folder of ten thousand photos does not end up in memory."""
    from dataclasses import replace

    return replace(result, image_rgb=None)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m fer_core",
        description="Raut's core: train, measure and use networks that recognise facial expressions.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Any, text: str, example: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text, epilog=f"Example: {example}")
        added.set_defaults(run=run)
        return added

    def takes_data(added: argparse.ArgumentParser) -> None:
        added.add_argument(
            "--data",
            type=Path,
            metavar="PATH",
            help="FER2013: a CSV, an archive or a folder. Default: $FER2013_DIR, else data/",
        )

    def takes_run_dir(added: argparse.ArgumentParser) -> None:
        added.add_argument("--run-dir", metavar="DIR", help="folder of the checkpoints. Default: runs/RECIPE")

    added = command(
        "train", _train, "Train a recipe, with a checkpoint every epoch.",
        "python -m fer_core train raut-compact --resume",
    )  # fmt: skip
    added.add_argument("recipe", nargs="?", metavar="RECIPE", help="name of a recipe; --list shows them")
    added.add_argument("--list", action="store_true", help="list the recipes and stop")
    added.add_argument("--epochs", type=_positive, metavar="N", help="stop after N epochs in all; the schedule "
                       "stays that of the recipe")  # fmt: skip
    added.add_argument("--seed", type=int, default=1, metavar="N", help="of weights, order and augmentation")
    added.add_argument("--precision", choices=("float32", "mixed_bfloat16"),
                       help="default: mixed_bfloat16 where the processor computes in it")  # fmt: skip
    added.add_argument("--weights", choices=("imagenet",), help="begin with these instead of random ones: "
                       "vgg19, mobilenet and resnet50; needs internet the first time")  # fmt: skip
    added.add_argument("--resume", action="store_true", help="go on with the training in the run folder")
    takes_run_dir(added)
    takes_data(added)

    added = command(
        "export", _export, "Write a trained network to models/ as it ships.",
        "python -m fer_core export raut-compact",
    )  # fmt: skip
    added.add_argument("recipe", metavar="RECIPE", help="name of the recipe that was trained")
    added.add_argument("--float32", action="store_true", help="do not store the weights in int8")
    takes_run_dir(added)
    takes_data(added)

    added = command(
        "evaluate", _evaluate, "Measure a shipped network on splits of FER2013 and store the figures.",
        "python -m fer_core evaluate raut-compact --split PublicTest",
    )  # fmt: skip
    added.add_argument("network", nargs="?", metavar="ID", help="which network. Default: the default one")
    added.add_argument("--split", action="append", metavar="NAME",
                       help="may be given several times. Default: the split that chose the epoch. PrivateTest "
                       "is for the final figure, once for each network that ships")  # fmt: skip
    added.add_argument("--dry-run", action="store_true", help="print the figures, write nothing")
    takes_data(added)

    added = command(
        "card",
        _card,
        "Write MODEL_CARD.md, and the table in README.md, from the stored figures.",
        "python -m fer_core card",
    )
    added.add_argument("network", nargs="*", metavar="ID", help="which networks. Default: all")
    added.add_argument("--print", action="store_true", help="print the cards, write nothing")

    added = command(
        "predict", _predict, "Find faces in photos and name their expressions, one row a face.",
        "python -m fer_core predict photo.jpg holiday/ --format csv > faces.csv",
    )  # fmt: skip
    added.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="photos, or folders of photos")
    added.add_argument("--format", choices=("csv", "json"), default="csv", help="default: csv")
    added.add_argument("--network", metavar="ID", help="which network. Default: the default one")

    added = command("models", _models, "List the networks that are here.", "python -m fer_core models --json")
    added.add_argument("--json", action="store_true", help="for programs: id, task, labels, parameters, file")

    added = command(
        "data", _data, "Say what is in the copy of FER2013 that is here.", "python -m fer_core data"
    )
    added.add_argument("--write-counts", action="store_true", help="also renew the counts that ship")
    takes_data(added)
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number

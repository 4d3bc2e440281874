"""Commands that use what is there: predict, models, data."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fer_core.errors import N_, ImageError

from .shared import Commands, load_data, takes_data

if TYPE_CHECKING:
    from fer_core.recognition.photos import PhotoResult
    from fer_core.recognition.recognizer import ExpressionRecognizer

PHOTO_ENDINGS = {".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".gif", ".bmp", ".tif", ".tiff"}


def add_commands(commands: Commands) -> None:
    """Add them to the parser."""
    added = commands.add(
        "predict", _predict, "Find faces in photos and name their expressions, one row a face.",
        "python -m fer_core predict photo.jpg holiday/ --format csv > faces.csv",
    )  # fmt: skip
    added.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="photos, or folders of photos")
    added.add_argument("--format", choices=("csv", "json"), default="csv", help="default: csv")
    added.add_argument("--network", metavar="ID", help="which network. Default: the default one")

    added = commands.add(
        "models", _models, "List the networks that are here.", "python -m fer_core models --json"
    )
    added.add_argument("--json", action="store_true", help="for programs: id, task, labels, parameters, file")

    added = commands.add(
        "data", _data, "Say what is in the copy of FER2013 that is here.", "python -m fer_core data"
    )
    added.add_argument("--write-counts", action="store_true", help="also renew the counts that ship")
    takes_data(added)


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

    dataset = load_data(options)
    if options.write_counts:
        write_counts(dataset)
    print(json.dumps(describe(dataset), indent=1, ensure_ascii=False))
    return 0


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

"""Commands that use the shipped networks: predict, models."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fer_core.errors import N_, BatchError, RautError, visible
from fer_core.faces.search import DEFAULT_DETECTOR, DETECTORS, EFFORTS, photo_search
from fer_core.streams import tell

from .shared import Commands, positive_integer

if TYPE_CHECKING:
    from fer_core.batch.work import PhotoRows

FORMATS = ("csv", "json", "parquet")


def add_commands(commands: Commands) -> None:
    """Add these commands to the parser."""
    command = commands.add(
        "predict", _predict, "Find faces in photos and name their expressions, one row a face.",
        "photo.jpg holiday/ --format csv > faces.csv",
    )  # fmt: skip
    command.add_argument(
        "paths",
        nargs="+",
        type=Path,
        metavar="PATH",
        help="photos, folders of photos, or patterns: 'a/*.jpg'",
    )
    command.add_argument("--format", choices=FORMATS, help="default: as the ending of --out says, else csv")
    command.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        help="write there: .csv, .json or .parquet. Default: standard output",
    )
    command.add_argument("--network", metavar="ID", help="which network. Default: the default one")
    command.add_argument(
        "--effort",
        choices=EFFORTS,
        default="normal",
        help="how thoroughly faces are looked for. Default: normal; quick: large faces; thorough: small ones",
    )
    command.add_argument(
        "--detector",
        choices=DETECTORS,
        default=DEFAULT_DETECTOR,
        help="what finds faces: the Haar cascade of the paper, BlazeFace, or both. Default: %(default)s",
    )
    command.add_argument(
        "--resume", action="store_true", help="go on with a run that was interrupted; needs the same --out"
    )
    command.add_argument(
        "--workers",
        type=positive_integer,
        metavar="N",
        help="processes. Default: one a core for many photos, else one",
    )
    command.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="let a Dask cluster do it: tcp://192.168.1.5:8786 (make cluster)",
    )

    command = commands.add("models", _models, "List the networks that are here.", "--json")
    command.add_argument(
        "--json", action="store_true", help="for programs: id, task, labels, parameters, file"
    )


def _predict(options: argparse.Namespace) -> int:
    from tqdm import tqdm

    from fer_core.batch.files import photo_files
    from fer_core.batch.run import part_of, print_table, write_table
    from fer_core.batch.target import table_form
    from fer_core.store.folder import find_network

    if options.out is None and (options.resume or options.format == "parquet"):
        raise BatchError(N_("That needs a file to write to. Name it: --out faces.csv"))
    form = table_form(options.out, options.format)
    network = find_network(options.network)
    if options.network is None and not network.default:
        tell(f"No network here is marked as the default. {network.id} answers; choose one with --network.")
    failed = 0

    def on_folder_error(error: RautError) -> None:
        nonlocal failed
        failed += 1
        tell(error)

    paths = list(photo_files(options.paths, on_folder_error))
    if not paths:  # nothing to make a table of
        return 1
    settings: dict[str, Any] = {
        "search": photo_search(options.effort, options.detector),
        "processes": options.workers,
        "scheduler": options.scheduler,
    }
    quiet = None if len(paths) > 1 else True
    with tqdm(total=len(paths), unit="photo", file=sys.stderr, disable=quiet) as bar:

        def on_result(photo: PhotoRows) -> None:
            nonlocal failed
            bar.update()
            if photo.error is not None:
                failed += 1
                with tqdm.external_write_mode(file=sys.stderr):  # the bar stays below
                    tell(photo.error)

        try:
            if options.out is None:
                print_table(paths, network, form, on_result, **settings)
            else:
                write_table(paths, network, form, options.out, on_result, resume=options.resume, **settings)
        except KeyboardInterrupt:
            bar.close()
            if options.out is not None:
                kept = visible(str(part_of(options.out)))
                tell(f"Stopped. What is done is kept in {kept}; the same command with --resume goes on.")
            return 130
    return 1 if failed else 0


def _models(options: argparse.Namespace) -> int:
    from fer_core.store.folder import damaged_networks, list_networks, models_json

    networks, damaged = list_networks(), damaged_networks()
    for error in damaged:
        tell(error)
    if options.json:
        print(json.dumps(models_json(networks), indent=1))
        return 1 if damaged else 0
    for network in networks:
        mark = "*" if network.default else " "
        line = f"{network.id:18} {network.task:8} {network.parameters:>10,} parameters  {network.name}"
        print(f"{mark} {visible(line)}")
    if not networks:
        print("No trained network. Train one: python -m fer_core train raut-compact")
    return 1 if damaged else 0

"""Commands about the data set: data, data statistics, data audit."""

from __future__ import annotations

import argparse
import json
import sys
from functools import partial
from pathlib import Path
from typing import Any

from .shared import PERCENT_BAR, Commands, add_data_option, load_data

PARTS = ("rows",)


def add_commands(commands: Commands) -> None:
    """Add these commands to the parser."""
    command = commands.add("data", _data, "Say what is in the copy of FER2013 that is here.")
    command.add_argument("--write-counts", action="store_true", help="also renew the counts that ship")
    add_data_option(command)
    further = commands.below(command)

    command = further.add(
        "statistics", _statistics, "Make the statistics of FER2013 anew that come with Raut.",
        "--write --only rows",
    )  # fmt: skip
    command.add_argument("--write", action="store_true", required=True, help="make what ships anew")
    command.add_argument(
        "--only",
        action="append",
        choices=PARTS,
        metavar="PART",
        help=f"one part, which may be named several times: {', '.join(PARTS)}. Default: all",
    )
    add_data_option(command)

    command = further.add(
        "audit", _audit, "Report what is in a data set of 48x48 faces and what is wrong with it: a table or folders.",
        "--data faces/ --out audit.zip",
    )  # fmt: skip
    command.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="PATH",
        help="write there: a folder, or one file that ends in .zip",
    )
    add_data_option(command)


def _data(options: argparse.Namespace) -> int:
    from fer_core.datasets.counts import describe, write_counts

    dataset = load_data(options)
    if options.write_counts:
        write_counts(dataset)
    print(json.dumps(describe(dataset), indent=1))
    return 0


def _statistics(options: argparse.Namespace) -> int:
    from tqdm import tqdm

    from fer_core.audit import statistics

    dataset = load_data(options)
    makers = {"rows": statistics.make_rows}
    for part in options.only or PARTS:
        with tqdm(total=100, desc=part, file=sys.stderr, bar_format=PERCENT_BAR) as bar:
            file = makers[part](dataset, progress=partial(_show, bar))
        print(f"{file}: {file.stat().st_size:,} bytes")
    return 0


def _audit(options: argparse.Namespace) -> int:
    from fer_core.audit.audited import audited_set
    from fer_core.files import write_whole
    from fer_core.recognition.provenance import local_now
    from fer_core.reports.audit_files import audit_bundle, audit_files
    from fer_core.reports.english import ENGLISH

    audit = audited_set(load_data(options), local_now())
    if options.out.suffix.lower() == ".zip":
        write_whole(options.out, audit_bundle(audit, ENGLISH))
        print(options.out)
        return 0
    options.out.mkdir(parents=True, exist_ok=True)
    for name, content in audit_files(audit, ENGLISH).items():
        write_whole(options.out / name, content)
        print(options.out / name)
    return 0


def _show(bar: Any, part: float) -> None:
    """Set a bar of 100 to the part that is done, 0 to 1."""
    bar.update(part * 100 - bar.n)

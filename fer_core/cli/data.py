"""Commands about the data set: data, data statistics, data export, data audit."""

from __future__ import annotations

import argparse
import json
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fer_core.errors import DatasetNotFoundError
from fer_core.streams import tell

from .shared import PERCENT_BAR, Commands, add_data_option, load_data

if TYPE_CHECKING:
    from fer_core.datasets.rows import RowTable


def add_commands(commands: Commands) -> None:
    """Add these commands to the parser."""
    command = commands.add("data", _data, "Say what is in the copy of FER2013 that is here.")
    command.add_argument("--write-counts", action="store_true", help="also renew the counts that ship")
    add_data_option(command)
    further = commands.below(command)

    command = further.add(
        "statistics", _statistics,
        "Print what a data set holds: classes by split, votes, duplicates, how pictures look, accuracies. Without "
        "a data set, that of FER2013, which comes with Raut.",
        "--data my-faces/ --format json",
    )  # fmt: skip
    command.add_argument(
        "--format", choices=("text", "csv", "json"), default="text", help="default: text, in columns"
    )
    command.add_argument("--out", type=Path, metavar="FILE", help="write there. Default: standard output")
    command.add_argument(
        "--write",
        action="store_true",
        help="instead, make the statistics of FER2013 anew that come with Raut",
    )
    command.add_argument(
        "--only", action="append", type=_part_name, metavar="PART",
        help="with --write: one part, such as rows or networks; may be named several times. Default: all",
    )  # fmt: skip
    add_data_option(command, below=True)

    command = further.add(
        "export", _export,
        "Write rows of a data set with every column as CSV, and a codebook beside it.",
        '--filter "split=PrivateTest&label=fear&agreement=8.." --out fear.csv',
    )  # fmt: skip
    command.add_argument(
        "--filter",
        default="",
        metavar="CONDITIONS",
        help="as in the address of the page Data set, also with sort= or shuffle=. Default: all rows",
    )
    command.add_argument(
        "--review",
        type=Path,
        metavar="FILE",
        help="a CSV of reviews, as the page Data set hands out: the labels that it proposes take the place of the old ones",
    )
    command.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help="write there; the codebook goes beside it"
    )
    add_data_option(command, below=True)

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
    add_data_option(command, below=True)


def _data(options: argparse.Namespace) -> int:
    from fer_core.datasets.counts import describe, write_counts

    dataset = load_data(options)
    if options.write_counts:
        write_counts(dataset)
    print(json.dumps(describe(dataset), indent=1))
    return 0


def _statistics(options: argparse.Namespace) -> int:
    from fer_core.audit.summary import as_csv, as_json, as_text, summary
    from fer_core.files import write_whole

    if options.write:
        return _write_statistics(options)
    table, _source = _table(options)
    text = {"text": as_text, "csv": as_csv, "json": as_json}[options.format](summary(table))
    if options.out is None:
        sys.stdout.write(text)
    else:
        write_whole(options.out, text)
    return 0


def _write_statistics(options: argparse.Namespace) -> int:
    from tqdm import tqdm

    from fer_core.audit.parts import MAKERS

    dataset = load_data(options)
    for part in options.only or MAKERS:
        with tqdm(total=100, desc=part, file=sys.stderr, bar_format=PERCENT_BAR) as bar:
            file = MAKERS[part](dataset, progress=partial(_show, bar))
        print(f"{file}: {file.stat().st_size:,} bytes")
    return 0


def _export(options: argparse.Namespace) -> int:
    from fer_core.audit.row_tables import Chosen, codebook_csv, column_sources, rows_csv
    from fer_core.datasets.filters import Filter, parse_query
    from fer_core.datasets.orders import Order
    from fer_core.datasets.statistics.shipped import shipped_statistics
    from fer_core.files import replaced_whole
    from fer_core.recognition.provenance import local_now

    table, source = _table(options)
    if options.review is not None:
        table, review = _reviewed(table, options.review)
        source = f"{source}, labels reviewed by {review}"
    query = parse_query(options.filter)
    chosen_filter, problems = Filter.from_query(query, table)
    order, more = Order.from_query(query, table)
    for problem in (*problems, *more):  # an address may be wrong, a command must not
        raise problem
    chosen = Chosen(table, chosen_filter, order)
    positions = chosen.positions()
    provenance = chosen.provenance(local_now(), source)
    sources = column_sources(shipped_statistics())
    codebook = options.out.with_name(f"{options.out.stem}-codebook.csv")
    for file, content in (
        (options.out, rows_csv(table, positions, provenance)),
        (codebook, codebook_csv(table, provenance, sources=sources)),
    ):
        with replaced_whole(file) as stream:
            stream.write(content)
    print(f"{len(positions):,} of {len(table):,} rows: {options.out}, {codebook}")
    return 0


def _reviewed(table: RowTable, file: Path) -> tuple[RowTable, str]:
    """The table with the labels that a file of reviews proposes, and which file it was."""
    from hashlib import sha256

    from fer_core.datasets.review import cleaned_labels
    from fer_core.datasets.review_table import read_reviews

    content, labels = file.read_bytes(), table.values("label")
    reviews = read_reviews(content, file.name, labels=labels)
    return (
        table.with_columns({"label": cleaned_labels(labels, reviews)}),
        f"{file.name} (sha256 {sha256(content).hexdigest()})",
    )


def _table(options: argparse.Namespace) -> tuple[RowTable, str]:
    """The table of the data set at hand, and what it is of; that which ships where it is FER2013, or there is none."""
    from fer_core.datasets.statistics.computed import rows_of
    from fer_core.datasets.statistics.shipped import is_shipped_set, shipped_rows

    try:
        dataset = load_data(options)
    except DatasetNotFoundError:
        if options.data is not None:
            raise
        tell("There is no data set here: these are the figures of FER2013 that come with Raut.")
        return shipped_rows(), "FER2013"
    if is_shipped_set(dataset):
        return shipped_rows(), "FER2013"
    return rows_of(dataset), dataset.source.name


def _part_name(text: str) -> str:
    """Check the name of a part; an argument type of `argparse`."""
    from fer_core.audit.parts import MAKERS

    if text not in MAKERS:
        raise argparse.ArgumentTypeError(f"{text!r} is none of {', '.join(MAKERS)}")
    return text


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

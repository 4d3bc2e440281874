"""What the commands share: adding one to the parser, reading the data set, and argument types."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from fer_core import __version__
from fer_core.errors import visible

if TYPE_CHECKING:
    from fer_core.datasets.fer2013 import Fer2013

PERCENT_BAR = "{desc}: {percentage:3.0f}%|{bar}| {elapsed} gone, {remaining} left"


class _Parser(argparse.ArgumentParser):
    """Its sentences on wrong usage repeat what was typed, with nothing in it that a terminal would obey."""

    def error(self, message: str) -> NoReturn:
        super().error(visible(message))


class Commands:
    """The argument parser of the command line, to which each module adds its commands.

    Args:
        program: what the command line was called by, for the usage text and the examples.
    """

    def __init__(self, program: str) -> None:
        self.parser: argparse.ArgumentParser = _Parser(
            prog=program,
            description="Raut's core: train, measure and use networks that recognise facial expressions.",
        )
        self.parser.add_argument(
            "--version", action="version", version=f"Raut {__version__}", help="print the version and stop"
        )
        self._subparsers: argparse._SubParsersAction[Any] = self.parser.add_subparsers(
            required=True, metavar="COMMAND"
        )

    def below(self, command: argparse.ArgumentParser) -> Commands:
        """Commands that follow another one, which may also stand alone: `data` and `data statistics`.

        Args:
            command: what `add` returned for the first word.
        """
        further = copy(self)
        further.parser = command
        further._subparsers = command.add_subparsers(required=False, metavar="COMMAND")
        return further

    def add(
        self, name: str, run: Callable[[argparse.Namespace], int], text: str, example: str = ""
    ) -> argparse.ArgumentParser:
        """Add a command that calls `run` with the options, and return its parser for further arguments.

        Args:
            name: the command.
            run: takes the parsed options, returns the exit code.
            text: a sentence on what the command does.
            example: arguments as somebody might give them, without the program and the command; none where empty.
        """
        words = " ".join(["Example:", self.parser.prog, name, example]).rstrip()
        command = self._subparsers.add_parser(name, help=text, description=text, epilog=words)
        command.set_defaults(run=run)
        return command


def add_data_option(command: argparse.ArgumentParser, *, below: bool = False) -> None:
    """Add the option `--data`, which `load_data` reads.

    Args:
        command: to which it is added.
        below: of a command below another one that has the option, too, so that it may stand before or behind.
    """
    command.add_argument(
        "--data",
        type=Path,
        metavar="PATH",
        default=argparse.SUPPRESS if below else None,
        help="FER2013: a CSV, an archive or a folder. Default: $FER2013_DIR, else data/",
    )


def load_data(options: argparse.Namespace) -> Fer2013:
    """FER2013 from `options.data`, with a progress bar while it is read for the first time.

    Raises:
        DatasetError: there is no FER2013, or it cannot be read.
    """
    from tqdm import tqdm

    from fer_core.datasets.load import load_fer2013

    with tqdm(total=100, desc="FER2013", file=sys.stderr, bar_format=PERCENT_BAR, delay=0.5) as bar:
        return load_fer2013(options.data, progress=lambda part: bar.update(part * 100 - bar.n))


def positive_integer(text: str) -> int:
    """Parse a whole number from 1 on; an argument type of `argparse`."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


def seed_number(text: str) -> int:
    """Parse a seed, 0 to 2**32 - 1 as Keras takes it; an argument type of `argparse`."""
    if not text.isdecimal() or int(text) >= 2**32:
        raise argparse.ArgumentTypeError("0 to 4294967295")
    return int(text)


def split_name(text: str) -> str:
    """Check the name of a split of FER2013; an argument type of `argparse`."""
    from fer_core.datasets.splits import BOTH_TESTS, SPLIT_NAMES

    names = (*SPLIT_NAMES, BOTH_TESTS)
    if text not in names:
        raise argparse.ArgumentTypeError(f"{text!r} is none of {', '.join(names)}")
    return text

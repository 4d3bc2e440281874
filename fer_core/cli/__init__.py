"""The command line: raut, or python -m fer_core, train | export | evaluate | retire | card |
speed | macs | reproduce | predict | models | data.

Exit codes: 0 done; 1 something could not be read or done, with a sentence on standard error; 2 wrong usage; 130 stopped
with Ctrl+C, 143 and 129 by SIGTERM and SIGHUP, as tidily.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence

from fer_core.errors import N_, RautError
from fer_core.streams import discard_unwritten_output, prepare_standard_streams, tell

from . import data, measuring, reproduce, training, using
from .shared import Commands
from .stopping import signals_as_interruptions


def raut() -> int:
    """The console script `raut`, the same as `python -m fer_core`; returns the exit code."""
    return main(program="raut")


def main(arguments: Sequence[str] | None = None, program: str = "python -m fer_core") -> int:
    """Run one command and return its exit code.

    Args:
        arguments: the command and what follows it; those of this process where None.
        program: what usage texts and examples call the command line.
    """
    prepare_standard_streams()
    commands = Commands(program)
    training.add_commands(commands)
    measuring.add_commands(commands)
    reproduce.add_commands(commands)
    using.add_commands(commands)
    data.add_commands(commands)
    try:
        options = commands.parser.parse_args(arguments)
    except SystemExit:  # after --help and --version, too
        if not _flushed():
            tell("Standard output cannot be written.")
            raise SystemExit(1) from None
        raise
    # TensorFlow prints a page about kernels and missing GPUs that helps nobody here.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    with signals_as_interruptions() as signals:
        code = _run(options)
    return 128 + signals[0] if signals else code


def _run(options: argparse.Namespace) -> int:
    """Run the command; whatever ends it early is a sentence."""
    try:
        code = int(options.run(options))
        sys.stdout.flush()  # here, where a full disk is still a sentence
        return code
    except RautError as error:
        tell(error)
        return 1
    except KeyboardInterrupt:
        tell("Stopped.")
        return 130
    except BrokenPipeError:  # the reader of our output, such as `head`, has seen enough
        discard_unwritten_output(sys.stdout)
        return 0
    except OSError as error:
        logging.getLogger(__name__).debug("A command ended with an error of the system", exc_info=error)
        tell(_readable_error(error))
        _flushed()
        return 1


def _flushed() -> bool:
    """Whether standard output could be written to its end; what could not be is discarded."""
    try:
        sys.stdout.flush()
    except OSError:
        discard_unwritten_output(sys.stdout)
        return False
    return True


def _readable_error(error: OSError) -> RautError:
    """The sentence for an error of the system: most often a full disk, or a folder of somebody else's."""
    reason = error.strerror or str(error) or type(error).__name__
    if isinstance(error, ConnectionError | TimeoutError):
        return RautError(
            N_(
                "Another computer does not answer ({reason}). Check the connection, then run the command again."
            ),
            reason=reason,
        )
    return RautError(
        N_(
            "Something could not be read or written ({reason}). Check the folder and the space left on the disk."
        ),
        reason=reason if error.filename is None else f"{error.filename}: {reason}",
    )

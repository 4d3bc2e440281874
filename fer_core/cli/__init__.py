"""The command line: python -m fer_core train | export | evaluate | card |
speed | macs | reproduce | predict | models | data.

Exit codes: 0 done; 1 something could not be read or done, with a sentence on standard error; 2 wrong usage.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from fer_core.errors import N_, RautError

from . import measuring, reproduce, training, using
from .shared import Commands


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    commands = Commands()
    training.add_commands(commands)
    measuring.add_commands(commands)
    reproduce.add_commands(commands)
    using.add_commands(commands)
    options = commands.parser.parse_args(arguments)
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
    except OSError as error:
        print(_sentence(error), file=sys.stderr)
        return 1


def _sentence(error: OSError) -> RautError:
    """What the system refused; most often a disk is full, or a folder belongs to somebody else."""
    reason = error.strerror or str(error) or type(error).__name__
    return RautError(
        N_(
            "Something could not be read or written ({reason}). Check the folder and the space left on the disk."
        ),
        reason=reason if error.filename is None else f"{error.filename}: {reason}",
    )

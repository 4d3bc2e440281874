"""Which files are meant by what a person typed: files, folders, and patterns."""

from __future__ import annotations

import os.path
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from fer_core.errors import N_, BatchError, RautError
from fer_core.folders import PICTURE_ENDINGS, files_of, is_pattern

OnError = Callable[[RautError], None]
"""Called with what is wrong with a folder; the rest goes on."""


def photo_files(paths: Sequence[Path], on_error: OnError) -> Iterator[str]:
    """Yield files as they are named, the photos of folders and of their folders, and the matches of patterns.

    Each folder and pattern (such as `*.jpg`) comes in the order of its names. What folders and patterns give comes once,
    also where several links lead to it; a file that is named itself comes once under each of its names. Two names
    of one file that are no links (hard links) are two files. A path that is nothing of these is given back as it is:
    whoever opens it says why that fails.

    Args:
        paths: as they were typed.
        on_error: told of folders that cannot be read or hold no photo.
    """
    named: set[str] = set()
    seen: set[str] = set()
    for path in paths:
        # Not the methods of `Path`, which raise where a folder on the way is closed.
        is_dir = os.path.isdir(path)
        if not is_dir and not is_pattern(path):
            if (name := os.path.abspath(path)) not in named:
                named.add(name)
                seen.add(os.path.realpath(path))
                yield str(path)
            continue
        errors: list[RautError] = []

        def on_closed(folder: str, reason: OSError, errors: list[RautError] = errors) -> None:
            errors.append(_closed(folder, reason))
            on_error(errors[-1])

        found = False
        for file, real in files_of(path, on_closed):
            found = True
            if real not in seen:
                seen.add(real)
                named.add(os.path.abspath(file))
                yield file
        if not found and not errors:
            if is_dir:
                on_error(_no_photo(path))
            else:
                yield str(path)


def _closed(folder: str, reason: OSError) -> BatchError:
    return BatchError(
        N_(
            "The folder {name} cannot be read ({reason}), and what is in it is left out. Check that you may open it."
        ),
        name=folder,
        reason=reason.strerror or type(reason).__name__,
    )


def _no_photo(folder: Path) -> BatchError:
    return BatchError(
        N_("There is no photo in the folder {name}. Looked for were files that end in {endings}."),
        name=folder,
        endings=", ".join(PICTURE_ENDINGS),
    )

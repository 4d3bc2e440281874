"""Project exceptions: every one carries a sentence that a page can translate.

The sentence is a template in English with named fields; `str(error)` fills it in English, and a page
looks the template up in its catalogue before it fills it. So the core knows no language, and no reader
sees a traceback. In `str(error)`, which goes to terminals, the fields are `visible`.
"""

from __future__ import annotations

import unicodedata
from pathlib import PurePath
from typing import Final, Self

_JOINERS: Final = "\u200c\u200d"
"""Invisible as others of their category, but part of how several scripts and many signs are written."""

_NOT_TO_BE_SEEN: Final = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Categories of Unicode: controls, marks of direction and the like, halves of characters, ends of lines."""


def N_(template: str) -> str:  # noqa: N802 - gettext's customary name, which the extractor looks for
    """Mark a message for the translation catalogue without translating it."""
    return template


def visible(text: str, keep: str = "") -> str:
    """The text with escapes (`\\n`, `\\x1b`, `\\u202e`) for what a terminal would obey, hide or turn around.

    Names of files may hold line ends, sequences that colour or clear a terminal, and marks that write right to left.

    Args:
        text: any.
        keep: characters that stay nevertheless.
    """
    if text.isprintable():
        return text
    return "".join(
        char.encode("unicode_escape").decode()
        if unicodedata.category(char) in _NOT_TO_BE_SEEN and char not in _JOINERS + keep
        else char
        for char in text
    )


class RautError(Exception):
    """Something a reader can act on: what was expected, what was received, what to do.

    Args:
        template: English sentence with `{named}` fields; also the key in the catalogue.
        **fields: what fills the fields.
    """

    def __init__(self, template: str, **fields: object) -> None:
        super().__init__(template, fields)
        self.template = template
        self.fields = fields

    def __str__(self) -> str:
        shown = {
            name: visible(str(field)) if isinstance(field, str | PurePath) else field
            for name, field in self.fields.items()
        }
        return self.template.format(**shown)

    def without_traceback(self) -> Self:
        """A copy of this error without its traceback, to keep or to raise again.

        A traceback holds what the functions had on its way, pixels and contents of files too, and grows each
        time the error is raised.
        """
        return type(self)(self.template, **self.fields)

    def __reduce__(self) -> tuple[object, ...]:
        # An exception is pickled by its `args`, which know no names: it could not come back from a process.
        return _unpickled, (type(self), self.template, self.fields)


def _unpickled(kind: type[RautError], template: str, fields: dict[str, object]) -> RautError:
    return kind(template, **fields)


class DatasetError(RautError):
    """FER2013 or FER+ is there but cannot be read as it is."""


class DatasetNotFoundError(DatasetError):
    """No FER2013 in any of the places that were looked in."""


class ImageError(RautError):
    """A picture that cannot be decoded, or must not be (too large)."""


class VideoError(RautError):
    """A video file that cannot be decoded, or must not be."""


class DetectionError(RautError):
    """The face detector cannot be set up as asked."""


class NetworkError(RautError):
    """A shipped network is missing, damaged, or was asked for under an unknown name."""


class TrainingError(RautError):
    """A training cannot start or go on: unknown recipe, broken checkpoint, full disk."""


class BatchError(RautError):
    """Work on many photos cannot start or go on: no such cluster, full disk, a run of another network."""


class ExplanationError(RautError):
    """A calculation that explains a network cannot be done as asked: a kernel larger than the picture, stride 0."""


class QuizError(RautError):
    """A quiz cannot be asked as wanted: too few faces that fit, rows that are not there."""

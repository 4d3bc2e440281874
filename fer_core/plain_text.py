"""Words that come from files, as text where something else would read them as more than text.

The name of a network and that of a photo may hold anything: a link, a picture, a formula of a typesetter.
"""

from __future__ import annotations

import html
import re
import unicodedata
from typing import Final

COMMENT: Final = "<!-- -->"
"""Nothing to see in a Markdown file, and the end of a piece of text there."""
_UNSEEN: Final = ("Cc", "Cf", "Cs", "Zl", "Zp")
_SPACES: Final = re.compile(r"[ \t\n\r\v\f\x00\x85\u2028\u2029]+")
_BREAK: Final = "\0"
# Readers of Markdown look for these in the finished text, where a backslash is gone: addresses, mail addresses,
# names of signs (`:smile:`), arrows and dashes.
_PUT_TOGETHER: Final = re.compile(r"(?<=:)(?=\S)|(?<=www)(?=\.)|(?=@)|(?<=[<>~=-])(?=[<>=-])", re.IGNORECASE)
_MEANS_MORE: Final = re.compile(
    r"[\\`*{}\[\]<>|$~&]|(?<=\])\(|!(?=\[)|:(?=[\0\w])|(?<![^\W_])_|_(?![^\W_])"
    r"|^[#+=-]|^\d{1,9}(?=[.)](?:\s|$))"
)


def printable(text: str) -> str:
    """Compose the characters (NFC), as macOS does not write them, and put a space for each control character,
    also for those that turn the direction of writing round."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(" " if unicodedata.category(c) in _UNSEEN else c for c in composed)


def in_markdown(text: str, empty: str = COMMENT) -> str:
    r"""The text in one line of Markdown, which shows it as it is: `a*b*.jpg` becomes `a\*b\*.jpg`.

    Args:
        text: any.
        empty: what shows nothing to the reader of this Markdown and parts the text. It stands where a backslash
            does not help: within addresses, mail addresses and names of signs.
    """
    parted = _PUT_TOGETHER.sub(_BREAK, _SPACES.sub(" ", text).strip(" "))
    escaped = _MEANS_MORE.sub(_escaped, parted)
    return escaped.replace(_BREAK, empty)


def _escaped(found: re.Match[str]) -> str:
    sign = found[0]
    return sign + "\\" if sign.isdigit() else "\\" + sign


def in_code(text: str) -> str:
    """The text between the marks of code in Markdown, whatever marks it has itself."""
    text = _SPACES.sub(" ", text).strip(" ")
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}"


def in_plotly(text: str) -> str:
    """The text for a chart of Plotly, which reads links and bold type in titles, names and hovers."""
    return html.escape(text, quote=False).replace("{", "&#123;")  # `%{y}` in a hover is a value

"""Which faces a quiz asks about, as a value and as an address.

`SetChoice.to_query` writes short parameters that a person can read and change, `SetChoice.from_query` reads them back:

| parameter | says |
|---|---|
| `set=contested` | which of `KINDS` |
| `seed=7` | which of the faces that fit, and in which order: the same seed gives the same round |
| `count=10` | how many faces |
| `pair=fear-surprise` | the two expressions of `set=pair` |
| `rows=5,17,99` | the rows of `set=rows`, asked in this order |
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, get_args

from fer_core.errors import N_, QuizError
from fer_core.labels import EXPRESSIONS

Kind = Literal["random", "contested", "unanimous", "pair", "wrong", "rows", "photos", "samples"]

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
"""At random, with scattered votes, with ten equal votes, one class against another, those that the network gets wrong,
rows given by hand, faces of the page Photos, and the pictures that ship."""

DRAWN: Final[tuple[Kind, ...]] = ("random", "contested", "unanimous", "pair", "wrong")
"""Those that a seed draws from FER2013."""

FEWEST, MOST = 5, 30
"""How many faces may be drawn."""

MOST_QUESTIONS: Final = 50
"""How many a round may have: of rows given by hand, and of own faces."""

LARGEST_SEED: Final = 2**32 - 1

SET, SEED, COUNT, PAIR, ROWS = "set", "seed", "count", "pair", "rows"
"""Parameters of an address."""

_MOST_DIGITS: Final = 9
_MOST_NAMED: Final = 3
"""Of the rows that cannot be asked about, so many are named each in a sentence."""


@dataclass(frozen=True)
class SetChoice:
    """Which faces a quiz asks about.

    Attributes:
        kind: one of `KINDS`.
        seed: of what is drawn or shuffled.
        count: how many faces are drawn, `FEWEST` to `MOST`.
        pair: of kind "pair", two codes of expressions.
        rows: of kind "rows", row numbers of the data set, from 0, in the order in which they are asked.

    Raises:
        ValueError: another kind, seed, count or pair, or rows that are none.
    """

    kind: Kind = "random"
    seed: int = 1
    count: int = 10
    pair: tuple[str, str] = ("fear", "surprise")
    rows: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        first, second = self.pair
        if (
            self.kind not in KINDS
            or not 0 <= self.seed <= LARGEST_SEED
            or not FEWEST <= self.count <= MOST
            or first == second
            or not {first, second} <= set(EXPRESSIONS)
            or any(row < 0 for row in self.rows)
        ):
            raise ValueError(f"Expected a set of faces. Received: {self!r}")

    @property
    def is_drawn(self) -> bool:
        """Whether a seed draws it from FER2013."""
        return self.kind in DRAWN

    def to_query(self) -> dict[str, str]:
        """The parameters of an address that ask for the same faces again; of own photos there is no such address."""
        query: dict[str, str] = {SET: self.kind}
        if self.is_drawn:
            query |= {COUNT: str(self.count)}
        if self.is_drawn or self.kind == "samples":
            query |= {SEED: str(self.seed)}
        if self.kind == "pair":
            query |= {PAIR: "-".join(self.pair)}
        if self.kind == "rows":
            query |= {ROWS: ",".join(map(str, self.rows))}
        return query

    @staticmethod
    def from_query(query: Mapping[str, str], default: SetChoice) -> tuple[SetChoice, tuple[QuizError, ...]]:
        """Read the parameters of an address; what they do not say, or say wrongly, is as in the default.

        Args:
            query: all of them; others are left alone.
            default: what is chosen without any.

        Returns:
            The choice, and a sentence for each parameter or row that was left out.
        """
        chosen, problems = default, []
        kinds: dict[str, Kind] = {kind: kind for kind in KINDS}
        if (text := query.get(SET)) is not None:
            if text in kinds:
                chosen = replace(chosen, kind=kinds[text])
            else:
                problems.append(_unknown(SET, text))
        if (text := query.get(SEED)) is not None:
            if _is_whole(text, most_digits=10) and int(text) <= LARGEST_SEED:
                chosen = replace(chosen, seed=int(text))
            else:
                problems.append(_unknown(SEED, text))
        if (text := query.get(COUNT)) is not None:
            if _is_whole(text) and FEWEST <= int(text) <= MOST:
                chosen = replace(chosen, count=int(text))
            else:
                problems.append(
                    QuizError(
                        N_("The address asks for “{text}” faces. A round has {fewest} to {most}."),
                        text=_short(text),
                        fewest=FEWEST,
                        most=MOST,
                    )
                )
        if (text := query.get(PAIR)) is not None:
            first, _hyphen, second = text.partition("-")
            if first != second and {first, second} <= set(EXPRESSIONS):
                chosen = replace(chosen, pair=(first, second))
            else:
                problems.append(_unknown(PAIR, text))
        if chosen.kind == "rows":
            rows, of_rows = _rows_in(query.get(ROWS, ""))
            chosen = replace(chosen, rows=rows or default.rows)
            problems += of_rows
        return chosen, tuple(problems)


def first_named(problems: Sequence[QuizError], others: str) -> list[QuizError]:
    """The first three problems, and behind them one sentence for all others.

    Args:
        problems: one sentence each; any number.
        others: sentence that says how many more there are, with `{count}`.
    """
    named = list(problems[:_MOST_NAMED])
    if len(problems) > _MOST_NAMED:
        named.append(QuizError(others, count=len(problems) - _MOST_NAMED))
    return named


def _rows_in(text: str) -> tuple[tuple[int, ...], list[QuizError]]:
    """The rows of an address, each once, and a sentence for whatever in it is none."""
    parts = [part.strip() for part in text.split(",")]
    parts = list(dict.fromkeys(filter(None, parts)))
    wrong = [part for part in parts if not _is_whole(part)]
    rows = tuple(dict.fromkeys(int(part) for part in parts if _is_whole(part)))
    problems = first_named(
        [
            QuizError(N_("The address asks for row “{text}”, which is no row number."), text=_short(part))
            for part in wrong
        ],
        N_("Parts of the address that are no row numbers, beside those: {count}."),
    )
    if len(rows) > MOST_QUESTIONS:
        problems.append(
            QuizError(
                N_(
                    "The address asks for {count} rows. A round has at most {most}: the first {most} are taken."
                ),
                count=len(rows),
                most=MOST_QUESTIONS,
            )
        )
    return rows[:MOST_QUESTIONS], problems


def _is_whole(text: str, most_digits: int = _MOST_DIGITS) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= most_digits


def _unknown(name: str, text: str) -> QuizError:
    return QuizError(
        N_("The address says “{name}={text}”, which the quiz does not know. It is left out."),
        name=name,
        text=_short(text),
    )


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:40] + "…"

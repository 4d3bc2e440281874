"""How far the figure of a network moves when somebody trains it again with another seed.

Repetitions are measured on the split that chose the epoch: the final test is read once, for the network that
ships. They are kept in `models/<id>/repetitions.json`, and the epochs of each in `history-seed<N>.csv` beside it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from fer_core.errors import NetworkError
from fer_core.evaluation.report import read_report
from fer_core.files import write_whole
from fer_core.json_files import read_json
from fer_core.store.facts import Facts
from fer_core.store.folder import sha256
from fer_core.store.network import NetworkInfo, repetition_history_file
from fer_core.store.read_only import ParsedFiles, read_only
from fer_core.training.recipes.recipe import training_settings

REPETITIONS_FILE = "repetitions.json"
RECIPE = "recipe"
"""Beside what a repetition is, in the file: the checksum of what was repeated."""


@dataclass(frozen=True)
class Repetition:
    """One training of a recipe, the one that ships included.

    Attributes:
        seed: of weights, order and augmentation.
        split: what it was measured on.
        accuracy: 0 to 1, with the exported file.
        epochs, seconds, precision, machine: of that training; its pauses count among the seconds.
        epoch_seconds: of its median epoch, where that was recorded; pauses hardly move it. None where the machine
            changed on the way; `machine` then names all of them.
    """

    seed: int
    split: str
    accuracy: float
    epochs: int
    seconds: float
    precision: str
    machine: str
    epoch_seconds: float | None = None

    @classmethod
    def read(cls, stored: object) -> Repetition:
        """The repetition from what `repetitions.json` holds.

        Raises:
            ValueError: a fact is missing, or of another type than here.
        """
        facts = Facts(stored)
        values = {
            "seed": facts.one("seed", int),
            "split": facts.one("split", str),
            "accuracy": facts.one("accuracy", float | int),
            "epochs": facts.one("epochs", int),
            "seconds": facts.one("seconds", float | int),
            "precision": facts.one("precision", str),
            "machine": facts.one("machine", str),
        }
        if missing := [name for name, value in values.items() if value is None]:
            raise ValueError(f"missing: {missing}")
        return cls(**values, epoch_seconds=facts.one("epoch_seconds", float | int))


@dataclass(frozen=True)
class Spread:
    """Accuracies of all trainings of a network, 0 to 1.

    Attributes:
        trainings: how many.
        split: what all of them were measured on.
        lowest, highest: among them.
    """

    trainings: int
    split: str
    lowest: float
    highest: float

    @property
    def width(self) -> float:
        """Between the worst and the best."""
        return self.highest - self.lowest

    def expected(self, least: float = 0.0) -> tuple[float, float]:
        """Between which accuracies another training fits: at most one width beyond what was seen.

        A few seeds do not show the extremes, so the width counts once more on either side. Two may even give the
        same figure by chance.

        Args:
            least: allowed beyond what was seen also where the width is smaller.
        """
        beyond = max(self.width, least)
        return self.lowest - beyond, self.highest + beyond


def shipped_training(info: NetworkInfo) -> Repetition | None:
    """The training that ships as a repetition among others; None where its split was not evaluated with its weights."""
    training = info.training
    try:
        report = read_report(info)
    except NetworkError:
        return None
    part = report.splits.get(training.choice_split) if report and training.choice_split is not None else None
    if (
        part is None
        or training.seed is None
        or training.epochs is None
        or training.seconds is None
        or training.precision is None
        or training.machine is None
    ):
        return None
    return Repetition(
        training.seed,
        part.name,
        part.accuracy,
        training.epochs,
        float(training.seconds),
        training.precision,
        training.machine,
    )


def recipe_checksum(info: NetworkInfo) -> str:
    """SHA-256 of what another training of this network has in common with it: another recipe gives another one."""
    shared = {
        "recipe": training_settings(info.recipe.settings),
        "epochs": info.training.epochs,
        "imagenet": info.training.weights == "imagenet",
    }
    return sha256(json.dumps(shared, sort_keys=True).encode())


def read_repetitions(info: NetworkInfo) -> tuple[Repetition, ...]:
    """The repetitions that were recorded, without the training that ships; () where there is none.

    Those of a network that had this name before are left out.
    """
    try:
        rows = _ROWS.read(info.folder / REPETITIONS_FILE)
        now = recipe_checksum(info)
        return tuple(Repetition.read(row) for row in rows if row.get(RECIPE) == now)
    except (OSError, ValueError, TypeError, AttributeError):
        return ()


_ROWS = ParsedFiles(lambda path: read_only(read_json(path)))
"""Objects of `repetitions.json`: those of `Repetition`, and `RECIPE`."""


def record_repetition(info: NetworkInfo, repetition: Repetition, history: str | None = None) -> None:
    """Add it to the file, in place of an earlier one with the same seed, and drop those of another recipe.

    Args:
        info: the network.
        repetition: another training of it.
        history: the epochs of that training as CSV, as `fer_core.training.history.history_csv` writes them; None
            where they are not known.
    """
    if history is not None:
        write_whole(info.folder / repetition_history_file(repetition.seed), history)
    others = [other for other in read_repetitions(info) if other.seed != repetition.seed]
    now = recipe_checksum(info)
    rows = [{**asdict(row), RECIPE: now} for row in sorted((*others, repetition), key=lambda row: row.seed)]
    write_whole(info.folder / REPETITIONS_FILE, json.dumps(rows, indent=1) + "\n")
    kept = {other.seed for other in others} | ({repetition.seed} if history is not None else set())
    for path in info.folder.glob(repetition_history_file("*")):
        if path.name not in map(repetition_history_file, kept):
            path.unlink()


def seeds_with_history(info: NetworkInfo) -> tuple[int, ...]:
    """Seeds of the recorded repetitions whose epochs were kept, for `read_history`, rising."""
    return tuple(
        row.seed
        for row in read_repetitions(info)
        if (info.folder / repetition_history_file(row.seed)).is_file()
    )


def spread(trainings: Sequence[Repetition | None]) -> Spread | None:
    """Of at least two seeds on one split; None where there are fewer.

    Args:
        trainings: those of one network, the one that ships first; None among them is left out.
    """
    known = [training for training in trainings if training is not None]
    # A seed that was recorded and then shipped counts once, as it ships.
    accuracies = {row.seed: row.accuracy for row in reversed(known) if row.split == known[0].split}
    if len(accuracies) < 2:
        return None
    return Spread(len(accuracies), known[0].split, min(accuracies.values()), max(accuracies.values()))


def spread_of(info: NetworkInfo) -> Spread | None:
    """The spread of a shipped network over its own training and its repetitions."""
    others = read_repetitions(info)
    return spread((shipped_training(info), *others)) if others else None

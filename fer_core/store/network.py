"""One network of `models/` as a value, and the names of its files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fer_core.labels import Task, in_reading_order
from fer_core.plain_text import printable
from fer_core.store.record import LITERT_FILE, NetworkRecord, RecipeRecord, TrainingRecord

METADATA_FILE = "metadata.json"
HISTORY_FILE = "history.csv"
EVALUATION_FILE = "evaluation.json"
ANSWERS_FILE = "answers.npz"
CARD_FILE = "MODEL_CARD.md"


@dataclass(frozen=True)
class NetworkInfo:
    """One network of `models/`.

    Attributes:
        id: name of its folder.
        folder: where everything about it lies.
        record: all of `metadata.json`.
    """

    id: str
    folder: Path
    record: NetworkRecord

    @property
    def task(self) -> Task:
        """`fer2013` (seven classes) or `ferplus` (eight)."""
        return self.record.task

    @property
    def labels(self) -> tuple[str, ...]:
        """Class codes in output order."""
        return self.record.labels

    @property
    def expressions(self) -> tuple[str, ...]:
        """The same codes in the order in which people read them, that of `fer_core.labels.EXPRESSIONS`."""
        return in_reading_order(self.record.labels)

    @property
    def parameters(self) -> int:
        """All of them, running statistics included."""
        return self.record.parameters

    @property
    def checksum(self) -> str | None:
        """SHA-256 of the file that answers, as the metadata has it: figures belong to it or not."""
        return self.record.checksum

    @property
    def default(self) -> bool:
        """True for the one that pages start with."""
        return bool(self.record.default)

    @property
    def file(self) -> Path:
        """The LiteRT model: float32 (N, 48, 48, 1) grey 0-255 -> float32 (N, C) probabilities; not there where
        only the figures ship."""
        return self.folder / LITERT_FILE

    @property
    def name(self) -> str:
        """How people call it."""
        return self.record.name or printable(self.id)

    @property
    def ships(self) -> bool:
        """False where only its figures come with Raut, so that `models/` stays small; see `retire`."""
        return self.record.ships is not False

    @property
    def litert_bytes(self) -> int | None:
        """Size of the LiteRT file, also of one that does not ship; None where it is missing."""
        if not self.ships:
            return self.record.litert_bytes
        try:
            return self.file.stat().st_size
        except OSError:
            return None

    @property
    def macs(self) -> int | None:
        """Multiply-accumulates for one face; None in metadata from before they were counted."""
        return self.record.macs

    @property
    def training(self) -> TrainingRecord:
        """How it was trained."""
        return self.record.training

    @property
    def recipe(self) -> RecipeRecord:
        """The settings that it was trained with."""
        return self.record.training.recipe

    @property
    def recipe_id(self) -> str:
        """What to train and to export to make it anew: for a second head the recipe of the first."""
        return self.id if self.recipe.id is None else self.recipe.id

    @property
    def is_second_head(self) -> bool:
        """Whether it answers from the second head of a training, which learnt the votes of FER+."""
        return self.recipe.companion == self.id

    @property
    def companion_id(self) -> str | None:
        """Id of the network that is the other head of the same trunk; None for a network with one head."""
        if self.record.companion is not None:
            return self.record.companion
        pair = (self.recipe.id, self.recipe.companion)
        return pair[1 - pair.index(self.id)] if self.id in pair else None

    @property
    def watched_split(self) -> str | None:
        """What the validation figures of its history were measured on: one split for all heads of a training."""
        return self.recipe.choice_split or self.training.choice_split or None


def earlier_history_file(recipe: str) -> str:
    """Name of the history of a training that a network was built on, in the network's folder."""
    return f"history-{recipe}.csv"


def repetition_history_file(seed: int | str) -> str:
    """Name of the history of another training of a network with that seed, or its pattern with "*"; in the network's
    folder.
    """
    return f"history-seed{seed}.csv"

"""One network of `models/` as a value, and the names of its files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fer_core.labels import Task

METADATA_FILE = "metadata.json"
LITERT_FILE = "model.tflite"
HISTORY_FILE = "history.csv"
EVALUATION_FILE = "evaluation.json"
CARD_FILE = "MODEL_CARD.md"


@dataclass(frozen=True)
class NetworkInfo:
    """One network of `models/`.

    Attributes:
        id: name of its folder.
        task: `fer2013` (seven classes) or `ferplus` (eight).
        labels: class codes in output order.
        parameters: all of them, running statistics included.
        file: the LiteRT model: float32 (N, 48, 48, 1) grey 0-255 -> float32 (N, C) probabilities; not there
            where only the figures ship.
        folder: where everything about it lies.
        default: True for the one that pages start with.
        metadata: all of `metadata.json`.
    """

    id: str
    task: Task
    labels: tuple[str, ...]
    parameters: int
    file: Path
    folder: Path
    default: bool
    metadata: dict[str, Any]

    @property
    def name(self) -> str:
        """How people call it."""
        return str(self.metadata.get("name", self.id))

    @property
    def ships(self) -> bool:
        """False where only its figures come with Raut, so that `models/` stays small; see `retire`."""
        return self.metadata.get("ships") is not False

    @property
    def litert_bytes(self) -> int | None:
        """Size of the LiteRT file, also of one that does not ship; None where it is missing."""
        if not self.ships:
            told = self.metadata.get("litert_bytes")
            return told if isinstance(told, int) else None
        try:
            return self.file.stat().st_size
        except OSError:
            return None

    @property
    def macs(self) -> int | None:
        """Multiply-accumulates for one face; None in metadata from before they were counted."""
        macs = self.metadata.get("macs")
        return macs if isinstance(macs, int) else None

    @property
    def recipe(self) -> dict[str, Any]:
        """The settings that it was trained with; {} where the metadata has none."""
        training = self.metadata.get("training")
        recipe = training.get("recipe") if isinstance(training, dict) else None
        return recipe if isinstance(recipe, dict) else {}

    @property
    def recipe_id(self) -> str:
        """What to train and to export to make it anew: for a second head the recipe of the first."""
        return str(self.recipe.get("id", self.id))

    @property
    def is_second_head(self) -> bool:
        """Whether it answers from the second head of a training, which learnt the votes of FER+."""
        companion = self.recipe.get("companion")
        return isinstance(companion, dict) and companion.get("id") == self.id

    @property
    def watched_split(self) -> str | None:
        """What the validation figures of its history were measured on: one split for all heads of a training."""
        training = self.metadata.get("training")
        told = training.get("choice_split") if isinstance(training, dict) else None
        watched = self.recipe.get("choice_split") or told
        return str(watched) if watched else None


def weights_checksum(info: NetworkInfo) -> str | None:
    """Checksum of the file that answers, as the metadata has it: figures belong to it or not."""
    checksums = info.metadata.get("checksum")
    return checksums.get(info.file.name) if isinstance(checksums, dict) else None


def earlier_history_file(recipe: str) -> str:
    """Name of the history of a training that a network was built on, in the network's folder."""
    return f"history-{recipe}.csv"

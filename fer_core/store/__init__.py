"""The shipped networks: `models/<id>/` with its metadata, checksum, history and evaluation.

A folder is a network when it holds a `metadata.json`. Everything here is plain files, so pages list and describe
networks without TensorFlow; `fer_core.store.export` writes them.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fer_core.errors import N_, NetworkError
from fer_core.labels import TASK_LABELS, Task

METADATA_FILE = "metadata.json"
LITERT_FILE = "model.tflite"
HISTORY_FILE = "history.csv"
EVALUATION_FILE = "evaluation.json"
CARD_FILE = "MODEL_CARD.md"
PROJECT_DIR = Path(__file__).resolve().parents[2]


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


def models_dir() -> Path:
    """`$RAUT_MODELS_DIR`, else `models/` of the project."""
    return Path(os.environ.get("RAUT_MODELS_DIR") or PROJECT_DIR / "models")


def list_networks() -> list[NetworkInfo]:
    """All networks that can be used, the default one first, then by name; [] where there is none."""
    return [network for network in list_measured() if network.ships]


def list_measured() -> list[NetworkInfo]:
    """As `list_networks`, with those of which only the figures ship.

    A folder with damaged metadata is left out here; `find_network` says what is wrong with it.
    """
    networks = []
    for path in sorted(models_dir().glob(f"*/{METADATA_FILE}")):
        try:
            networks.append(read_network(path.parent))
        except NetworkError:
            continue
    return sorted(networks, key=lambda network: (not network.default, network.id))


def find_network(name: str | None = None) -> NetworkInfo:
    """The network of that id, or the default one.

    Raises:
        NetworkError: there is none at all, none of that name, or its files are missing or damaged.
    """
    if name is not None and (models_dir() / name / METADATA_FILE).is_file():
        return read_network(models_dir() / name)
    networks = list_networks()
    if not networks:
        raise NetworkError(
            N_("There is no trained network in {folder}. Fetch the folder “models” again, or train one: "
               "python -m fer_core train raut-compact"),
            folder=models_dir(),
        )  # fmt: skip
    if name is None:
        return networks[0]
    raise NetworkError(
        N_("There is no network named “{name}”. Known: {known}."),
        name=name,
        known=", ".join(network.id for network in networks),
    )


def read_network(folder: Path) -> NetworkInfo:
    """The network in this folder.

    Raises:
        NetworkError: its metadata are missing or damaged.
    """
    try:
        metadata = json.loads((folder / METADATA_FILE).read_text(encoding="utf-8"))
        task = metadata["task"]
        labels = tuple(metadata["labels"])
        parameters = int(metadata["parameters"])
        if task not in TASK_LABELS or set(labels) != set(TASK_LABELS[task]):
            raise ValueError(f"labels {labels} do not fit the task {task}")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _damaged(folder / METADATA_FILE) from error
    return NetworkInfo(
        id=folder.name,
        task=task,
        labels=labels,
        parameters=parameters,
        file=folder / LITERT_FILE,
        folder=folder,
        default=bool(metadata.get("default", False)),
        metadata=metadata,
    )


def _damaged(path: Path) -> NetworkError:
    return NetworkError(
        N_("The file {file} of the network “{name}” is missing or damaged. Fetch the folder “models” again."),
        file=path.name,
        name=path.parent.name,
    )


def weights_checksum(info: NetworkInfo) -> str | None:
    """Checksum of the file that answers, as the metadata has it: figures belong to it or not."""
    checksums = info.metadata.get("checksum")
    return checksums.get(info.file.name) if isinstance(checksums, dict) else None


def read_litert(network: NetworkInfo) -> bytes:
    """Content of the LiteRT file, checked against the checksum in the metadata.

    Raises:
        NetworkError: it does not ship, is missing, or is not the file that was exported.
    """
    if not network.ships:
        raise NetworkError(
            N_("Only the figures of the network “{name}” come with Raut, its weights do not. Train it again: "
               "python -m fer_core train {recipe}, then python -m fer_core export {recipe}"),
            name=network.id,
            recipe=network.recipe_id,
        )  # fmt: skip
    try:
        content = network.file.read_bytes()
    except OSError as error:
        raise _damaged(network.file) from error
    if weights_checksum(network) != sha256(content):
        raise _damaged(network.file)
    return content


def earlier_history_file(recipe: str) -> str:
    """Name of the history of a training that a network was built on, in the network's folder."""
    return f"history-{recipe}.csv"


def read_history(network: NetworkInfo, recipe: str | None = None) -> list[dict[str, float]]:
    """Rows of `history.csv`: epoch, loss, accuracy, val_loss, val_accuracy, learning_rate, seconds.

    Args:
        network: whose training.
        recipe: of a training that the network was built on, for that one's.

    Raises:
        NetworkError: it is missing or damaged.
    """
    path = network.folder / (HISTORY_FILE if recipe is None else earlier_history_file(recipe))
    try:
        with path.open(newline="", encoding="utf-8") as lines:
            rows = [{key: float(value) for key, value in row.items()} for row in csv.DictReader(lines)]
    except (OSError, ValueError, TypeError) as error:
        raise _damaged(path) from error
    if not rows or "val_accuracy" not in rows[0]:
        raise _damaged(path)
    return rows


def read_evaluation(network: NetworkInfo) -> dict[str, Any]:
    """Content of `evaluation.json`: `{"splits": {name: {n, accuracy, confusion, ...}}}`.

    Raises:
        NetworkError: it is missing or damaged.
    """
    path = network.folder / EVALUATION_FILE
    try:
        evaluation = json.loads(path.read_text(encoding="utf-8"))
        for scores in evaluation["splits"].values():
            scores["n"], scores["accuracy"], scores["confusion"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(path) from error
    return dict(evaluation)


def models_json(networks: Sequence[NetworkInfo]) -> list[dict[str, Any]]:
    """What `python -m fer_core models --json` prints."""
    return [
        {
            "id": network.id,
            "task": network.task,
            "labels": list(network.labels),
            "parameters": network.parameters,
            "file": str(network.file),
            "default": network.default,
        }
        for network in networks
    ]


def sha256(content: bytes) -> str:
    """Checksum of a file's content, as metadata hold it."""
    return hashlib.sha256(content).hexdigest()

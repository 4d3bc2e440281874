"""What `metadata.json` says of a network, with a type for each fact; written from the same values.

A fact that a file does not have is None, or () where there could be several. A fact of another type than the one
here is a `ValueError`: `fer_core.store.folder` makes a sentence of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

from fer_core.labels import TASK_LABELS, Task
from fer_core.store.facts import Facts, is_of
from fer_core.store.read_only import ReadOnlyDict, read_only

LITERT_FILE = "model.tflite"


@dataclass(frozen=True)
class Layer:
    """One layer of a network.

    Attributes:
        name, type: as Keras calls it.
        output_shape: without the batch axis; None in it for a side of any length.
        parameters: of this layer, fixed ones included.
    """

    name: str = ""
    type: str = ""
    output_shape: tuple[int | None, ...] = ()
    parameters: int = 0


@dataclass(frozen=True)
class Stage:
    """The part of a training that one computer did.

    Attributes:
        from_epoch: its first one, from 1.
        machine: description of the computer.
        new_optimizer: True where the state of the optimizer did not come along; None where nothing is said.
        precision: of the arithmetic, where it is another one than that of the training.
    """

    from_epoch: int
    machine: str
    new_optimizer: bool | None = None
    precision: str | None = None


@dataclass(frozen=True)
class RecipeRecord:
    """The recipe that a network was trained with, as it was then.

    Attributes:
        id: name of the recipe.
        architecture: name of the network's architecture.
        choice_split: what was watched in training.
        targets: `labels` or `votes`.
        keep: `best` or `last`, the epoch whose weights ship.
        face_sizes: (epochs done, pixels) for each size of the faces, in order.
        teachers, averaged_with: ids of other recipes.
        companion: id of the network of the second head; None without one.
        options: of the architecture.
        settings: all of the recipe, as stored: what `fer_core.training.recipes.recipe.Recipe.as_dict` gave.
    """

    id: str | None = None
    architecture: str | None = None
    choice_split: str | None = None
    targets: str | None = None
    keep: str | None = None
    face_sizes: tuple[tuple[int, int], ...] = ()
    teachers: tuple[str, ...] = ()
    averaged_with: tuple[str, ...] = ()
    companion: str | None = None
    options: Mapping[str, Any] = field(default_factory=ReadOnlyDict)
    settings: Mapping[str, Any] = field(default_factory=ReadOnlyDict)

    @classmethod
    def read(cls, stored: object) -> RecipeRecord:
        """The record of a recipe from what `as_dict` gave, through JSON or not.

        Raises:
            ValueError: a setting is of another type than here.
        """
        facts = Facts(stored)
        sizes = tuple(tuple(pair) for pair in facts.several("face_sizes", list | tuple))
        if not all(len(pair) == 2 and all(is_of(side, int) for side in pair) for pair in sizes):
            raise ValueError("face_sizes: not pairs of whole numbers")
        companion = facts.one("companion", dict)
        return cls(
            id=facts.one("id", str),
            architecture=facts.one("architecture", str),
            choice_split=facts.one("choice_split", str),
            targets=facts.one("targets", str),
            keep=facts.one("keep", str),
            face_sizes=sizes,
            teachers=facts.several("teachers", str),
            averaged_with=facts.several("averaged_with", str),
            companion=Facts(companion).one("id", str) if companion else None,
            options=read_only(facts.one("options", dict) or {}),
            settings=read_only(facts.stored),
        )


@dataclass(frozen=True)
class TrainingRecord:
    """How a network was trained.

    Attributes:
        recipe: its settings.
        split: what it learnt from.
        epochs, epochs_planned: that were run, and that the recipe asks for.
        best_epoch: from 1, the one whose weights ship.
        seconds: of all epochs.
        seed: of weights, order and augmentation.
        weights: what the training began with: `random`, `imagenet`, or the names of recipes.
        built_on: SHA-256 of the weights of each recipe that this one builds on.
        built_on_epochs, built_on_seconds: of those trainings.
        built_on_seeds: of those trainings, by the names of their recipes.
        precision: `float32` or `mixed_bfloat16`.
        machine: description of the computer.
        stages: where more than one computer worked on it, in order; () otherwise.
        choice_split: what chose the epoch.
        report_splits: what the network is measured on at the end.
    """

    recipe: RecipeRecord = field(default_factory=RecipeRecord)
    split: str | None = None
    epochs: int | None = None
    epochs_planned: int | None = None
    best_epoch: int | None = None
    seconds: float | None = None
    seed: int | None = None
    weights: str | None = None
    built_on: Mapping[str, str] = field(default_factory=ReadOnlyDict)
    built_on_epochs: int | None = None
    built_on_seconds: float | None = None
    built_on_seeds: Mapping[str, int] = field(default_factory=ReadOnlyDict)
    precision: str | None = None
    machine: str | None = None
    stages: tuple[Stage, ...] = ()
    choice_split: str | None = None
    report_splits: tuple[str, ...] = ()

    @property
    def is_finished(self) -> bool:
        """All the epochs that were planned were run, or nothing is known about it."""
        return self.epochs is None or self.epochs_planned is None or self.epochs >= self.epochs_planned

    @classmethod
    def read(cls, stored: object) -> TrainingRecord:
        """The record from the object `training` of `metadata.json`.

        Raises:
            ValueError: a fact is of another type than here.
        """
        facts = Facts(stored)
        return cls(
            recipe=RecipeRecord.read(facts.one("recipe", dict) or {}),
            split=facts.one("split", str),
            epochs=facts.one("epochs", int),
            epochs_planned=facts.one("epochs_planned", int),
            best_epoch=facts.one("best_epoch", int),
            seconds=facts.one("seconds", float | int),
            seed=facts.one("seed", int),
            weights=facts.one("weights", str),
            built_on=facts.by_name("built_on", str),
            built_on_epochs=facts.one("built_on_epochs", int),
            built_on_seconds=facts.one("built_on_seconds", float | int),
            built_on_seeds=facts.by_name("built_on_seeds", int),
            precision=facts.one("precision", str),
            machine=facts.words("machine"),
            stages=tuple(read_stage(stage) for stage in facts.several("stages", dict)),
            choice_split=facts.one("choice_split", str),
            report_splits=facts.several("report_splits", str),
        )


@dataclass(frozen=True)
class NetworkRecord:
    """All of `metadata.json`.

    Attributes:
        task: `fer2013` (seven classes) or `ferplus` (eight).
        labels: class codes in output order.
        parameters: all of them, running statistics included.
        name: how people call the network.
        summary: one English sentence for the card.
        default: True for the one that pages start with.
        input, output: what the LiteRT file takes and gives.
        flip_averaging: True where the answer is the mean of those for a face and for its mirror image.
        temperature: that the answers are divided by.
        training: how it was trained; empty where nothing is recorded.
        macs: multiply-accumulates for one face.
        layers: in their order.
        quantization: of the weights in the LiteRT file, `none` for none.
        checksum: SHA-256 of the LiteRT file.
        ships: False where only its figures come with Raut; None otherwise.
        litert_bytes: size of the LiteRT file of a network that does not ship.
        companion: id of the network of the other head, where that does not follow from the recipe.
    """

    task: Task
    labels: tuple[str, ...]
    parameters: int
    name: str | None = None
    summary: str | None = None
    default: bool | None = None
    input: str | None = None
    output: str | None = None
    flip_averaging: bool | None = None
    temperature: float | None = None
    training: TrainingRecord = field(default_factory=TrainingRecord)
    macs: int | None = None
    layers: tuple[Layer, ...] = ()
    quantization: str | None = None
    checksum: str | None = None
    ships: bool | None = None
    litert_bytes: int | None = None
    companion: str | None = None

    @classmethod
    def read(cls, stored: object) -> NetworkRecord:
        """The record from what `metadata.json` holds.

        Raises:
            ValueError: task, labels or parameters are missing, or a fact is of another type than here.
        """
        facts = Facts(stored)
        task, parameters = facts.one("task", str), facts.one("parameters", int)
        labels = facts.several("labels", str)
        if task not in TASK_LABELS or sorted(labels) != sorted(TASK_LABELS[task]):
            raise ValueError(f"labels {labels} do not fit the task {task}")
        if parameters is None:
            raise ValueError("the number of parameters is missing")
        return cls(
            task=task,
            labels=labels,
            parameters=parameters,
            name=facts.words("name"),
            summary=facts.words("summary"),
            default=facts.one("default", bool),
            input=facts.one("input", str),
            output=facts.one("output", str),
            flip_averaging=facts.one("flip_averaging", bool),
            temperature=facts.one("temperature", float | int),
            training=TrainingRecord.read(facts.one("training", dict) or {}),
            macs=facts.one("macs", int),
            layers=read_layers(facts.several("layers", dict)),
            quantization=facts.one("quantization", str),
            checksum=facts.by_name("checksum", str).get(LITERT_FILE),
            ships=facts.one("ships", bool),
            litert_bytes=facts.one("litert_bytes", int),
            companion=facts.one("companion", str),
        )

    def as_dict(self) -> dict[str, Any]:
        """What `metadata.json` stores, ready for JSON; facts that are not known are left out."""
        stored = {key: _plain(getattr(self, key)) for key in _KEYS}
        if self.checksum is not None:
            stored["checksum"] = {LITERT_FILE: self.checksum}
        return {key: value for key, value in stored.items() if value not in (None, {}, [])}


_KEYS = (
    "name", "summary", "task", "labels", "default", "input", "output", "flip_averaging", "temperature", "training",
    "parameters", "macs", "layers", "quantization", "checksum", "ships", "litert_bytes", "companion",
)  # fmt: skip
"""Of `metadata.json`, in the order in which they are written."""


def read_layers(rows: Any) -> tuple[Layer, ...]:
    """The layers from the rows of `fer_core.networks.layer_table`, through JSON or not.

    Raises:
        ValueError: a fact is of another type than in `Layer`.
    """
    layers = []
    for row in rows:
        facts = Facts(row)
        layers.append(
            Layer(
                name=facts.words("name") or "",
                type=facts.words("type") or "",
                output_shape=facts.several("output_shape", int | None),
                parameters=facts.one("parameters", int) or 0,
            )
        )
    return tuple(layers)


def read_stage(stored: object) -> Stage:
    """One part of a training, as `RunState.stages` has it.

    Raises:
        ValueError: the first epoch or the machine is missing, or a fact is of another type than in `Stage`.
    """
    facts = Facts(stored)
    from_epoch, machine = facts.one("from_epoch", int), facts.words("machine")
    if from_epoch is None or machine is None:
        raise ValueError("a stage without its first epoch or its machine")
    return Stage(from_epoch, machine, facts.one("new_optimizer", bool), facts.one("precision", str))


def _plain(value: Any) -> Any:
    """A record as JSON stores it, without the facts of a training that are not known."""
    if isinstance(value, RecipeRecord):
        return _plain(value.settings)
    if isinstance(value, Layer):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if is_dataclass(value):
        stored = {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
        return {key: item for key, item in stored.items() if item not in (None, {}, [])}
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value

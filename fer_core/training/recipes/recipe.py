"""A recipe is everything that decides a training, as one frozen value; `registry.py` lists all recipes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, field, fields
from typing import Any, Literal

from fer_core.labels import FERPLUS_LABELS, TASK_LABELS, Task
from fer_core.training.augmentation import FACE_SIZE, Augmentation


@dataclass(frozen=True)
class Companion:
    """The network that the second head of a training makes: FER+'s eight classes.

    Attributes:
        id, title, summary, choice_split, report_splits: as those of `Recipe`; the choice split is what it
            is calibrated on.
    """

    id: str
    title: str
    summary: str
    choice_split: str = "FERplusPublicTest"
    report_splits: tuple[str, ...] = ("FERplusPublicTest", "FERplusPrivateTest", "PaperTest")


@dataclass(frozen=True)
class NetworkDescription:
    """One network that a recipe trains; the fields are those of `Recipe`."""

    id: str
    title: str
    summary: str
    task: Task
    choice_split: str
    report_splits: tuple[str, ...]


@dataclass(frozen=True)
class Recipe:
    """One training, complete.

    Attributes:
        id: name of the recipe and of the network it makes (`models/<id>`).
        title: how people call the network.
        summary: one English sentence for the card.
        architecture: key of `fer_core.networks.ARCHITECTURES`.
        options: what the architecture's builder takes, such as `dropout`.
        task: `fer2013` (seven classes) or `ferplus` (eight).
        train_split, choice_split: names in `fer_core.datasets.splits`; the second picks the epoch.
        report_splits: what is evaluated once the network is final.
        targets: `labels`, or `votes`: the shares of FER+'s votes, where ten people did not agree
            (arXiv:1608.01041); a network of FER+'s classes only.
        vote_smoothing: this share of each target is not the label but what pictures with the same votes of
            FER+ are called (`labels_by_votes`): smoothing that knows the picture. FER2013's classes only.
        teachers: recipes that must have been trained; the mean answer of their networks to each augmented face
            is what is learnt in place of labels and votes (knowledge distillation, `fer_core/training/distillation.py`).
        begin_with: (recipe, share) pairs: the first epoch begins with this mean of their trained weights, in
            place of random ones. A mean of networks serves only where they descend from one another (model soup,
            arXiv:2203.05482).
        averaged_with: recipes that this one descends from; what is trained in the end is the plain mean of
            its weights and theirs.
        mixing: this share of each batch is mixup (arXiv:1710.09412): two faces laid over each other in a random
            ratio, and their targets likewise, where no teacher answers for the mixture.
        keep: `best` epoch on the choice split, or `last`, for protocols without a choice.
        optimizer: `adam`; `adamw` with `weight_decay`; or `muon` for the convolutions and AdamW for the rest.
        schedule: `constant`, or `cosine` down to 0 after `warmup_epochs`.
        face_sizes: (epochs done, pixels) pairs: from then on faces are learnt at that size. A training
            that begins with small faces sees more of them in the same time (progressive learning,
            arXiv:2104.00298); it must end at 48.
        companion: a second head on the same trunk learns the votes of FER+, and ships as a network of its
            own.
        flip_averaging: the shipped network averages a face and its mirror image.
        calibrate: the shipped network divides its logits by a temperature, fitted on the choice split
            (arXiv:1706.04599).
        quantize: ship the LiteRT model with int8 weights.
        default: the network that pages start with.
        average_momentum: of the exponential moving average of the weights; 0 switches it off.
    """

    id: str
    title: str
    summary: str
    architecture: str
    task: Task
    train_split: str
    choice_split: str
    report_splits: tuple[str, ...]
    epochs: int
    batch_size: int
    learning_rate: float
    targets: Literal["labels", "votes"] = "labels"
    keep: Literal["best", "last"] = "best"
    optimizer: Literal["adam", "adamw", "muon"] = "adam"
    weight_decay: float = 0.0
    schedule: Literal["constant", "cosine"] = "constant"
    warmup_epochs: float = 0.0
    label_smoothing: float = 0.0
    vote_smoothing: float = 0.0
    teachers: tuple[str, ...] = ()
    begin_with: tuple[tuple[str, float], ...] = ()
    averaged_with: tuple[str, ...] = ()
    mixing: float = 0.0
    average_momentum: float = 0.0
    augmentation: Augmentation = field(default_factory=Augmentation)
    face_sizes: tuple[tuple[int, int], ...] = ()
    options: dict[str, Any] = field(default_factory=dict)
    companion: Companion | None = None
    flip_averaging: bool = False
    calibrate: bool = False
    quantize: bool = True
    default: bool = False

    @property
    def labels(self) -> tuple[str, ...]:
        """Class codes in output order."""
        return TASK_LABELS[self.task]

    @property
    def heads(self) -> tuple[tuple[str, ...], ...]:
        """Class codes of each output."""
        return (self.labels, FERPLUS_LABELS) if self.companion else (self.labels,)

    @property
    def classes(self) -> int | tuple[int, ...]:
        """Length of the network's output, or of each where there are two."""
        lengths = tuple(len(labels) for labels in self.heads)
        return lengths if len(lengths) > 1 else lengths[0]

    @property
    def builds_on(self) -> tuple[str, ...]:
        """Recipes that must have been trained before this one, and whose weights it takes itself."""
        beginnings = (name for name, _share in self.begin_with)
        return tuple(dict.fromkeys((*self.teachers, *self.averaged_with, *beginnings)))

    def network(self, head: int) -> NetworkDescription:
        """The network of one head, 0 or 1.

        Raises:
            ValueError: the recipe has no such head.
        """
        if head == 0:
            return NetworkDescription(
                self.id, self.title, self.summary, self.task, self.choice_split, self.report_splits
            )
        if self.companion is None:
            raise ValueError(f"{self.id} has one head. Received: head {head}")
        companion = self.companion
        return NetworkDescription(
            companion.id, companion.title, companion.summary, "ferplus", companion.choice_split,
            companion.report_splits,
        )  # fmt: skip

    def face_size(self, epochs_done: int) -> int:
        """Pixels along each side of the faces in the epoch after so many."""
        sizes = [size for start, size in self.face_sizes if start <= epochs_done]
        return sizes[-1] if sizes else FACE_SIZE

    def as_dict(self) -> dict[str, object]:
        """Plain values, for `metadata.json` and for telling whether a checkpoint belongs to this recipe."""
        return asdict(self)


NAMING_FIELDS = ("title", "summary", "report_splits", "quantize", "default")
"""Fields of a recipe, and of its companion, that do not touch its training, and may change while one is under way."""


def training_settings(stored: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a stored recipe that are not defaults, without `NAMING_FIELDS`: equal for equal trainings.

    Args:
        stored: what `Recipe.as_dict` gave once, through JSON or not. A field that has come since does not change
            the answer.
    """
    # JSON has no tuples, so all is compared as JSON stores it.
    stored_values, defaults = json.loads(json.dumps([dict(stored), _defaults(Recipe)]))
    differing = _differences(stored_values, defaults)
    if isinstance(companion := differing.get("companion"), dict):
        differing["companion"] = _differences(companion, json.loads(json.dumps(_defaults(Companion))))
    return differing


def _defaults(kind: type[Recipe | Companion]) -> dict[str, Any]:
    """The default of each field; None for a required one."""
    required: dict[str, Any] = {
        each.name: None
        for each in fields(kind)
        if each.default is MISSING and each.default_factory is MISSING
    }
    return asdict(kind(**required))


def _differences(values: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    differing = {}
    for key, value in values.items():
        default = defaults.get(key)
        if key not in NAMING_FIELDS and value != default:
            if isinstance(value, dict) and isinstance(default, dict):
                value = _differences(value, default)
            differing[key] = value
    return differing


def changed_fields(stored: Mapping[str, Any], recipe: Recipe) -> list[str]:
    """Names of the fields, without `NAMING_FIELDS`, in which a recipe differs from one that was stored.

    Args:
        stored: what `Recipe.as_dict` gave once, through JSON or not. A field that it does not have is newer
            than it, and had the value that is its default now.
        recipe: as it is now.
    """
    before, now = training_settings(stored), training_settings(recipe.as_dict())
    return sorted(key for key in before.keys() | now.keys() if before.get(key) != now.get(key))

"""Recipes: everything that decides a training, by name. A new network is a new entry here.

`python -m fer_core train <recipe>` runs one; its seed, split and schedule travel into `metadata.json`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Literal

from fer_core.errors import N_, TrainingError
from fer_core.labels import TASK_LABELS, Task

from .augmentation import Augmentation


@dataclass(frozen=True)
class Recipe:
    """One training, complete.

    Attributes:
        id: name of the recipe and of the network it makes (`models/<id>`).
        title: how people call the network.
        summary: one English sentence for the card.
        architecture: key of `fer_core.networks.ARCHITECTURES`.
        task: `fer2013` (seven classes) or `ferplus` (eight).
        train_split, choice_split: names in `fer_core.datasets.splits`; the second picks the epoch.
        report_splits: what is evaluated once the network is final.
        keep: `best` epoch on the choice split, or `last`, for protocols without a choice.
        optimizer: `adam`, or `adamw` with `weight_decay`.
        schedule: `constant`, or `cosine` down to 0 after `warmup_epochs`.
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
    keep: Literal["best", "last"] = "best"
    optimizer: Literal["adam", "adamw"] = "adam"
    weight_decay: float = 0.0
    schedule: Literal["constant", "cosine"] = "constant"
    warmup_epochs: float = 0.0
    label_smoothing: float = 0.0
    average_momentum: float = 0.0
    augmentation: Augmentation = field(default_factory=Augmentation)
    quantize: bool = True
    default: bool = False

    @property
    def labels(self) -> tuple[str, ...]:
        """Class codes in output order."""
        return TASK_LABELS[self.task]

    def as_dict(self) -> dict[str, object]:
        """Plain values, for `metadata.json` and for telling whether a checkpoint belongs to this recipe."""
        return asdict(self)


RECIPES: dict[str, Recipe] = {
    recipe.id: recipe
    for recipe in (
        Recipe(
            id="raut-compact",
            title="Raut compact",
            summary="A residual network of 1.2 million parameters for seven expressions, for live video.",
            architecture="raut-compact",
            task="fer2013",
            train_split="Training",
            choice_split="PublicTest",
            report_splits=("PublicTest", "PrivateTest"),
            epochs=36,
            batch_size=128,
            learning_rate=2e-3,
            optimizer="adamw",
            weight_decay=0.02,
            schedule="cosine",
            warmup_epochs=2,
            label_smoothing=0.1,
            average_momentum=0.998,
            default=True,
            augmentation=Augmentation(
                flip=True,
                shift_pixels=4.0,
                rotation_degrees=12.0,
                zoom=0.12,
                contrast=0.25,
                brightness=20.0,
                erasing_probability=0.25,
            ),
        ),
        # The paper's protocol: no augmentation, Adam at 1e-5, 50 epochs, the last epoch is the result.
        *(
            Recipe(
                id=name,
                title=title,
                summary=f"{description} of Ekawati et al. (2024), trained as the paper describes.",
                architecture=name,
                task="ferplus",
                train_split="PaperTrain",
                choice_split="PaperTest",
                report_splits=("PaperTest",),
                epochs=50,
                batch_size=64,
                learning_rate=1e-5,
                keep="last",
            )
            for name, title, description in (
                ("paper-small", "Paper, small", "The smallest network (2,679,592 parameters)"),
                ("paper-large", "Paper, large", "The largest network (10,714,696 parameters)"),
                (
                    "paper-four-conv",
                    "Paper, four convolutions",
                    "The network with four convolutions (4,968,072)",
                ),
            )
        ),
    )
}


def find_recipe(name: str) -> Recipe:
    """The recipe of that name.

    Raises:
        TrainingError: no such recipe; the message lists the known ones.
    """
    if name not in RECIPES:
        raise TrainingError(
            N_("There is no recipe named “{name}”. Known: {known}."), name=name, known=", ".join(RECIPES)
        )
    return RECIPES[name]

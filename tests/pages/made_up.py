"""Made-up networks and a made-up FER2013, valid in structure: numbers that occur nowhere else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from fer_core.evaluation.metrics import accuracy, confusion_matrix, sensitivity, specificity
from fer_core.labels import FER2013_LABELS

ROWS = 60
"""40 Training, 10 PublicTest, 10 PrivateTest."""
USAGE_OF_ROW = ("Training",) * 40 + ("PublicTest",) * 10 + ("PrivateTest",) * 10
EMOTION_OF_ROW = tuple(row % 7 for row in range(ROWS))
PRIVATE_ROWS = range(50, 60)


def write_fer2013(folder: Path, *, broken: bool = False) -> Path:
    """`fer2013.csv` and `fer2013new.csv` of 60 grey ramps; `broken`: one row lacks pixels."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = ["emotion,pixels,Usage"]
    for row in range(ROWS):
        pixels = (np.arange(2304) + 37 * row) % 256
        if broken and row == 3:
            pixels = pixels[:100]
        lines.append(f"{EMOTION_OF_ROW[row]},{' '.join(map(str, pixels))},{USAGE_OF_ROW[row]}")
    (folder / "fer2013.csv").write_text("\n".join(lines) + "\n")
    votes = ["Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF"]
    votes += [f"{USAGE_OF_ROW[row]},fer{row:07d}.png,7,3,0,0,0,0,0,0,0,0" for row in range(ROWS)]
    (folder / "fer2013new.csv").write_text("\n".join(votes) + "\n")
    return folder


def evaluation(answers: dict[int, int], checksum: str = "ab12") -> dict[str, Any]:
    """As `evaluate_network` writes it, on PrivateTest: right but for `answers` (row to answer)."""
    true = np.array([EMOTION_OF_ROW[row] for row in PRIVATE_ROWS])
    predicted = np.array([answers.get(row, EMOTION_OF_ROW[row]) for row in PRIVATE_ROWS])
    without = np.arange(len(true)) > 0  # row 50 plays the duplicate

    def figures(keep: np.ndarray) -> dict[str, Any]:
        confusion = confusion_matrix(true[keep], predicted[keep], 7)
        wrong = np.flatnonzero(true[keep] != predicted[keep])
        return {
            "task": "fer2013",
            "labels": list(FER2013_LABELS),
            "n": int(keep.sum()),
            "accuracy": accuracy(confusion),
            "confusion": confusion.tolist(),
            "sensitivity": _shares(sensitivity(confusion)),
            "specificity": _shares(specificity(confusion)),
            "misclassified": np.array(PRIVATE_ROWS)[keep][wrong].tolist(),
            "misclassified_true": true[keep][wrong].tolist(),
            "misclassified_predicted": predicted[keep][wrong].tolist(),
        }

    return {
        "network": "wayang",
        "checksum": checksum,
        "data": {"form": "csv", "official": False},
        "splits": {
            "PrivateTest": figures(np.ones(len(true), bool)),
            "PrivateTestNoDuplicates": {**figures(without), "duplicates": 1},
        },
    }


def write_network(
    models: Path,
    name: str = "wayang",
    *,
    epochs: int = 3,
    planned: int = 3,
    default: bool = True,
    answers: dict[int, int] | None = None,
    macs: int | None = 98_765_432,
    architecture: str | None = None,
) -> Path:
    """Metadata, history and evaluation of a network; without weights, which these pages do not read."""
    folder = models / name
    folder.mkdir(parents=True)
    metadata = {
        "name": name.capitalize(),
        "task": "fer2013",
        "labels": list(FER2013_LABELS),
        "parameters": 1_234_567,
        "macs": macs,
        "default": default,
        "checksum": {"model.tflite": "ab12"},
        "layers": [
            {"name": "kulit", "type": "Conv2D", "output_shape": [None, 48, 48, 32], "parameters": 320},
            {"name": "dalang", "type": "Dense", "output_shape": [None, 7], "parameters": 1_234_247},
        ],
        "training": {
            "recipe": {"id": name, "architecture": architecture or name}, "split": "Training", "choice_split": "PublicTest", "epochs": epochs,
            "epochs_planned": planned, "best_epoch": epochs, "seconds": 14_490.0,
        },
    }  # fmt: skip
    (folder / "metadata.json").write_text(json.dumps(metadata))
    rows = ["epoch,loss,accuracy,val_loss,val_accuracy,learning_rate,seconds"]
    rows += [
        f"{e},{2 / e},{1 - 1 / (e + 1)},{2.2 / e},{0.9 - 1 / (e + 1)},0.001,4830"
        for e in range(1, epochs + 1)
    ]
    (folder / "history.csv").write_text("\n".join(rows) + "\n")
    chosen = {51: 6, 53: 0, 57: 3} if answers is None else answers
    (folder / "evaluation.json").write_text(json.dumps(evaluation(chosen)))
    return folder


def write_speed(models: Path, milliseconds: dict[str, float], *, checksum: str = "ab12") -> Path:
    """`speed.json` with those medians; the reference took 2 ms."""

    def figures(ms: float) -> dict[str, Any]:
        return {"ms": ms, "quartiles": [0.9 * ms, 1.1 * ms]}

    networks = {
        name: {"checksum": checksum, **figures(ms), "ratio": ms / 2} for name, ms in milliseconds.items()
    }
    measured = {
        "measured": "2026-11-03T10:20:30+00:00", "machine": "Gamelan *9000*", "cores": 6, "litert": "7.8.9",
        "rounds": 123, "seconds": 45.6, "reference": {"form": "float32", "parameters": 2_679_592, **figures(2.0)},
        "networks": networks,
    }  # fmt: skip
    file = models / "speed.json"
    file.write_text(json.dumps(measured))
    return file


def _shares(shares: np.ndarray) -> dict[str, float | None]:
    return {
        label: None if np.isnan(share) else float(share)
        for label, share in zip(FER2013_LABELS, shares, strict=True)
    }

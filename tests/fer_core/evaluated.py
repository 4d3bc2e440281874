"""A small made-up data set and a recogniser whose answers are known beforehand."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from fer_core.datasets.fer2013 import Fer2013
from fer_core.labels import FER2013_LABELS
from fer_core.store.folder import find_network
from fer_core.store.network import NetworkInfo
from tests.recognizers import FirstPixelRecognizer

USAGES = (0, 0, 0, 0, 1, 1, 2, 2, 2, 2, 2)
EMOTIONS = (0, 3, 6, 4, 2, 3, 0, 0, 3, 3, 5)
TRAINING_ROWS = 4


@pytest.fixture
def dataset() -> Fer2013:
    """11 rows: 4 Training, 2 PublicTest, 5 PrivateTest; row 8 shows the picture of training row 1.

    The first pixel of a picture is what `FirstPixelRecognizer` answers: right except for rows 7 and 10.
    """
    images = np.random.default_rng(7).integers(10, 256, (len(USAGES), 48, 48), dtype=np.uint8)
    images[:, 0, 0] = EMOTIONS
    images[7, 0, 0] = FER2013_LABELS.index("sad")  # an angry face called sad
    images[10, 0, 0] = FER2013_LABELS.index("fear")  # a surprised one called afraid
    images[8] = images[1]
    votes = np.zeros((len(USAGES), 10), np.uint8)
    votes[:, 0] = 10  # all neutral
    votes[5] = (0, 0, 0, 0, 0, 0, 0, 0, 10, 0)  # unknown: no label
    return Fer2013(
        images_gray=images,
        emotions=np.array(EMOTIONS, np.int8),
        usages=np.array(USAGES, np.int8),
        votes=votes,
        rows=np.arange(len(USAGES), dtype=np.int64) + 100,
        source=Path("fer2013.csv"),
        form="csv",
    )


@pytest.fixture
def network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> NetworkInfo:
    """A network's folder with metadata and history, without an evaluation."""
    folder = tmp_path / "models" / "tried"
    folder.mkdir(parents=True)
    metadata = {
        "name": "Tried one",
        "summary": "A network for tests.",
        "task": "fer2013",
        "labels": list(FER2013_LABELS),
        "parameters": 1234567,
        "default": True,
        "quantization": "dynamic range int8",
        "checksum": {"model.tflite": "ab12"},
        "layers": [{"name": "conv", "type": "Conv2D", "output_shape": [48, 48, 32], "parameters": 320}],
        "training": {
            "recipe": {"id": "tried"},
            "split": "Training",
            "choice_split": "PublicTest",
            "epochs": 3,
            "epochs_planned": 50,
            "seconds": 3723.0,
            "seed": 17,
            "precision": "float32",
            "machine": "two cores",
        },
    }
    (folder / "metadata.json").write_text(json.dumps(metadata))
    (folder / "history.csv").write_text(
        "epoch,loss,accuracy,val_loss,val_accuracy,learning_rate,seconds\n"
        "1,1.8,0.311,1.7,0.323,0.001,1200\n"
        "2,1.6,0.417,1.5,0.449,0.001,1200\n"
        "3,1.5,0.465,1.6,0.438,0.001,1200\n"
    )
    monkeypatch.setenv("RAUT_MODELS_DIR", str(tmp_path / "models"))
    return find_network("tried")


@pytest.fixture
def recognizer(network: NetworkInfo) -> FirstPixelRecognizer:
    return FirstPixelRecognizer(network)

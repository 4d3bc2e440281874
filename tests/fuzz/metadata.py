"""What lies beside a network and a training: metadata, evaluation, answers, history, repetitions, times, a run's state.

A damaged file is read as each of them, since any of these readers may meet JSON of another's shape.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock

import numpy as np

from fer_core.errors import NetworkError, RautError
from fer_core.evaluation.answers import read_answers
from fer_core.evaluation.repetition import read_repetitions, spread_of
from fer_core.evaluation.report import read_report
from fer_core.evaluation.speed import read_speed
from fer_core.labels import FER2013_LABELS
from fer_core.places import MODELS_VARIABLE
from fer_core.recognition.conformal import read_prediction_sets
from fer_core.store.folder import (
    find_network,
    list_measured,
    list_networks,
    models_json,
    read_evaluation,
    read_history,
    read_litert,
    read_network,
)
from fer_core.store.network import NetworkInfo
from fer_core.training.checkpoints import load_state
from tests.fuzz.mutations import structured
from tests.fuzz.texts import change_json, change_table

__all__ = ["corpus", "decode", "mutate"]

_MODELS = Path(__file__).resolve().parents[2] / "models"


def _whole(name: str, file: str) -> Any:
    return json.loads((_MODELS / name / file).read_text(encoding="utf-8"))


def _evaluation() -> Any:
    """That of a shipped network, with few misclassified rows that fit their matrix."""
    stored = _whole("raut", "evaluation.json")
    for split in stored["splits"].values():
        matrix = np.diag([40] * len(split["labels"]))
        matrix[0, 1], matrix[2, 3] = 2, 1
        split |= {"confusion": matrix.tolist(), "n": int(matrix.sum()), "misclassified": [7, 8, 9],
                  "misclassified_true": [0, 0, 2], "misclassified_predicted": [1, 1, 3]}  # fmt: skip
    return stored


def _answers() -> bytes:
    """Answers to the pictures that `_evaluation` counts on PrivateTest."""
    true = np.repeat(np.arange(7), 40 + np.array([2, 0, 1, 0, 0, 0, 0]))
    predicted = true.copy()
    wrong = np.array([0, 1, 82])
    predicted[wrong] = 1, 1, 3
    rows = np.arange(len(true)) + 100
    rows[wrong] = 7, 8, 9
    below = np.where(np.arange(7)[:, None] == predicted, 0, 2048)  # (C, N)
    return _archive({
        "checksum": np.array(_whole("raut", "metadata.json")["checksum"]["model.tflite"]),
        "temperature": np.array(1.3), "labels": np.array(FER2013_LABELS), "PrivateTest:rows": rows.astype(np.int32),
        "PrivateTest:true": true.astype(np.uint8), "PrivateTest:below": below.astype(np.uint16),
        "PrivateTest:duplicates": np.zeros(len(true), bool),
    })  # fmt: skip


def _archive(arrays: dict[str, np.ndarray]) -> bytes:
    content = io.BytesIO()
    np.savez_compressed(content, **arrays)  # type: ignore[arg-type]
    return content.getvalue()


def _state() -> dict[str, Any]:
    row = {
        "epoch": 1,
        "loss": 1.0,
        "accuracy": 0.5,
        "val_loss": 1.0,
        "val_accuracy": 0.5,
        "learning_rate": 0.1,
        "seconds": 2.0,
    }
    return {
        "recipe": _whole("raut-compact", "metadata.json")["training"]["recipe"], "seed": 1, "precision": "float32",
        "machine": "two cores", "history": [row, {**row, "epoch": 2}], "best_epoch": 1, "best_accuracy": 0.5,
        "weights": None, "built_on": {"raut-compact": "ab12"}, "stages": [{"from_epoch": 1, "machine": "two cores"}],
    }  # fmt: skip


def corpus() -> list[bytes]:
    """Files of shipped networks, evaluations with fewer rows; and of a training that is going on."""
    values = [
        _whole("raut", "metadata.json"), _whole("raut-plus", "metadata.json"), _whole("paper-small", "metadata.json"),
        _evaluation(), _whole("raut", "repetitions.json"), _whole(".", "speed.json"), _state(),
    ]  # fmt: skip
    history = (_MODELS / "raut" / "history.csv").read_bytes().splitlines(keepends=True)
    files = [json.dumps(value, indent=1, ensure_ascii=False).encode() for value in values]
    return [*files, b"".join(history[:4]), _answers(), files[0].replace(b"\n", b"\r\n")]


REFUSED = 0
"""So many whole files, the last ones, are refused with a sentence."""


def decode(content: bytes) -> bool:
    """Whether one of the readers takes it; False where each has a sentence."""
    with TemporaryDirectory() as name, mock.patch.dict(os.environ, {MODELS_VARIABLE: name}):
        models = Path(name)
        metadata = {**_whole("raut", "metadata.json"), "default": True}
        _write(models / "whole" / "metadata.json", json.dumps(metadata).encode())
        whole = read_network(models / "whole")
        if content[:2] == b"PK":
            _write(models / "whole" / "evaluation.json", json.dumps(_evaluation()).encode())
            _write(models / "whole" / "answers.npz", content)
            return _reads(lambda: read_answers(whole))
        _write(models / "damaged" / "metadata.json", content)
        for beside in ("evaluation.json", "history.csv", "repetitions.json", "state.json"):
            _write(models / "whole" / beside, content)
        _write(models / "speed.json", content)
        spread_of(whole)
        return any([
            _reads(lambda: _uses(read_network(models / "damaged"))),
            _reads(lambda: _finds("damaged")),
            _reads(lambda: read_report(whole)),
            _reads(lambda: read_evaluation(whole)),
            _reads(lambda: read_history(whole)),
            _reads(read_speed),
            _reads(lambda: _state_of(models / "whole")),
            read_prediction_sets(whole) is not None,
            bool(read_repetitions(whole)),
        ])  # fmt: skip


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)


def _reads(read: Callable[[], object]) -> bool:
    try:
        return read() is not None
    except RautError as error:
        assert str(error)
        return False


def _uses(network: NetworkInfo) -> str:
    """What lists, cards and pages ask a network for."""
    for each in [name for name in dir(NetworkInfo) if isinstance(getattr(NetworkInfo, name), property)]:
        getattr(network, each)
    assert all(hasattr(network.training, each.name) for each in fields(network.training))
    assert network.training.is_finished in (True, False)
    try:
        read_litert(network)
    except NetworkError as error:
        assert str(error)
    return json.dumps([network.record.as_dict(), models_json([network])])


def _finds(name: str) -> NetworkInfo:
    """The damaged one by its name; the whole one is found and listed whatever is beside it."""
    assert "whole" in [network.id for network in list_networks()]
    assert "whole" in [network.id for network in list_measured()]
    assert find_network("whole").id == "whole"
    return find_network(name)


def _state_of(folder: Path) -> object:
    state = load_state(folder)
    if state is not None:
        assert state.epochs_done >= 0
        state.record_machine(" ".join(state.machines))
    return state


def _change_array(content: bytes, rng: np.random.Generator) -> bytes:
    """One array cut, turned, of another type, or with other values; the file as it is where it is no archive any more."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as stored:
            arrays = dict(stored)
    except Exception:  # noqa: BLE001 - damaged by an earlier change
        return content
    name = list(arrays)[rng.integers(len(arrays))]
    array = arrays.pop(name)
    match rng.integers(6):
        case 0:
            arrays[name] = array[:-1] if array.ndim else np.array([array, array])
        case 1:
            arrays[name] = array.T
        case 2:
            types = ("int8", "int64", "float32", "complex64", "U9", "S3", "datetime64[s]", "bool")
            arrays[name] = np.zeros(array.shape, types[rng.integers(8)])
        case 3:
            extremes = np.array([0, 1, 255, 65_535, -1, np.nan, np.inf])
            with np.errstate(invalid="ignore"):
                arrays[name] = rng.choice(extremes, array.shape).astype(array.dtype)
        case 4:
            arrays[f"{name}:rows"] = array
    return _archive(arrays)


def mutate(originals: list[bytes], seed: int, index: int) -> bytes:
    """Damage to a value or to the text around it; to cells of a history; to an array."""
    return structured(_change, originals, seed, index)


def _change(content: bytes, rng: np.random.Generator) -> bytes:
    if content[:2] == b"PK":
        return _change_array(content, rng)
    return change_json(content, rng) if content[:1] in b"{[" else change_table(content, rng)

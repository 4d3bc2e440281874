"""Settings and figures of a network of the lab, as plain values for its file, and back with every value checked."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, Final, get_args

import numpy as np

from fer_core.errors import N_
from fer_core.lab.file_parts import LabFileError, array_bytes, damaged, read_array
from fer_core.lab.network import Answers, Condition, End, LabFigures
from fer_core.lab.settings import LONGEST_CLASS_NAME, Architecture, Block, LabSettings, clean_class_name
from fer_core.store.facts import Facts, is_of
from fer_core.training.history import COLUMNS

MOST_ANSWERS: Final = 8000
"""To test faces of one kind; PublicTest has 3,589 pictures, and a class keeps 4,000 faces."""
MOST_CONDITIONS: Final = 40
LONGEST_TEXT: Final = 200
"""Characters of a name or of a machine."""
_MOST_LEARNT: Final = 1_000_000
_LONGEST_S: Final = 1e6
_LARGEST_LOSS: Final = 1e9
_TOLERANCE: Final = 1e-3  # by which probabilities of float32 may miss 1 together


# --- settings --------------------------------------------------------------------------------------------


def settings_in(stored: object) -> LabSettings:
    """The settings that a file has.

    Raises:
        LabFileError: one is missing, unknown, or of another type.
        LabSettingsError: out of bounds; the sentence says which.
    """
    facts = _object(stored, LabSettings, "settings")
    built = _object(facts["architecture"], Architecture, "architecture")
    blocks = [_object(each, Block, "blocks") for each in _list(built["blocks"], dict, "blocks")]
    architecture = Architecture(
        blocks=tuple(
            Block(*(_of(block[name], int, name) for name in ("channels", "convolutions"))) for block in blocks
        ),
        ending=_of(built["ending"], str, "ending"),
        dense_units=tuple(_list(built["dense_units"], int, "dense_units")),
        normalised=_of(built["normalised"], bool, "normalised"),
        dropout=_number(built["dropout"], "dropout"),
    )
    return LabSettings(
        way=_of(facts["way"], str, "way"),
        classes=tuple(_list(facts["classes"], str, "classes")),
        method=_of(facts["method"], str, "method"),
        architecture=architecture,
        per_class=_of(facts["per_class"], int, "per_class"),
        epochs=_of(facts["epochs"], int, "epochs"),
        batch_size=_of(facts["batch_size"], int, "batch_size"),
        learning_rate=_number(facts["learning_rate"], "learning_rate"),
        change=_of(facts["change"], str, "change"),
        seed=_of(facts["seed"], int, "seed"),
    )


def _object(stored: object, kind: type, name: str, but: str = "") -> dict[str, Any]:
    """A JSON object with exactly the fields of a value, one perhaps left out."""
    expected = {each.name for each in fields(kind)} - {but}
    if not isinstance(stored, dict) or set(stored) != expected:
        raise damaged(name)
    return stored


def _of(value: object, kind: type, name: str) -> Any:
    if not is_of(value, kind):
        raise damaged(name)
    return value


def _list(value: object, kind: type, name: str) -> list[Any]:
    if not isinstance(value, list) or not all(is_of(each, kind) for each in value):
        raise damaged(name)
    return value


def _number(value: object, name: str, least: float = -math.inf, most: float = math.inf) -> float:
    if not is_of(value, int | float) or not least <= float(value) <= most:  # type: ignore[arg-type]
        raise damaged(name)
    return float(value)  # type: ignore[arg-type]


def short_text(text: str) -> str:
    """A text as `text_in` takes it."""
    return clean_class_name(text)[:LONGEST_TEXT].strip() or "–"


def text_in(facts: Facts, name: str) -> str:
    """A text of one line that is not empty.

    Raises:
        LabFileError: it is missing, empty, too long, or has signs that cannot be shown.
    """
    text = facts.stored.get(name)
    if not isinstance(text, str) or not 0 < len(text) <= LONGEST_TEXT or text != clean_class_name(text):
        raise damaged(name)
    return text


def moment_in(facts: Facts, name: str) -> datetime:
    """A day and time with its zone.

    Raises:
        LabFileError: it is none.
    """
    try:
        moment = datetime.fromisoformat(_of(facts.stored.get(name), str, name))
        moment.astimezone()  # out of the years that a calendar has, it cannot be told
    except (ValueError, OverflowError, OSError) as error:
        raise damaged(name) from error
    if moment.tzinfo is None:
        raise damaged(name)
    return moment


# --- figures ---------------------------------------------------------------------------------------------


def figures_as_dict(figures: LabFigures) -> dict[str, Any]:
    """What of the figures is no array, ready for JSON; null for numbers that are none."""
    return {
        "history": [
            {name: float(row[name]) if math.isfinite(row[name]) else None for name in COLUMNS}
            for row in figures.history
        ],
        "frames": figures.frames is not None,
        "conditions": [condition.name for condition in figures.conditions],
        "learnt": list(figures.learnt),
        "kept_epoch": figures.kept_epoch,
        "seconds": float(figures.seconds),
        "machine": short_text(figures.machine),
        "end": figures.end,
    }


def answer_files(figures: LabFigures) -> dict[str, bytes]:
    """The answers to all faces that it was measured with, as `.npy` files by their names."""
    parts = {"test": figures.test}
    if figures.frames is not None:
        parts["frames"] = figures.frames
    parts |= {f"condition{number}": each.answers for number, each in enumerate(figures.conditions, start=1)}
    return {
        f"answers/{part}/{name}.npy": array_bytes(values)
        for part, answers in parts.items()
        for name, values in (
            ("true", answers.true.astype(np.int64)),
            ("probabilities", answers.probabilities.astype(np.float32)),
            ("origins", answers.origins.astype(np.int64)),
        )
    }


def answer_names(stored: object) -> set[str]:
    """Names of the files that `answer_files` has of these figures.

    Raises:
        LabFileError: the figures do not say which there are.
    """
    facts = _figures(stored)
    parts = ["test", *(["frames"] if facts["frames"] else [])]
    parts += [f"condition{number}" for number in range(1, len(facts["conditions"]) + 1)]
    return {f"answers/{part}/{name}.npy" for part in parts for name in ("true", "probabilities", "origins")}


def figures_in(stored: object, settings: LabSettings, entries: Mapping[str, bytes]) -> LabFigures:
    """The figures that a file has. What can be computed from the answers is not stored, and cannot be claimed.

    Args:
        stored: of `figures_as_dict`.
        settings: of the network.
        entries: files of the zip.

    Raises:
        LabFileError: a value that no training has, or answers that are none.
    """
    facts = _figures(stored)
    history = tuple(_row(row, epoch) for epoch, row in enumerate(facts["history"], start=1))
    learnt = tuple(_list(facts["learnt"], int, "learnt"))
    kept = _of(facts["kept_epoch"], int, "kept_epoch")
    if not (0 < len(history) <= settings.epochs and 1 <= kept <= len(history)):
        raise damaged("history")
    if len(learnt) != len(settings.classes) or not all(0 < count <= _MOST_LEARNT for count in learnt):
        raise damaged("learnt")
    if facts["end"] not in get_args(End) or (settings.way == "fer2013" and facts["frames"]):
        raise damaged("end")
    classes = len(settings.classes)
    return LabFigures(
        history=history,
        test=_answers("test", classes, entries),
        frames=_answers("frames", classes, entries) if facts["frames"] else None,
        conditions=tuple(
            Condition(_condition(name), _answers(f"condition{number}", classes, entries))
            for number, name in enumerate(facts["conditions"], start=1)
        ),
        learnt=learnt,
        kept_epoch=kept,
        seconds=_number(facts["seconds"], "seconds", 0, _LONGEST_S),
        machine=text_in(Facts(facts), "machine"),
        end=facts["end"],
    )


def _figures(stored: object) -> dict[str, Any]:
    """The object of the figures, with as many epochs and conditions as there can be."""
    facts = _object(stored, LabFigures, "figures", but="test")
    _of(facts["frames"], bool, "frames")
    if len(_list(facts["conditions"], str, "conditions")) > MOST_CONDITIONS:
        raise damaged("conditions")
    _list(facts["history"], dict, "history")
    return facts


def _row(row: Mapping[str, Any], epoch: int) -> Mapping[str, float]:
    if set(row) != set(COLUMNS) or row["epoch"] != epoch:
        raise damaged("history")
    most = {
        "loss": _LARGEST_LOSS,
        "val_loss": _LARGEST_LOSS,
        "learning_rate": 1.0,
        "seconds": _LONGEST_S,
        "epoch": epoch,
    }
    return {
        name: math.nan if row[name] is None else _number(row[name], "history", 0, most.get(name, 1.0))
        for name in COLUMNS
    }


def _condition(name: str) -> str:
    if not 0 < len(name) <= LONGEST_CLASS_NAME or name != clean_class_name(name):
        raise damaged("conditions")
    return name


def _answers(part: str, classes: int, entries: Mapping[str, bytes]) -> Answers:
    names = [f"answers/{part}/{each}.npy" for each in ("true", "probabilities", "origins")]
    true = read_array(entries[names[0]], names[0], np.int64, (None,))
    count = len(true)
    probabilities = read_array(entries[names[1]], names[1], np.float32, (count, classes))
    origins = read_array(entries[names[2]], names[2], np.int64, (count,))
    sums = probabilities.sum(axis=1, dtype=np.float64)
    if (
        count > MOST_ANSWERS
        or not ((0 <= true) & (true < classes)).all()
        or not ((0 <= probabilities) & (probabilities <= 1)).all()
        or not (np.abs(sums - 1) <= _TOLERANCE).all()
    ):
        raise LabFileError(
            N_("The answers in this file of a network are none ({part}). Choose another file."), part=names[0]
        )
    return Answers(true, probabilities, origins)

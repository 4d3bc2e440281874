"""What was measured of a network of the lab, as a table for programs."""

from __future__ import annotations

import json
from typing import Any

from fer_core.lab.file_facts import figures_as_dict
from fer_core.lab.network import Answers, LabNetwork
from fer_core.recognition.provenance import Provenance


def figures_json(network: LabNetwork, provenance: Provenance) -> bytes:
    """Settings, course and figures of a network, as JSON in UTF-8.

    Args:
        network: whose figures.
        provenance: of the file.

    Returns:
        An object with `provenance`, `settings`, `training`, and for `test`, `frames` (null where there is none) and
        each of `conditions`: `n`, `accuracy` (0 to 1, null without faces) and `confusion` (true classes by row).
    """
    figures = network.figures
    training = figures_as_dict(figures)
    del training["frames"], training["conditions"]  # which follow with their figures
    content = {
        "provenance": provenance.as_dict(),
        "from_file": network.from_file,
        "settings": network.settings.as_dict(),
        "training": training,
        "test": _measured(figures.test),
        "frames": None if figures.frames is None else _measured(figures.frames),
        "conditions": [
            {"name": condition.name, **_measured(condition.answers)} for condition in figures.conditions
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False).encode()


def _measured(answers: Answers) -> dict[str, Any]:
    return {"n": answers.n, "accuracy": answers.accuracy, "confusion": answers.confusion.tolist()}

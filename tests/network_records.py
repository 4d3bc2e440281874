"""Networks made up from the facts of a `metadata.json`."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fer_core.faces.search import live_search
from fer_core.labels import TASK_LABELS, Task
from fer_core.recognition.provenance import Provenance, search_provenance
from fer_core.store.network import NetworkInfo
from fer_core.store.record import NetworkRecord


def network_of(id: str, folder: Path = Path(), /, *, task: Task = "fer2013", **facts: Any) -> NetworkInfo:
    """A network of that id with one parameter and these facts, as `metadata.json` has them."""
    stored = {"task": task, "labels": list(TASK_LABELS[task]), "parameters": 1, **facts}
    return NetworkInfo(id, folder, NetworkRecord.read(stored))


def with_facts(info: NetworkInfo, **facts: Any) -> NetworkInfo:
    """The network with these facts in place of its own, as `metadata.json` has them; `None` takes one away."""
    return replace(info, record=NetworkRecord.read({**info.record.as_dict(), **facts}))


def with_training(info: NetworkInfo, **facts: Any) -> NetworkInfo:
    """The network with these facts of its training in place of its own."""
    return with_facts(info, training={**info.record.as_dict().get("training", {}), **facts})


def source_of(network: NetworkInfo) -> Provenance:
    """The network at work with the settings of live video, on a day of 2026."""
    return search_provenance(datetime(2026, 11, 24, 9, 30, tzinfo=UTC), network, live_search())

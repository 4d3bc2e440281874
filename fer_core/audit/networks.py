"""What every network that ships answers to every picture of FER2013."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np

from fer_core.audit.kept import Progress, in_pieces, kept_folder
from fer_core.audit.statistics import check_complete, facts_of, made_from
from fer_core.datasets.fer2013 import Fer2013
from fer_core.datasets.rows import RowTable
from fer_core.datasets.statistics.shipped import FOLDER, certainty_steps, write_part
from fer_core.recognition.recognizer import ExpressionRecognizer
from fer_core.store.folder import list_networks
from fer_core.store.network import NetworkInfo

_PIECE = 2048


def make_networks(dataset: Fer2013, folder: Path = FOLDER, progress: Progress | None = None) -> Path:
    """Make the part "networks": the expression that each network predicts, and its highest probability.

    The networks answer as in the app: with LiteRT, calibrated. Networks of which only figures ship are left out. The
    probabilities are kept in `kept_folder()`, so that only a network with other weights is asked again.

    Args:
        dataset: the complete FER2013.
        folder: where the part goes.
        progress: called with the part that is done.

    Returns:
        The file that was written.

    Raises:
        DatasetError: the data set is not complete.
        NetworkError: a network is damaged.
    """
    check_complete(dataset)
    source = made_from(dataset)
    networks = sorted((each for each in list_networks() if each.ships), key=lambda each: each.macs or 0)
    effort = [max(each.macs or 0, 1) for each in networks]
    arrays: dict[str, np.ndarray] = {}
    facts: dict[str, dict[str, object]] = {"labels": {}, "sha256": {}}
    for at, network in enumerate(networks):
        before, whole = sum(effort[:at]) / sum(effort), effort[at] / sum(effort)
        probabilities = probabilities_of(
            network, dataset, str(source["pixels"]), partial(_scaled, progress, before, whole)
        )
        arrays[f"predicted:{network.id}"] = probabilities.argmax(axis=1).astype(np.int8)
        arrays[f"certainty:{network.id}"] = certainty_steps(probabilities.max(axis=1))
        facts["labels"][network.id] = list(network.labels)
        facts["sha256"][network.id] = network.checksum
    return write_part("networks", arrays, facts_of("networks", dataset, **facts), folder)


def probabilities_of(
    network: NetworkInfo, dataset: Fer2013, pixels_sha256: str, progress: Progress | None = None
) -> np.ndarray:
    """The calibrated probabilities of one network for all pictures: float32 (N, C), in the order of its labels.

    Args:
        network: one whose weights are here.
        dataset: whose pictures are read.
        pixels_sha256: their checksum, as `checksums` gives it.
        progress: called with the part that is done.

    Raises:
        NetworkError: the network is damaged.
    """
    name = f"{network.id}-{(network.checksum or '')[:12]}-{pixels_sha256[:12]}.npy"
    recognizer = ExpressionRecognizer(network)
    return in_pieces(dataset.images_gray, recognizer.predict, kept_folder() / name, _PIECE, progress)


def with_networks(table: RowTable, dataset: Fer2013, networks: list[NetworkInfo]) -> RowTable:
    """The table of a data set at hand with the answers of networks, which read all of its pictures now.

    Raises:
        NetworkError: a network is damaged.
    """
    columns: dict[str, np.ndarray] = {}
    for network in networks:
        probabilities = ExpressionRecognizer(network).predict(dataset.images_gray)
        columns[f"predicted:{network.id}"] = probabilities.argmax(axis=1)
        columns[f"certainty:{network.id}"] = probabilities.max(axis=1)
    return table.with_columns(columns, {network.id: network.labels for network in networks})


def _scaled(progress: Progress | None, before: float, whole: float, part: float) -> None:
    if progress:
        progress(before + whole * part)

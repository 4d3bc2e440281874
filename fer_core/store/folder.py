"""The shipped networks: `models/<id>/` with its metadata, checksum, history and evaluation.

A folder is a network when it holds a `metadata.json`. Everything here is plain files, so pages list and describe
networks without TensorFlow; `fer_core.store.export` writes them.
"""

from __future__ import annotations

import csv
import hashlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from fer_core.errors import N_, NetworkError
from fer_core.folders import FileTooLargeError, folder_entries, is_folder, read_regular_file
from fer_core.json_files import read_json
from fer_core.places import models_dir
from fer_core.store.network import (
    EVALUATION_FILE,
    HISTORY_FILE,
    METADATA_FILE,
    NetworkInfo,
    earlier_history_file,
    repetition_history_file,
)
from fer_core.store.read_only import ParsedFiles, ReadOnlyDict, read_only
from fer_core.store.record import LITERT_FILE, NetworkRecord

LARGEST_LITERT_BYTES = 1024 * 1024 * 1024


def list_networks() -> list[NetworkInfo]:
    """All networks that can be used, the default one first, then by name; [] where there is none."""
    return [network for network in list_measured() if network.ships]


def list_measured() -> list[NetworkInfo]:
    """As `list_networks`, with those of which only the figures ship.

    A folder with damaged metadata is left out here; `damaged_networks` says which, and what is wrong with it.
    """
    return _read_all()[0]


def damaged_networks() -> list[NetworkError]:
    """A sentence for each folder of a network that cannot be read, by its name.

    Without its metadata nobody knows whether a network was the default one.
    """
    return _read_all()[1]


def find_network(name: str | None = None) -> NetworkInfo:
    """The network of that id, or the default one.

    Raises:
        NetworkError: there is none at all, none of that name, or its files are missing or damaged. Where none is
            asked for: also where no network is marked as the default one and a damaged one may be it, so that no
            other one answers in its place unnoticed.
    """
    if name is not None and name in _folder_names():
        return read_network(models_dir() / name)
    measured, damaged = _read_all()
    networks = [network for network in measured if network.ships]
    if name is None and damaged and not any(network.default for network in networks):
        if not networks:
            raise damaged[0]
        raise NetworkError(
            N_("The file {file} of the network “{name}” is missing or damaged, and no other network is marked as the "
               "default. Fetch the folder “models” again, or name the network that shall answer: {known}."),
            **damaged[0].fields,
            known=", ".join(network.id for network in networks),
        )  # fmt: skip
    if not networks:
        raise NetworkError(
            N_("There is no trained network in {folder}. Fetch the folder “models” again, or train one: "
               "python -m fer_core train raut-compact"),
            folder=models_dir(),
        )  # fmt: skip
    if name is None:
        return networks[0]
    raise NetworkError(
        N_("There is no network named “{name}”. Known: {known}."),
        name=name,
        known=", ".join(network.id for network in networks),
    )


def read_network(folder: Path) -> NetworkInfo:
    """The network in this folder.

    Raises:
        NetworkError: its metadata are missing or damaged, or hold a fact of another type than the record has.
    """
    path = folder / METADATA_FILE
    try:
        folder.name.encode()  # pages and tables can show a name only if it is text
        return NetworkInfo(folder.name, folder, _RECORDS.read(path))
    except (OSError, ValueError) as error:
        raise _damaged(path) from error


def _damaged(path: Path) -> NetworkError:
    return NetworkError(
        N_("The file {file} of the network “{name}” is missing or damaged. Fetch the folder “models” again."),
        file=path.name,
        name=path.parent.name.encode("utf-8", "replace").decode(),
    )


def read_litert(network: NetworkInfo) -> bytes:
    """Content of the LiteRT file, checked against the checksum in the metadata.

    Raises:
        NetworkError: it does not ship, is missing, or is not the file that was exported.
    """
    if not network.ships:
        raise NetworkError(
            N_("Only the figures of the network “{name}” come with Raut, its weights do not. Train it again: "
               "python -m fer_core train {recipe}, then python -m fer_core export {recipe}"),
            name=network.id,
            recipe=network.recipe_id,
        )  # fmt: skip
    try:
        content = read_regular_file(str(network.file), LARGEST_LITERT_BYTES)
    except (OSError, FileTooLargeError) as error:
        raise _damaged(network.file) from error
    if network.checksum != sha256(content):
        raise _damaged(network.file)
    return content


def read_history(
    network: NetworkInfo, recipe: str | None = None, *, seed: int | None = None
) -> list[Mapping[str, float]]:
    """Rows of `history.csv`: epoch, loss, accuracy, val_loss, val_accuracy, learning_rate, seconds.

    Args:
        network: whose training.
        recipe: of a training that the network was built on, for that one's.
        seed: of another training of the network that was recorded, for that one's.

    Raises:
        NetworkError: it is missing or damaged.
    """
    name = HISTORY_FILE if recipe is None else earlier_history_file(recipe)
    path = network.folder / (name if seed is None else repetition_history_file(seed))
    try:
        return list(_HISTORIES.read(path))
    except (OSError, ValueError, TypeError, csv.Error) as error:
        raise _damaged(path) from error


def _history(path: Path) -> tuple[Mapping[str, float], ...]:
    with path.open(newline="", encoding="utf-8-sig") as lines:
        rows = [{key: float(value) for key, value in row.items()} for row in csv.DictReader(lines)]
    if not rows or "val_accuracy" not in rows[0]:
        raise ValueError("no epoch, or no accuracy on what was watched")
    return tuple(ReadOnlyDict(row) for row in rows)


def read_evaluation(network: NetworkInfo) -> Mapping[str, Any]:
    """Content of `evaluation.json`: `{"splits": {name: {n, accuracy, confusion, ...}}}`; it cannot be changed.

    Raises:
        NetworkError: it is missing or damaged.
    """
    return evaluation_in(network.folder)


def evaluation_in(folder: Path) -> Mapping[str, Any]:
    """As `read_evaluation`, of the network in this folder."""
    path = folder / EVALUATION_FILE
    try:
        return _EVALUATIONS.read(path)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(path) from error


def _evaluation(path: Path) -> Mapping[str, Any]:
    evaluation = read_json(path)
    for scores in evaluation["splits"].values():
        scores["n"], scores["accuracy"], scores["confusion"]
    return ReadOnlyDict(read_only(evaluation))


def _read_all() -> tuple[list[NetworkInfo], list[NetworkError]]:
    networks, damaged = [], []
    for name in _folder_names():
        try:
            networks.append(read_network(models_dir() / name))
        except NetworkError as error:
            damaged.append(error)
    return sorted(networks, key=lambda network: (not network.default, network.id)), damaged


def _folder_names() -> list[str]:
    """Folders of `models/` that hold a network, whole or damaged, by name; without hidden ones."""
    try:
        return [entry.name for entry in folder_entries(str(models_dir())) if _holds_network(entry)]
    except OSError:  # there is no such folder, or it is closed
        return []


def _holds_network(entry: os.DirEntry[str]) -> bool:
    try:
        return is_folder(entry) and not {METADATA_FILE, LITERT_FILE}.isdisjoint(os.listdir(entry.path))
    except OSError:  # a closed folder, whatever it holds
        return True


def models_json(networks: Sequence[NetworkInfo]) -> list[dict[str, Any]]:
    """What `python -m fer_core models --json` prints."""
    return [
        {
            "id": network.id,
            "task": network.task,
            "labels": list(network.labels),
            "parameters": network.parameters,
            "file": str(network.file),
            "default": network.default and network is networks[0],
        }
        for network in networks
    ]


def sha256(content: bytes) -> str:
    """Checksum of a file's content, as metadata hold it."""
    return hashlib.sha256(content).hexdigest()


def _record(path: Path) -> NetworkRecord:
    return NetworkRecord.read(read_json(path))


_RECORDS = ParsedFiles(_record)
_HISTORIES = ParsedFiles(_history)
_EVALUATIONS = ParsedFiles(_evaluation)

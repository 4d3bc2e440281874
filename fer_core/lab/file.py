"""A network of the lab as one file that a class takes home and loads again, described in docs/lab-file.md.

The file is a zip of JSON and of arrays of numbers. Nothing in it is run: no pickle, no layer with code, and no LiteRT
file, which is built anew here from checked settings and weights.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np

from fer_core import __version__
from fer_core.errors import N_, NetworkError
from fer_core.explanation.litert_graph import UnknownGraphError
from fer_core.json_files import parse_json
from fer_core.lab.cost import weight_shapes
from fer_core.lab.file_facts import (
    answer_files,
    answer_names,
    figures_as_dict,
    figures_in,
    moment_in,
    settings_in,
    short_text,
    text_in,
)
from fer_core.lab.file_parts import LabFileError, array_bytes, damaged, entries_of, read_array, refuse_others
from fer_core.lab.head import BIAS, KERNEL, HeadBase, head_base
from fer_core.lab.head_litert import feature_width
from fer_core.lab.network import LabFigures, LabNetwork
from fer_core.lab.settings import MOST_PARAMETERS, LabSettings
from fer_core.lab.task import BuildTask
from fer_core.plain_text import printable
from fer_core.recognition.provenance import download_name
from fer_core.store.facts import Facts
from fer_core.store.folder import sha256
from fer_core.zip_files import zipped

FORMAT: Final = "raut-lab"
VERSION: Final = 1
"""Of the format; a file of a later one is refused."""
LAB_FILE: Final = "lab.json"
_LARGEST_LAB_FILE: Final = 500_000
_KEYS: Final = {
    "format", "version", "raut_version", "name", "made", "settings", "base", "figures", "checksum", "sha256",
}  # fmt: skip
_LARGEST_WEIGHT: Final = 1e6


@dataclass(frozen=True, eq=False)
class LoadedNetwork:
    """What a file holds, checked; without a LiteRT file, which `content` or a worker builds.

    Attributes:
        name: as the class called it.
        settings: it was trained with.
        weights: name of each array to float32 values, of the shapes that the settings demand.
        figures: from the file, not measured here.
        made: when, with its zone.
        raut_version: that trained it.
        base: the network whose features a head reads; None for one from scratch.
    """

    name: str
    settings: LabSettings
    weights: Mapping[str, np.ndarray]
    figures: LabFigures
    made: datetime
    raut_version: str
    base: HeadBase | None

    @property
    def content(self) -> bytes | None:
        """LiteRT file of a head, built now; None for a network from scratch, for which there is `build_task`."""
        return None if self.base is None else self.base.litert(self.weights)

    def build_task(self) -> BuildTask:
        """For the worker, which builds the LiteRT file of a network from scratch."""
        return BuildTask(self.settings, self.weights)

    def network(self, network_id: str, content: bytes) -> LabNetwork:
        """The network, which reads faces again.

        Args:
            network_id: among those of the visitor.
            content: LiteRT file that was built here.
        """
        return LabNetwork(
            network_id,
            self.name,
            self.settings,
            content,
            self.weights,
            self.figures,
            self.made,
            None if self.base is None else (self.base.id, self.base.checksum),
            from_file=True,
            raut_version=self.raut_version,
        )


def file_name(network: LabNetwork) -> str:
    """The name of its download: `raut-lab-<name>-<day>.zip`."""
    return download_name(f"lab-{network.name}", "zip", network.made.date())


def network_file(network: LabNetwork) -> bytes:
    """The file of a network: the same bytes whenever it is written.

    Args:
        network: to be taken home.
    """
    weights = {f"weights/{name}.npy": array_bytes(values) for name, values in network.weights.items()}
    files = {**weights, **answer_files(network.figures)}
    described = {
        "format": FORMAT,
        "version": VERSION,
        "raut_version": network.raut_version,
        "name": short_text(network.name),
        "made": network.made.isoformat(),
        "settings": network.settings.as_dict(),
        "base": None if network.base is None else dict(zip(("id", "sha256"), network.base, strict=True)),
        "figures": figures_as_dict(network.figures),
        "checksum": network.checksum,
        "sha256": {name: sha256(content) for name, content in files.items()},
    }
    lab = json.dumps(described, ensure_ascii=False, indent=1, allow_nan=False).encode()
    return zipped({LAB_FILE: lab, **files}, compressed=False)


def read_network_file(content: bytes) -> LoadedNetwork:
    """A network from a file that somebody chose, with everything checked before it is used.

    Args:
        content: of the file.

    Raises:
        LabFileError: it is none, is damaged, or was changed; it is of a later Raut; its base is not the one here.
        LabSettingsError: its settings are out of bounds.
        NetworkError: its base is missing or damaged here.
    """
    entries = entries_of(content)
    described = _described(entries)
    settings = settings_in(described["settings"])
    base = _base(described["base"], settings)
    shapes = _shapes(settings, base)
    names = {name: f"weights/{name}.npy" for name in shapes}
    refuse_others(entries, {LAB_FILE, *names.values(), *answer_names(described["figures"])})
    sums = Facts(described).stored["sha256"]
    for name, stored in entries.items():
        if name != LAB_FILE and (not isinstance(sums, dict) or sums.get(name) != sha256(stored)):
            raise damaged(name)
    weights = {
        name: _bounded(read_array(entries[file], file, np.float32, shapes[name]), name)
        for name, file in names.items()
    }
    facts = Facts(described)
    loaded = LoadedNetwork(
        name=text_in(facts, "name"),
        settings=settings,
        weights=weights,
        figures=figures_in(described["figures"], settings, entries),
        made=moment_in(facts, "made"),
        raut_version=text_in(facts, "raut_version"),
        base=base,
    )
    if loaded.network("", b"").checksum != described["checksum"]:
        raise damaged("checksum")
    return loaded


def _described(entries: Mapping[str, bytes]) -> dict[str, Any]:
    """What `lab.json` says, of a version that is known."""
    stored = entries.get(LAB_FILE)
    if stored is None:
        raise LabFileError(
            N_(
                "This file is no network of the lab. Choose one that Raut saved: its name begins with “raut-lab”."
            )
        )
    try:
        described = parse_json(stored) if len(stored) <= _LARGEST_LAB_FILE else None
    except ValueError as error:
        raise damaged(LAB_FILE) from error
    if not isinstance(described, dict) or described.get("format") != FORMAT:
        raise damaged(LAB_FILE)
    version = described.get("version")
    if isinstance(version, int) and version > VERSION:
        raise LabFileError(
            N_(
                "This file was saved by a newer Raut ({version}), which this one cannot read. Load it there, or take "
                "the newer Raut: this is {own}."
            ),
            version=printable(str(described.get("raut_version")))[:20],
            own=__version__,
        )
    if version != VERSION or set(described) != _KEYS:
        raise damaged(LAB_FILE)
    return described


def _base(stored: object, settings: LabSettings) -> HeadBase | None:
    """The network below a head, if it is the one that the head was learnt on."""
    if settings.method == "scratch":
        if stored is not None:
            raise damaged("base")
        return None
    if not isinstance(stored, dict) or set(stored) != {"id", "sha256"}:
        raise damaged("base")
    name, checksum = stored["id"], stored["sha256"]
    if not isinstance(name, str) or not isinstance(checksum, str):
        raise damaged("base")
    try:
        base = head_base(name)
    except NetworkError as error:
        raise _other_base(name) from error
    if base.checksum != checksum:
        raise _other_base(name)
    return base


def _other_base(name: str) -> LabFileError:
    return LabFileError(
        N_(
            "This network was learnt on the features of “{name}”, which this Raut has not, or has in another version. "
            "Load it where it was saved, or train it again here."
        ),
        name=printable(name)[:40],
    )


def _shapes(settings: LabSettings, base: HeadBase | None) -> dict[str, tuple[int, ...]]:
    """Name of each array of weights to the shape that the settings demand."""
    classes = len(settings.classes)
    if base is not None:
        try:
            return {KERNEL: (feature_width(base.content), classes), BIAS: (classes,)}
        except UnknownGraphError as error:
            raise _other_base(base.id) from error
    shapes = weight_shapes(settings.architecture, classes)
    parameters = sum(int(np.prod(shape)) for shape in shapes.values())
    if parameters > MOST_PARAMETERS:
        raise LabFileError(
            N_("This network has {count} parameters, and the lab takes at most {most}. Choose another file."),
            count=parameters,
            most=MOST_PARAMETERS,
        )
    return shapes


def _bounded(values: np.ndarray, name: str) -> np.ndarray:
    """The values, if a network can have learnt them: none beyond all measure, and no variance below 0."""
    least = 0.0 if name.endswith("moving_variance") else -_LARGEST_WEIGHT
    if values.size and not (least <= values.min() and values.max() <= _LARGEST_WEIGHT):
        raise LabFileError(
            N_("This file of a network holds weights that no training gives ({part}). Choose another file."),
            part=name,
        )
    values.flags.writeable = False
    return values

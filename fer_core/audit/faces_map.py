"""Makes the map of faces and the compressed features: `features.npz`, `map.npz` and `map.json`.

By the rules of docs/experiments/map-of-faces.md. openTSNE and an hour of one processor are needed once, at build time;
what ships is read by `fer_core.datasets.map`.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np

from fer_core.audit.map_quality import groups_of_equal, nearest_in, purity, share_among
from fer_core.datasets.fer2013 import USAGES, Fer2013
from fer_core.datasets.map import FEATURES_FILE, FOLDER, MAP_FILE, RECORD_FILE, checksum
from fer_core.datasets.nearest import FeatureSpace, compress
from fer_core.datasets.splits import is_official
from fer_core.errors import N_, DatasetError
from fer_core.explanation.features import FeatureReader
from fer_core.files import write_whole
from fer_core.store.folder import find_network, read_litert
from fer_core.store.network import NetworkInfo, weights_checksum

SEED: Final = 26
COMPONENTS: Final = (32, 48, 64, 80, 96)
"""Numbers of components to choose from."""
KEPT_OF_TEN: Final = 9.0
"""Of the ten nearest pictures, how many have to be kept on average."""
LARGEST_BYTES: Final = 2_000_000
"""Of `features.npz`."""
PERPLEXITIES: Final = (30, 100)
CLEARLY: Final = 0.005
"""By how much a larger perplexity has to be better."""
COMMAND: Final = "python -m fer_core data statistics --only map --write"

_DRAWN: Final = 1_000  # pictures that components are chosen with
_JUDGED: Final = 2_000  # pictures of each split that the map is judged by, at most
_PORTION: Final = 1_024  # pictures between two words about how far it is

Tell = Callable[[str], None]


def read_features(images_gray: np.ndarray, network: NetworkInfo, tell: Tell) -> np.ndarray:
    """The features of all pictures by one network, float32 (N, D).

    Args:
        images_gray: uint8 (N, 48, 48).
        network: which one.
        tell: takes a line about how far it is.
    """
    reader = FeatureReader(read_litert(network), network.id)
    parts = []
    for start in range(0, len(images_gray), _PORTION):
        parts.append(reader.features(images_gray[start : start + _PORTION]))
        tell(f"features: {min(start + _PORTION, len(images_gray)):,} of {len(images_gray):,} pictures")
    return np.concatenate(parts)


def choose_components(features: np.ndarray, tell: Tell) -> tuple[FeatureSpace, dict[str, float]]:
    """The space with the fewest components that keeps the ten nearest pictures, and how many each number keeps.

    Args:
        features: float32 (N, D).
        tell: takes a line for each number.

    Returns:
        The space, and how many of the ten nearest are kept on average for each number of `COMPONENTS` up to the
        chosen one; those beyond `LARGEST_BYTES` are not considered.
    """
    groups = groups_of_equal(features)
    drawn = np.random.default_rng(SEED).choice(len(features), min(_DRAWN, len(features)), replace=False)
    nearest = nearest_in(features, drawn, 10, groups)
    chosen, kept = None, {}
    for count in COMPONENTS:
        space = compress(features, min(count, features.shape[1]))
        if chosen is not None and len(_packed(**_parts(space))) > LARGEST_BYTES:
            break
        chosen = space
        kept[str(count)] = 10 * share_among(nearest_in(space.values, drawn, 10, groups), nearest)
        tell(f"{count} components keep {kept[str(count)]:.2f} of the ten nearest")
        if kept[str(count)] >= KEPT_OF_TEN:
            break
    assert chosen is not None
    return chosen, kept


def draw_map(values: np.ndarray, perplexity: int) -> np.ndarray:
    """The pictures in two dimensions: t-SNE (van der Maaten and Hinton 2008) by openTSNE.

    Args:
        values: float32 (N, K), begun with the first two.
        perplexity: about how many neighbours a picture is drawn to.

    Returns:
        float16 (N, 2). One processor thread, so that the same versions give the same map.
    """
    from openTSNE import TSNE
    from openTSNE.initialization import rescale

    # "fft" and approximate neighbours for many pictures, exact ones for few: openTSNE's own choice.
    tsne = TSNE(
        perplexity=perplexity,
        initialization=rescale(values[:, :2].astype(np.float64)),
        random_state=SEED,
        n_jobs=1,
    )
    return np.asarray(tsne.fit(values), np.float16)


def make_map(dataset: Fer2013, folder: Path = FOLDER, tell: Tell = print) -> dict[str, Any]:
    """Make the three files from FER2013 and the default network.

    Args:
        dataset: complete, in the official order.
        folder: where the files go.
        tell: takes a line about how far it is.

    Returns:
        What `map.json` holds.

    Raises:
        DatasetError: the data set is not complete, or its order is not that of fer2013.csv.
    """
    if dataset.form != "csv" or not is_official(dataset):
        raise DatasetError(
            N_("The map is made from the complete fer2013.csv: its row numbers name the pictures.")
        )
    network = find_network()
    features = read_features(dataset.images_gray, network, tell)
    return map_from_features(dataset, features, network, folder, tell)


def map_from_features(
    dataset: Fer2013, features: np.ndarray, network: NetworkInfo, folder: Path, tell: Tell
) -> dict[str, Any]:
    """The rest of `make_map`, for features that are there.

    Args:
        features: float32 (N, D), of `dataset` by `network`.
    """
    groups = groups_of_equal(features)
    space, kept = choose_components(features, tell)
    maps, shares = {}, {}
    public = np.flatnonzero(dataset.usages == USAGES.index("PublicTest"))
    nearest = nearest_in(features, public, 30, groups)
    for perplexity in PERPLEXITIES:
        maps[perplexity] = draw_map(space.values, perplexity)
        on_map = nearest_in(maps[perplexity].astype(np.float32), public, 10, groups)
        shares[str(perplexity)] = share_among(on_map, nearest)
        tell(f"perplexity {perplexity}: {shares[str(perplexity)]:.4f} of the nearest on the map are near")
    small, large = PERPLEXITIES
    perplexity = large if shares[str(large)] >= shares[str(small)] + CLEARLY else small
    coordinates = maps[perplexity]
    folder.mkdir(parents=True, exist_ok=True)
    contents = {
        FEATURES_FILE: _packed(**_parts(space)),
        MAP_FILE: _packed(coordinates=coordinates),
    }
    for name, content in contents.items():
        write_whole(folder / name, content)
    record = {
        "made_from": {
            "network": network.id,
            "weights": weights_checksum(network),
            "pixels": hashlib.sha256(dataset.images_gray.tobytes()).hexdigest(),
            "pictures": len(dataset),
        },
        "command": COMMAND,
        "versions": {name: version(name) for name in ("openTSNE", "numpy", "ai-edge-litert")},
        "seed": SEED,
        "features": {"width": features.shape[1], "components": space.codes.shape[1], "kept_of_ten": kept},
        "map": {"method": "t-SNE", "perplexity": perplexity, "shares": shares},
        "measured": judge(dataset, features, coordinates.astype(np.float32), groups),
        "files": {name: checksum(folder / name) for name in contents},
    }
    write_whole(folder / RECORD_FILE, json.dumps(record, indent=1) + "\n")
    return record


def judge(
    dataset: Fer2013, features: np.ndarray, coordinates: np.ndarray, groups: np.ndarray
) -> dict[str, dict[str, float]]:
    """How good the map is, by split: "pictures" asked about, "neighbours" (share of the ten nearest on the map that are among the thirty nearest by all features), "purity" (share of the ten nearest on the map with the same label)
    and "feature_purity" (the same of the ten nearest by all features).

    Args:
        coordinates: float32 (N, 2).
        groups: int (N,), of exact duplicates.
    """
    measured = {}
    for code, name in enumerate(USAGES):
        rows = np.flatnonzero(dataset.usages == code)
        rows = np.random.default_rng(SEED).choice(rows, min(_JUDGED, len(rows)), replace=False)
        nearest, on_map = (
            nearest_in(features, rows, 30, groups),
            nearest_in(coordinates, rows, 10, groups),
        )
        measured[name] = {
            "pictures": len(rows),
            "neighbours": round(share_among(on_map, nearest), 4),
            "purity": round(purity(on_map, rows, dataset.emotions), 4),
            "feature_purity": round(purity(nearest[:, :10], rows, dataset.emotions), 4),
        }
    return measured


def _parts(space: FeatureSpace) -> dict[str, np.ndarray | np.float64]:
    return {
        "mean": space.mean,
        "components": space.components,
        "step": np.float64(space.step),
        "codes": np.ascontiguousarray(space.codes.T),
    }


def _packed(**arrays: np.ndarray | np.float64) -> bytes:
    """The arrays as one `.npz` file."""
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()

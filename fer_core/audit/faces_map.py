"""Makes the parts "features" and "map" of what ships about FER2013: compressed features, and all faces on a map.

By the rules of docs/experiments/map-of-faces.md. openTSNE is needed once, at build time; what ships is read by
`fer_core.datasets.map`.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np

from fer_core.audit.kept import Progress, in_pieces, kept_folder
from fer_core.audit.map_quality import groups_of_equal, nearest_in, purity, share_among
from fer_core.audit.statistics import check_complete, facts_of, made_from
from fer_core.datasets.fer2013 import USAGES, Fer2013
from fer_core.datasets.map import FEATURES, MAP, shipped_features, shipped_map
from fer_core.datasets.nearest import FeatureSpace, compress
from fer_core.datasets.statistics.shipped import FOLDER, write_part
from fer_core.explanation.features import FeatureReader
from fer_core.store.folder import find_network, read_litert
from fer_core.store.network import NetworkInfo

SEED: Final = 26
COMPONENTS: Final = (32, 48, 64, 80, 96)
"""Numbers of components to choose from."""
KEPT_OF_TEN: Final = 9.0
"""Of the ten nearest pictures, how many have to be kept on average."""
LARGEST_BYTES: Final = 2_000_000
"""Of `features.npz`."""
PERPLEXITY: Final = 30
"""About how many neighbours each picture is drawn to."""

_DRAWN: Final = 1_000  # pictures that components are chosen with
_JUDGED: Final = 2_000  # pictures of each split that the map is judged by, at most
_PORTION: Final = 1_024  # pictures between two calls that say how far it is
_READ: Final = 0.5  # the part of the time that reading the features takes, about


def read_features(
    dataset: Fer2013, network: NetworkInfo, pixels_sha256: str, progress: Progress | None = None
) -> np.ndarray:
    """The features of all pictures by one network, float32 (N, D); kept in `kept_folder()`.

    Args:
        dataset: whose pictures are read.
        network: which one.
        pixels_sha256: their checksum, as `checksums` gives it.
        progress: called with the part that is done.
    """
    name = f"features-{network.id}-{(network.checksum or '')[:12]}-{pixels_sha256[:12]}.npy"
    reader = FeatureReader(read_litert(network), network.id)
    return in_pieces(dataset.images_gray, reader.features, kept_folder() / name, _PORTION, progress)


def choose_components(features: np.ndarray) -> tuple[FeatureSpace, dict[str, float]]:
    """The space with the fewest components that keeps the ten nearest pictures, and how many each number keeps.

    Args:
        features: float32 (N, D).

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
        if chosen is not None and _packed_bytes(_parts(space)) > LARGEST_BYTES:
            break
        chosen = space
        kept[str(count)] = round(10 * share_among(nearest_in(space.values, drawn, 10, groups), nearest), 3)
        if kept[str(count)] >= KEPT_OF_TEN:
            break
    assert chosen is not None
    return chosen, kept


def draw_map(values: np.ndarray) -> np.ndarray:
    """The pictures in two dimensions: t-SNE (van der Maaten and Hinton 2008) by openTSNE.

    Args:
        values: float32 (N, K), begun with the first two.

    Returns:
        float16 (N, 2). One processor thread, so that the same versions give the same map.
    """
    from openTSNE import TSNE
    from openTSNE.initialization import rescale

    # "fft" and approximate neighbours for many pictures, exact ones for few: openTSNE's own choice.
    tsne = TSNE(
        perplexity=PERPLEXITY,
        initialization=rescale(values[:, :2].astype(np.float64)),
        random_state=SEED,
        n_jobs=1,
    )
    return np.asarray(tsne.fit(values), np.float16)


def make_map(dataset: Fer2013, folder: Path = FOLDER, progress: Progress | None = None) -> Path:
    """Make the parts "features" and "map" from FER2013 and the default network.

    Args:
        dataset: FER2013, complete and in its official order, with the votes of FER+.
        folder: where the parts go.
        progress: called with the part that is done.

    Returns:
        The file of the map; `features.npz` lies beside it.

    Raises:
        DatasetError: the data set is not complete, or FER+ is missing.
    """
    check_complete(dataset)
    tell = progress or (lambda _part: None)
    network = find_network()
    pixels = str(made_from(dataset)["pixels"])
    features = read_features(dataset, network, pixels, lambda part: tell(_READ * part))
    file = map_from_features(dataset, features, network, folder)
    tell(1.0)
    return file


def map_from_features(
    dataset: Fer2013,
    features: np.ndarray,
    network: NetworkInfo,
    folder: Path,
    drawn: Callable[[np.ndarray], np.ndarray] = draw_map,
) -> Path:
    """The rest of `make_map`, for features that are there.

    Args:
        dataset: whose pictures have them.
        features: float32 (N, D), by `network`.
        network: the default one.
        folder: where the parts go.
        drawn: as `draw_map`.
    """
    groups = groups_of_equal(features)
    space, kept = choose_components(features)
    coordinates = drawn(space.values)
    source = {
        "network": network.id,
        "sha256": network.checksum,
        "seed": SEED,
        "versions": {name: version(name) for name in ("ai-edge-litert", "openTSNE")},
    }
    write_features(dataset, space, kept, source, folder)
    further = {
        "method": "t-SNE",
        "perplexity": PERPLEXITY,
        "measured": judge(dataset, features, coordinates.astype(np.float32), groups),
    }
    file = write_part(MAP, {"coordinates": coordinates}, facts_of(MAP, dataset, **source, **further), folder)
    shipped_map.cache_clear()
    shipped_features.cache_clear()
    return file


def write_features(
    dataset: Fer2013,
    space: FeatureSpace,
    kept: Mapping[str, float],
    source: Mapping[str, Any],
    folder: Path = FOLDER,
) -> Path:
    """Write the part "features".

    Args:
        dataset: whose pictures the space holds.
        space: what ships.
        kept: as `choose_components` gives it.
        source: network, checksum of its weights, seed and versions.
        folder: where the part goes.
    """
    width, components = space.components.shape
    facts = facts_of(MAP, dataset, **source, width=width, components=components, kept_of_ten=kept)
    return write_part(FEATURES, _parts(space), facts, folder)


def judge(
    dataset: Fer2013, features: np.ndarray, coordinates: np.ndarray, groups: np.ndarray
) -> dict[str, dict[str, float]]:
    """How good the map is, by split.

    "pictures": how many were asked about; "neighbours": the share of the ten nearest on the map that are among the
    thirty nearest by all features; "purity": the share of the ten nearest on the map that have the same label;
    "feature_purity": the same of the ten nearest by all features.

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


def _parts(space: FeatureSpace) -> dict[str, np.ndarray]:
    return {
        "mean": space.mean,
        "components": space.components,
        "step": np.array(space.step),
        "codes": np.ascontiguousarray(space.codes.T),
    }


def _packed_bytes(arrays: Mapping[str, np.ndarray]) -> int:
    """How large the arrays are as a compressed file."""
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
    return file.getbuffer().nbytes

"""Networks of the class lab as files: values of their JSON, arrays and entries that were changed and signed anew."""

from __future__ import annotations

import io
import json
import pickle
import zipfile
from functools import cache

import numpy as np

from fer_core.errors import RautError
from fer_core.lab.file import LAB_FILE, network_file, read_network_file
from fer_core.store.folder import sha256
from fer_core.zip_files import zipped
from tests.fuzz.mutations import damaged, structured
from tests.fuzz.texts import change_json
from tests.lab_networks import head_network, own_network

__all__ = ["corpus", "decode", "mutate"]


@cache
def corpus() -> list[bytes]:
    """From scratch with classes in several scripts and with codes of FER2013, and a head."""
    networks = [own_network(), own_network(("happy", "sad")), head_network()]
    return [network_file(network) for network in networks]


def decode(content: bytes) -> bool:
    """Whether it is taken; then it can be built and is saved as it came, and loaded again."""
    try:
        loaded = read_network_file(content)
    except RautError as error:
        assert str(error)
        return False
    built = loaded.content
    if built is None:
        assert set(loaded.build_task().weights) == set(loaded.weights)
    network = loaded.network("1", built or b"")
    assert network_file(read_network_file(network_file(network)).network("1", b"")) == network_file(network)
    return True


def mutate(originals: list[bytes], seed: int, index: int) -> bytes:
    """Damage to a value, to an array or to an entry, with checksums that fit; a fifth blindly besides."""
    return structured(_change, originals, seed, index, most=2)


def _change(content: bytes, rng: np.random.Generator) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        lab = json.loads(files.pop(LAB_FILE))
    except Exception:  # noqa: BLE001 - damaged by an earlier change
        return damaged(content, [content], rng)
    compressed = False
    name = list(files)[rng.integers(len(files))]
    match rng.integers(10):
        case 0 | 1 | 2:
            text = change_json(json.dumps(lab, indent=1).encode(), rng)
            return zipped({LAB_FILE: text, **files}, compressed=False)
        case 8 | 9:
            _change_figures(lab, rng)
        case 3:
            files[name] = damaged(files[name], list(files.values()), rng)
        case 4:
            files[name] = _other_array(files[name], rng)
        case 5:
            files[str(rng.choice(["model.tflite", "../a", f"{name}.bak", "weights/"]))] = files[name]
        case 6:
            del files[name]
        case 7:
            compressed = True
    if isinstance(lab, dict) and "sha256" in lab and rng.random() < 0.9:
        lab["sha256"] = {each: sha256(stored) for each, stored in files.items()}
    return zipped({LAB_FILE: json.dumps(lab).encode(), **files}, compressed=compressed)


def _change_figures(lab: object, rng: np.random.Generator) -> None:
    """Another number or text where one is allowed to stand, within its bounds or not."""
    values = (0, 1, 2, 0.5, -1, 1e300, "a", "", "a\u202eb", None, "2 cores", True)
    try:
        figures = lab["figures"]  # type: ignore[index]
        if rng.random() < 0.5:  # what a file may say
            figures["seconds"], lab["name"] = float(rng.integers(1000)), f"7b {rng.integers(100)}"  # type: ignore[index]
            return
        place = [figures, figures["history"][0], lab["settings"], lab][rng.integers(4)]  # type: ignore[index]
        place[list(place)[rng.integers(len(place))]] = values[rng.integers(len(values))]
    except (KeyError, TypeError, IndexError, ValueError):
        return  # damaged by an earlier change


def _other_array(content: bytes, rng: np.random.Generator) -> bytes:
    """Of another type or shape, with other values, or with a pickle in it."""
    try:
        values = np.load(io.BytesIO(content), allow_pickle=False)
    except Exception:  # noqa: BLE001 - damaged by an earlier change
        return content
    match rng.integers(5):
        case 0:
            values = values.T
        case 1:
            values = values.astype(str(rng.choice(["float64", "int8", "complex64", "U9", ">f4"])))
        case 2:
            extremes = np.array([0, 1, -1, np.nan, np.inf, 1e30])
            with np.errstate(invalid="ignore", over="ignore"):
                values = rng.choice(extremes, values.shape).astype(values.dtype)
        case 3:
            values = np.asarray(values[:-1])
        case 4:
            return pickle.dumps(values)
    stream = io.BytesIO()
    np.save(stream, values, allow_pickle=False)
    return stream.getvalue()

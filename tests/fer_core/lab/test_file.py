"""A network as a file: it comes back as it was, and nothing that was changed is used."""

from __future__ import annotations

import dataclasses
import io
import json
import pickle
import stat
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from fer_core.errors import RautError
from fer_core.explanation.grad_cam import GradCam
from fer_core.lab.file import LAB_FILE, file_name, network_file, read_network_file
from fer_core.lab.file_parts import LARGEST_MB, LabFileError, array_bytes
from fer_core.lab.head import head_base
from fer_core.lab.network import LabNetwork
from fer_core.lab.recognizer import LabRecognizer
from fer_core.lab.settings import LabSettingsError
from fer_core.store.folder import find_network, sha256
from tests.lab_networks import head_network, own_network

KERNEL_FILE = "weights/block1_conv1/kernel.npy"


def files_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files: dict[str, bytes], method: int = zipfile.ZIP_STORED, link: str = "") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name)
            if name == link:
                entry.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(entry, content, method)
    return stream.getvalue()


def changed(
    network: LabNetwork,
    files: dict[str, bytes | None] | None = None,
    change: Callable[[dict[str, Any]], object] = lambda lab: None,
) -> bytes:
    """The file with other entries, whose checksums are put right; None takes one away."""
    parts: dict[str, bytes] = files_of(network_file(network))
    lab = json.loads(parts[LAB_FILE])
    for name, content in (files or {}).items():
        if content is None:
            del parts[name], lab["sha256"][name]
        else:
            parts[name] = content
            lab["sha256"][name] = sha256(content)
    change(lab)
    return packed({**parts, LAB_FILE: json.dumps(lab).encode()})


def same(a: LabNetwork, b: LabNetwork) -> bool:
    answers = [(x.figures.test, x.figures.frames, *(c.answers for c in x.figures.conditions)) for x in (a, b)]
    return (
        (a.name, a.settings, a.made, a.base, a.checksum) == (b.name, b.settings, b.made, b.base, b.checksum)
        and set(a.weights) == set(b.weights)
        and all(np.array_equal(a.weights[name], b.weights[name]) for name in a.weights)
        and len(answers[0]) == len(answers[1])
        and all(
            (x is None) == (y is None)
            and (x is None or y is None or np.array_equal(x.probabilities, y.probabilities))
            for x, y in zip(*answers, strict=True)
        )
        and all(
            getattr(a.figures, name) == getattr(b.figures, name)
            for name in ("history", "learnt", "kept_epoch", "seconds", "machine", "end")
        )
    )


def test_a_network_comes_back_as_it_was_and_is_written_alike_every_time() -> None:
    network = own_network()
    content = network_file(network)
    loaded = read_network_file(content)
    assert loaded.content is None and loaded.base is None, "it is built anew by the worker"
    assert loaded.build_task().settings == network.settings
    again = loaded.network("9", b"built here")
    assert same(again, network) and again.from_file and again.id == "9" and again.content == b"built here"
    assert content == network_file(network) == network_file(again)
    assert file_name(network) == "raut-lab-7b-2026-11-28.zip"


def test_numbers_that_are_none_come_back_as_such() -> None:
    network = own_network()
    row = {**network.figures.history[0], "val_loss": float("nan"), "val_accuracy": float("nan")}
    figures = dataclasses.replace(network.figures, history=(row, *network.figures.history[1:]))
    loaded = read_network_file(network_file(dataclasses.replace(network, figures=figures)))
    assert np.isnan(loaded.figures.history[0]["val_loss"]) and loaded.figures.history[0]["loss"] == 1.0


def test_a_name_that_is_too_long_or_cannot_be_shown_is_saved_so_that_it_can_be_loaded() -> None:
    loaded = read_network_file(network_file(own_network(name="\u202e a" * 300)))
    assert loaded.name.startswith("a a a") and len(loaded.name) <= 200
    assert read_network_file(network_file(own_network(name=""))).name == "–"


def test_a_head_comes_back_with_its_base_and_answers_and_gives_maps_as_before(faces_gray: np.ndarray) -> None:
    network = head_network()
    loaded = read_network_file(network_file(network))
    assert loaded.content is not None
    again = loaded.network("9", loaded.content)
    assert same(again, network)
    assert np.array_equal(
        LabRecognizer(again).predict(faces_gray), LabRecognizer(network).predict(faces_gray)
    )
    cam = GradCam(again.content, again.labels, again.name)
    assert cam.heat(faces_gray[0], again.labels[1]).shape == (48, 48)


def small(lab: dict[str, Any]) -> None:
    lab["settings"]["architecture"]["blocks"][0]["channels"] = 8


def bytes_of(values: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.save(stream, values, allow_pickle=True)
    return stream.getvalue()


OWN = own_network()
KERNEL = OWN.weights["block1_conv1/kernel"]
PROBABILITIES = OWN.figures.test.probabilities
TAMPERED: dict[str, tuple[Callable[[], bytes], str]] = {
    "another shape": (
        lambda: changed(OWN, {KERNEL_FILE: array_bytes(KERNEL[..., :2])}),
        "do not fit each other",
    ),
    "another type": (
        lambda: changed(OWN, {KERNEL_FILE: bytes_of(KERNEL.astype(np.float64))}),
        "do not fit each other",
    ),
    "settings of another network": (lambda: changed(OWN, change=small), "do not fit each other"),
    "a value that is no number": (
        lambda: changed(OWN, {KERNEL_FILE: array_bytes(np.full_like(KERNEL, np.nan))}),
        "values that are no numbers",
    ),
    "a value beyond all measure": (
        lambda: changed(OWN, {KERNEL_FILE: array_bytes(np.full_like(KERNEL, 1e30))}),
        "weights that no training gives",
    ),
    "a variance below 0": (
        lambda: changed(
            OWN, {"weights/block1_norm1/moving_variance.npy": array_bytes(np.full(4, -1, np.float32))}
        ),
        "weights that no training gives",
    ),
    "a pickle in an array": (
        lambda: changed(OWN, {KERNEL_FILE: bytes_of(np.array([{"a": 1}], dtype=object))}),
        "do not fit each other",
    ),
    "a pickle in place of an array": (
        lambda: changed(OWN, {KERNEL_FILE: pickle.dumps(KERNEL)}),
        "damaged or was changed",
    ),
    "values that are not all there": (
        lambda: changed(OWN, {KERNEL_FILE: array_bytes(KERNEL)[:-4]}),
        "damaged or was changed",
    ),
    "an entry more": (
        lambda: changed(OWN, {"model.tflite": b"TFL3"}),
        "does not belong in it (model.tflite)",
    ),
    "an entry out of the folder": (
        lambda: changed(OWN, {"../../escaped": b"x"}),
        "does not belong in it (../../escaped)",
    ),
    "an entry less": (
        lambda: changed(OWN, {KERNEL_FILE: None}),
        f"missing in this file of a network ({KERNEL_FILE})",
    ),
    "a changed byte": (
        lambda: packed({**files_of(network_file(OWN)), KERNEL_FILE: array_bytes(KERNEL + np.float32(1))}),
        f"damaged or was changed ({KERNEL_FILE})",
    ),
    "weights of another network": (
        lambda: changed(OWN, {KERNEL_FILE: array_bytes(KERNEL + np.float32(1))}),
        "damaged or was changed (checksum)",
    ),
    "a zip bomb": (
        lambda: packed({**files_of(network_file(OWN)), KERNEL_FILE: bytes(10**8)}, zipfile.ZIP_DEFLATED),
        "damaged or was changed",
    ),
    "a link": (lambda: packed(files_of(network_file(OWN)), link=KERNEL_FILE), f"changed ({KERNEL_FILE})"),
    "too large": (lambda: bytes(LARGEST_MB * 1_000_000 + 1), "at most 16 MB"),
    "no zip": (lambda: b"\x89PNG", "no network of the lab"),
    "another zip": (lambda: packed({"a.txt": b"a"}), "no network of the lab"),
    "thousands of entries": (
        lambda: packed({f"{number}.npy": b"" for number in range(3000)}),
        "damaged or was changed",
    ),
    "no JSON": (lambda: packed({**files_of(network_file(OWN)), LAB_FILE: b"{"}), "changed (lab.json)"),
    "a later version": (
        lambda: changed(OWN, change=lambda lab: lab.update(version=2, raut_version="9.1")),
        "saved by a newer Raut (9.1)",
    ),
    "another format": (lambda: changed(OWN, change=lambda lab: lab.update(format="x")), "changed (lab.json)"),
    "control signs in a class name": (
        lambda: changed(OWN, change=lambda lab: lab["settings"].update(classes=["a\u202eb", "b", "c"])),
        "signs that cannot be shown",
    ),
    "five thousand epochs": (
        lambda: changed(OWN, change=lambda lab: lab["settings"].update(epochs=5000)),
        "“epochs” must lie between 1 and 100",
    ),
    "half an epoch": (
        lambda: changed(OWN, change=lambda lab: lab["settings"].update(epochs=2.5)),
        "changed (epochs)",
    ),
    "true for a number": (
        lambda: changed(OWN, change=lambda lab: lab["settings"].update(per_class=True)),
        "changed (per_class)",
    ),
    "a setting more": (
        lambda: changed(OWN, change=lambda lab: lab["settings"].update(code="x")),
        "changed (settings)",
    ),
    "a network beyond the bounds": (
        lambda: changed(
            OWN,
            change=lambda lab: (
                lab["settings"]["architecture"].update(ending="flatten", dense_units=[512, 512])
                or lab["settings"]["architecture"].update(blocks=[{"channels": 128, "convolutions": 1}])
            ),
        ),
        "the lab takes at most 3000000",
    ),
    "an accuracy that is claimed": (
        lambda: changed(OWN, change=lambda lab: lab["figures"].update(accuracy=1.0)),
        "changed (figures)",
    ),
    "probabilities that are none": (
        lambda: changed(OWN, {"answers/test/probabilities.npy": array_bytes(PROBABILITIES * np.float32(2))}),
        "answers in this file of a network are none",
    ),
    "a class that is none": (
        lambda: changed(OWN, {"answers/test/true.npy": array_bytes(np.array([0, 0, 1, 1, 2, 3]))}),
        "answers in this file of a network are none",
    ),
    "answers to other faces": (
        lambda: changed(OWN, {"answers/test/true.npy": array_bytes(np.zeros(5, np.int64))}),
        "do not fit each other",
    ),
    "a history without an epoch": (
        lambda: changed(OWN, change=lambda lab: lab["figures"].update(history=[])),
        "changed (history)",
    ),
    "an accuracy above 1": (
        lambda: changed(OWN, change=lambda lab: lab["figures"]["history"][0].update(accuracy=1.5)),
        "changed (history)",
    ),
    "an end that is none": (
        lambda: changed(OWN, change=lambda lab: lab["figures"].update(end="won")),
        "changed (end)",
    ),
    "a day that is none": (
        lambda: changed(OWN, change=lambda lab: lab.update(made="soon")),
        "changed (made)",
    ),
    "a base for a network from scratch": (
        lambda: changed(OWN, change=lambda lab: lab.update(base={"id": "raut", "sha256": "0"})),
        "changed (base)",
    ),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_what_was_changed_is_refused_with_a_sentence(what: str) -> None:
    content, sentence = TAMPERED[what]
    with pytest.raises((LabFileError, LabSettingsError)) as refused:
        read_network_file(content())
    assert sentence in str(refused.value)


def test_a_head_on_another_base_is_refused_with_a_sentence() -> None:
    network = head_network()
    for name, checksum in ((find_network().id, "0" * 64), ("../models", head_base().checksum), ("gone", "")):
        content = changed(network, change=lambda lab: lab.update(base={"id": name, "sha256": checksum}))  # noqa: B023
        with pytest.raises(LabFileError, match="which this Raut has not, or has in another version"):
            read_network_file(content)


@pytest.mark.parametrize("place", range(0, 4000, 97))
def test_a_bit_that_fell_over_is_found(place: int) -> None:
    content = bytearray(network_file(OWN))
    content[place % len(content)] ^= 0x10
    try:
        loaded = read_network_file(bytes(content))
    except RautError as error:
        assert str(error)
    else:  # in what a zip says of times and systems
        assert same(loaded.network("1", b""), OWN)

"""One training in several processes, and one recipe under several backends."""

from __future__ import annotations

import io
import os
import socket
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from fer_core.cli import main
from fer_core.errors import TrainingError
from fer_core.training.augmentation import MODERATE, Augmentation
from fer_core.training.backends import data_parallel
from fer_core.training.backends.rendezvous import (
    RUN_FOLDER,
    Cluster,
    listening_address,
    wait_for_all_processes,
)
from fer_core.training.batches import AugmentedBatches, BatchShard, choice_batches, epoch_batches
from fer_core.training.checkpoints import BEST_FILE, STATE_FILE, checkpoint_file
from fer_core.training.fit import best_network

from .job import RECIPE, answer, some_inputs, start, uneven_faces


def free_address() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"127.0.0.1:{listener.getsockname()[1]}"


# --- sharing a batch -----------------------------------------------------------------------------------


@pytest.mark.parametrize("mixing", [0.0, 0.75])
@pytest.mark.parametrize("augmentation", [MODERATE, Augmentation()], ids=["augmented", "plain"])
def test_the_shares_of_all_processes_are_the_batch_of_one(augmentation: Augmentation, mixing: float) -> None:
    faces = uneven_faces(40, 3)
    targets = [np.eye(7, dtype=np.float32)[faces.labels], faces.votes]

    def batches(share: BatchShard) -> Any:
        changed = AugmentedBatches(faces.faces_gray, targets, 16, augmentation, 1, mixing, share)
        return epoch_batches(changed, 2, face_size=24)

    whole = batches(BatchShard())[1]
    first, second = batches(BatchShard(0, 1, 4))[1], batches(BatchShard(1, 4, 4))[1]
    assert (len(first[0]), len(second[0])) == (4, 12)
    np.testing.assert_array_equal(np.concatenate([first[0], second[0]]), whole[0])
    for head in range(2):
        np.testing.assert_array_equal(np.concatenate([first[1][head], second[1][head]]), whole[1][head])
        np.testing.assert_array_equal(np.concatenate([first[2][head], second[2][head]]), whole[2][head])


def test_faces_that_fill_up_the_last_batch_weigh_nothing() -> None:
    faces = uneven_faces(7, 3)
    targets = [np.eye(7, dtype=np.float32)[faces.labels]]
    batches, padded = choice_batches(faces.faces_gray, targets, batch_size=4, shard=BatchShard(1, 2, 2))
    assert (len(batches), padded) == (2, 8)
    inputs, chosen, weights = batches[1]  # faces 6 and 7, of which there is only the first
    np.testing.assert_array_equal(inputs[0, ..., 0], faces.faces_gray[6])
    assert weights.tolist() == [1.0, 0.0]
    assert not inputs[1].any() and not chosen[1].any()


# --- finding each other --------------------------------------------------------------------------------


def meetings(clusters: list[Cluster], facts: list[dict[str, str | int]]) -> list[str]:
    """What each process is told; an empty text where it may begin."""
    told = [""] * len(clusters)

    def one(position: int) -> None:
        try:
            wait_for_all_processes(clusters[position], facts[position])
        except TrainingError as error:
            told[position] = str(error)

    threads = [threading.Thread(target=one, args=(position,)) for position in range(len(clusters))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def test_processes_that_agree_begin_in_whatever_order_they_come() -> None:
    address = free_address()
    clusters = [Cluster(3, index, address, wait_seconds=20) for index in (2, 0, 1)]
    assert meetings(clusters, [{"--seed": 1, RUN_FOLDER: 4}] * 3) == ["", "", ""]


@pytest.mark.parametrize(
    ("theirs", "told"),
    [
        ({"--seed": 2, RUN_FOLDER: 0}, "Process 1 was started otherwise than process 0 (--seed)"),
        ({"--seed": 1, RUN_FOLDER: 5}, "Process 1 finds 5 complete epochs in its run folder, process 0 finds 0"),
    ],
)  # fmt: skip
def test_processes_that_differ_are_all_told_in_what(theirs: dict[str, str | int], told: str) -> None:
    address = free_address()
    clusters = [Cluster(2, index, address, wait_seconds=20) for index in (0, 1)]
    first, second = meetings(clusters, [{"--seed": 1, RUN_FOLDER: 0}, theirs])
    assert told in first
    assert second == f"Process 0 does not begin this training: {first}"


def test_two_processes_of_one_number_are_refused() -> None:
    address = free_address()
    clusters = [Cluster(3, index, address, wait_seconds=20) for index in (0, 1, 1)]
    told = meetings(clusters, [{"--seed": 1}] * 3)
    assert all("came as --process 1, which is taken" in sentence for sentence in told)


def test_who_does_not_come_is_named_after_the_wait() -> None:
    with pytest.raises(TrainingError, match=r"After 1 s these processes have not come to .*: 1, 2\."):
        wait_for_all_processes(Cluster(3, 0, free_address(), wait_seconds=1), {})


def test_a_process_0_that_is_not_there_gives_a_sentence_with_its_address() -> None:
    address = free_address()
    with pytest.raises(TrainingError, match=f"Process 0 did not answer at {address} within 1 s"):
        wait_for_all_processes(Cluster(2, 1, address, wait_seconds=1), {})


@pytest.mark.parametrize(
    ("coordinator", "listens"),
    [
        ("localhost:7", "127.0.0.1:7"), ("192.168.1.10:7", "0.0.0.0:7"), ("[::1]:7", "[::1]:7"), ("[fd00::5]:7", "[::]:7"),
    ],
)  # fmt: skip
def test_process_0_listens_where_the_others_come_from(coordinator: str, listens: str) -> None:
    assert listening_address(Cluster(2, 0, coordinator)) == listens


def test_an_address_that_is_taken_gives_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(TrainingError, match=f"cannot listen at {address} .* another port"):
            wait_for_all_processes(Cluster(2, 0, address, wait_seconds=1), {})


def test_somebody_else_at_the_port_does_not_disturb() -> None:
    address = free_address()
    host, port = address.split(":")
    told: list[str] = []

    def come(index: int) -> None:
        told.extend(meetings([Cluster(2, index, address, wait_seconds=20)], [{}]))

    first = threading.Thread(target=come, args=(0,))
    first.start()
    for text in (b"GET / HTTP/1.1\r\n\r\n", b"[1]\n", b'{"process": "x", "facts": {}}\n'):
        with connected((host, int(port))) as stranger:
            stranger.sendall(text)
    come(1)
    first.join()
    assert told == ["", ""]


def connected(address: tuple[str, int]) -> socket.socket:
    """A connection, as soon as somebody listens there."""
    deadline = time.monotonic() + 20
    while True:
        try:
            return socket.create_connection(address, timeout=2)
        except OSError:
            assert time.monotonic() < deadline, "nobody listens"
            time.sleep(0.01)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--processes", "2", "--process", "2", "--coordinator", "127.0.0.1:29500"], "from 0 to one below"),
        (["--processes", "2", "--process", "-1", "--coordinator", "127.0.0.1:29500"], "from 0 to one below"),
        (["--processes", "2"], "need the address of process 0"),
        (["--processes", "2", "--coordinator", "127.0.0.1"], "Received: “127.0.0.1”"),
        (["--processes", "2", "--coordinator", "127.0.0.1:99999"], "Received: “127.0.0.1:99999”"),
        (["--process", "1"], "go with --processes"),
        (["--processes", "2", "--coordinator", "127.0.0.1:29500"], "KERAS_BACKEND to jax"),
    ],
)
def test_options_that_do_not_go_together_give_one_sentence(
    arguments: list[str], told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KERAS_BACKEND", "tensorflow")
    assert main(["train", "raut-compact", *arguments]) == 1
    shown = capsys.readouterr().err.strip()
    assert told in shown and len(shown.splitlines()) == 1


def test_without_jax_several_processes_are_refused_with_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(data_parallel.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(TrainingError, match="make distributed"):
        data_parallel.require_jax()


# --- training ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def run_under_jax(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Path, list[dict[str, float]]]]:
    """One process under JAX: one epoch, then taken up again for the second."""
    run_dir = tmp_path_factory.mktemp("jax") / "run"
    # What one process compiles, all others of these tests take over.
    os.environ["JAX_COMPILATION_CACHE_DIR"] = str(run_dir.parent / "compiled")
    try:
        yield run_dir, answer(start("jax", run_dir=str(run_dir), epochs=[1, 2]))
    finally:
        del os.environ["JAX_COMPILATION_CACHE_DIR"]


def weights_of(checkpoint: Path) -> dict[str, np.ndarray]:
    """Every array in a checkpoint, by its place in it."""
    arrays: dict[str, np.ndarray] = {}

    def collect(name: str, value: object) -> None:
        if isinstance(value, h5py.Dataset):
            arrays[name] = np.asarray(value)

    with zipfile.ZipFile(checkpoint) as archive:
        stored = io.BytesIO(archive.read("model.weights.h5"))
    with h5py.File(stored) as file:
        file.visititems(collect)
    return arrays


@pytest.mark.slow
def test_two_processes_make_the_network_of_one(
    run_under_jax: tuple[Path, list[dict[str, float]]], tmp_path: Path
) -> None:
    """And the one process was stopped after an epoch and resumed, the two were not.

    Same faces, same dropout, so only the order of sums differs, in the last of float32's seven digits. After
    eight steps losses and moments agree to 1e-5; weights to 2e-4 of the largest, because Adam divides small
    gradients by their own size. Halves of a batch that were normalised apart would change variances by
    1e-2, and halves that learnt apart would end as two networks.
    """
    address = free_address()
    clusters = [{"processes": 2, "index": index, "coordinator": address} for index in (0, 1)]
    # Only process 0 writes, so the other one may have a folder of its own.
    folders = [tmp_path / "first", tmp_path / "second"]
    processes = [
        start("jax", run_dir=str(folder), epochs=[2], cluster=cluster)
        for folder, cluster in zip(folders, clusters, strict=True)
    ]
    histories = [answer(process) for process in processes]
    single_dir, single = run_under_jax
    for history in histories:
        assert len(history) == len(single) == 2
        for row, expected in zip(history, single, strict=True):
            for name in set(row) - {"seconds"}:
                assert row[name] == pytest.approx(expected[name], rel=1e-4, abs=1e-9), name
    names = {path.name for path in folders[0].iterdir()}
    assert names == {BEST_FILE, STATE_FILE, "checkpoint-0001.keras", "checkpoint-0002.keras"}
    assert list(folders[1].iterdir()) == []
    ours, theirs = (weights_of(checkpoint_file(folder, 2)) for folder in (folders[0], single_dir))
    assert ours.keys() == theirs.keys()
    moments = 0
    for name, values in ours.items():
        if values.dtype == np.float32 and values.size:
            # The third and fourth of a normalisation: mean and variance as they went by.
            moment = "batch_normalization" in name and name.endswith(("/vars/2", "/vars/3"))
            moments += moment
            scale = float(np.abs(theirs[name]).max())
            off = float(np.abs(values - theirs[name]).max())
            assert off <= (1e-4 if moment else 1e-2) * scale + 1e-9, name
    assert moments >= 6


@pytest.mark.slow
def test_a_recipe_trained_and_resumed_under_jax_gives_the_same_outputs_under_tensorflow(
    run_under_jax: tuple[Path, list[dict[str, float]]],
) -> None:
    run_dir, history = run_under_jax
    assert [row["epoch"] for row in history] == [1, 2]
    assert all(np.isfinite(value) for row in history for value in row.values())
    assert history[-1]["learning_rate"] == pytest.approx(0.0, abs=1e-6)  # the schedule went on and has ended
    ours = [np.asarray(output) for output in best_network(RECIPE, run_dir)(some_inputs())]
    theirs = np.array(answer(start("jax", run_dir=str(run_dir), predict=True)))
    np.testing.assert_allclose(np.concatenate(ours, axis=1), theirs, atol=1e-4)

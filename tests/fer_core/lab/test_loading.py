"""A network of a file joins a desk: it waits for its turn as a training does, and its LiteRT file is built here."""

from __future__ import annotations

import os
from collections.abc import Iterator
from multiprocessing.connection import Connection

import pytest

from fer_core.errors import RautError
from fer_core.lab.desk import Desk, DeskError
from fer_core.lab.file import network_file
from fer_core.lab.file_parts import LabFileError
from fer_core.lab.queue import Queue
from fer_core.lab.workers import Workers
from tests.fer_core.lab import fake_work
from tests.lab_networks import own_network

SOON_S = 60.0
"""A process of this kind starts within a second; the computer may be busy."""


@pytest.fixture
def workers() -> Iterator[Workers]:
    made = Workers(fake_work.work)
    yield made
    made.dismiss()


def test_a_network_from_scratch_waits_for_its_turn_is_built_and_used(workers: Workers) -> None:
    queue = Queue()
    other = queue.enter()
    desk = Desk(queue, workers)
    saved = own_network(content=b"of another computer")
    loading = desk.load(network_file(saved))
    assert (loading.running, loading.position, desk.networks) == (True, 1, [])
    with pytest.raises(DeskError):
        desk.load(network_file(saved))
    other.leave()
    assert loading.wait(SOON_S)
    (network,) = desk.networks
    assert loading.network is network and desk.network_in_use is network
    assert network.content == b"built anew", "a LiteRT file never comes from outside"
    assert network.from_file and network.checksum == saved.checksum
    assert (network.id, network.name) == ("lab:1", "7b")
    assert queue.enter().position == 0, "it has left the queue"


def test_a_file_that_was_changed_is_refused_and_the_desk_stays_as_it_was(workers: Workers) -> None:
    desk = Desk(Queue(), workers)
    file = bytearray(network_file(own_network()))
    file[len(file) // 2] ^= 1
    with pytest.raises(LabFileError):
        desk.load(bytes(file))
    assert desk.loading is None and not desk.networks


def test_who_leaves_while_it_waits_gets_nothing(workers: Workers) -> None:
    queue = Queue()
    other = queue.enter()
    desk = Desk(queue, workers)
    loading = desk.load(network_file(own_network()))
    desk.erase()
    assert loading.wait(SOON_S)
    assert not desk.networks and loading.network is None
    other.leave()
    assert queue.enter().position == 0


def dies(connection: Connection) -> None:
    connection.recv()
    os._exit(1)


def test_a_process_that_dies_gives_a_sentence() -> None:
    workers, queue = Workers(dies), Queue()
    desk = Desk(queue, workers)
    loading = desk.load(network_file(own_network()))
    assert loading.wait(SOON_S)
    assert isinstance(loading.error, RautError) and "could not be built" in str(loading.error)
    assert not desk.networks and queue.enter().position == 0
    workers.dismiss()

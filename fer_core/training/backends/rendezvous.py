"""Processes of one training find each other and agree before JAX connects them.

JAX ends a process with a dump of its stack where another one does not come or does not answer. So they meet
here first, at the address that JAX takes over: process 0 waits for the others, compares what each was
started with, and lets all begin, or tells each why not. One line of JSON either way.
"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fer_core.errors import N_, TrainingError

WAIT_SECONDS = 300.0
LINE_BYTES = 65536
PAUSE_SECONDS = 0.2
RUN_FOLDER = "epochs in the run folder"
"""The fact that has an error message of its own where it differs, because the remedy is another one."""


@dataclass(frozen=True)
class Cluster:
    """One process of a training that runs in several.

    Attributes:
        processes: how many there are in all.
        index: which one this is; process 0 is the one that writes.
        coordinator: HOST:PORT at which process 0 is reached; needed by two or more.
        wait_seconds: how long the processes wait for each other at the beginning.

    Raises:
        TrainingError: these values do not go together.
    """

    processes: int
    index: int
    coordinator: str = ""
    wait_seconds: float = WAIT_SECONDS

    def __post_init__(self) -> None:
        if self.processes < 1 or not 0 <= self.index < self.processes:
            raise TrainingError(
                N_("--process counts from 0 to one below --processes. Received: --process {index} of "
                   "--processes {processes}."),
                index=self.index,
                processes=self.processes,
            )  # fmt: skip
        if self.processes > 1:
            self.address  # noqa: B018 - raises where it is none

    @property
    def writes(self) -> bool:
        """Process 0 writes the run folder and shows how far the training is."""
        return self.index == 0

    @property
    def address(self) -> tuple[str, int]:
        """Host and port of process 0."""
        host, _, port = self.coordinator.rpartition(":")
        if not host or not port.isdecimal() or not 0 < int(port) < 65536:
            raise TrainingError(
                N_("Several processes need the address of process 0, such as --coordinator 192.168.1.10:29500. "
                   "Received: “{received}”."),
                received=self.coordinator,
            )  # fmt: skip
        return host.strip("[]"), int(port)


def wait_for_all_processes(cluster: Cluster, facts: Mapping[str, str | int]) -> None:
    """Wait until all processes have connected and were found to be started with the same facts.

    Args:
        cluster: which process this is.
        facts: what has to be the same in all of them, by its name in an error message.

    Raises:
        TrainingError: somebody did not come in time, came twice, or differs.
    """
    if cluster.processes == 1:
        return
    deadline = time.monotonic() + cluster.wait_seconds
    if cluster.index == 0:
        _receive_all(cluster, dict(facts), deadline)
    else:
        _report(cluster, dict(facts), deadline)


def listening_address(cluster: Cluster) -> str:
    """HOST:PORT at which process 0 listens: this machine alone if the others are on it, else any network."""
    host, port = cluster.address
    if host in ("localhost", "127.0.0.1"):
        return f"127.0.0.1:{port}"
    if ":" in host:
        return f"[::1]:{port}" if host == "::1" else f"[::]:{port}"
    return f"0.0.0.0:{port}"


def _receive_all(cluster: Cluster, facts: dict[str, str | int], deadline: float) -> None:
    host, port = listening_address(cluster).rsplit(":", 1)
    family = socket.AF_INET6 if host.startswith("[") else socket.AF_INET
    try:
        listener = socket.create_server((host.strip("[]"), int(port)), family=family)
    except OSError as error:
        raise TrainingError(
            N_("Process 0 cannot listen at {address} ({reason}). Choose another port with --coordinator."),
            address=cluster.coordinator,
            reason=error.strerror or type(error).__name__,
        ) from error
    arrived: dict[int, socket.socket] = {}
    with listener:
        try:
            try:
                while len(arrived) < cluster.processes - 1:
                    _receive_one(listener, cluster, facts, arrived, deadline)
            except TrainingError as error:
                for connection in arrived.values():
                    _send(connection, {"refused": str(error)})
                raise
            for connection in arrived.values():
                _send(connection, {"refused": None})
        finally:
            for connection in arrived.values():
                connection.close()


def _receive_one(
    listener: socket.socket,
    cluster: Cluster,
    facts: dict[str, str | int],
    arrived: dict[int, socket.socket],
    deadline: float,
) -> None:
    listener.settimeout(max(0.001, deadline - time.monotonic()))
    try:
        connection, _ = listener.accept()
    except TimeoutError:
        missing = sorted(set(range(1, cluster.processes)) - set(arrived))
        raise TrainingError(
            N_("After {seconds} s these processes have not come to {address}: {missing}. Start the same "
               "command for each, with its own --process."),
            seconds=f"{cluster.wait_seconds:.0f}",
            address=cluster.coordinator,
            missing=", ".join(map(str, missing)),
        ) from None  # fmt: skip
    try:
        message = _receive(connection)
        index, theirs = int(message["process"]), dict(message["facts"])
    except (OSError, ValueError, KeyError, TypeError):  # somebody else who tried the port
        connection.close()
        return
    taken = index in arrived or not 0 < index < cluster.processes
    arrived[-1 - len(arrived) if taken else index] = connection  # answered in any case
    if taken:
        raise TrainingError(
            N_("A process came as --process {index}, which is taken or is none of --processes {processes}. "
               "Give each a number of its own."),
            index=index,
            processes=cluster.processes,
        )  # fmt: skip
    differing = [name for name, value in facts.items() if theirs.get(name) != value]
    if differing == [RUN_FOLDER]:
        raise TrainingError(
            N_("Process {index} finds {theirs} complete epochs in its run folder, process 0 finds {ours}. Let "
               "--run-dir be a folder that all of them share, or copy that of process 0 to each machine."),
            index=index,
            theirs=theirs.get(RUN_FOLDER, "?"),
            ours=facts[RUN_FOLDER],
        )  # fmt: skip
    if differing:
        raise TrainingError(
            N_("Process {index} was started otherwise than process 0 ({differing}). Start the same command on "
               "the same data in each; only --process differs. Where computers differ, name --precision."),
            index=index,
            differing=", ".join(differing),
        )  # fmt: skip


def _report(cluster: Cluster, facts: dict[str, str | int], deadline: float) -> None:
    reason = "timed out"
    while time.monotonic() < deadline:
        try:
            # Connecting may take a while, or be refused until process 0 is there.
            with socket.create_connection(cluster.address, timeout=5.0) as connection:
                _send(connection, {"process": cluster.index, "facts": facts})
                answer = _receive(connection, max(0.001, deadline - time.monotonic()))
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
            time.sleep(PAUSE_SECONDS)
            continue
        if answer.get("refused") is not None:
            raise TrainingError(
                N_("Process 0 does not begin this training: {reason}"), reason=str(answer["refused"])
            )
        return
    raise TrainingError(
        N_("Process 0 did not answer at {address} within {seconds} s ({reason}). Start it as well, with "
           "--process 0, and check address and firewall."),
        address=cluster.coordinator,
        seconds=f"{cluster.wait_seconds:.0f}",
        reason=reason,
    )  # fmt: skip


def _send(connection: socket.socket, message: dict[str, object]) -> None:
    try:
        connection.sendall(json.dumps(message).encode() + b"\n")
    except OSError:  # whoever is gone will notice by itself
        return


def _receive(connection: socket.socket, timeout: float = 5.0) -> dict[str, Any]:
    connection.settimeout(timeout)
    with connection.makefile("rb") as stream:
        message = json.loads(stream.readline(LINE_BYTES))
    if not isinstance(message, dict):
        raise ValueError(f"Expected an object. Received: {type(message).__name__}")
    return message

"""Data-parallel training on several devices or machines: `keras.distribution` under JAX, an optional extra.

Every process runs the same command and computes its shard of the same batches; JAX adds up the gradients,
and batch normalisation and losses are those of the whole batch, so the result is that of one process.
"""

from __future__ import annotations

import atexit
import importlib.util
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from fer_core.errors import N_, TrainingError
from fer_core.training.backends.rendezvous import Cluster, listening_address, wait_for_all_processes
from fer_core.training.batches import BatchShard


def require_jax() -> None:
    """Check that Keras computes with JAX, before anything is loaded that would find out with a traceback.

    Raises:
        TrainingError: JAX is not installed, or Keras has another backend.
    """
    if importlib.util.find_spec("jax") is None:
        raise TrainingError(
            N_("Training in several processes needs JAX. Install it with: make distributed"),
        )
    if os.environ.get("KERAS_BACKEND", "jax") == "jax":
        import keras

        backend = keras.backend.backend()
    else:
        backend = os.environ["KERAS_BACKEND"]
    if backend != "jax":
        raise TrainingError(
            N_("Training in several processes needs Keras on JAX, but it is on {backend}. Set the environment "
               "variable KERAS_BACKEND to jax."),
            backend=backend,
        )  # fmt: skip


@contextmanager
def data_parallel_training(
    cluster: Cluster, facts: Mapping[str, str | int], batch: int
) -> Iterator[BatchShard]:
    """Inside, networks are built and trained on all devices of all processes.

    Args:
        cluster: which process this is.
        facts: what has to be the same in all processes.
        batch: faces in a batch of the recipe.

    Yields:
        The part of each batch that this process makes.

    Raises:
        TrainingError: the processes do not find each other or do not agree, the batch does not go evenly into
            the devices, or, later, another process has gone.
    """
    import jax
    import keras

    wait_for_all_processes(cluster, facts)
    if cluster.processes > 1 and not jax.distributed.is_initialized():
        # XLA's processors add up over the network only with this one.
        jax.config.update("jax_cpu_collectives_implementation", "gloo")
        # JAX would listen on every network also where all processes are on one machine.
        os.environ.setdefault("JAX_COORDINATOR_BIND_ADDRESS", listening_address(cluster))
        keras.distribution.initialize(cluster.coordinator, cluster.processes, cluster.index)
    shard = _own_shard()
    if batch % shard.devices:
        raise TrainingError(
            N_("A batch of {batch} faces cannot be shared evenly by {devices} devices. Use a number of "
               "processes that divides it."),
            batch=batch,
            devices=shard.devices,
        )  # fmt: skip
    # Each process makes only its own part of a batch, so there is nothing left to divide.
    parallel = keras.distribution.DataParallel(auto_shard_dataset=False)
    try:
        with parallel.scope():
            yield shard
    except BaseException as error:
        if cluster.processes > 1:
            # Before it lets a process end, JAX waits minutes for the others, and dumps its stack if they are
            # gone. What is registered last comes first.
            atexit.register(_exit_at_once)
        # Between processors JAX passes on a plain ValueError of gloo's, depending on where it stood.
        of_others = isinstance(error, jax.errors.JaxRuntimeError) or "Gloo" in str(error)
        if cluster.processes == 1 or not of_others or "RESOURCE_EXHAUSTED" in str(error):
            raise
        raise TrainingError(
            N_("Another process of this training has stopped, or the connection between them is down "
               "({reason}). Start all of them again with --resume: all complete epochs are kept."),
            reason=str(error).splitlines()[0][:200],
        ) from error  # fmt: skip


@contextmanager
def without_distribution() -> Iterator[None]:
    """Inside, what Keras makes stays in this process, so that one of several can save alone.

    Saving makes a second optimiser, and with it variables, which all processes would have to make.
    """
    import keras

    distribution = keras.distribution.distribution()
    keras.distribution.set_distribution(None)
    try:
        yield
    finally:
        keras.distribution.set_distribution(distribution)


def _exit_at_once() -> None:
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(1)


def _own_shard() -> BatchShard:
    """The shard of this process: the positions of its devices among all of them."""
    import jax

    positions = [
        position
        for position, device in enumerate(jax.devices())
        if device.process_index == jax.process_index()
    ]
    return BatchShard(positions[0], positions[-1] + 1, len(jax.devices()))

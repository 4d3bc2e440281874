"""The computer that Raut runs on: its description, what this process takes of its memory, and giving some back."""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path


def versions_of(packages: Iterable[str]) -> dict[str, str]:
    """The versions of Python and of those of the packages that are installed here."""
    versions = {"python": platform.python_version()}
    for package in packages:
        with contextlib.suppress(PackageNotFoundError):
            versions[package] = version(package)
    return versions


def processor_name() -> str:
    """The processor as its maker calls it, else its kind: "AMD EPYC", "arm64"."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:  # not Linux
        pass
    return platform.processor() or platform.machine()


def machine_description() -> str:
    """Processor, cores, GPUs where it computes on them, and backend, for the history of a training."""
    import keras

    backend = keras.backend.backend()
    parts = [processor_name(), f"{os.cpu_count()} cores", *_gpu_names(backend), platform.system()]
    return ", ".join([*parts, f"Keras {keras.__version__} on {backend}"])


def names_a_gpu(description: str) -> bool:
    """Whether what `machine_description` said of a computer names a GPU, between its cores and its system."""
    parts = description.split(", ")
    cores = [index for index, part in enumerate(parts) if part.endswith(" cores")]
    return bool(cores) and len(parts) - cores[-1] > 3


def _gpu_names(backend: str) -> list[str]:
    """Names of the GPUs that a backend computes on."""
    if backend == "jax":
        import jax

        return [device.device_kind for device in jax.local_devices() if device.platform != "cpu"]
    if backend == "torch":
        import torch

        return [torch.cuda.get_device_name(index) for index in range(torch.cuda.device_count())]
    import tensorflow as tf

    details = map(tf.config.experimental.get_device_details, tf.config.list_physical_devices("GPU"))
    return [str(each.get("device_name", "GPU")) for each in details]


def resident_mb() -> float | None:
    """Memory that this process has resident, in MB of 10^6 bytes; None where there is no `/proc`."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except OSError:
        return None
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def release_free_memory() -> None:
    """Return memory that is free within this process to the system, where the C library can (glibc: Linux).

    Frames of a video are freed and made anew all the time, by several threads, and glibc keeps what they leave:
    analysing twenty minutes of 640x480 went up to 684 MB that way, and stays at 126 with a call every hundred
    frames, of about 1 ms each.
    """
    # Another C library has no such function; Windows has no CDLL(None).
    with contextlib.suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)

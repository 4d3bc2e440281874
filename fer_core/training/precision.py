"""The default precision of a training on this computer."""

from __future__ import annotations

from pathlib import Path

from fer_core.training.backends.cuda_graph import cuda_graphs_available

GPU_FILES = ("/dev/nvidiactl", "/proc/driver/nvidia/version")
"""One of them is there where the driver of an NVIDIA GPU is."""


def default_precision() -> str:
    """`mixed_bfloat16` where the processor multiplies in it (AMX or AVX-512's part for it), else `float32`.

    On a computer with an NVIDIA GPU `mixed_bfloat16` under PyTorch, where the GPU has it, else `float32`: on the one
    that was tried, an H100, every training in bfloat16 crashed under JAX and none under PyTorch
    (docs/experiments/gpu-jax.md and gpu-pytorch.md). Whether there is one is asked from its driver's files, because
    JAX takes hold of devices when it is asked for them.

    Two cores, faces a second, `raut-first` with faces of 32 and 48 pixels: AVX-512 585 and 322 against 440 and 213
    in float32. With AMX the paper's smallest network trains 1.9 times as fast.
    """
    if any(Path(file).exists() for file in GPU_FILES):
        if not cuda_graphs_available():
            return "float32"
        import torch

        return "mixed_bfloat16" if torch.cuda.is_bf16_supported() else "float32"
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:  # not Linux: nothing tells without another package
        flags = ""
    return "mixed_bfloat16" if "amx_bf16" in flags or "avx512_bf16" in flags else "float32"

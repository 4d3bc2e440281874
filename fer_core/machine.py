"""What a measurement ran on, in words."""

from __future__ import annotations

import platform
from pathlib import Path


def processor_name() -> str:
    """The processor as its maker calls it, else its kind: "AMD EPYC", "arm64"."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:  # not Linux
        pass
    return platform.processor() or platform.machine()

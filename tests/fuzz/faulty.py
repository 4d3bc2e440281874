"""A decoder with every fault that the harness is there to find."""

from __future__ import annotations

import os
import signal
import time


def corpus() -> list[bytes]:
    return [bytes([kind]) * 3 for kind in range(6)]


def decode(content: bytes) -> bool:
    """A fault by the last byte, which damage leaves in place often enough."""
    match content[-1] if content else 0:
        case 1:
            return False
        case 2:
            raise KeyError("let out")
        case 3:
            os.kill(os.getpid(), signal.SIGSEGV)
        case 4:
            time.sleep(60)
    return True

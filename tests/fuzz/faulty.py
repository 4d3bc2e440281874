"""A decoder with every fault that the harness is there to find."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

TAKEN_MB = 300


def corpus() -> list[bytes]:
    return [bytes([kind]) * 3 for kind in range(8)]


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
        case 5:
            return bool(b"x" * TAKEN_MB * 2**20)
        case 6:
            taking = f"import time; taken = b'x' * {TAKEN_MB} * 2**20; time.sleep(60)"
            subprocess.run([sys.executable, "-c", taking], check=True)
        case 7:
            while True:
                pass
    return True

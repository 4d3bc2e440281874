"""Work that ends its process, for the tests of what happens then. Other processes import it by name."""

from __future__ import annotations

import os
import signal

from fer_core.batch.work import PhotoRows, Settings, analyze_file


def analyze_or_die(path: str, settings: Settings) -> PhotoRows:
    """Like `analyze_file`, but a file called "deadly" ends the process that reads it."""
    if "deadly" in path:
        os.kill(os.getpid(), signal.SIGKILL)
    return analyze_file(path, settings)

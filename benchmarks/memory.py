"""Memory of a program with all that it started."""

from __future__ import annotations

import psutil


def memory_mb(process: psutil.Process) -> float:
    """Of a process and all below it (PSS); 0 where it has ended. What they share counts once."""
    total = 0
    try:
        family = [process, *process.children(recursive=True)]
    except psutil.Error:
        return 0.0
    for each in family:
        try:
            total += each.memory_full_info().pss
        except psutil.Error:
            continue
    return total / 1024**2

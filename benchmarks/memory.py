"""Memory of a program with all that it started."""

from __future__ import annotations

import psutil


def memory_mb(process: psutil.Process) -> float:
    """Of a process and all below it; 0 where it has ended.

    What they share counts once (PSS) on Linux; elsewhere, where nobody tells, once for each of them.
    """
    total = 0
    try:
        family = [process, *process.children(recursive=True)]
    except psutil.Error:
        return 0.0
    for each in family:
        try:
            info = each.memory_full_info()
            total += getattr(info, "pss", info.rss)
        except psutil.Error:
            continue
    return total / 1024**2

"""A clock for what is given one."""

from __future__ import annotations


class Clock:
    """Seconds that stand still but when a test moves them."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s

"""Which figure stands for a network, and which network for a task."""

from __future__ import annotations

from collections.abc import Sequence

from fer_core.errors import RautError
from fer_core.evaluation.report import SplitReport, read_report
from fer_core.store.network import NetworkInfo


def headline_of(info: NetworkInfo) -> SplitReport | None:
    """The split that stands for the network; None where these weights were not evaluated."""
    try:
        report = read_report(info)
    except RautError:
        return None
    return report.headline if report is not None else None


def headline_figure(info: NetworkInfo) -> tuple[str, float, int] | None:
    """Name, accuracy and number of images of that split."""
    part = headline_of(info)
    return (part.name, part.accuracy, part.n) if part is not None else None


def partner(info: NetworkInfo, task: str, offered: Sequence[NetworkInfo]) -> NetworkInfo:
    """The network of that task that goes with this one: its other half, else the best one."""
    return next(
        (one for one in offered if one.id == info.companion_id and one.task == task), best(task, offered)
    )


def best(task: str, offered: Sequence[NetworkInfo]) -> NetworkInfo:
    """The default network of a task, else the one that is right most often, unfinished trainings last.

    Args:
        task: one that `offered` has a network for.
        offered: all networks.
    """

    def quality(info: NetworkInfo) -> tuple[bool, bool, float]:
        figure = headline_figure(info)
        return info.default, info.training.is_finished, figure[1] if figure else -1.0

    return max((info for info in offered if info.task == task), key=quality)

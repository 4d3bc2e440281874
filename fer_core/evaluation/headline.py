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
    wanted = companion_id(info)
    return next((one for one in offered if one.id == wanted and one.task == task), best(task, offered))


def best(task: str, offered: Sequence[NetworkInfo]) -> NetworkInfo:
    """The default network of a task, else the one that is right most often, unfinished trainings last.

    Args:
        task: one that `offered` has a network for.
        offered: all networks.
    """

    def quality(info: NetworkInfo) -> tuple[bool, bool, float]:
        figure = headline_figure(info)
        return info.default, is_finished(info), figure[1] if figure else -1.0

    return max((info for info in offered if info.task == task), key=quality)


def companion_id(info: NetworkInfo) -> str | None:
    """Id of the network that is the other head of the same trunk; None for a network with one head."""
    told = info.metadata.get("companion")
    if isinstance(told, str):
        return told
    pair = (info.recipe.get("id"), _part(info.recipe, "companion").get("id"))
    if info.id not in pair or None in pair:
        return None
    return str(pair[1 - pair.index(info.id)])


def is_finished(info: NetworkInfo) -> bool:
    """All the epochs that were planned were run, or nothing is known about it."""
    training = _part(info.metadata, "training")
    done, planned = training.get("epochs"), training.get("epochs_planned")
    return not (isinstance(done, int) and isinstance(planned, int)) or done >= planned


def _part(metadata: dict[str, object], name: str) -> dict[str, object]:
    part = metadata.get(name)
    return part if isinstance(part, dict) else {}

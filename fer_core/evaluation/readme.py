"""The table of networks in the README, made from the same stores as the cards."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fer_core.errors import NetworkError
from fer_core.evaluation.markdown import UNDEFINED, percent, table
from fer_core.evaluation.report import read_report
from fer_core.evaluation.speed import SpeedReport, read_speed
from fer_core.files import write_whole
from fer_core.store import PROJECT_DIR, NetworkInfo

README_FILE = PROJECT_DIR / "README.md"
BEGIN = "<!-- networks:begin (made by: python -m fer_core card) -->"
END = "<!-- networks:end -->"


def networks_table(networks: Sequence[NetworkInfo]) -> str:
    """A Markdown table with a row for each network and split that it was measured on, and where the times of
    its last columns were measured."""
    speed = _speed(networks)
    rows = []
    for network in networks:
        report = read_report(network)
        training = network.metadata.get("training") or {}
        epochs = f"{training.get('epochs', UNDEFINED)} of {training.get('epochs_planned', UNDEFINED)}"
        if before := training.get("built_on_epochs"):
            epochs += f", after {before}"
        pace = speed.of(network) if speed else None
        cost = (
            str(len(network.labels)),
            f"{network.parameters:,}",
            f"{network.macs / 1e6:.1f}" if network.macs is not None else UNDEFINED,
            f"{network.file.stat().st_size / 1e6:.1f} MB",
            f"{pace.ms:.2f}" if pace else UNDEFINED,
            epochs,
        )
        for split in report.splits.values() if report else ():
            twins = split.without_twins
            rows.append(
                (
                    f"[{network.name}](models/{network.id}/MODEL_CARD.md)",
                    f"{split.name}, {split.n:,} pictures",
                    percent(split.accuracy),
                    f"{percent(twins.accuracy)} ({twins.n:,})" if twins else UNDEFINED,
                    percent(split.certainty["calibration"]["ece"]) if split.certainty else UNDEFINED,
                    *cost,
                )
            )
    header = (
        "network",
        "measured on",
        "accuracy",
        "no twins",
        "calibration error",
        "expressions",
        "parameters",
        "million MACs",
        "LiteRT",
        "ms a face",
        "epochs",
    )
    text = table(header, rows, "--rrrrrrrrr")
    if speed:
        text += (
            f"\n\nMilliseconds a face: one thread, {speed.machine} with {speed.cores} cores, LiteRT "
            f"{speed.litert}, {speed.date}, median of {speed.rounds} rounds in which the networks took turns. "
            f"The paper's smallest network in {speed.reference_form} took {speed.reference_ms:.2f} ms in the "
            "same run."
        )
    return text


def _speed(networks: Sequence[NetworkInfo]) -> SpeedReport | None:
    """The stored times; None where there are none, or they are damaged, which the page and `speed` say."""
    try:
        return read_speed(networks[0].folder.parent) if networks else None
    except NetworkError:
        return None


def readme_with_table(readme: str, networks: Sequence[NetworkInfo]) -> str:
    """The README with its table made anew; unchanged where the two marks are not in it."""
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        return readme
    return f"{before}{BEGIN}\n\n{networks_table(networks)}\n\n{END}{after}"


def write_readme_table(networks: Sequence[NetworkInfo], readme_file: Path = README_FILE) -> None:
    """Renew the table in the README file."""
    readme = readme_file.read_text(encoding="utf-8")
    write_whole(readme_file, readme_with_table(readme, networks))

"""The table of networks in the README, made from the same stores as the cards."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fer_core.evaluation.markdown import UNDEFINED, percent, table
from fer_core.evaluation.report import read_report
from fer_core.store import PROJECT_DIR, NetworkInfo

README_FILE = PROJECT_DIR / "README.md"
BEGIN = "<!-- networks:begin (made by: python -m fer_core card) -->"
END = "<!-- networks:end -->"


def networks_table(networks: Sequence[NetworkInfo]) -> str:
    """A Markdown table with a row for each network and split that it was measured on."""
    rows = []
    for network in networks:
        report = read_report(network)
        training = network.metadata.get("training") or {}
        epochs = f"{training.get('epochs', UNDEFINED)} of {training.get('epochs_planned', UNDEFINED)}"
        size = f"{network.file.stat().st_size / 1e6:.1f} MB"
        for split in report.splits.values() if report else ():
            twins = split.without_twins
            rows.append(
                (
                    f"[{network.name}](models/{network.id}/MODEL_CARD.md)",
                    str(len(network.labels)),
                    f"{network.parameters:,}",
                    size,
                    epochs,
                    f"{split.name}, {split.n:,} pictures",
                    percent(split.accuracy),
                    f"{percent(twins.accuracy)} ({twins.n:,})" if twins else UNDEFINED,
                )
            )
    header = (
        "network",
        "expressions",
        "parameters",
        "LiteRT",
        "epochs",
        "measured on",
        "accuracy",
        "no twins",
    )
    return table(header, rows, "-rrrr-rr")


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
    readme_file.write_text(readme_with_table(readme, networks), encoding="utf-8")

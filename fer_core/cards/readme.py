"""Figures in documents, from the same stores as the cards: a few in the README, all in `docs/networks.md`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from fer_core.cards.markdown import (
    UNDEFINED,
    day_in_words,
    hours_and_minutes,
    percent,
    percent_range,
    table,
    with_interval,
)
from fer_core.errors import NetworkError
from fer_core.evaluation.figures import figures_of
from fer_core.evaluation.headline import partner
from fer_core.evaluation.paper_rows import PaperRow, paper_rows
from fer_core.evaluation.repetition import Spread, read_repetitions, spread_of
from fer_core.evaluation.report import SplitReport, read_report
from fer_core.evaluation.speed import SpeedReport, read_speed
from fer_core.files import write_whole
from fer_core.paper import CHOOSING_HALVES, PAPER_EPOCHS, PAPER_RESULTS, PAPER_SPLIT
from fer_core.places import PROJECT_DIR
from fer_core.plain_text import in_markdown
from fer_core.recognition.conformal import calibration_of
from fer_core.store.folder import read_history
from fer_core.store.network import NetworkInfo
from fer_core.training.recipes.paper import TUNED
from fer_core.training.recipes.registry import RECIPES

README_FILE = PROJECT_DIR / "README.md"
NETWORKS_FILE = PROJECT_DIR / "docs" / "networks.md"
FIGURES_BEGIN = "<!-- figures:begin (made by: python -m fer_core card) -->"
FIGURES_END = "<!-- figures:end -->"
BEGIN = "<!-- networks:begin (made by: python -m fer_core card) -->"
END = "<!-- networks:end -->"
PAPER_BEGIN = "<!-- paper:begin (made by: python -m fer_core card) -->"
PAPER_END = "<!-- paper:end -->"


def figures_list(networks: Sequence[NetworkInfo]) -> str:
    """A Markdown list of the figures that people ask for first: how often the default network is right, also with
    eight expressions and on the paper's split, how far its certainty can be trusted, its size and its time.

    Args:
        networks: all that were measured; what was not measured is left out.
    """
    default = next((network for network in networks if network.default), None)
    if default is None:
        return ""
    eight = _default_of_eight(networks, default)
    test = _part(default, "PrivateTest")
    eight_test = _part(eight, "FERplusPrivateTest")
    items = []
    if test:
        items.append(
            f"**{percent(test.accuracy)}** accuracy on {test.n:,} pictures of FER2013 (PrivateTest), seven expressions."
        )
    if eight_test:
        items.append(
            f"**{percent(eight_test.accuracy)}** accuracy on {eight_test.n:,} pictures of FER+ (its PrivateTest), eight expressions."
        )
    items += _paper_figures(networks, eight)
    if test and test.certainty:
        items.append(
            f"**{percent(test.certainty['calibration']['ece'])}** calibration error: the mean distance between its "
            "confidence and its accuracy (PrivateTest)."
        )
    speed = _speed(networks)
    if speed and (pace := speed.of(default)):
        items.append(
            f"**{_size(default)}** on disk, **{pace.ms:.2f} ms** a face: one thread, {in_markdown(speed.machine)} with {speed.cores} "
            f"cores, {day_in_words(speed.date)}."
        )
    return "\n".join(f"- {item}" for item in items)


def _default_of_eight(networks: Sequence[NetworkInfo], default: NetworkInfo) -> NetworkInfo | None:
    """The network with eight expressions that goes with the default one; None where there is none."""
    if not any(network.task == "ferplus" for network in networks):
        return None
    return partner(default, "ferplus", networks)


def _part(network: NetworkInfo | None, split: str) -> SplitReport | None:
    """How a network answered a split; None where it was not measured."""
    report = read_report(network) if network else None
    return report.splits.get(split) if report else None


def _paper_figures(networks: Sequence[NetworkInfo], eight: NetworkInfo | None) -> list[str]:
    """The best result that the paper prints, beside what its network and the default one of eight expressions reach."""
    best = max(PAPER_RESULTS, key=lambda name: PAPER_RESULTS[name].test_accuracy)
    by_id = {network.id: network for network in networks}
    repeated, tuned = (_part(by_id.get(name), PAPER_SPLIT) for name in (best, best + TUNED))
    ours = _part(eight, PAPER_SPLIT)
    if repeated is None:
        return []
    text = (
        f"**{percent(repeated.accuracy)}** accuracy on {repeated.n:,} pictures of the paper’s split with the paper’s network, "
        f"trained as it describes. The paper prints {percent(PAPER_RESULTS[best].test_accuracy)}."
    )
    if tuned:
        text += f" The same layers, trained otherwise: **{percent(tuned.accuracy)}**."
    if eight and ours:
        text += f" {in_markdown(eight.name)}: **{percent(ours.accuracy)}**"
        if eight.watched_split in CHOOSING_HALVES:
            text += ", a little too high, since half of these pictures were used to choose its epoch"
        text += "."
    return [text]


def _to_card(name: str, network: NetworkInfo) -> str:
    return f"[{in_markdown(name)}](../models/{quote(network.id)}/MODEL_CARD.md)"


def networks_table(networks: Sequence[NetworkInfo]) -> str:
    """A Markdown table of the networks for each test set, best first, and where the times of the last columns were
    measured. Different test sets share no table: their figures cannot be compared."""
    speed = _speed(networks)
    groups: dict[tuple[str, int], list[tuple[NetworkInfo, SplitReport]]] = {}
    for network in networks:
        report = read_report(network)
        for part in report.splits.values() if report else ():
            groups.setdefault((part.name, part.n), []).append((network, part))
    tables = []
    for (split, count), members in groups.items():
        labels = len(members[0][1].labels)
        members.sort(key=lambda member: -member[1].accuracy)
        tables.append(
            f"### {in_markdown(split)}: {count:,} pictures, {labels} expressions\n\n"
            + table(
                NETWORKS_HEADER,
                [_network_row(network, part, speed) for network, part in members],
                "-rrrrrr-rrrrr",
            )
        )
    text = "\n\n".join(tables)
    if speed:
        text += (
            f"\n\nMilliseconds a face: one thread, {in_markdown(speed.machine)} with {speed.cores} cores, LiteRT "
            f"{in_markdown(speed.litert)}, {day_in_words(speed.date)}, median of {speed.rounds} rounds in which the networks took turns. "
            f"The paper's smallest network in {speed.reference_form} took {speed.reference_ms:.2f} ms in the "
            "same run."
        )
    return text


NETWORKS_HEADER = (
    "network",
    "accuracy",
    "balanced accuracy",
    "macro F1",
    "over seeds",
    "no duplicates",
    "calibration error",
    "calibrated",
    "parameters",
    "million MACs",
    "LiteRT",
    "ms a face",
    "epochs",
)
CALIBRATED = {"both": "probabilities, sets", "sets": "sets", "probabilities": "probabilities", "not": "no"}


def _network_row(network: NetworkInfo, part: SplitReport, speed: SpeedReport | None) -> tuple[str, ...]:
    training, figures = network.training, figures_of(part.confusion)
    epochs = " of ".join(
        UNDEFINED if count is None else str(count) for count in (training.epochs, training.epochs_planned)
    )
    if before := training.built_on_epochs:
        epochs += f", after {before}"
    pace = speed.of(network) if speed else None
    clean = part.without_duplicates
    return (
        _to_card(network.name, network),
        with_interval(figures.accuracy),
        with_interval(figures.balanced_accuracy),
        with_interval(figures.macro_f1),
        _over_seeds(spread_of(network), part.name),
        f"{percent(clean.accuracy)} ({clean.n:,})" if clean else UNDEFINED,
        percent(part.certainty["calibration"]["ece"]) if part.certainty else UNDEFINED,
        CALIBRATED[calibration_of(network)],
        f"{network.parameters:,}",
        f"{network.macs / 1e6:.1f}" if network.macs is not None else UNDEFINED,
        _size(network),
        f"{pace.ms:.2f}" if pace else UNDEFINED,
        epochs,
    )


def _over_seeds(seeds: Spread | None, split: str) -> str:
    """ "66.4–67.2% (2)", where several trainings were measured on that split."""
    if seeds is None or seeds.split != split:
        return UNDEFINED
    return f"{percent_range(seeds.lowest, seeds.highest)} ({seeds.trainings})"


def _size(network: NetworkInfo) -> str:
    size = network.litert_bytes
    if size is None:
        return UNDEFINED
    return f"{size / 1e6:.1f} MB" + ("" if network.ships else ", figures only")


def _speed(networks: Sequence[NetworkInfo]) -> SpeedReport | None:
    """The stored times; None where there are none, or they are damaged, which the page and `speed` say."""
    try:
        return read_speed(networks[0].folder.parent) if networks else None
    except NetworkError:
        return None


def paper_table(networks: Sequence[NetworkInfo]) -> str:
    """A Markdown table with a row for each of the paper's networks: what it prints, and what was reached here."""
    rows = []
    ours = paper_rows(_paper_row(network) for network in networks if network.id in RECIPES)
    for row in ours:
        printed, best = row.printed, row.best
        rows.append(
            (
                _to_card(row.title, row.info) if row.info else row.title,
                in_markdown(row.split),
                percent(printed.training_accuracy if printed else None),
                percent(row.learnt),
                percent(printed.test_accuracy if printed else None),
                percent(row.measured.accuracy if row.measured else None),
                percent(row.without_duplicates.accuracy if row.without_duplicates else None),
                f"{percent(best[0])}, epoch {best[1]}" if best else UNDEFINED,
                f"{len(row.history)}" if row.history else UNDEFINED,
                hours_and_minutes(printed.seconds if printed else None),
                hours_and_minutes(row.seconds),
            )
        )
    header = (
        "network",
        "measured on",
        "training, paper",
        "training, Raut",
        "test, paper",
        "test, Raut",
        "no duplicates",
        "best epoch",
        "epochs",
        "time, paper",
        "time, Raut",
    )
    machines = "; ".join({row.machine: None for row in ours if row.machine})
    return (
        table(header, rows, "--rrrrrrrrr")
        + "\n\nTimes in hours and minutes; ours are the median epoch times the number of epochs, in the quickest of "
        "several trainings (one that shared its computer with other work took longer; one on a GPU counts where there is "
        "no other)"
        + (f", on {in_markdown(machines)}" if machines else "")
        + f". The paper trained for {PAPER_EPOCHS} epochs. “Training, Raut”: counted while the network learns, in its last "
        "epoch; in a tuned training with changed pictures and dropout, so it can be lower than the test. “Best epoch”: of "
        "the test pictures during the training, before the weights were stored as 8-bit numbers, which moves an accuracy "
        f"by a few tenths of a point. {UNDEFINED}: not printed in the paper, or not trained here."
    )


def _paper_row(network: NetworkInfo) -> PaperRow:
    try:
        history = read_history(network)
    except NetworkError:
        history = []
    return PaperRow(RECIPES[network.id], network, read_report(network), history, read_repetitions(network))


def with_tables(text: str, networks: Sequence[NetworkInfo]) -> str:
    """A document with its tables made anew; one whose two marks are not in it is left out."""
    for begin, end, make_text in (
        (FIGURES_BEGIN, FIGURES_END, figures_list),
        (BEGIN, END, networks_table),
        (PAPER_BEGIN, PAPER_END, paper_table),
    ):
        before, _, rest = text.partition(begin)
        _, mark, after = rest.partition(end)
        if mark:
            text = f"{before}{begin}\n\n{make_text(networks)}\n\n{end}{after}"
    return text


def write_tables(
    networks: Sequence[NetworkInfo], files: Sequence[Path] = (README_FILE, NETWORKS_FILE)
) -> None:
    """Renew the tables in the README and in `docs/networks.md`."""
    for file in files:
        write_whole(file, with_tables(file.read_text(encoding="utf-8"), networks))
